package campaign

// maxSide limits the messages of each side among which the strongest pair is
// sought.
const maxSide = 200

// Strongest explains the pair with the strongest link, one message of each
// side; false without any.
func (x *Index) Strongest(as, bs []int64) (Explanation, bool) {
	p, q := sample(x.known(as), maxSide), sample(x.known(bs), maxSide)
	best, a, b := float32(noLink), int32(-1), int32(-1)
	for _, i := range p {
		for _, j := range q {
			if i == j {
				continue
			}
			if s := x.strength(i, j); s > best {
				best, a, b = s, i, j
			}
		}
	}
	if a < 0 {
		return Explanation{}, false
	}
	return x.explain(a, b), true
}

// noLink is less than any two messages have.
const noLink = -1e9

// strength orders pairs: first by decisions, then direct links, then bits.
func (x *Index) strength(a, b int32) float32 {
	t := x.tally(a, b)
	s := t.total(x.prior)
	switch {
	case x.decided(a, b) == "same":
		return decided + s
	case x.decided(a, b) == "not same":
		return s - 2*decided
	case !x.linked(&t):
		return min(s, linkBits) - decided
	}
	return s
}

// Chain explains the strongest way from one message to another through members: the one
// whose weakest step is strongest, and of such ways a shortest. Of many members a sample
// is looked at. It is nil if one of the two is not known.
func (x *Index) Chain(a, b int64, members []int64) []Explanation {
	from, ok := x.find(a)
	to, ok2 := x.find(b)
	if !ok || !ok2 || from == to {
		return nil
	}
	nodes := []int32{from, to}
	for _, m := range sample(x.known(members), maxHeld) {
		if m != from && m != to {
			nodes = append(nodes, m)
		}
	}
	way := x.shortest(nodes, x.bottleneck(nodes))
	var out []Explanation
	for i := 1; i < len(way); i++ {
		out = append(out, x.explain(way[i-1], way[i]))
	}
	return out
}

// bottleneck is the strength of the weakest step of the strongest way from the first node
// to the second: the least on the way that Prim's algorithm takes between them.
func (x *Index) bottleneck(nodes []int32) float32 {
	best := make([]float32, len(nodes))
	done := make([]bool, len(nodes))
	for i := range best {
		best[i] = noLink
	}
	best[0] = -noLink
	for {
		next := -1
		for i := range nodes {
			if !done[i] && (next < 0 || best[i] > best[next]) {
				next = i
			}
		}
		if next == 1 {
			return best[1]
		}
		done[next] = true
		for i := range nodes {
			if !done[i] {
				best[i] = max(best[i], min(best[next], x.strength(nodes[next], nodes[i])))
			}
		}
	}
}

// shortest returns a path between two nodes with the fewest steps, none weaker
// than least.
func (x *Index) shortest(nodes []int32, least float32) []int32 {
	from := make([]int, len(nodes))
	for i := range from {
		from[i] = -1
	}
	from[0] = 0
	for queue := []int{0}; len(queue) > 0 && from[1] < 0; queue = queue[1:] {
		for i := range nodes {
			if from[i] < 0 && x.strength(nodes[queue[0]], nodes[i]) >= least {
				from[i] = queue[0]
				queue = append(queue, i)
			}
		}
	}
	var back []int32
	for i := 1; i != 0 && from[i] >= 0; i = from[i] {
		back = append(back, nodes[i])
	}
	way := []int32{nodes[0]}
	for i := len(back) - 1; i >= 0; i-- {
		way = append(way, back[i])
	}
	return way
}
