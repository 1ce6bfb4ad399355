package campaign

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// spun is a sketch of which one in so many numbers is the text's own, the others seed's.
func spun(seed, own uint64, every int) []byte {
	r, o := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(own, 2))
	b := make([]byte, sketch.Size)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	for i := 0; i < sketch.Slots && every > 0; i += every {
		b[2*i], b[2*i+1] = byte(o.Uint32()), byte(o.Uint32())
	}
	return b
}

// shops are two campaigns, and strangers: the first with one text, one account number, one
// program and a pool of domains and senders, the second by another hand with another text
// and number.
func shops(t testing.TB) (*Index, *Result) {
	var b Builder
	for i := range int64(40) {
		shop, n := i%2, i/2
		words := []string{fmt.Sprint("subject=", shop), fmt.Sprint("domain=", shop, ".", n%5), fmt.Sprint("token=", shop), fmt.Sprint("core=m", shop), fmt.Sprint("sender=", shop, ".", n%4)}
		b.Add(Row{Key: 1 + i, At: 1000 * i, Features: keysOf(t, words...), Sketch: spun(uint64(shop), uint64(i), 5)})
	}
	for i := range int64(120) {
		s := fmt.Sprint("x", i)
		b.Add(Row{Key: 1000 + i, At: 50 * i, Ham: i%4 == 0, Sketch: spun(uint64(100+i), 1, 0),
			Features: keysOf(t, "text="+s, "subject="+s, "domain="+s, "core=c"+fmt.Sprint(i%7), "sender="+s, "net=n"+fmt.Sprint(i%3))})
	}
	x := b.Index(Options{})
	r := x.Cluster()
	if len(r.Campaigns) != 2 {
		t.Fatalf("%d campaigns, not 2", len(r.Campaigns))
	}
	return x, r
}

// profilesOf are the profiles of a result, numbered as its campaigns are, from 1 on.
func profilesOf(r *Result) []Profile {
	var out []Profile
	for i := range r.Campaigns {
		p := r.Campaigns[i].Profile
		p.Campaign = int64(i + 1)
		out = append(out, p)
	}
	return out
}

func TestAssign(t *testing.T) {
	_, r := shops(t)
	first := int64(1) // the campaign of message 1
	if r.Campaigns[0].Members[0].Key != 1 {
		first = 2
	}
	key := func(word string) []evidence.Key { return keysOf(t, word) }
	tests := []struct {
		name    string
		row     Row
		decided Decisions
		want    int64 // 0: none
	}{
		{"text, account, program, from a new address", Row{Features: keysOf(t, "token=0", "core=m0", "sender=new"), Sketch: spun(0, 99, 5)}, Decisions{}, first},
		{"the other shop", Row{Features: keysOf(t, "token=1", "core=m1", "sender=1.1"), Sketch: spun(1, 99, 5)}, Decisions{}, 3 - first},
		{"a domain of the pool, no text", Row{Features: keysOf(t, "domain=0.3", "core=m0", "sender=0.2")}, Decisions{}, first},
		{"who sends, but not what", Row{Features: keysOf(t, "domain=new", "core=m0", "sender=0.2")}, Decisions{}, 0},
		{"text copied by a stranger", Row{Features: keysOf(t, "domain=new", "core=other", "sender=new"), Sketch: spun(0, 99, 5)}, Decisions{}, 0},
		{"both shops at once", Row{Features: keysOf(t, "token=0", "token=1", "core=both", "sender=both")}, Decisions{}, 0},
		{"a stranger", Row{Features: keysOf(t, "text=n", "domain=n", "core=n", "sender=n")}, Decisions{}, 0},
		{"nothing known", Row{}, Decisions{}, 0},
		{"wanted mail", Row{Ham: true, Features: keysOf(t, "token=0", "core=m0", "sender=0.1"), Sketch: spun(0, 99, 5)}, Decisions{}, 0},
		{"list mail", Row{Newsletter: true, Features: keysOf(t, "token=0", "core=m0", "sender=0.1"), Sketch: spun(0, 99, 5)}, Decisions{}, 0},
		{"the account ignored since", Row{Features: keysOf(t, "token=0", "core=m0", "sender=0.1")}, Decisions{Ignored: key("token=0")}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := NewKnown(profilesOf(r), r.Parameters, tt.decided).Assign(tt.row)
			if ok != (tt.want != 0) || got.Campaign != tt.want {
				t.Errorf("campaign %d, %v; want %d", got.Campaign, ok, tt.want)
			}
			if ok && (got.Confidence < calibration[0].right || got.Confidence > 1) {
				t.Errorf("confidence %v", got.Confidence)
			}
		})
	}
}

