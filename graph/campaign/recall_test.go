package campaign

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"spoor/graph/evidence"
)

// kept is what a store keeps of a run.
type kept struct {
	*made
	result    *Result
	values    map[evidence.Key]Value
	profiles  [][]byte
	counts    [][]byte
	campaigns map[int64]int // of each member
}

// keep packs a result as a store does.
func keep(t *testing.T, w *made, r *Result) *kept {
	t.Helper()
	k := &kept{w, r, make(map[evidence.Key]Value), nil, nil, make(map[int64]int)}
	last := evidence.Key(0)
	for _, p := range r.Learned {
		if !p.Values(func(v Value) {
			if v.Key <= last {
				t.Fatalf("value %x after %x", v.Key, last)
			}
			k.values[v.Key], last = v, v.Key
		}) {
			t.Fatal("a page that can't be read")
		}
	}
	for i, c := range r.Campaigns {
		k.profiles, k.counts = append(k.profiles, c.Profile.Pack(nil)), append(k.counts, c.Counts.Pack(nil))
		for _, m := range c.Members {
			k.campaigns[m.Key] = i
		}
	}
	return k
}

// asked makes an index of some messages and most of beside others of their campaigns.
func (k *kept) asked(t *testing.T, beside int, keys ...int64) *Index {
	t.Helper()
	of := make(map[int][]int64) // messages of the question
	for _, key := range keys {
		i, ok := k.campaigns[key]
		if !ok {
			i = -1
		}
		if of[i] = append(of[i], key); !ok {
			continue
		}
		for _, unit := range k.result.Campaigns[i].Counts.Units {
			if slices.Contains(unit, key) {
				of[i] = append(of[i], unit...)
			}
		}
		for _, m := range k.result.Campaigns[i].Members[:min(len(k.result.Campaigns[i].Members), beside)] {
			of[i] = append(of[i], m.Key)
		}
	}
	for i := range of {
		slices.Sort(of[i])
		of[i] = slices.Compact(of[i])
	}
	var b Builder
	for _, r := range k.rows {
		i, ok := k.campaigns[r.Key]
		if !ok {
			i = -1
		}
		if slices.Contains(of[i], r.Key) {
			b.Add(r)
		}
	}
	for _, d := range k.domains {
		b.AddDomain(d)
	}
	for _, a := range k.addresses {
		b.AddAddress(a)
	}
	m := Memory{Parameters: k.result.Parameters, Values: make(map[evidence.Key]Value)}
	for _, key := range b.Asked() {
		if v, ok := k.values[key]; ok {
			m.Values[key] = v
		}
	}
	for _, n := range Callers(m.Values, 40) {
		if _, ok := of[int(n)]; !ok {
			of[int(n)] = nil
		}
	}
	for i := range len(k.result.Campaigns) {
		members, ok := of[i]
		if !ok {
			continue
		}
		p, ok := Unpack(k.profiles[i])
		c, ok2 := UnpackCounts(k.counts[i])
		if !ok || !ok2 {
			t.Fatal("a campaign that can't be read")
		}
		m.Campaigns = append(m.Campaigns, Remembered{Profile: p, Counts: c, Messages: len(k.result.Campaigns[i].Members), Members: members})
	}
	return b.Recall(m, Options{})
}

