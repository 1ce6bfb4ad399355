package campaign

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"spoor/graph/evidence"
)

func TestOrderOfInputChangesNothing(t *testing.T) {
	for seed := range uint64(8) {
		w := world(seed+1, 900)
		if seed%2 == 1 {
			w = hazy(seed+1, 900)
		}
		want := w.index(Decisions{}, 0).Cluster()
		if len(want.Campaigns) < 5 {
			t.Fatalf("world %d has %d campaigns", seed, len(want.Campaigns))
		}
		for shuffle := range uint64(4) {
			if got := w.index(Decisions{}, shuffle+1).Cluster(); !reflect.DeepEqual(got, want) {
				t.Errorf("world %d, order %d: another result", seed, shuffle)
			}
		}
	}
}

func TestCoresChangeNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	w := hazy(31, 5000) // large enough for several workers
	want := w.index(Decisions{}, 0).Cluster()
	for _, n := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(n)
		if got := w.index(Decisions{}, 0).Cluster(); !reflect.DeepEqual(got, want) {
			t.Errorf("%d cores: another result", n)
		}
	}
}

func TestTwiceIsTheSame(t *testing.T) {
	for seed := range uint64(3) {
		x := hazy(seed+41, 900).index(Decisions{}, 0)
		first := x.Cluster()
		x.Pair(1, 2, Without{})
		x.Holding([]int64{1, 2, 3, 4, 5}, Without{Kinds: []evidence.Kind{evidence.Text}})
		x.Against(first.Campaigns[0].Members[0].Key, Without{})
		if again := x.Cluster(); !reflect.DeepEqual(first, again) {
			t.Errorf("world %d: the second time it is not the same", seed)
		}
	}
}

// The model's parameters are rounded, so that an unrelated message moves it
// only where a total passes a rounding step. That is allowed in few worlds;
// each is logged.
func TestUnrelatedMessagesChangeNoCampaign(t *testing.T) {
	const worlds, allowed = 40, 3
	changed := 0
	for seed := range uint64(worlds) {
		w := world(seed+100, 1000+10*int(seed))
		if seed%2 == 1 {
			w = hazy(seed+100, 960+5*int(seed))
		}
		before := membersOf(w.index(Decisions{}, 0).Cluster())
		w.add("", unrelated(0))
		if after := membersOf(w.index(Decisions{}, 0).Cluster()); !reflect.DeepEqual(before, after) {
			changed++
			t.Logf("world %d: one unrelated message more, %d campaigns instead of %d", seed, len(after), len(before))
		}
	}
	if changed > allowed {
		t.Errorf("%d of %d worlds changed", changed, worlds)
	}
}

// unrelated is a message that has nothing in common with any.
func unrelated(i int) Row {
	v := fmt.Sprint("new ", i)
	return Row{At: 1_028_000_000, Features: features(evidence.Text, v, evidence.SubjectKey, v, evidence.LinkDomain, v, evidence.MailerCore, v, evidence.SenderAddress, v)}
}

// An unrelated message has the program, the provider and the habits that many have.
func TestStrangersChangeNoCampaign(t *testing.T) {
	for seed := range uint64(20) {
		w := world(seed+200, 1000+10*int(seed))
		before := membersOf(w.index(Decisions{}, 0).Cluster())
		w.strangers(1, seed%2 == 0)
		if after := membersOf(w.index(Decisions{}, 0).Cluster()); !reflect.DeepEqual(before, after) {
			t.Errorf("world %d: one stranger more, %d campaigns instead of %d", seed, len(after), len(before))
		}
	}
}

func TestDecisionsAreHonoured(t *testing.T) {
	for seed := range uint64(10) {
		w := world(seed+300, 600)
		if seed%2 == 1 {
			w = hazy(seed+300, 600)
		}
		plain := w.index(Decisions{}, 0).Cluster()
		var d Decisions
		dice := rand.New(rand.NewPCG(seed, 1))
		spam := make([]int64, 0, len(w.rows))
		for _, r := range w.rows {
			if !r.Ham && !r.Newsletter {
				spam = append(spam, r.Key)
			}
		}
		together := make(map[int64]bool)
		for range 10 {
			p := [2]int64{spam[dice.IntN(len(spam))], spam[dice.IntN(len(spam))]}
			d.Same = append(d.Same, p)
			together[p[0]], together[p[1]] = true, true
		}
		for _, c := range plain.Campaigns[:min(len(plain.Campaigns), 5)] {
			p := [2]int64{c.Members[dice.IntN(len(c.Members))].Key, c.Members[dice.IntN(len(c.Members))].Key}
			if p[0] != p[1] && !together[p[0]] && !together[p[1]] {
				d.NotSame = append(d.NotSame, p)
			}
		}
		r := w.index(d, 0).Cluster()
		of := make(map[int64]int)
		for i, c := range r.Campaigns {
			for _, m := range c.Members {
				of[m.Key] = i + 1
			}
		}
		for _, p := range d.Same {
			if p[0] != p[1] && (of[p[0]] == 0 || of[p[0]] != of[p[1]]) {
				t.Errorf("world %d: %v are the same, but in campaigns %d and %d", seed, p, of[p[0]], of[p[1]])
			}
		}
		for _, p := range d.NotSame {
			if of[p[0]] != 0 && of[p[0]] == of[p[1]] {
				t.Errorf("world %d: %v are not the same, but in campaign %d", seed, p, of[p[0]])
			}
		}
		if again := w.index(d, 9).Cluster(); !reflect.DeepEqual(r, again) {
			t.Errorf("world %d: with decisions, order changes the result", seed)
		}
		if kept, all := stayed(plain, of); 10*kept < 9*all {
			t.Errorf("world %d: fifteen decisions left %d of %d members with their campaign", seed, kept, all)
		}
	}
}

