package graph

import (
	"cmp"
	"slices"
)

// union is a forest of disjoint sets (union by size, path halving), which remembers for
// each set the last level at which two sets became one.
type union struct {
	parent, size []int32
	level        []int
}

func newUnion(n int) *union {
	u := &union{make([]int32, n), make([]int32, n), make([]int, n)}
	for i := range u.parent {
		u.parent[i], u.size[i] = int32(i), 1
	}
	return u
}

func (u *union) find(i int32) int32 {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

// join makes the sets of a and b one. Levels must come in descending order.
func (u *union) join(a, b int32, level int) {
	a, b = u.find(a), u.find(b)
	if a == b {
		return
	}
	if u.size[a] < u.size[b] {
		a, b = b, a
	}
	u.parent[b] = a
	u.size[a] += u.size[b]
	u.level[a] = level
}

// components lists the sets of two or more, by their first message.
func (u *union) components(messages []int32) []component {
	at := make(map[int32]int)
	var out []component
	for i := range messages {
		root := u.find(int32(i))
		if u.size[root] < 2 {
			continue
		}
		n, ok := at[root]
		if !ok {
			n = len(out)
			at[root] = n
			out = append(out, component{weakest: u.level[root]})
		}
		out[n].members = append(out[n].members, messages[i])
	}
	slices.SortFunc(out, func(p, q component) int { return cmp.Compare(p.members[0], q.members[0]) })
	return out
}
