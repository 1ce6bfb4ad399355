package leiden

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func find(g *Graph, gamma float64) []int32 {
	return Communities(g, Options{Resolution: gamma})
}

func TestClearStructureIsFound(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     int
		gamma float64
		edges []edge
		want  []int32
	}{
		{"a pair above gamma", 2, 1, []edge{{0, 1, 1.5}}, []int32{0, 0}},
		{"a pair at gamma gains nothing", 2, 1, []edge{{0, 1, 1}}, []int32{0, 1}},
		{"a pair below gamma", 2, 1, []edge{{0, 1, 0.5}}, []int32{0, 1}},
		{"parallel edges add up", 2, 1, []edge{{0, 1, 0.75}, {1, 0, 0.75}}, []int32{0, 0}},
		{"parallel edges of either sign", 2, 0, []edge{{0, 1, 5}, {0, 1, -6}}, []int32{0, 1}},
		{"a loop says nothing", 2, 1, []edge{{0, 0, 9}, {1, 1, 9}, {0, 1, 0.5}}, []int32{0, 1}},
		{"a negative edge alone", 2, 0, []edge{{0, 1, -1}}, []int32{0, 1}},
		{"a repelled member goes alone", 5, 0.1, append(clique(0, 4, 1), edge{4, 0, 1}, edge{4, 1, -1}, edge{4, 2, -1}), []int32{0, 0, 0, 0, 1}},
		{"friends of enemies part", 4, 0, []edge{{0, 1, 2}, {1, 2, 1}, {2, 3, 2}, {0, 3, -3}}, []int32{0, 0, 1, 1}},
		{"gamma 0 keeps what is connected", 4, 0, []edge{{0, 1, 1}, {1, 2, 1}, {2, 3, 1}}, []int32{0, 0, 0, 0}},
		{"numbered by smallest member", 5, 0.1, []edge{{1, 4, 1}, {0, 2, 1}}, []int32{0, 1, 0, 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := find(build(c.n, c.edges), c.gamma); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// Modularity merges neighbouring cliques of a long ring (Fortunato and Barthelemy 2007);
// with gamma between 1/36, where two would stay together, and 1 the length is no matter.
func TestRingOfCliques(t *testing.T) {
	for _, cliques := range []int32{3, 30, 3000} {
		n, edges, truth := ring(cliques, 6)
		for _, gamma := range []float64{0.05, 0.2, 0.5} {
			if got := find(build(n, edges), gamma); !slices.Equal(got, truth) {
				t.Errorf("%d cliques, gamma %g: not one community for each", cliques, gamma)
			}
		}
	}
}

// Two groups of 8 in which each pair shares 10 bits are joined by one bridge of 20 bits,
// the bullet-proof host that both rent. At gamma 1 the 64 pairs across would have to bring
// more than 64 bits, so they stay apart until the bridge alone weighs that; a single
// member, whose 8 pairs cost 8, does not cross for it either, as it would leave 70 behind.
func TestOneBridgeDoesNotChain(t *testing.T) {
	groups := append(clique(0, 8, 10), clique(8, 16, 10)...)
	apart := []int32{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}
	for _, c := range []struct {
		bridge float32
		want   []int32
	}{{20, apart}, {63, apart}, {65, make([]int32, 16)}} {
		g := build(16, append(slices.Clone(groups), edge{3, 12, c.bridge}))
		if got := find(g, 1); !slices.Equal(got, c.want) {
			t.Errorf("bridge of %g: got %v", c.bridge, got)
		}
	}
}

// A path of a thousand nodes, each with one edge to the next, is the worst of chains: pieces
// are as long as gamma lets them be, k nodes having k-1 edges for k(k-1)/2 pairs.
func TestPathIsCutInPieces(t *testing.T) {
	var edges []edge
	for v := range int32(999) {
		edges = append(edges, edge{v, v + 1, 1})
	}
	sizes := make([]int, 1000)
	for _, c := range find(build(1000, edges), 0.25) {
		sizes[c]++
	}
	if longest := slices.Max(sizes); longest > 6 {
		t.Errorf("a piece of %d nodes", longest)
	}
}

// Sizes count as that many nodes: collapsing duplicates of a message into one node with
// their number as its size must not change who belongs with whom.
func TestSizesStandForNodes(t *testing.T) {
	g := build(3, []edge{{0, 1, 11}, {1, 2, 11}})
	g.Size = []int32{10, 1, 12}
	if got, want := find(g, 1), []int32{0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Quality(g, []int32{0, 0, 1}, 1); got != 11-55-66 {
		t.Errorf("quality %g", got)
	}
}

func TestPlantedGroupsAreFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		groups, size int
		inner, outer float64
		gamma        float64
		agreement    float64
	}{
		{10, 30, 12, 1, 0.1, 0.99},
		{50, 20, 10, 2, 0.1, 0.999},
		{200, 50, 16, 4, 0.08, 0.999},
		{20, 100, 20, 10, 0.08, 0.99},
	} {
		n, edges, truth := planted(rng, c.groups, c.size, c.inner, c.outer)
		g := build(n, edges)
		got := find(g, c.gamma)
		if a := pairsF1(got, truth); a < c.agreement {
			t.Errorf("%+v: pairwise F1 with the truth %.4f", c, a)
		}
		if q, ideal := Quality(g, got, c.gamma), Quality(g, truth, c.gamma); q < ideal*0.999 {
			t.Errorf("%+v: quality %.1f, that of the truth is %.1f", c, q, ideal)
		}
	}
}

// renumber numbers communities by smallest member.
func renumber(community []int32) {
	number := map[int32]int32{}
	for v, c := range community {
		if _, ok := number[c]; !ok {
			number[c] = int32(len(number))
		}
		community[v] = number[c]
	}
}

// pairsF1 is the F1 of the pairs that two partitions put together.
func pairsF1(got, truth []int32) float64 {
	type cell struct{ a, b int32 }
	both, as, bs := map[cell]float64{}, map[int32]float64{}, map[int32]float64{}
	for v := range got {
		both[cell{got[v], truth[v]}]++
		as[got[v]]++
		bs[truth[v]]++
	}
	var shared, a, b float64
	for _, n := range both {
		shared += pairsOf(n)
	}
	for _, n := range as {
		a += pairsOf(n)
	}
	for _, n := range bs {
		b += pairsOf(n)
	}
	return 2 * shared / (a + b)
}

func TestNodeNumbersDoNotMatterWhereStructureIsClear(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	ringN, ringEdges, ringTruth := ring(20, 7)
	plantedN, plantedEdges, plantedTruth := planted(rng, 12, 25, 14, 1)
	for _, c := range []struct {
		name  string
		n     int
		edges []edge
		truth []int32
	}{{"ring", ringN, ringEdges, ringTruth}, {"planted", plantedN, plantedEdges, plantedTruth}} {
		for range 20 {
			perm := rng.Perm(c.n)
			got := find(build(c.n, renamed(rng, c.edges, perm)), 0.12)
			back := make([]int32, c.n)
			for v := range back {
				back[v] = got[perm[v]]
			}
			renumber(back)
			if !slices.Equal(back, c.truth) {
				t.Errorf("%s: another numbering of the nodes, another partition", c.name)
			}
		}
	}
}

func TestOrderOfEdgesDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		n := 2 + rng.IntN(60)
		edges := signed(rng, n, 3*n)
		want := find(build(n, edges), 0.2)
		rng.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		if got := find(build(n, edges), 0.2); !slices.Equal(got, want) {
			t.Fatalf("%d nodes: %v, then %v", n, want, got)
		}
	}
}

