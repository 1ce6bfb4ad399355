package leiden

import (
	"math"
	"slices"
)

// build makes the graph of a component. It sorts each row by neighbour and
// weight before it adds anything up. Floating-point sums then do not depend on
// the order of edges in the Graph, and parallel edges become one.
func (s *solver) build(p *split, nodes []int32) *level {
	edges := 0
	for _, u := range nodes {
		lo, hi := p.g.row(int(u))
		edges += hi - lo
	}
	l := &s.base
	l.reset(len(nodes), edges)
	for _, u := range nodes {
		s.row = s.row[:0]
		lo, hi := p.g.row(int(u))
		for i, v := range p.g.To[lo:hi] {
			if v < 0 || int(v) >= len(p.of) || v == u {
				continue
			}
			if w := p.g.weight(lo + i); w > 0 || w < 0 && p.of[v] == p.of[u] {
				s.row = append(s.row, uint64(p.local[v])<<32|uint64(math.Float32bits(float32(w))))
			}
		}
		slices.Sort(s.row)
		unite(s.row, l)
		l.end(p.g.size(int(u)))
	}
	return l
}

// unite adds a sorted row to a level and merges parallel edges.
func unite(row []uint64, l *level) {
	for len(row) > 0 {
		to, sum := row[0]>>32, 0.0
		for len(row) > 0 && row[0]>>32 == to {
			sum += float64(math.Float32frombits(uint32(row[0])))
			row = row[1:]
		}
		if sum != 0 {
			l.add(int32(to), max(-math.MaxFloat32, min(sum, math.MaxFloat32)))
		}
	}
}

// regroup lays a component out community by community, and keeps the partition.
// A walk over the edges then mostly stays within a few pages of memory.
func (s *solver) regroup(p *split, nodes, partition []int32) *level {
	communities := compact(partition, s.scratch)
	s.refined = append(s.refined[:0], partition...)
	order, _ := s.byPart(communities)
	for at, v := range order {
		partition[at] = s.refined[v]
		order[at] = nodes[v]
	}
	copy(nodes, order)
	for at, u := range nodes {
		p.local[u] = int32(at)
	}
	return s.build(p, nodes)
}
