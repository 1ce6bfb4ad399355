package leiden

// refine divides each community into parts that certainly belong together, and
// returns their number. Nodes start alone. In order, each joins the part of its
// community where it is worth most, if both are well connected to the rest of
// the community. Parts grow along positive edges only, so they are connected.
// They become the nodes of the next level, where each can leave the community
// as a whole. That splits a community that has become two, which Louvain cannot
// do.
//
// The paper picks a part at random among those without a loss, so it can reach
// any division. With unlimited iterations, no subset of a community could then
// do better elsewhere. Taking the best part gives that up: certain here is only
// that no single node, and no part that refinement makes, is better off
// elsewhere. In exchange, one graph has one answer.
func (s *solver) refine(l *level) int {
	s.count(l)
	s.separate(l)
	for v := range int32(l.nodes()) {
		if s.settled[v] || !s.wellConnected(v, v) {
			continue
		}
		if part := s.bestPart(l, v); part != v {
			s.join(v, part)
		}
		for _, part := range s.touched {
			s.parts[part].pull = 0
		}
	}
	return compact(s.refined, s.scratch)
}

// separate makes each node a part.
func (s *solver) separate(l *level) {
	n := l.nodes()
	s.refined, s.settled = s.refined[:n], s.settled[:n]
	s.parts, s.outward = s.parts[:n], s.outward[:n]
	clear(s.settled)
	for v := range s.refined {
		s.refined[v] = int32(v)
		outward, own := 0.0, s.community[v]
		for i := l.start[v]; i < l.start[v+1]; i++ {
			if s.community[l.to[i]] == own {
				outward += float64(l.weight[i])
			}
		}
		s.parts[v], s.outward[v] = group{size: l.size[v]}, outward
	}
}

// wellConnected reports whether a part's edges to the rest of v's community
// weigh at least gamma for each pair, less the error of rounding.
func (s *solver) wellConnected(v, part int32) bool {
	p := &s.parts[part]
	rest := s.groups[s.community[v]].size - p.size
	return s.outward[part] >= s.gamma*p.size*rest*(1-rounding)
}

// bestPart returns the part where v is worth most, and leaves v's pull towards
// it in the part.
func (s *solver) bestPart(l *level, v int32) int32 {
	s.feelWithin(l, v)
	best, worth := v, 0.0
	for _, c := range s.touched {
		part := &s.parts[c]
		if part.pull <= 0 || !s.wellConnected(v, c) {
			continue
		}
		w := part.pull - s.gamma*l.size[v]*part.size
		if w > worth || w == worth && (best == v || c < best) {
			best, worth = c, w
		}
	}
	return best
}

// feelWithin sums the edges of v by the parts of its community.
func (s *solver) feelWithin(l *level, v int32) {
	touched, own := s.touched[:0], s.community[v]
	for i := l.start[v]; i < l.start[v+1]; i++ {
		u := l.to[i]
		if s.community[u] != own {
			continue
		}
		part := s.refined[u]
		if s.parts[part].pull == 0 {
			touched = append(touched, part)
		}
		s.parts[part].pull += float64(l.weight[i])
	}
	s.touched = touched
}

// join puts v, which is alone, into a part.
func (s *solver) join(v, part int32) {
	s.refined[v] = part
	s.parts[part].size += s.parts[v].size
	s.outward[part] += s.outward[v] - 2*s.parts[part].pull
	s.settled[v], s.settled[part] = true, true
}