// Other components, edges that repel them, and where its numbers lie among theirs: nothing
// of it shows in a component.
func TestComponentsAreIndependent(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 100 {
		var all []edge
		var alone [][]int32
		n := 0
		for range 2 + rng.IntN(8) {
			k := 1 + rng.IntN(80)
			edges := signed(rng, k, 3*k)
			alone = append(alone, find(build(k, edges), 0.15))
			for _, e := range edges {
				all = append(all, edge{e.a + int32(n), e.b + int32(n), e.w})
			}
			if n > 0 {
				all = append(all, edge{rng.Int32N(int32(n)), int32(n), -3})
			}
			n += k
		}
		// An order that mixes components and keeps that within each.
		owner := make([]int, 0, n)
		for c, a := range alone {
			owner = append(owner, slices.Repeat([]int{c}, len(a))...)
		}
		rng.Shuffle(n, func(i, j int) { owner[i], owner[j] = owner[j], owner[i] })
		perm := make([]int, 0, n)
		for c := range alone {
			for at, o := range owner {
				if o == c {
					perm = append(perm, at)
				}
			}
		}
		got := find(build(n, renamed(rng, all, perm)), 0.15)
		for c, lo := 0, 0; c < len(alone); c++ {
			part := make([]int32, len(alone[c]))
			for v := range part {
				part[v] = got[perm[lo+v]]
			}
			renumber(part)
			if !slices.Equal(part, alone[c]) {
				t.Fatalf("component of %d nodes: alone %v, among others %v", len(part), alone[c], part)
			}
			lo += len(part)
		}
	}
}

