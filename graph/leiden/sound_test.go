package leiden

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// assertSound checks the invariants of a result: numbers by smallest member,
// communities connected by positive edges, worth no less than singletons.
func assertSound(t *testing.T, g *Graph, community []int32, gamma float64) {
	t.Helper()
	n := g.nodes()
	if len(community) != n {
		t.Fatalf("%d communities for %d nodes", len(community), n)
	}
	next := int32(0)
	for v, c := range community {
		if c < 0 || c > next {
			t.Fatalf("node %d is in community %d, where %d is next", v, c, next)
		}
		next = max(next, c+1)
	}
	assertConnected(t, g, community, int(next))
	alone := make([]int32, n)
	for v := range alone {
		alone[v] = int32(v)
	}
	if q, q0 := Quality(g, community, gamma), Quality(g, alone, gamma); q < q0-1e-6*math.Abs(q0)-1e-9 {
		t.Fatalf("quality %g, singletons have %g", q, q0)
	}
}

// assertConnected lets Components see only the positive edges within communities: there
// must be as many of the ones as of the others. Parallel edges count together.
func assertConnected(t *testing.T, g *Graph, community []int32, communities int) {
	t.Helper()
	g = g.checked()
	n := g.nodes()
	of := Components(n, func(yield func(int32, int32) bool) {
		for u := range n {
			sums := map[int32]float64{}
			lo, hi := g.row(u)
			for i := lo; i < hi; i++ {
				sums[g.To[i]] += g.weight(i)
			}
			for v, w := range sums {
				if w > 0 && v >= 0 && int(v) < n && community[u] == community[v] && !yield(int32(u), v) {
					return
				}
			}
		}
	})
	pieces := int32(0)
	for _, c := range of {
		pieces = max(pieces, c+1)
	}
	if int(pieces) != communities {
		t.Fatalf("%d communities in %d pieces: %v", communities, pieces, community)
	}
}

func TestRandomSignedGraphsAreSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		n := 1 + rng.IntN(60)
		g := build(n, signed(rng, n, rng.IntN(5*n)))
		if rng.IntN(2) == 0 {
			for range n {
				g.Size = append(g.Size, rng.Int32N(5))
			}
		}
		gamma := rng.Float64()
		got := find(g, gamma)
		assertSound(t, g, got, gamma)
		assertStable(t, g, got, gamma)
	}
}

// assertStable checks that no node is worth more elsewhere.
func assertStable(t *testing.T, g *Graph, community []int32, gamma float64) {
	t.Helper()
	n := g.nodes()
	total := make([]float64, n+1)
	for v, c := range community {
		total[c] += g.size(v)
	}
	for v, own := range community {
		pull := make([]float64, n+1)
		lo, hi := g.row(v)
		for i := lo; i < hi; i++ {
			if int(g.To[i]) != v {
				pull[community[g.To[i]]] += g.weight(i)
			}
		}
		stay := pull[own] - gamma*g.size(v)*(total[own]-g.size(v))
		for c := range pull {
			if w := pull[c] - gamma*g.size(v)*total[c]; int32(c) != own && w > stay+1e-6 {
				t.Fatalf("node %d of %d is worth %g in community %d and %g in its own, %d", v, n, w, c, stay, own)
			}
		}
	}
}

// Without certain refinements, the parts are the components of positive edges
// within the communities. A path of five in two communities, one of them in two
// pieces.
func TestPieces(t *testing.T) {
	p := divide(build(6, []edge{{0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {3, 4, 1}, {4, 5, 1}, {1, 5, -1}}))
	s := newSolver(Options{})
	l := s.build(p, p.component(0))
	s.resize(6)
	s.community, s.refined = []int32{0, 0, 1, 1, 0, 0}, make([]int32, 6)
	if n := s.pieces(l); n != 3 || !slices.Equal(s.refined, []int32{0, 0, 1, 1, 2, 2}) {
		t.Errorf("%d pieces: %v", n, s.refined)
	}
}

// TestAgainstAllPartitions holds small graphs against the best of all partitions.
func TestAgainstAllPartitions(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	var sum, worst float64
	graphs, exact := 0, 0
	for range 1500 {
		n := 2 + rng.IntN(7)
		g := build(n, signed(rng, n, 1+rng.IntN(n*(n-1)/2+3)))
		gamma := 0.6 * rng.Float64()
		best := bestPartition(g, gamma)
		if best < 0.1 {
			continue
		}
		short := 1 - Quality(g, find(g, gamma), gamma)/best
		if short < -1e-6 {
			t.Fatalf("better than the best by %g", -short)
		}
		graphs++
		if short < 1e-6 {
			exact++
		}
		sum += short
		worst = max(worst, short)
	}
	t.Logf("%d graphs: %.1f %% exact, short of the best by %.3f %% on average, %.1f %% at worst",
		graphs, 100*float64(exact)/float64(graphs), 100*sum/float64(graphs), 100*worst)
	if sum/float64(graphs) > 0.01 {
		t.Errorf("short of the best by %.2f %% on average", 100*sum/float64(graphs))
	}
}

// bestPartition goes through all partitions: in a growth string each entry is at most one
// more than the largest before it.
func bestPartition(g *Graph, gamma float64) float64 {
	n := g.nodes()
	community := make([]int32, n)
	best := math.Inf(-1)
	var try func(v int, used int32)
	try = func(v int, used int32) {
		if v == n {
			best = max(best, Quality(g, community, gamma))
			return
		}
		for c := range used + 1 {
			community[v] = c
			try(v+1, max(used, c+1))
		}
	}
	try(0, 0)
	return best
}

// FuzzCommunities builds a graph from bytes, rows and all, so that it need not be one.
func FuzzCommunities(f *testing.F) {
	f.Add(uint8(4), []byte{0, 1, 2, 1, 2, 2, 2, 3, 200}, 0.5)
	f.Add(uint8(9), []byte{0, 0, 255, 8, 1, 3, 1, 8, 3, 1, 8, 250, 4, 5, 7}, 0.0)
	f.Add(uint8(0), []byte{}, math.Inf(1))
	f.Fuzz(func(t *testing.T, n uint8, data []byte, gamma float64) {
		broken := &Graph{}
		for i := 0; i+4 <= len(data); i += 4 {
			x := binary.LittleEndian.Uint32(data[i:])
			broken.Start = append(broken.Start, int32(x)>>20)
			broken.To = append(broken.To, int32(x)>>24)
			broken.Weight = append(broken.Weight, math.Float32frombits(x))
			broken.Size = append(broken.Size, int32(x))
		}
		if got := find(broken, gamma); len(got) != broken.nodes() {
			t.Fatal("not a community for each node")
		}
		nodes := int32(n)%40 + 1
		var edges []edge
		for ; len(data) >= 3; data = data[3:] {
			edges = append(edges, edge{int32(data[0]) % nodes, int32(data[1]) % nodes, float32(int8(data[2])) / 8})
		}
		g := build(int(nodes), edges)
		gamma = min(resolution(gamma), 1e6)
		assertSound(t, g, find(g, gamma), gamma)
	})
}
