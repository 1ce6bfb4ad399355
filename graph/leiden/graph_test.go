package leiden

import "math/rand/v2"

type edge struct {
	a, b int32
	w    float32
}

// build makes a Graph of n nodes, each edge in both rows, in the order given.
func build(n int, edges []edge) *Graph {
	g := &Graph{Start: make([]int32, n+1)}
	for _, e := range edges {
		g.Start[e.a+1]++
		g.Start[e.b+1]++
	}
	accumulate(g.Start)
	next := append([]int32(nil), g.Start...)
	g.To, g.Weight = make([]int32, 2*len(edges)), make([]float32, 2*len(edges))
	put := func(a, b int32, w float32) {
		g.To[next[a]], g.Weight[next[a]] = b, w
		next[a]++
	}
	for _, e := range edges {
		put(e.a, e.b, e.w)
		put(e.b, e.a, e.w)
	}
	return g
}

// clique joins the nodes from lo up to hi with each other.
func clique(lo, hi int32, w float32) []edge {
	var edges []edge
	for a := lo; a < hi; a++ {
		for b := a + 1; b < hi; b++ {
			edges = append(edges, edge{a, b, w})
		}
	}
	return edges
}

// ring makes cliques of so many nodes, each joined to the next by one edge.
func ring(cliques, size int32) (n int, edges []edge, truth []int32) {
	for c := range cliques {
		edges = append(edges, clique(c*size, (c+1)*size, 1)...)
		edges = append(edges, edge{c*size + size - 1, (c + 1) % cliques * size, 1})
		for range size {
			truth = append(truth, c)
		}
	}
	return int(cliques * size), edges, truth
}

// planted makes a graph of groups of so many nodes: each node has inner edges into its
// group and outer ones to anywhere, on average.
func planted(rng *rand.Rand, groups, size int, inner, outer float64) (n int, edges []edge, truth []int32) {
	n = groups * size
	edges = make([]edge, 0, int(float64(n)*(inner+outer)/2))
	truth = make([]int32, n)
	for v := range truth {
		truth[v] = int32(v / size)
	}
	add := func(a, b int, w float32) {
		if a != b {
			edges = append(edges, edge{int32(a), int32(b), w})
		}
	}
	for range int(float64(n) * inner / 2) {
		a := rng.IntN(n)
		add(a, a/size*size+rng.IntN(size), 1)
	}
	for range int(float64(n) * outer / 2) {
		add(rng.IntN(n), rng.IntN(n), 1)
	}
	return n, edges, truth
}

// signed makes a random graph with weights of either sign, parallel edges and loops.
func signed(rng *rand.Rand, n, m int) []edge {
	edges := make([]edge, 0, m)
	for range m {
		edges = append(edges, edge{rng.Int32N(int32(n)), rng.Int32N(int32(n)), float32(rng.NormFloat64() + 0.5)})
	}
	return edges
}

// renamed gives node v of the edges the name perm[v], and says them in another order.
func renamed(rng *rand.Rand, edges []edge, perm []int) []edge {
	out := make([]edge, len(edges))
	for i, at := range rng.Perm(len(edges)) {
		e := edges[i]
		out[at] = edge{int32(perm[e.b]), int32(perm[e.a]), e.w}
	}
	return out
}
