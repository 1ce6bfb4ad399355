package campaign

// union is a disjoint-set forest; the smallest member represents its set.
type union []int32

// newUnion has each of n items in a set of its own.
func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = int32(i)
	}
	return u
}

// find returns the representative of an item's set and shortens the way there.
func (u union) find(i int32) int32 {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

// join joins two sets and reports whether they were two.
func (u union) join(a, b int32) bool {
	a, b = u.find(a), u.find(b)
	switch {
	case a == b:
		return false
	case a < b:
		u[b] = a
	default:
		u[a] = b
	}
	return true
}
