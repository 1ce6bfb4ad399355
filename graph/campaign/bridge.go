package campaign

// bridges reports whether only one message speaks for the likeness of two units.
func (x *Index) bridges(u union, size, other []int32, a, b int32) bool {
	p, q := u.find(a), u.find(b)
	if size[p] < crowdSize || size[q] < crowdSize {
		return false
	}
	pick := func(root, not int32) int32 {
		if root != not {
			return root
		}
		return other[root]
	}
	m, n := pick(p, a), pick(q, b)
	t, s := x.tally(m, b), x.tally(a, n)
	return !x.linked(&t) || !x.linked(&s)
}
