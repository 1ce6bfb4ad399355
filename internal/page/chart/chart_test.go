package chart

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestBars(t *testing.T) {
	bars := Bars([]int64{0, 1, 1000, 500})
	if bars[0].Height != 0 || bars[2].Height != 100 || bars[3].Height != 50 {
		t.Errorf("%+v", bars)
	}
	if bars[1].Height < 5 {
		t.Errorf("one message beside a thousand can't be seen: %+v", bars[1])
	}
	if last := bars[3]; last.X+last.Width > 100 {
		t.Errorf("the last bar ends at %v", last.X+last.Width)
	}
	if got := Bars(nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func at(s string) time.Time {
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return v
}

// For any two times, an axis has two marks or more, in order, none outside.
func TestTicks(t *testing.T) {
	for _, c := range []struct{ first, last, want string }{
		{"2006-01-05T08:12:00Z", "2006-01-08T10:37:00Z", "6 Jan"},
		{"2006-01-05T08:12:00Z", "2006-01-05T08:13:00Z", "08:12"},
		{"2006-01-05T08:12:10Z", "2006-01-05T08:12:20Z", "5 Jan 08:12"},
		{"2002-03-01T00:00:00Z", "2003-03-01T00:00:00Z", ""},
		{"1904-01-01T00:00:00Z", "2038-01-19T00:00:00Z", ""},
		{"0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", ""},
		{"2006-01-05T08:12:00Z", "2006-01-05T08:12:00Z", "5 Jan 2006 08:12"},
	} {
		a := Axis{at(c.first), at(c.last)}
		ticks := a.Ticks()
		if len(ticks) == 0 || len(ticks) > 2*mostTicks+1 || len(ticks) < 2 && c.first != c.last {
			t.Errorf("%s to %s: %v", c.first, c.last, ticks)
			continue
		}
		if c.want != "" && ticks[0].Label != c.want {
			t.Errorf("%s to %s begins with %q, want %q", c.first, c.last, ticks[0].Label, c.want)
		}
		for i, tick := range ticks {
			if tick.X < 0 || tick.X > 100 || i > 0 && tick.X <= ticks[i-1].X {
				t.Errorf("%s to %s: %v", c.first, c.last, ticks)
			}
		}
	}
}

func TestWaterfall(t *testing.T) {
	steps, zero := Waterfall([]float64{-10, 8, 6, -1})
	if zero < 71 || zero > 72 { // the sum goes from -10 up to 4
		t.Errorf("zero at %v", zero)
	}
	for i, s := range steps[1:] {
		if s.From != steps[i].To {
			t.Errorf("step %d begins at %v, where the one before ends at %v", i+1, s.From, steps[i].To)
		}
	}
	if !steps[0].Down || steps[0].To != 0 || steps[2].To != 100 || !steps[3].Down {
		t.Errorf("%+v", steps)
	}
	if steps, zero := Waterfall([]float64{0, 0}); zero != 0 || steps[1].To != 0 {
		t.Errorf("%v %v", steps, zero)
	}
}

// A picture with crossed edges comes out without them, for any order of its
// input.
func TestLayersAreUntangled(t *testing.T) {
	layers := []int{0, 0, 0, 1, 1, 1, 2, 2, 2}
	edges := []Edge{{0, 5}, {1, 4}, {2, 3}, {5, 6}, {4, 7}, {3, 8}}
	g := Layered(layers, edges)
	if n := crossed(g); n != 0 {
		t.Errorf("%d crossings are left: %+v", n, g.Nodes)
	}
	again := Layered(layers, edges)
	for i := range g.Nodes {
		if g.Nodes[i] != again.Nodes[i] {
			t.Fatal("the same graph is laid out in two ways")
		}
	}
}

// No two nodes are in one place, none is outside, and sorting never makes it worse.
func TestLayersOfAnyGraph(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + r.IntN(44)
		layers := make([]int, n)
		for i := range layers {
			layers[i] = r.IntN(5)
		}
		var edges []Edge
		for range r.IntN(80) {
			if a, b := r.IntN(n), r.IntN(n); layers[a] < layers[b] {
				edges = append(edges, Edge{a, b})
			}
		}
		g := Layered(layers, edges)
		met := make(map[[2]float64]bool)
		for _, v := range g.Nodes {
			if p := [2]float64{v.X, v.Y}; met[p] || v.X < 0 || v.Y < 0 || v.X > g.Width || v.Y > g.Height {
				t.Fatalf("%+v of %v by %v", v, g.Width, g.Height)
			} else {
				met[p] = true
			}
		}
	}
}

func crossed(g *Graph) int {
	n := 0
	for i, e := range g.Edges {
		for _, f := range g.Edges[:i] {
			if g.Nodes[e.From].X == g.Nodes[f.From].X && (g.Nodes[e.From].Y-g.Nodes[f.From].Y)*(g.Nodes[e.To].Y-g.Nodes[f.To].Y) < 0 {
				n++
			}
		}
	}
	return n
}