// What a run kept explains every member as the run itself does: with all messages of a small
// campaign, and with some of a large one.
func TestRecallSaysTheSame(t *testing.T) {
	for _, beside := range []int{2, 5, 1000} {
		t.Run(fmt.Sprint("beside ", beside), func(t *testing.T) {
			w := world(500, 700)
			x := w.index(Decisions{}, 0)
			x.options.Beside = beside
			k := keep(t, w, x.Cluster())
			far := 0
			for key := range k.campaigns {
				if key%3 != 0 {
					continue
				}
				want, ok := x.Against(key, Without{})
				y := k.asked(t, beside, key)
				got, ok2 := y.Against(key, Without{})
				if !ok || !ok2 || !got.Together || !got.Linked || got.With != want.With {
					t.Fatalf("%d: %v %v, with %d of %d: %+v", key, ok, ok2, got.With, want.With, got)
				}
				if math.Abs(got.Total-want.Total) > 0.25 || len(got.Steps) != len(want.Steps) {
					t.Logf("%d of %d: %v, the run says %v\n%v\n%v", key, want.With+1, got.Total, want.Total, lines(got), lines(want))
					far++
				}
				least := hundredthsOf(t, got.Prior)
				for _, s := range got.Steps {
					least += hundredthsOf(t, s.Bits)
				}
				if least != hundredthsOf(t, got.Total) {
					t.Errorf("%d: steps sum to %d, total is %v", key, least, got.Total)
				}
			}
			if far > 0 {
				t.Errorf("%d of %d members are explained otherwise than by the run", far, len(k.campaigns))
			}
		})
	}
}

func lines(e Explanation) (out []string) {
	for _, s := range e.Steps {
		out = append(out, fmt.Sprintf("%s %.2f/%d", s.Kind, s.Bits, s.Members))
	}
	return out
}

// Pairs are explained by their evidence and the numbers of the run alone.
func TestRecallPairs(t *testing.T) {
	w := world(501, 500)
	x := w.index(Decisions{}, 0)
	k := keep(t, w, x.Cluster())
	for range 300 {
		a, b := 1+w.dice.Int64N(w.next-1), 1+w.dice.Int64N(w.next-1)
		want, _ := x.Pair(a, b, Without{})
		got, ok := k.asked(t, 3, a, b).Pair(a, b, Without{})
		if !ok || math.Abs(got.Total-want.Total) > 0.1 || got.Together != want.Together || len(got.Steps) != len(want.Steps) {
			t.Errorf("%d and %d: %v %v %v, the run says %v %v %v", a, b, got.Total, got.Together, lines(got), want.Total, want.Together, lines(want))
		}
	}
}

// The evidence that holds a campaign comes out of its messages and the numbers of the run.
func TestRecallHolding(t *testing.T) {
	w := world(502, 500)
	x := w.index(Decisions{}, 0)
	k := keep(t, w, x.Cluster())
	for _, c := range k.result.Campaigns[:10] {
		var keys []int64
		for _, m := range c.Members {
			keys = append(keys, m.Key)
		}
		want, got := x.Holding(keys, Without{}), k.asked(t, 1000, keys[0]).Holding(keys, Without{})
		if len(got.Traits) != len(want.Traits) || len(got.Falls) != len(want.Falls) || got.Looked != want.Looked || math.Abs(got.Bridge.Total-want.Bridge.Total) > 0.25 {
			t.Errorf("%d members: %d traits, %d parts, bridge %v; the run says %d, %d, %v", len(keys), len(got.Traits), len(got.Falls), got.Bridge.Total, len(want.Traits), len(want.Falls), want.Bridge.Total)
		}
	}
}

// What is packed comes back; what is cut short or garbled is refused, and does no harm.
func TestPackedCounts(t *testing.T) {
	w := world(503, 300)
	r := w.index(Decisions{}, 0).Cluster()
	for _, c := range r.Campaigns {
		b := c.Counts.Pack(nil)
		got, ok := UnpackCounts(b)
		if !ok || !reflect.DeepEqual(got, c.Counts) {
			t.Fatalf("%+v came back as %+v", c.Counts, got)
		}
		for n := range b {
			UnpackCounts(b[:n])
			UnpackCounts(append(slices.Clone(b[:n]), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))
		}
	}
	for _, p := range r.Learned[:5] {
		for n := range p.Packed {
			Page{p.First, p.Packed[:n]}.Values(func(Value) {})
		}
	}
	if (Page{}).Values(func(Value) {}) {
		t.Error("an empty page has values")
	}
}
