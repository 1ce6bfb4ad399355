package leiden

// aggregate makes each part a node of the next level, in its community, and
// sums the edges between parts. Edges inside a part no longer matter, since the
// part stays together.
func (s *solver) aggregate(l *level, parts, turn int) *level {
	next := &s.larger[turn]
	next.reset(parts, s.between(l, cap(next.to)))
	order, ends := s.byPart(parts)
	lo := int32(0)
	for part, hi := range ends {
		size := 0.0
		s.touched = s.touched[:0]
		for _, v := range order[lo:hi] {
			size += l.size[v]
			s.gather(l, v)
		}
		for _, to := range s.touched {
			if pull := s.groups[to].pull; pull != 0 && to != int32(part) {
				next.add(to, pull)
			}
			s.groups[to].pull = 0
		}
		next.end(size)
		lo = hi
	}
	s.inherit(parts)
	return next
}

// gather adds the edges of v to those of its part.
func (s *solver) gather(l *level, v int32) {
	lo, hi := l.start[v], l.start[v+1]
	from := len(s.touched)
	for _, u := range l.to[lo:hi] {
		s.touched = append(s.touched, s.refined[u])
	}
	weight := l.weight[lo:hi]
	for i, to := range s.touched[from:] {
		s.groups[to].pull += float64(weight[i])
	}
}

// between returns the capacity for the edges of the next level: the edges
// between parts, or the present room if it holds all edges.
func (s *solver) between(l *level, room int) int {
	n := l.nodes()
	if room >= int(l.start[n]) {
		return room
	}
	edges := 0
	for v := range n {
		for i := l.start[v]; i < l.start[v+1]; i++ {
			if s.refined[l.to[i]] != s.refined[v] {
				edges++
			}
		}
	}
	return edges
}

// byPart returns the nodes ordered by part, and the end of each part.
func (s *solver) byPart(parts int) (order, ends []int32) {
	order, ends = s.queue[:len(s.refined)], s.scratch[:parts+1]
	clear(ends)
	for _, part := range s.refined {
		ends[part+1]++
	}
	accumulate(ends)
	for v, part := range s.refined {
		order[ends[part]] = int32(v)
		ends[part]++
	}
	return order, ends[:parts]
}

// inherit gives each part the community of its nodes. Parts are numbered by
// their first nodes, so no entry is overwritten before it is read.
func (s *solver) inherit(parts int) {
	for v, part := range s.refined {
		s.community[part] = s.community[v]
	}
	s.community = s.community[:parts]
}