func TestAnyNumberOfCores(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var edges []edge
	for c := range int32(400) {
		for _, e := range signed(rng, 50, 200) {
			edges = append(edges, edge{e.a + 50*c, e.b + 50*c, e.w})
		}
	}
	g := build(20000, edges)
	before := runtime.GOMAXPROCS(1)
	one := find(g, 0.1)
	runtime.GOMAXPROCS(4)
	four := find(g, 0.1)
	runtime.GOMAXPROCS(before)
	if !slices.Equal(one, four) {
		t.Error("one core and four differ")
	}
}

// A component of more than 32768 nodes is laid out anew on the way; nothing of that shows.
func TestLargeComponent(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	n, edges, truth := planted(rng, 1600, 25, 10, 2)
	if n < large {
		t.Fatalf("%d nodes are not large", n)
	}
	perm := rng.Perm(n)
	edges = renamed(rng, edges, perm)
	alone := find(build(n, edges), 0.1)
	assertSound(t, build(n, edges), alone, 0.1)
	back := make([]int32, n)
	for v := range back {
		back[v] = alone[perm[v]]
	}
	if f1 := pairsF1(back, truth); f1 < 0.995 {
		t.Errorf("pairwise F1 with the truth %.4f", f1)
	}
	rng.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
	for v := range int32(1000) {
		edges = append(edges, edge{int32(n) + v, int32(n) + (v+1)%1000, 1}, edge{v, int32(n) + v, -1})
	}
	if among := find(build(n+1000, edges), 0.1); !slices.Equal(among[:n], alone) {
		t.Error("another order of edges and another component made a difference")
	}
	once := Communities(build(n+1000, edges), Options{Resolution: 0.1, MaxIterations: 1})
	assertSound(t, build(n+1000, edges), once, 0.1)
}

// A feature that everybody shares would make a wheel of hubs that are linked to
// all nodes: time must not grow with the square of a hub's edges.
func TestHubs(t *testing.T) {
	var edges []edge
	for v := int32(10); v < 20000; v++ {
		for hub := range int32(10) {
			edges = append(edges, edge{hub, v, 0.01 * float32(1+v%7)})
		}
		edges = append(edges, edge{v, max(10, v/3*3), 1})
	}
	g := build(20000, edges)
	assertSound(t, g, find(g, 0.05), 0.05)
}

