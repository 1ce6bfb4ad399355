package leiden

// split is a Graph divided into components.
type split struct {
	g     *Graph
	of    []int32 // component of each node
	first []int32 // start of each component in node, and end of the last
	node  []int32 // nodes by component, ascending
	local []int32 // index of each node within its component
}

// divide finds the components. Only attracting edges count: nodes of different
// components are never in one community, so edges that repel them do not
// matter.
func divide(g *Graph) *split {
	n := g.nodes()
	p := &split{g: g, of: Components(n, g.attractions()), node: make([]int32, n), local: make([]int32, n)}
	groups := int32(0)
	for _, c := range p.of {
		groups = max(groups, c+1)
	}
	p.first = make([]int32, groups+1)
	for _, c := range p.of {
		p.first[c+1]++
	}
	accumulate(p.first)
	next := append([]int32(nil), p.first...)
	for v, c := range p.of {
		p.node[next[c]] = int32(v)
		p.local[v] = next[c] - p.first[c]
		next[c]++
	}
	return p
}

// component returns the nodes of a component.
func (p *split) component(c int) []int32 { return p.node[p.first[c]:p.first[c+1]] }

// level is the graph of one component with nodes numbered from 0, or an
// aggregate of it. Rows have no loops and no parallel edges.
type level struct {
	start  []int32
	to     []int32
	weight []float32
	size   []float64
}

func (l *level) nodes() int { return len(l.size) }

// reset empties a level and reserves room for nodes and edges, so that they are
// not copied while it grows: they are most of the memory.
func (l *level) reset(nodes, edges int) {
	if cap(l.size) < nodes {
		l.start, l.size = make([]int32, 0, nodes+1), make([]float64, 0, nodes)
	}
	if cap(l.to) < edges {
		l.to, l.weight = make([]int32, 0, edges), make([]float32, 0, edges)
	}
	l.start, l.size = append(l.start[:0], 0), l.size[:0]
	l.to, l.weight = l.to[:0], l.weight[:0]
}

// add appends an edge to the last row.
func (l *level) add(to int32, weight float64) {
	l.to, l.weight = append(l.to, to), append(l.weight, float32(weight))
}

// end closes the last row.
func (l *level) end(size float64) {
	l.start, l.size = append(l.start, int32(len(l.to))), append(l.size, size)
}

// accumulate replaces each count by the sum up to it.
func accumulate(counts []int32) {
	sum := int32(0)
	for i, c := range counts {
		sum += c
		counts[i] = sum
	}
}

// compact renumbers labels in the order of first appearance and returns their
// number. Labels must be below the length of both slices. It overwrites
// scratch.
func compact(labels, scratch []int32) int {
	scratch = scratch[:len(labels)]
	for i := range scratch {
		scratch[i] = -1
	}
	n := int32(0)
	for i, l := range labels {
		if scratch[l] < 0 {
			scratch[l] = n
			n++
		}
		labels[i] = scratch[l]
	}
	return int(n)
}
