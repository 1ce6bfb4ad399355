package leiden

// A component as large as this no longer fits into the caches, where a look at each
// neighbour takes longer than all else. Its first iteration looks at each node once, just
// to learn roughly what belongs together; then it is laid out anew, community after
// community, and the second iteration does the work. Looking until nothing moves is for
// smaller ones: on a million nodes a third iteration adds 0.01 % to the quality and 5 to 40 %
// to the time.
const (
	large           = 1 << 15
	largeIterations = 2
)

// solver solves one component after the other in the same memory.
type solver struct {
	gamma      float64
	iterations int // 0: as many as the size of a component asks for

	base   level    // the component
	larger [2]level // its aggregates, in turns
	answer []int32  // of each node of the component, its community so far
	at     []int32  // of each node of the component, where it is in the level in hand

	// Of the level in hand. There are never more communities or parts than nodes.
	community []int32 // of each node
	refined   []int32 // of each node, a part of its community
	groups    []group // the communities
	members   []int32 // how many nodes each has
	free      []int32 // numbers of communities without a node
	parts     []group
	outward   []float64 // from each part to the rest of its community
	settled   []bool    // nodes that are in a part with others
	queue     []int32   // nodes to look at
	queued    []bool

	touched []int32 // communities or parts of the other ends of the edges in hand
	scratch []int32
	row     []uint64
}

// group is a community or a part of one: what is asked about it together, in one place in
// memory.
type group struct {
	pull float64 // how strongly it draws the node in hand; 0 between nodes
	size float64
}

func newSolver(o Options) *solver {
	return &solver{gamma: resolution(o.Resolution), iterations: o.MaxIterations}
}

// solve finds the communities of a component, and writes them as numbers from first on
// into out. It may change the order of nodes.
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

// iterationsFor says how often at most to go over a component of n nodes.
func (s *solver) iterationsFor(n int) int {
	switch {
	case s.iterations > 0:
		return s.iterations
	case n >= large:
		return largeIterations
	}
	return defaultIterations
}

// iterate improves a partition through all levels, and reports whether it did.
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

// begin puts each node of the component where a partition has it.
func (s *solver) begin(partition []int32) {
	s.community = append(s.community[:0], partition...)
	s.at = s.at[:len(partition)]
	for v := range s.at {
		s.at[v] = int32(v)
	}
}

// climb goes from level to level until each community is one node, and returns how many
// moves improved it on the way. Nodes above the first level are parts, and parts are
// connected, so in the end each community is.
func (s *solver) climb(l *level) (moves int) {
	for turn := 0; ; turn++ {
		communities := compact(s.community, s.scratch)
		if communities == l.nodes() {
			return moves
		}
		parts := s.refine(l)
		if parts == l.nodes() {
			// Nothing is for sure. What positive edges connect goes on as one, which costs
			// nothing: between the pieces of a community there are only edges that repel.
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

// resize makes room for a component of n nodes.
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

// pieces takes as parts what edges of positive weight connect within the communities, and
// returns how many there are.
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

// flood makes one part of what positive edges connect to v within its community.
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