func TestDegenerateInput(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	huge := float32(math.MaxFloat32)
	for _, c := range []struct {
		name string
		g    *Graph
		want []int32
	}{
		{"nothing", &Graph{}, []int32{}},
		{"no nodes", &Graph{Start: []int32{0}}, []int32{}},
		{"no edges", &Graph{Start: []int32{0, 0, 0}}, []int32{0, 1}},
		{"no weights: 1 each", &Graph{Start: []int32{0, 1, 2}, To: []int32{1, 0}}, []int32{0, 0}},
		{"too few weights", &Graph{Start: []int32{0, 1, 2}, To: []int32{1, 0}, Weight: []float32{}}, []int32{0, 1}},
		{"not a number", build(2, []edge{{0, 1, nan}}), []int32{0, 1}},
		{"infinite", build(3, []edge{{0, 1, inf}, {1, 2, -inf}, {0, 2, 1}}), []int32{0, 1, 0}},
		{"largest weights", build(3, []edge{{0, 1, huge}, {1, 2, -huge}, {0, 1, huge}}), []int32{0, 0, 1}},
		{"neighbours that don't exist", &Graph{Start: []int32{0, 3, 4}, To: []int32{1, -1, 7, 0}, Weight: []float32{1, 1, 1, 1}}, []int32{0, 0}},
		{"rows out of bounds", &Graph{Start: []int32{-5, 1, 99}, To: []int32{1, 0}, Weight: []float32{1, 1}}, []int32{0, 1}},
		{"rows backwards", &Graph{Start: []int32{2, 0, 2}, To: []int32{1, 0}, Weight: []float32{1, 1}}, []int32{0, 1}},
		{"an edge in one row only", &Graph{Start: []int32{0, 1, 1}, To: []int32{1}, Weight: []float32{1}}, nil},
		{"sizes of any sign", &Graph{Start: []int32{0, 1, 2}, To: []int32{1, 0}, Weight: []float32{1, 1}, Size: []int32{-4, math.MaxInt32}}, []int32{0, 0}},
		{"largest sizes", &Graph{Start: []int32{0, 1, 2}, To: []int32{1, 0}, Weight: []float32{1, 1}, Size: []int32{math.MaxInt32, math.MaxInt32}}, []int32{0, 1}},
		{"too few sizes", &Graph{Start: []int32{0, 1, 2}, To: []int32{1, 0}, Weight: []float32{1, 1}, Size: []int32{1}}, []int32{0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := find(c.g, 0.5)
			if c.want != nil && !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if q := Quality(c.g, got, 0.5); math.IsNaN(q) {
				t.Error("quality is no number")
			}
		})
	}
}

func TestGammaOfAnyKind(t *testing.T) {
	g := build(4, append(clique(0, 3, 1), edge{2, 3, -1}))
	together, alone := []int32{0, 0, 0, 1}, []int32{0, 1, 2, 3}
	for _, c := range []struct {
		gamma float64
		want  []int32
	}{{0, together}, {-1, together}, {math.NaN(), together}, {math.Inf(-1), together}, {math.Inf(1), alone}, {math.MaxFloat64, alone}} {
		if got := find(g, c.gamma); !slices.Equal(got, c.want) {
			t.Errorf("gamma %g: %v", c.gamma, got)
		}
	}
}

func TestOneIterationIsSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	n, edges, _ := planted(rng, 40, 25, 8, 5)
	g := build(n, edges)
	once := Communities(g, Options{Resolution: 0.1, MaxIterations: 1})
	often := find(g, 0.1)
	assertSound(t, g, once, 0.1)
	if Quality(g, often, 0.1) < Quality(g, once, 0.1) {
		t.Error("more iterations made it worse")
	}
}

func TestQuality(t *testing.T) {
	g := build(4, append(clique(0, 3, 2), edge{2, 3, -1}, edge{0, 0, 50}))
	for _, c := range []struct {
		name      string
		community []int32
		want      float64
	}{
		{"all", []int32{0, 0, 0, 0}, 5 - 0.5*6},
		{"clique", []int32{0, 0, 0, 3}, 6 - 0.5*3},
		{"alone", []int32{0, 1, 2, 3}, 0},
		{"numbers that are none", []int32{-1, -1, 4, 99}, 0},
		{"too few", []int32{0, 0}, 2 - 0.5},
	} {
		if got := Quality(g, c.community, 0.5); got != c.want {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

func TestComponents(t *testing.T) {
	edges := func(yield func(int32, int32) bool) {
		_ = yield(5, 1) && yield(4, 2) && yield(2, 5) && yield(6, 6) && yield(7, -1) && yield(0, 8)
	}
	if got, want := Components(8, edges), []int32{0, 1, 1, 2, 1, 1, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Components(0, edges); len(got) != 0 {
		t.Errorf("no nodes: %v", got)
	}
}
