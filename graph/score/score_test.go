package score

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// items makes one of each letter: class above, cluster below; "." is no label.
func items(truth, found string) []Item {
	out := make([]Item, len(truth))
	for i := range out {
		out[i] = Item{strings.Trim(truth[i:i+1], "."), strings.Trim(found[i:i+1], ".")}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) < 5e-4 }

// scoresOf measures a clustering.
func scoresOf(items []Item) Scores { return New(items).Scores() }

func TestScores(t *testing.T) {
	const any = -9
	for name, c := range map[string]struct {
		truth, found     string
		pairP, pairR     float64
		cubeP, cubeR     float64
		rand, homo, comp float64
	}{
		"perfect":         {"aabbb", "xxyyy", 1, 1, 1, 1, 1, 1, 1},
		"nothing at all":  {"", "", 1, 1, 1, 1, 1, 1, 1},
		"one item":        {"a", ".", 1, 1, 1, 1, 1, 1, 1},
		"all alone, both": {"...", "abc", 1, 1, 1, 1, 1, 1, 1},
		"all in one heap": {"aabb", "xxxx", 2. / 6, 1, .5, 1, 0, 0, 1},
		"nothing joined":  {"aabb", "....", 1, 0, 1, .5, 0, 1, .5},
		// The documentation of scikit-learn: adjusted_rand_score, homogeneity_score,
		// completeness_score; pairs and B-cubed worked out by hand.
		"scikit-learn's first": {"aaabbb", "xxyyzz", 2. / 3, 2. / 6, 5. / 6, 10. / 18, 0.2424, 0.6667, 0.4206},
		"scikit-learn, 0.57":   {"aabc", "xxyy", .5, 1, .75, 1, 0.5714, any, any},
		"scikit-learn, 0.0":    {"aaaa", "wxyz", 1, 0, 1, .25, 0, 1, 0},
		"scikit-learn, lower":  {"aabb", "xxyz", 1, .5, 1, .75, 0.5714, 1, 0.6667},
		"negative, -0.5":       {"aabb", "xyxy", 0, 0, .5, .5, -0.5, 0, 0},
		// Manning, Raghavan, Schütze, Introduction to Information Retrieval, figure 16.4:
		// 20 of 40 pairs are right, 24 are missed. B-cubed: (26/6+18/6+13/5)/17, (30/8+17/5+10/4)/17.
		"a textbook": {"xxxxxoxoooodxxddd", "aaaaaabbbbbbccccc", .5, 20. / 44, 0.5843, 0.5676, any, any, any},
	} {
		t.Run(name, func(t *testing.T) {
			s := scoresOf(items(c.truth, c.found))
			got := []float64{s.Pairwise.Precision, s.Pairwise.Recall, s.BCubed.Precision, s.BCubed.Recall, s.AdjustedRand, s.Homogeneity, s.Completeness}
			want := []float64{c.pairP, c.pairR, c.cubeP, c.cubeR, c.rand, c.homo, c.comp}
			for i, what := range []string{"pairwise precision", "pairwise recall", "B-cubed precision", "B-cubed recall", "adjusted Rand", "homogeneity", "completeness"} {
				if want[i] != any && !near(got[i], want[i]) {
					t.Errorf("%s %.4f, want %.4f", what, got[i], want[i])
				}
			}
			for what, f := range map[string][3]float64{"pairwise F1": {s.Pairwise.F1, s.Pairwise.Precision, s.Pairwise.Recall},
				"B-cubed F1": {s.BCubed.F1, s.BCubed.Precision, s.BCubed.Recall}, "V": {s.VMeasure, s.Homogeneity, s.Completeness}} {
				if sum := f[1] + f[2]; sum > 0 && !near(f[0], 2*f[1]*f[2]/sum) || sum == 0 && f[0] != 0 {
					t.Errorf("%s is %v of %v and %v", what, f[0], f[1], f[2])
				}
			}
		})
	}
}

func TestVMeasureOfPublishedExample(t *testing.T) {
	if s := scoresOf(items("aaabbb", "xxyyzz")); !near(s.VMeasure, 0.5158) {
		t.Errorf("V %.4f, want 0.5158", s.VMeasure)
	}
	if s := scoresOf(items("xxxxxoxoooodxxddd", "aaaaaabbbbbbccccc")); !near(s.Pairwise.F1, 0.4762) {
		t.Errorf("pairwise F1 %.4f, want 0.4762", s.Pairwise.F1)
	}
}

func TestSingletons(t *testing.T) {
	s := scoresOf(items("..abccd", ".xx.yyz"))
	if s.Items != 7 || s.Classes != 6 || s.Clusters != 5 || s.Singletons != 5 || s.Alone != 2 {
		t.Errorf("%+v", s)
	}
}

// clustering is a random one that has something to do with its truth.
func clustering(r *rand.Rand) []Item {
	out := make([]Item, 1+r.IntN(200))
	classes := 1 + r.IntN(20)
	for i := range out {
		c := r.IntN(classes)
		out[i] = Item{fmt.Sprint("t", c), fmt.Sprint("f", c/(1+r.IntN(2)))}
		switch r.IntN(8) {
		case 0:
			out[i].Found = ""
		case 1:
			out[i].Truth = ""
		}
	}
	return out
}

