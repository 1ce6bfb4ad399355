package campaign

import (
	"fmt"
	"math"
	"reflect"
	"slices"
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

// chained are three messages of which the first and the last share nothing of what is
// sent, two that share all, and strangers.
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
		b.Add(Row{Key: int64(100 + i), Background: i%4 == 0, Features: keysOf(t, "text=t"+s, "subject=s"+s, "domain=d"+s, "core=c"+fmt.Sprint(i%7), "sender=s"+s, "net=n"+fmt.Sprint(i%3))})
	}
	return b.Index(Options{})
}

// hundredthsOf is exact: what is printed with two digits adds up as printed.
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
			e, ok := x.Pair(a, b)
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
			if tally := x.tally(i, j); sum != hundredthsOf(t, e.Total) || math.Abs(e.Total-float64(tally.total(x.prior))) > 0.03 {
				t.Errorf("%d and %d: steps sum to %d, total is %v, they are linked by %v", a, b, sum, e.Total, tally.total(x.prior))
			}
		}
	}
	if _, ok := x.Pair(1, 999); ok {
		t.Error("a pair with a message that is not known")
	}
}

func TestPairWithout(t *testing.T) {
	x := chained(t, Decisions{})
	before, _ := x.Pair(1, 2)
	if !before.Linked {
		t.Fatalf("1 and 2 are not linked: %+v", before)
	}
	all := slices.Clone(x.weight)
	less, _ := x.PairWithout(1, 2, Without{Features: keysOf(t, "text=a")})
	if less.Linked || less.Total >= before.Total {
		t.Errorf("without the text: %+v", less)
	}
	kind, _ := x.PairWithout(1, 2, Without{Kinds: []evidence.Kind{evidence.Text, evidence.MailerCore}})
	if kind.Total >= less.Total {
		t.Errorf("without all texts and mailers: %v, without the text %v", kind.Total, less.Total)
	}
	if after, _ := x.Pair(1, 2); !reflect.DeepEqual(before, after) || !slices.Equal(all, x.weight) {
		t.Errorf("it is not as it was: %+v", after)
	}
}

func TestChain(t *testing.T) {
	x := chained(t, Decisions{})
	if e, _ := x.Pair(1, 3); e.Linked {
		t.Fatalf("1 and 3 are linked by themselves: %+v", e)
	}
	var way []int64
	for _, e := range x.Chain(1, 3, []int64{1, 2, 3, 4, 5}) {
		if !e.Linked {
			t.Errorf("%d and %d are not linked", e.A, e.B)
		}
		way = append(way, e.A, e.B)
	}
	if !slices.Equal(way, []int64{1, 2, 2, 3}) {
		t.Errorf("the way is %v", way)
	}
	if x.Chain(1, 999, nil) != nil || x.Chain(1, 1, nil) != nil {
		t.Error("a way to nowhere")
	}
}

func TestStrongest(t *testing.T) {
	x := chained(t, Decisions{})
	e, ok := x.Strongest([]int64{1, 5, 100}, []int64{1, 3, 2, 101})
	if !ok || !e.Linked || e.A == e.B {
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
	x := chained(t, Decisions{})
	h := x.Holding([]int64{1, 2, 3, 4}, Without{})
	if len(h.Falls) != 1 || h.Looked != 4 {
		t.Errorf("it holds, but falls into %v; looked at %d", h.Falls, h.Looked)
	}
	if !slices.Equal(h.Side, []int64{1}) || h.Bridge.A != 1 && h.Bridge.B != 1 {
		t.Errorf("bridge %d - %d, %v hang on it", h.Bridge.A, h.Bridge.B, h.Side)
	}
	h = x.Holding([]int64{1, 2, 3, 4}, Without{Features: keysOf(t, "text=a")})
	if want := [][]int64{{2, 3, 4}, {1}}; !reflect.DeepEqual(h.Falls, want) {
		t.Errorf("without the text it falls into %v, want %v", h.Falls, want)
	}
	x.decisions.Same, x.said = [][2]int64{{4, 1}}, nil
	h = x.Holding([]int64{1, 2, 3, 4}, Without{Features: keysOf(t, "text=a")})
	if len(h.Falls) != 1 {
		t.Errorf("what people decided does not hold: %v", h.Falls)
	}
	if h := x.Holding([]int64{999}, Without{}); h.Looked != 0 {
		t.Errorf("%+v", h)
	}
}
