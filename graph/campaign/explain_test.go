package campaign

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"spoor/graph/evidence"
)

// keysOf makes keys of "kind=value" words.
func keysOf(t testing.TB, words ...string) []evidence.Key {
	t.Helper()
	kinds := map[string]evidence.Kind{"text": evidence.Text, "subject": evidence.SubjectKey, "url": evidence.LinkTenant, "domain": evidence.LinkDomain,
		"core": evidence.MailerCore, "id": evidence.MessageIDForm, "sender": evidence.SenderAddress, "net": evidence.SenderNet, "token": evidence.LinkToken}
	var out []evidence.Feature
	for _, w := range words {
		var kind, value string
		for i := range len(w) {
			if w[i] == '=' {
				kind, value = w[:i], w[i+1:]
			}
		}
		k, ok := kinds[kind]
		if !ok {
			t.Fatalf("no kind %q", kind)
		}
		out = append(out, evidence.Feature{Kind: k, Value: value})
	}
	return evidence.Keys(out)
}

// chained are three messages of which the first and the last share no content,
// two that share all, and strangers.
func chained(t testing.TB, d Decisions) *Index {
	var b Builder
	b.Decide(d)
	for i, words := range [][]string{
		1: {"text=a", "token=x", "domain=one", "core=m", "sender=1"},
		2: {"text=a", "token=y", "domain=two", "core=m", "sender=2"},
		3: {"text=c", "token=y", "domain=two", "core=m", "sender=3"},
		4: {"text=c", "token=y", "domain=two", "core=m", "sender=4"},
		5: {"text=d", "token=x", "domain=one", "core=m", "sender=5"},
	} {
		if i > 0 {
			b.Add(Row{Key: int64(i), At: int64(1000 * i), Features: keysOf(t, words...)})
		}
	}
	for i := range 60 {
		s := fmt.Sprint(i)
		b.Add(Row{Key: int64(100 + i), Ham: i%4 == 0, Features: keysOf(t, "text=t"+s, "subject=s"+s, "domain=d"+s, "core=c"+fmt.Sprint(i%7), "sender=s"+s, "net=n"+fmt.Sprint(i%3))})
	}
	x := b.Index(Options{})
	x.Cluster()
	return x
}

// hundredthsOf is exact: numbers printed with two digits add up as printed.
func hundredthsOf(t testing.TB, v float64) int {
	t.Helper()
	n := math.Round(100 * v)
	if math.Abs(100*v-n) > 1e-6 {
		t.Errorf("%v is no multiple of a hundredth", v)
	}
	return int(n)
}

func TestStepsSumToTotal(t *testing.T) {
	x := chained(t, Decisions{})
	for _, a := range x.keys {
		for _, b := range x.keys {
			e, ok := x.Pair(a, b, Without{})
			if !ok {
				t.Fatal(a, b)
			}
			sum := hundredthsOf(t, e.Prior)
			for _, s := range e.Steps {
				sum += hundredthsOf(t, s.Bits)
				if (s.Implied || s.Common) && s.Bits != 0 {
					t.Errorf("%+v counts though it is implied or common", s)
				}
			}
			i, _ := x.find(a)
			j, _ := x.find(b)
			if score := x.score(i, j); sum != hundredthsOf(t, e.Total) || math.Abs(e.Total-float64(score)) > 0.1 {
				t.Errorf("%d and %d: steps sum to %d, total is %v, the model says %v", a, b, sum, e.Total, score)
			}
		}
	}
	if _, ok := x.Pair(1, 999, Without{}); ok {
		t.Error("a pair with a message that is not known")
	}
}

func TestPair(t *testing.T) {
	x := chained(t, Decisions{})
	before, _ := x.Pair(1, 2, Without{})
	less, _ := x.Pair(1, 2, Without{Features: keysOf(t, "text=a")})
	if less.Total >= before.Total {
		t.Errorf("without the text: %+v", less)
	}
	kind, _ := x.Pair(1, 2, Without{Kinds: []evidence.Kind{evidence.Text, evidence.MailerCore}})
	if kind.Total >= less.Total {
		t.Errorf("without all texts and mailers: %v, without the text %v", kind.Total, less.Total)
	}
	if after, _ := x.Pair(1, 2, Without{}); !reflect.DeepEqual(before, after) {
		t.Errorf("it is not as it was: %+v", after)
	}
}

// A member is explained against the others of its campaign, and all lines sum up.
func TestAgainst(t *testing.T) {
	w := world(500, 700)
	x := w.index(Decisions{}, 0)
	r := x.Cluster()
	for _, c := range r.Campaigns {
		for _, m := range c.Members {
			e, ok := x.Against(m.Key, Without{})
			if !ok || !e.Together || e.With != len(c.Members)-1 {
				t.Fatalf("%d of a campaign of %d: %v %+v", m.Key, len(c.Members), ok, e)
			}
			sum := hundredthsOf(t, e.Prior)
			for _, s := range e.Steps {
				sum += hundredthsOf(t, s.Bits)
			}
			if sum != hundredthsOf(t, e.Total) {
				t.Errorf("steps sum to %d, total is %v", sum, e.Total)
			}
			less, _ := x.Against(m.Key, Without{Kinds: []evidence.Kind{evidence.Text}})
			if less.Total >= e.Total && x.sketchOf(int32(m.Key-1)) != nil && len(c.Members) > 5 {
				t.Errorf("without its text %d fits as well: %v, %v", m.Key, less.Total, e.Total)
			}
		}
	}
	if _, ok := x.Against(1<<40, Without{}); ok {
		t.Error("a message that is not known")
	}
}

func TestStrongest(t *testing.T) {
	x := chained(t, Decisions{})
	e, ok := x.Strongest([]int64{1, 5, 100}, []int64{1, 3, 2, 101})
	if !ok || e.A == e.B {
		t.Errorf("%+v", e)
	}
	if _, ok := x.Strongest([]int64{1}, []int64{1}); ok {
		t.Error("a message is no pair with itself")
	}
	x = chained(t, Decisions{Same: [][2]int64{{100, 101}}, NotSame: [][2]int64{{1, 2}}})
	if e, _ := x.Strongest([]int64{100, 1}, []int64{2, 101}); e.Decided != "same" {
		t.Errorf("what people decided comes first: %+v", e)
	}
}

func TestHolding(t *testing.T) {
	w := world(500, 700)
	x := w.index(Decisions{}, 0)
	c := x.Cluster().Campaigns[0]
	var keys []int64
	for _, m := range c.Members {
		keys = append(keys, m.Key)
	}
	h := x.Holding(keys, Without{})
	if len(h.Falls) != 1 || h.Looked != len(keys) {
		t.Errorf("it holds, but falls into %d; looked at %d", len(h.Falls), h.Looked)
	}
	if len(h.Side) == 0 || 2*len(h.Side) > len(keys) || h.Bridge.With != len(keys)-len(h.Side) || h.Least == 0 {
		t.Errorf("seam %+v, side %d, least %d", h.Bridge, len(h.Side), h.Least)
	}
	var most Without
	for k := range evidence.Kinds {
		most.Kinds = append(most.Kinds, k)
	}
	if h := x.Holding(keys, most); len(h.Falls) < 2 {
		t.Errorf("it holds without any evidence")
	}
	if h := x.Holding([]int64{999_999}, Without{}); h.Looked != 0 {
		t.Errorf("%+v", h)
	}
}
