package leiden

// Quality returns the objective of Communities: over all communities, the
// weight of the edges inside less gamma*n*(n-1)/2, where n is the sum of the
// sizes. Nodes whose community is not a number from 0 to the number of nodes
// are alone.
func Quality(g *Graph, community []int32, gamma float64) float64 {
	g = g.checked()
	n := g.nodes()
	size := make([]float64, n)
	gamma = resolution(gamma)
	var inside, pairs float64
	for u := range n {
		c, ok := at(community, u, n)
		if !ok {
			pairs += pairsOf(g.size(u))
			continue
		}
		size[c] += g.size(u)
		lo, hi := g.row(u)
		for i := lo; i < hi; i++ {
			v := int(g.To[i])
			if d, ok := at(community, v, n); ok && u != v && c == d {
				inside += g.weight(i) / 2
			}
		}
	}
	for _, s := range size {
		pairs += pairsOf(s)
	}
	return inside - gamma*pairs
}

// pairsOf counts the pairs among so many things.
func pairsOf(n float64) float64 { return n * (n - 1) / 2 }

// at returns the community of a node, unless there is no such node or community.
func at(community []int32, v, n int) (int32, bool) {
	if v < 0 || v >= n || v >= len(community) || community[v] < 0 || int(community[v]) >= n {
		return 0, false
	}
	return community[v], true
}