func TestAssignWithoutCampaigns(t *testing.T) {
	if _, ok := NewKnown(nil, Parameters{}, Decisions{}).Assign(Row{Features: keysOf(t, "token=0")}); ok {
		t.Error("assigned to nothing")
	}
}

// The members of a campaign are told to be its, in any order of profiles and of messages.
func TestMembersAreAssignedToTheirOwn(t *testing.T) {
	_, r := shops(t)
	of := map[int64]int64{}
	for i, c := range r.Campaigns {
		for _, m := range c.Members {
			of[m.Key] = int64(i + 1)
		}
	}
	var rows []Row
	for i := range int64(40) {
		shop, n := i%2, i/2
		rows = append(rows, Row{Key: 1 + i, Sketch: spun(uint64(shop), uint64(i), 5),
			Features: keysOf(t, fmt.Sprint("domain=", shop, ".", n%5), fmt.Sprint("token=", shop), "core=m", fmt.Sprint("sender=", n%4))})
	}
	forward, backward := profilesOf(r), profilesOf(r)
	slices.Reverse(backward)
	a, b := NewKnown(forward, r.Parameters, Decisions{}), NewKnown(backward, r.Parameters, Decisions{})
	for i := range rows {
		x, ok := a.Assign(rows[i])
		if !ok || x.Campaign != of[rows[i].Key] {
			t.Errorf("message %d of campaign %d went to %d", rows[i].Key, of[rows[i].Key], x.Campaign)
		}
		other := rows[len(rows)-1-i]
		if y, _ := b.Assign(other); y.Campaign != of[other.Key] {
			t.Errorf("in another order message %d went to %d", other.Key, y.Campaign)
		}
	}
}

func TestProfileIsBounded(t *testing.T) {
	var b Builder
	for i := range int64(60) {
		var words []string
		for j := range 300 { // each shares half of its links with the next message
			words = append(words, fmt.Sprint("url=", 150*i+int64(j)))
		}
		b.Add(Row{Key: 1 + i, At: i, Features: keysOf(t, append(words, "core=m", "token=x")...), Sketch: spun(1, uint64(i), 4)})
	}
	for _, c := range b.Index(Options{}).Cluster().Campaigns {
		p := c.Profile
		if len(p.Shared) > maxShared {
			t.Errorf("%d features", len(p.Shared))
		}
		if q, ok := Unpack(p.Pack(nil)); !ok || len(q.Shared) != len(p.Shared) {
			t.Errorf("does not come back: %v", ok)
		}
	}
}

func TestPackedProfileComesBack(t *testing.T) {
	_, r := shops(t)
	for _, c := range r.Campaigns {
		packed := c.Profile.Pack(nil)
		got, ok := Unpack(packed)
		if !ok || !reflect.DeepEqual(got, c.Profile) {
			t.Errorf("%v\n%+v\n%+v", ok, got, c.Profile)
		}
		for n := range packed {
			if _, ok := Unpack(packed[:n]); ok {
				t.Errorf("the first %d of %d bytes are a profile", n, len(packed))
			}
		}
	}
}

func FuzzUnpack(f *testing.F) {
	_, r := shops(f)
	for _, c := range r.Campaigns {
		f.Add(c.Profile.Pack(nil))
	}
	f.Add([]byte{packedVersion})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := Unpack(b)
		if !ok {
			return
		}
		q, ok := Unpack(p.Pack(nil))
		if !ok || !reflect.DeepEqual(p, q) {
			t.Errorf("%+v comes back as %+v", p, q)
		}
		p.Campaign = 1
		NewKnown([]Profile{p}, Parameters{}, Decisions{}).Assign(Row{Features: []evidence.Key{1}, Sketch: bytes.Repeat([]byte{1}, sketch.Size)})
	})
}
