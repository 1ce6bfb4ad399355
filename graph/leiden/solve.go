package leiden

// A component of this size no longer fits into the processor's caches, and
// visiting neighbours takes most of the time. The first iteration therefore
// visits each node once, for a rough partition. Then the component is laid out
// community by community, and the second iteration does the work. Smaller
// components are searched until nothing moves: on a million nodes a third
// iteration adds 0.01 % to the quality and 5 to 40 % to the time.
const (
	large           = 1 << 15
	largeIterations = 2
)

// solver solves one component after another in the same memory.
type solver struct {
	gamma      float64
	iterations int // 0: by the size of the component

	base   level    // the component
	larger [2]level // its aggregates, alternating
	answer []int32  // present community of each node of the component
	at     []int32  // node of the present level that contains each node of the component

	// The fields below describe the present level. There are never more
	// communities or parts than nodes.
	community []int32 // of each node
	refined   []int32 // of each node, a part of its community
	groups    []group // the communities
	members   []int32 // number of nodes of each
	free      []int32 // unused numbers of communities
	parts     []group
	outward   []float64 // from each part to the rest of its community
	settled   []bool    // nodes that share a part
	queue     []int32   // nodes to visit
	queued    []bool

	touched []int32 // communities or parts at the other ends of the present edges
	scratch []int32
	row     []uint64
}

// group is a community or a part of one. Its fields are used together, so they
// share memory.
type group struct {
	pull float64 // pull on the present node; 0 between nodes
	size float64
}

func newSolver(o Options) *solver {
	return &solver{gamma: resolution(o.Resolution), iterations: o.MaxIterations}
}

// solve finds the communities of a component and writes them into out, numbered
// from first. It may reorder nodes.
func (s *solver) solve(p *split, nodes []int32, first int32, out []int32) {
	if len(nodes) < 2 {
		out[nodes[0]] = first
		return
	}
	l := s.build(p, nodes)
	s.resize(len(nodes))
	partition := s.answer[:len(nodes)]
	for v := range partition {
		partition[v] = int32(v)
	}
	iterations := s.iterationsFor(len(nodes))
	for i := range iterations {
		rough := i == 0 && iterations > 1 && len(nodes) >= large
		if !s.iterate(l, partition, rough) {
			break
		}
		if rough {
			l = s.regroup(p, nodes, partition)
		}
	}
	for v, c := range partition {
		out[nodes[v]] = first + c
	}
}

// iterationsFor returns the limit of iterations for a component of n nodes.
func (s *solver) iterationsFor(n int) int {
	switch {
	case s.iterations > 0:
		return s.iterations
	case n >= large:
		return largeIterations
	}
	return defaultIterations
}

// iterate improves a partition through all levels and reports whether it did.
func (s *solver) iterate(l *level, partition []int32, rough bool) bool {
	s.begin(partition)
	scans := int64(movingBudget)
	if rough {
		scans = 1
	}
	moves := s.move(l, scans)
	moves += s.climb(l)
	for v, at := range s.at {
		partition[v] = s.community[at]
	}
	return moves > 0
}

// begin puts each node of the component into its community of the partition.
func (s *solver) begin(partition []int32) {
	s.community = append(s.community[:0], partition...)
	s.at = s.at[:len(partition)]
	for v := range s.at {
		s.at[v] = int32(v)
	}
}

// climb goes from level to level until each community is one node, and returns
// the number of moves. Nodes above the first level are parts, and parts are
// connected, so in the end each community is connected.
func (s *solver) climb(l *level) (moves int) {
	for turn := 0; ; turn++ {
		communities := compact(s.community, s.scratch)
		if communities == l.nodes() {
			return moves
		}
		parts := s.refine(l)
		if parts == l.nodes() {
			// No part is certain. Nodes connected by positive edges continue as
			// one, which costs nothing: the pieces of a community have only
			// repelling edges between them.
			parts = s.pieces(l)
		}
		if parts == l.nodes() {
			copy(s.community, s.refined)
			return moves
		}
		l = s.aggregate(l, parts, turn%2)
		for v, at := range s.at {
			s.at[v] = s.refined[at]
		}
		moves += s.move(l, movingBudget)
	}
}

// resize allocates memory for a component of n nodes.
func (s *solver) resize(n int) {
	if cap(s.queue) >= n {
		return
	}
	s.community, s.refined = make([]int32, n), make([]int32, n)
	s.groups, s.members, s.free = make([]group, n), make([]int32, n), make([]int32, n)
	s.parts, s.outward = make([]group, n), make([]float64, n)
	s.queue = make([]int32, n)
	s.queued, s.settled = make([]bool, n), make([]bool, n)
	s.answer, s.at, s.scratch = make([]int32, n), make([]int32, n), make([]int32, n+1)
}

// pieces makes a part of each set that positive edges connect within a
// community, and returns their number.
func (s *solver) pieces(l *level) int {
	for v := range s.refined {
		s.refined[v] = -1
	}
	n := int32(0)
	for v := range s.refined {
		if s.refined[v] < 0 {
			s.flood(l, int32(v), n)
			n++
		}
	}
	return int(n)
}

// flood makes one part of the nodes that positive edges connect to v within its
// community.
func (s *solver) flood(l *level, v, part int32) {
	s.refined[v] = part
	stack := append(s.queue[:0], v)
	for len(stack) > 0 {
		v, stack = stack[len(stack)-1], stack[:len(stack)-1]
		for i := l.start[v]; i < l.start[v+1]; i++ {
			u := l.to[i]
			if s.refined[u] < 0 && l.weight[i] > 0 && s.community[u] == s.community[v] {
				s.refined[u] = part
				stack = append(stack, u)
			}
		}
	}
}