// counted works the figures out from every pair and every item, as they are defined.
func counted(items []Item) (pairwise, bCubed Accuracy, rand float64) {
	same := func(a, b string, i, j int) bool { return i == j || a == b && a != "" }
	var both, truth, found, neither, p, r float64
	for i, a := range items {
		var right, cluster, class float64
		for j, b := range items {
			t, f := same(a.Truth, b.Truth, i, j), same(a.Found, b.Found, i, j)
			if t {
				class++
			}
			if f {
				cluster++
			}
			if t && f {
				right++
			}
			switch {
			case j <= i:
			case t && f:
				both++
			case t:
				truth++
			case f:
				found++
			default:
				neither++
			}
		}
		p, r = p+right/cluster, r+right/class
	}
	n := float64(len(items))
	return accuracy(share(both, both+found), share(both, both+truth)), accuracy(p/n, r/n), adjust(both, truth, found, neither)
}

func TestAgainstDefinitions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		all := clustering(r)
		s := scoresOf(all)
		pairwise, bCubed, adjusted := counted(all)
		for _, x := range [][2]float64{{s.Pairwise.F1, pairwise.F1}, {s.Pairwise.Precision, pairwise.Precision}, {s.Pairwise.Recall, pairwise.Recall},
			{s.BCubed.F1, bCubed.F1}, {s.BCubed.Precision, bCubed.Precision}, {s.BCubed.Recall, bCubed.Recall}, {s.AdjustedRand, adjusted}} {
			if math.Abs(x[0]-x[1]) > 1e-9 {
				t.Fatalf("%+v\nwant %+v %+v %v", s, pairwise, bCubed, adjusted)
			}
		}
	}
}

func TestNamesAndOrderChangeNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		all := clustering(r)
		want := scoresOf(all)
		names := r.Perm(100)
		rename := func(s string) string {
			if s == "" {
				return ""
			}
			n := 0
			fmt.Sscan(s[1:], &n)
			return fmt.Sprint(names[n])
		}
		other := make([]Item, len(all))
		for i, j := range r.Perm(len(all)) {
			other[i] = Item{rename(all[j].Truth), rename(all[j].Found)}
		}
		if got := scoresOf(other); got != want { // to the last bit
			t.Fatalf("%+v\n%+v", got, want)
		}
	}
}

// TestMirror: with truth and clustering exchanged, precision is recall and the other way
// round.
func TestMirror(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		all := clustering(r)
		a := scoresOf(all)
		for i := range all {
			all[i].Truth, all[i].Found = all[i].Found, all[i].Truth
		}
		b := scoresOf(all)
		if !near(a.Pairwise.Precision, b.Pairwise.Recall) || !near(a.BCubed.Precision, b.BCubed.Recall) ||
			!near(a.Homogeneity, b.Completeness) || !near(a.AdjustedRand, b.AdjustedRand) || !near(a.VMeasure, b.VMeasure) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	}
}

func TestWorst(t *testing.T) {
	table := New(items("aaabbbcc..d", "xxxxyyy.zzz"))
	mixed := table.Mixed(9)
	want := []Group{
		{Name: "x", Items: 4, Pairs: 3, Of: 2, Parts: []Part{{"a", 3, 0}, {"b", 1, 3}}},
		{Name: "z", Items: 3, Pairs: 3, Of: 3, Alone: 2, Parts: []Part{{"", 1, 8}, {"", 1, 9}, {"d", 1, 10}}},
		{Name: "y", Items: 3, Pairs: 2, Of: 2, Parts: []Part{{"b", 2, 4}, {"c", 1, 6}}},
	}
	if !reflect.DeepEqual(mixed, want) {
		t.Errorf("mixed\n%+v\nwant\n%+v", mixed, want)
	}
	broken := table.Broken(9)
	want = []Group{
		{Name: "b", Items: 3, Pairs: 2, Of: 2, Parts: []Part{{"y", 2, 4}, {"x", 1, 3}}},
		{Name: "c", Items: 2, Pairs: 1, Of: 2, Alone: 1, Parts: []Part{{"", 1, 7}, {"y", 1, 6}}},
	}
	if !reflect.DeepEqual(broken, want) {
		t.Errorf("broken\n%+v\nwant\n%+v", broken, want)
	}
	if len(table.Mixed(1)) != 1 || len(table.Mixed(0)) != 0 || len(New(nil).Broken(3)) != 0 {
		t.Error("not as many as were asked for")
	}
}

func TestPartsAreBounded(t *testing.T) {
	var all []Item
	for i := range 1000 {
		all = append(all, Item{fmt.Sprint(i), "heap"})
	}
	if g := New(all).Mixed(1)[0]; g.Of != 1000 || len(g.Parts) != parts || g.Pairs != 499500 {
		t.Errorf("%+v", g)
	}
}

func BenchmarkOf(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	all := make([]Item, 1_000_000)
	for i := range all {
		all[i] = Item{fmt.Sprint(r.IntN(20000)), fmt.Sprint(r.IntN(20000))}
	}
	for b.Loop() {
		scoresOf(all)
	}
}
