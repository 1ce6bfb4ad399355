// Package leiden finds the communities of a signed, weighted, undirected graph:
// groups of nodes with heavy edges among themselves.
//
// The input is a Graph in compressed sparse rows and a resolution gamma; the
// result is a community for each node. The objective is the constant Potts
// model (Traag, Van Dooren, Nesterov, "Narrow scope for resolution-limit-free
// community detection", Phys. Rev. E 84, 2011): the weight of the edges inside
// communities minus gamma for every pair of nodes inside one. Gamma is
// therefore a density in the unit of the weights. A community stays together if
// its pairs weigh gamma on average. Two communities of a and b nodes merge only
// if more than gamma*a*b of weight connects them. Neither depends on the size
// of the rest of the graph. Modularity lacks this property: in a large graph it
// merges small groups, which here would put unrelated mail into one campaign.
//
// The search is Leiden (Traag, Waltman, van Eck, "From Louvain to Leiden:
// guaranteeing well-connected communities", Sci. Rep. 9, 2019): local moves
// from a queue, refinement and aggregation, until nothing moves. It departs
// from the paper in four points. It is deterministic; see refine for the price.
// Negative edges repel, so a node that moves also wakes the neighbours that it
// now repels. Only edges of positive weight make parts, and thus communities,
// connected. Each component of the graph is solved by itself, so unrelated mail
// cannot change a campaign, not even through the order of a queue.
//
// The package uses no clock, no map order and no random source.
package leiden

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Graph is undirected, in compressed sparse rows. The neighbours of node v are
// To[Start[v]:Start[v+1]], and each edge occurs in the rows of both its ends.
// Parallel edges add up. Loops, edges to missing nodes and weights that are NaN
// or infinite count as zero.
type Graph struct {
	Start  []int32   // start of each row and end of the last: one entry more than nodes
	To     []int32   // the other end
	Weight []float32 // negative weights repel; nil means 1 everywhere
	Size   []int32   // number of items in a node; nil means 1 everywhere, below 0 counts as 0
}

// Options set the resolution and the length of the search.
type Options struct {
	Resolution    float64 // gamma, the cost of a pair in one community; below 0 and NaN count as 0
	MaxIterations int     // 0 searches until nothing moves, up to defaultIterations
}

// defaultIterations limits the search. Graphs of evidence are stable after two
// to four iterations; later ones move a few nodes in a million.
const defaultIterations = 10

// worthwhile is the number of entries of To from which a second worker pays
// off.
const worthwhile = 1 << 14

// largestResolution keeps gamma times the square of all sizes finite.
const largestResolution = 1e100

// Communities returns the community of each node. Communities are numbered by
// their smallest members and connected by edges of positive weight. Their total
// value is at least that of single nodes. A component (nodes that edges of
// positive weight connect) gets the same communities in every larger graph. The
// order of edges within a row does not matter.
//
// Time is near linear: each level of each iteration visits its edges a bounded
// number of times, and levels shrink. Memory is 8 bytes for each entry of To,
// about half as much for aggregates, and 100 bytes for each node. Weights and
// their sums have 24 bits.
func Communities(g *Graph, o Options) []int32 {
	g = g.checked()
	p := divide(g)
	out := make([]int32, g.nodes())
	var next atomic.Int64
	work := func() {
		s := newSolver(o)
		for c := int(next.Add(1)) - 1; c < len(p.first)-1; c = int(next.Add(1)) - 1 {
			s.solve(p, p.component(c), p.first[c], out)
		}
	}
	// Components share nothing, so the result does not depend on which worker
	// solves which.
	if len(g.To) < worthwhile || runtime.GOMAXPROCS(0) < 2 {
		work()
	} else {
		var both sync.WaitGroup
		both.Go(work)
		both.Go(work)
		both.Wait()
	}
	compact(out, p.local)
	return out
}

// resolution limits gamma. With a negative one, nodes without any edge would
// attract each other, and communities would not have to be connected.
func resolution(gamma float64) float64 {
	if !(gamma > 0) {
		return 0
	}
	return min(gamma, largestResolution)
}

func (g *Graph) nodes() int { return max(0, len(g.Start)-1) }

// checked returns the graph, or one with as many nodes and no edge if Start
// does not ascend within To. Overlapping rows would make a large graph of a
// small input.
func (g *Graph) checked() *Graph {
	last := len(g.Start) - 1
	if last < 0 || slices.IsSorted(g.Start) && g.Start[0] >= 0 && int(g.Start[last]) <= len(g.To) {
		return g
	}
	return &Graph{Start: make([]int32, len(g.Start)), Size: g.Size}
}

// row returns the range of the row of v in To.
func (g *Graph) row(v int) (lo, hi int) { return int(g.Start[v]), int(g.Start[v+1]) }

// weight returns the weight of an entry of To.
func (g *Graph) weight(i int) float64 {
	if g.Weight == nil {
		return 1
	}
	if i >= len(g.Weight) {
		return 0
	}
	w := float64(g.Weight[i])
	if math.IsNaN(w) || math.IsInf(w, 0) {
		return 0
	}
	return w
}

// size returns the size of a node; negative ones count as 0, so that no pair
// has a negative cost.
func (g *Graph) size(v int) float64 {
	if v >= len(g.Size) {
		return 1
	}
	return float64(max(0, g.Size[v]))
}