// stayed counts the members of campaigns that stand together in another result, of which of
// has the campaign of each message.
func stayed(r *Result, of map[int64]int) (kept, all int) {
	for _, c := range r.Campaigns {
		count := make(map[int]int)
		most := 0
		for _, m := range c.Members {
			count[of[m.Key]]++
			if of[m.Key] != 0 {
				most = max(most, count[of[m.Key]])
			}
		}
		kept, all = kept+most, all+len(c.Members)
	}
	return kept, all
}

func TestIgnoredAndTrusted(t *testing.T) {
	w := world(400, 600)
	rare, common := features(evidence.LinkToken, "aff=c400x0")[0], features(evidence.MailerName, "everybody's")[0]
	for i := range w.rows {
		w.rows[i].Features = append(w.rows[i].Features, common)
	}
	weigh := func(d Decisions, k evidence.Key) float64 {
		x := w.index(d, 0)
		x.Cluster()
		f, ok := x.feature(k)
		if !ok {
			t.Fatalf("%v is not there", k.Kind())
		}
		return x.bits(f)
	}
	if weigh(Decisions{}, rare) == 0 || weigh(Decisions{}, common) > 0.5 {
		t.Fatal("the world is not as meant")
	}
	if got := weigh(Decisions{Ignored: []evidence.Key{rare}}, rare); got != 0 {
		t.Errorf("ignored, but %v bits", got)
	}
	if got := weigh(Decisions{Trusted: []evidence.Key{common}}, common); got < 10 {
		t.Errorf("trusted, but %v bits", got)
	}
	if got := weigh(Decisions{Trusted: []evidence.Key{common}, Ignored: []evidence.Key{common}}, common); got != 0 {
		t.Errorf("ignored and trusted: %v bits", got)
	}
}

// The printed lines add up, and agree with the grouping.
func TestExplanationsAddUp(t *testing.T) {
	dice := rand.New(rand.NewPCG(8, 8))
	for seed := range uint64(4) {
		w := world(seed+500, 700)
		if seed%2 == 1 {
			w = hazy(seed+500, 700)
		}
		x := w.index(Decisions{}, 0)
		r := x.Cluster()
		of := make(map[int64]int)
		for i, c := range r.Campaigns {
			for _, m := range c.Members {
				of[m.Key] = i + 1
			}
		}
		linked := 0
		check := func(a, b int64) {
			e, ok := x.Pair(a, b, Without{})
			if !ok {
				t.Fatal(a, b)
			}
			sum := hundredthsOf(t, e.Prior)
			for _, s := range e.Steps {
				sum += hundredthsOf(t, s.Bits)
				if (s.Implied || s.Common) && s.Bits != 0 {
					t.Errorf("%d, %d: %+v", a, b, s)
				}
			}
			if sum != hundredthsOf(t, e.Total) {
				t.Errorf("%d, %d: steps sum to %d, total %v", a, b, sum, e.Total)
			}
			i, _ := x.find(a)
			j, _ := x.find(b)
			if score := x.score(i, j); math.Abs(e.Total-float64(score)) > 0.2 {
				t.Errorf("%d, %d: explained as %v, the model says %v", a, b, e.Total, score)
			}
			if e.Linked != (e.Lacks == "") || e.Linked && e.Total < 0 || a != b && e.Together != (of[a] != 0 && of[a] == of[b]) {
				t.Errorf("%d, %d: linked %v, total %v, lacks %q, together %v in %d and %d", a, b, e.Linked, e.Total, e.Lacks, e.Together, of[a], of[b])
			}
			back, _ := x.Pair(b, a, Without{})
			if back.Total != e.Total || back.Linked != e.Linked || len(back.Steps) != len(e.Steps) {
				t.Errorf("%d, %d: the other way round %v", a, b, back.Total)
			}
			if e.Linked {
				linked++
			}
		}
		for range 2000 {
			check(1+dice.Int64N(w.next-1), 1+dice.Int64N(w.next-1))
		}
		for _, c := range r.Campaigns {
			for range 30 {
				check(c.Members[dice.IntN(len(c.Members))].Key, c.Members[dice.IntN(len(c.Members))].Key)
			}
		}
		if linked < 100 {
			t.Errorf("world %d: only %d linked pairs were looked at", seed, linked)
		}
	}
}

// Every campaign is held together by pairs that are linked by themselves, or nearly: it does
// not fall into crumbs when explained.
func TestCampaignsAreWhatPairsSay(t *testing.T) {
	w := world(600, 900)
	x := w.index(Decisions{}, 0)
	r := x.Cluster()
	mixed, parts := w.mixed(r)
	if mixed > 0 {
		t.Errorf("%d pairs of owners share a campaign", mixed)
	}
	for o, n := range parts {
		if n > 1 {
			t.Errorf("%s is in %d campaigns", o, n)
		}
	}
	for _, c := range r.Campaigns {
		var keys []int64
		for _, m := range c.Members {
			keys = append(keys, m.Key)
			if m.Confidence <= 0 || m.Confidence > 1 {
				t.Errorf("confidence %v", m.Confidence)
			}
		}
		if !slices.IsSorted(keys) || len(slices.Compact(keys)) != len(c.Members) || len(keys) < 2 {
			t.Errorf("members %v", keys)
		}
		if h := x.Holding(keys, Without{}); len(h.Falls) > 1 {
			t.Errorf("a campaign of %d falls into %d without anything taken away", len(keys), len(h.Falls))
		}
	}
}
