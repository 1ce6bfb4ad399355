package leiden

import (
	"iter"

	"spoor/graph/disjoint"
)

// Components returns the connected component of each of n nodes, numbered by
// smallest member. Edges to nodes that do not exist are skipped.
func Components(n int, edges iter.Seq2[int32, int32]) []int32 {
	sets := disjoint.New(n)
	for a, b := range edges {
		if a >= 0 && b >= 0 && int(a) < n && int(b) < n {
			sets.Join(a, b)
		}
	}
	return sets.Number()
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
