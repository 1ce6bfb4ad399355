package leiden

import "math"

// movingBudget is the maximum number of visits of local moving to each edge of
// a level, on average. Two to four visits are usual; the limit is for graphs
// built so that nodes wake each other for long.
const movingBudget = 100

// rounding is the part of a weight that counts as floating-point noise:
// weights, and their sums from level to level, have 24 bits.
const rounding = 1e-6

// move takes nodes from a queue and puts each into the community where it is
// worth most. It ends when no node wants to leave, or when scans visits for
// each edge are used up, and returns the number of moves. The queue begins with
// all nodes in order; a node that moves puts its neighbours back.
func (s *solver) move(l *level, scans int64) (moves int) {
	n := l.nodes()
	s.count(l)
	queue, queued := s.queue[:n], s.queued[:n]
	for v := range queue {
		queue[v], queued[v] = int32(v), true
	}
	budget := scans * (int64(n) + int64(l.start[n]-l.start[0]))
	head, waiting := 0, n
	for waiting > 0 && budget > 0 {
		v := queue[head]
		head, waiting = (head+1)%n, waiting-1
		queued[v] = false
		budget -= int64(l.start[v+1]-l.start[v]) + 1
		to := s.best(l, v)
		if to == s.community[v] {
			continue
		}
		s.transfer(l, v, to)
		moves++
		for i := l.start[v]; i < l.start[v+1]; i++ {
			// A neighbour in the new community gains by the move, unless it is
			// repelled.
			if u := l.to[i]; !queued[u] && (s.community[u] != to || l.weight[i] < 0) {
				queued[u] = true
				queue[(head+waiting)%n] = u
				waiting++
			}
		}
	}
	return moves
}

// count sums up the communities and finds the unused numbers.
func (s *solver) count(l *level) {
	n := l.nodes()
	s.groups, s.members = s.groups[:n], s.members[:n]
	clear(s.groups)
	clear(s.members)
	for v, c := range s.community[:n] {
		s.groups[c].size += l.size[v]
		s.members[c]++
	}
	s.free = s.free[:0]
	for c := n - 1; c >= 0; c-- {
		if s.members[c] == 0 {
			s.free = append(s.free, int32(c))
		}
	}
}

// best returns the community where v is worth most. Its own wins ties, then the
// smallest number. If v is worth less than nothing everywhere, it gets an empty
// one.
func (s *solver) best(l *level, v int32) int32 {
	own, size := s.community[v], l.size[v]
	s.feel(l, v)
	home := &s.groups[own]
	stay := home.pull - s.gamma*size*(home.size-size)
	to, worth := own, math.Inf(-1)
	for _, c := range s.touched {
		other := &s.groups[c]
		if c == own || other.pull <= 0 {
			continue
		}
		w := other.pull - s.gamma*size*other.size
		if w > worth || w == worth && c < to {
			to, worth = c, w
		}
	}
	if worth < 0 && s.members[own] > 1 {
		to, worth = s.free[len(s.free)-1], 0
	}
	noise := rounding * (math.Abs(home.pull) + math.Abs(s.groups[to].pull))
	for _, c := range s.touched {
		s.groups[c].pull = 0
	}
	if worth <= stay+noise {
		return own
	}
	return to
}

// feel sums the edges of v by the communities of their other ends. Two short
// loops without branches let the processor load many memory locations at once.
// One loop with a test would wait for each.
func (s *solver) feel(l *level, v int32) {
	lo, hi := l.start[v], l.start[v+1]
	touched := s.touched[:0]
	for _, u := range l.to[lo:hi] {
		touched = append(touched, s.community[u])
	}
	weight := l.weight[lo:hi]
	for i, c := range touched {
		s.groups[c].pull += float64(weight[i])
	}
	s.touched = touched
}

// transfer moves v to another community.
func (s *solver) transfer(l *level, v, to int32) {
	from := s.community[v]
	s.community[v] = to
	old, young := &s.groups[from], &s.groups[to]
	if s.members[to] == 0 {
		s.free = s.free[:len(s.free)-1]
	}
	s.members[to]++
	young.size += l.size[v]
	s.members[from]--
	old.size -= l.size[v]
	if s.members[from] == 0 {
		old.size = 0
		s.free = append(s.free, from)
	}
}
