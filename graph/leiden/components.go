package leiden

import "iter"

// Components returns the connected component of each of n nodes, numbered by
// smallest member. Edges to nodes that do not exist are skipped.
//
// It is union-find with path halving. The smaller root stays the root, which
// needs no ranks and costs O(log n) for an edge in the worst case (Tarjan, van
// Leeuwen 1984).
func Components(n int, edges iter.Seq2[int32, int32]) []int32 {
	parent := make([]int32, max(0, n))
	for v := range parent {
		parent[v] = int32(v)
	}
	for a, b := range edges {
		if a < 0 || b < 0 || int(a) >= n || int(b) >= n {
			continue
		}
		if a, b = root(parent, a), root(parent, b); a != b {
			parent[max(a, b)] = min(a, b)
		}
	}
	return numberTrees(parent)
}

// root returns the root of v's tree and halves the path to it: each second node
// is linked to its grandparent.
func root(parent []int32, v int32) int32 {
	for parent[v] != v {
		parent[v] = parent[parent[v]]
		v = parent[v]
	}
	return v
}

// numberTrees replaces parents by the numbers of their trees. A parent is never
// larger than its child, so its number is assigned first.
func numberTrees(parent []int32) []int32 {
	trees := int32(0)
	for v, p := range parent {
		if int(p) == v {
			parent[v] = trees
			trees++
		} else {
			parent[v] = parent[p]
		}
	}
	return parent
}

// attractions yields the edges of positive weight in both directions.
func (g *Graph) attractions() iter.Seq2[int32, int32] {
	return func(yield func(int32, int32) bool) {
		for u := range g.nodes() {
			lo, hi := g.row(u)
			for i := lo; i < hi; i++ {
				if v := g.To[i]; g.weight(i) > 0 && !yield(int32(u), v) {
					return
				}
			}
		}
	}
}
