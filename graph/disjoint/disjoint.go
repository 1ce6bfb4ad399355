// Package disjoint keeps disjoint sets of items that are only ever joined
// (union-find). Items are the numbers from 0 to n-1; what they stand for is the
// caller's.
//
// A set is represented by its smallest member, whatever the order in which sets
// were joined: results can be numbered and compared without a sort. That rules
// out linking by size. With path halving alone, m operations on n items still
// take O(m log n) time (Tarjan, van Leeuwen, "Worst-case analysis of set union
// algorithms", JACM 31, 1984).
package disjoint

// Sets is a forest: the parent of each item, which is never larger than the
// item. Roots are their own parents. Indexes outside of it panic.
type Sets []int32

// New returns n sets of one item each.
func New(n int) Sets {
	s := make(Sets, max(0, n))
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

// Find returns the smallest member of the item's set. It halves the path to it:
// each second item on the way is linked to its grandparent. Therefore it writes,
// and calls must not run at once.
func (s Sets) Find(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// Join joins the sets of two items and reports whether they were two.
func (s Sets) Join(a, b int32) bool {
	a, b = s.Find(a), s.Find(b)
	s[max(a, b)] = min(a, b)
	return a != b
}

// Number replaces the forest by the number of each item's set, counted from 0 in
// the order of smallest members. The sets cannot be joined any further.
func (s Sets) Number() []int32 {
	n := int32(0)
	for i, parent := range s {
		if int(parent) == i {
			s[i] = n
			n++
		} else {
			s[i] = s[parent] // smaller than i, hence numbered already
		}
	}
	return s
}
