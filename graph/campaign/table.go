package campaign

import (
	"slices"

	"spoor/graph/evidence"
)

// table counts the messages of a key, and numbers the keys with two or more. It
// is an open-addressing hash table: a Go map of ten million keys takes four
// times the memory.
type table struct {
	keys []evidence.Key // 0: free
	last []int32        // while counting the last message and whether there was another; then the number
	many []bool
	used int
	mask uint64
}

// newTable makes a hash table for about n keys, open addressing; its size is a
// power of two.
func newTable(n int) *table {
	size := 1 << 10
	for size < 2*n {
		size *= 2
	}
	return &table{keys: make([]evidence.Key, size), last: make([]int32, size), many: make([]bool, size), mask: uint64(size - 1)}
}

// slot returns the place of k, or the free place for it. Key 0 occurs by chance
// once in 2^56 values and is left out.
func (t *table) slot(k evidence.Key) uint64 {
	i := mix(uint64(k)) & t.mask
	for t.keys[i] != 0 && t.keys[i] != k {
		i = (i + 1) & t.mask
	}
	return i
}

// count notes that a message has a key. A second message makes it many.
func (t *table) count(k evidence.Key, message int32) {
	if k == 0 {
		return
	}
	i := t.slot(k)
	if t.keys[i] == k {
		if t.last[i] != message {
			t.many[i] = true
		}
		return
	}
	t.keys[i], t.last[i] = k, message
	if t.used++; 4*t.used > 3*len(t.keys) {
		t.grow()
	}
}

// grow doubles the table.
func (t *table) grow() {
	old := *t
	size := 2 * len(old.keys)
	*t = table{keys: make([]evidence.Key, size), last: make([]int32, size), many: make([]bool, size), mask: uint64(size - 1), used: old.used}
	for j, k := range old.keys {
		if k != 0 {
			i := t.slot(k)
			t.keys[i], t.last[i], t.many[i] = k, old.last[j], old.many[j]
		}
	}
}

// kept ends the counting: it numbers the keys of two messages or more by their order, and
// forgets the others.
func (t *table) kept() []evidence.Key {
	var out []evidence.Key
	for i, k := range t.keys {
		if k != 0 && t.many[i] {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	*t = *newTable(len(out))
	t.many = nil
	for n, k := range out {
		i := t.slot(k)
		t.keys[i], t.last[i] = k, int32(n)
	}
	return out
}

// number returns the number of a key that two messages have; false for others.
func (t *table) number(k evidence.Key) (int32, bool) {
	if k == 0 {
		return 0, false
	}
	i := t.slot(k)
	return t.last[i], t.keys[i] == k
}
