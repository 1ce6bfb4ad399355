// Package leiden finds the communities of a signed, weighted, undirected graph: groups of
// nodes that their edges hold together.
//
// What goes in is a Graph in compressed sparse rows and a price per pair, gamma; what
// comes out is a community for each node. The objective is the constant Potts model
// (Traag, Van Dooren, Nesterov, "Narrow scope for resolution-limit-free community
// detection", Phys. Rev. E 84, 2011): the weight of the edges inside communities less
// gamma for every pair of nodes inside one. So gamma is a density in the unit of the
// weights: a community stays together where its pairs weigh gamma on average, two
// communities of a and b nodes become one only for more than gamma*a*b between them, and
// neither depends on how large the rest of the graph is. Modularity has no such reading;
// it merges small groups in a large graph, which here would be strangers in a campaign.
//
// The search is Leiden (Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing
// well-connected communities", Sci. Rep. 9, 2019): local moves from a queue, refinement,
// aggregation, again, until nothing moves. It departs from the paper in four points. It
// is deterministic (see refine for what that gives up). Negative edges repel, so a node
// that moves also wakes the neighbours that it now repels. What makes parts, and so
// communities, connected are edges of positive weight alone. And each component of the
// graph is solved by itself, so that mail that has nothing to do with a campaign cannot
// change it, not even through the order of a queue.
//
// The package never looks at a clock, a map's order or a random source, and knows nothing
// of mail.
package leiden

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Graph is undirected and in compressed sparse rows: the neighbours of node v are
// To[Start[v]:Start[v+1]], and each edge stands in the rows of both its ends. Parallel
// edges add up. Loops, edges to no node and weights that are no number count for nothing.
type Graph struct {
	Start  []int32   // where each row starts, and where the last ends: one more than there are nodes
	To     []int32   // the other end
	Weight []float32 // negative repels; nil is 1 everywhere
	Size   []int32   // how many things a node stands for; nil is 1 everywhere, below 0 is 0
}

// Options say what a community costs and how long to look.
type Options struct {
	Resolution    float64 // gamma, what a pair in one community costs; below 0 and NaN are 0
	MaxIterations int     // 0 looks until nothing moves, within reason
}

// defaultIterations bounds the search. Graphs of evidence are stable after two to four
// iterations; what a later one still moves is a few nodes in a million.
const defaultIterations = 10

// worthwhile is how many entries of To are worth a second worker.
const worthwhile = 1 << 14

// largestResolution keeps gamma times the square of all sizes a number.
const largestResolution = 1e100

// Communities returns for each node its community. Communities are numbered by their
// smallest members, are held together by edges of positive weight, and are together never
// worth less than if each node were alone. A component (nodes that edges of positive
// weight connect) gets the same communities whatever else is in the graph. The order of
// edges within a row makes no difference.
//
// Time is near linear: each level of each iteration looks at its edges a bounded number of
// times, and levels shrink. Memory is 8 bytes for each entry of To, about half as much for
// aggregates, and 100 for each node. Weights and their sums are kept to 24 bits.
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
	// Components share nothing, so it does not show in the result who solves which.
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

// resolution makes a gamma of what was asked for. With a negative one nodes without any
// edge would attract each other, and no community would have to be connected.
func resolution(gamma float64) float64 {
	if !(gamma > 0) {
		return 0
	}
	return min(gamma, largestResolution)
}

func (g *Graph) nodes() int { return max(0, len(g.Start)-1) }

// checked returns the graph, or one of as many nodes without an edge where Start does not
// ascend within To: rows that overlap would make a large graph of a small one.
func (g *Graph) checked() *Graph {
	last := len(g.Start) - 1
	if last < 0 || slices.IsSorted(g.Start) && g.Start[0] >= 0 && int(g.Start[last]) <= len(g.To) {
		return g
	}
	return &Graph{Start: make([]int32, len(g.Start)), Size: g.Size}
}

// row returns where the row of v starts and ends in To.
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

func (g *Graph) size(v int) float64 {
	if v >= len(g.Size) {
		return 1
	}
	return float64(max(0, g.Size[v]))
}
