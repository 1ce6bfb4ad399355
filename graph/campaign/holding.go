package campaign

import (
	"cmp"
	"slices"
)

// maxHeld limits the members compared in pairs; of a larger campaign, a sample
// is used.
const maxHeld = 400

// Holding describes the evidence that connects messages, without the evidence
// left out.
func (x *Index) Holding(members []int64, w Without) Holding {
	defer x.leave(w)()
	all := x.known(members)
	if len(all) == 0 {
		return Holding{}
	}
	h := Holding{Traits: x.traits(all), Common: x.common(all)}
	some := sample(all, maxHeld)
	h.Looked = len(some)
	x.span(some, &h)
	h.Falls = x.falls(some)
	return h
}

func (x *Index) known(members []int64) []int32 {
	var out []int32
	for _, k := range members {
		if m, ok := x.find(k); ok {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func sample(all []int32, n int) []int32 {
	if len(all) <= n {
		return all
	}
	out := make([]int32, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}

// common are the features that half of the members share and that are worth nothing.
func (x *Index) common(members []int32) []Trait {
	count := make(map[int32]int)
	for _, m := range members {
		for _, f := range x.rows.row(m) {
			if x.weight[f] == 0 {
				count[f]++
			}
		}
	}
	var out []Trait
	for f, n := range count {
		if 2*n >= len(members) {
			t := x.trait(f, n)
			t.Example = x.keys[members[0]]
			for _, m := range members {
				if _, ok := slices.BinarySearch(x.rows.row(m), f); ok {
					t.Example = x.keys[m]
					break
				}
			}
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Trait) int {
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(a.Feature, b.Feature))
	})
	return out[:min(len(out), 12)]
}

// span finds the maximum spanning tree of the members (Prim's algorithm over
// their pairs), its weakest link, and the size of the smaller side.
func (x *Index) span(members []int32, h *Holding) {
	n := len(members)
	if n < 2 {
		return
	}
	type reach struct {
		bits float32
		from int
	}
	best := make([]reach, n)
	in := make([]bool, n)
	parent := make([]int, n)
	link := make([]float32, n)
	for i := range best {
		best[i] = reach{noLink, 0}
	}
	next := 0
	weakest, least := -1, 0
	for range n {
		in[next] = true
		for i := range members {
			if in[i] {
				continue
			}
			if w := x.strength(members[next], members[i]); w > best[i].bits {
				best[i] = reach{w, next}
			}
		}
		top := -1
		for i := range members {
			if !in[i] && (top < 0 || best[i].bits > best[top].bits) {
				top = i
			}
		}
		if top < 0 {
			break
		}
		parent[top], link[top] = best[top].from, best[top].bits
		if weakest < 0 || link[top] < link[weakest] {
			weakest = top
		}
		next = top
	}
	h.Bridge = x.explain(members[parent[weakest]], members[weakest])
	h.Side = x.side(members, parent, weakest)
	strongest := make([]float32, n)
	for i := range strongest {
		strongest[i] = noLink
	}
	for i := 1; i < n; i++ {
		strongest[i] = max(strongest[i], link[i])
		strongest[parent[i]] = max(strongest[parent[i]], link[i])
	}
	for i := range strongest {
		if strongest[i] < strongest[least] {
			least = i
		}
	}
	h.Least = x.keys[members[least]]
}

// side lists the members on the smaller side of the tree's link above cut. parent[0] is 0.
func (x *Index) side(members []int32, parent []int, cut int) []int64 {
	below := make([]bool, len(members))
	below[cut] = true
	for changed := true; changed; {
		changed = false
		for i := range members {
			if i != 0 && !below[i] && below[parent[i]] {
				below[i], changed = true, true
			}
		}
	}
	var in, out []int64
	for i, m := range members {
		if below[i] {
			in = append(in, x.keys[m])
		} else {
			out = append(out, x.keys[m])
		}
	}
	if len(out) < len(in) {
		return out
	}
	return in
}

// Falls lists the parts into which messages fall without some evidence, as in Holding. Of
// many a sample of most is looked at.
func (x *Index) Falls(members []int64, w Without, most int) [][]int64 {
	defer x.leave(w)()
	return x.falls(sample(x.known(members), min(most, maxHeld)))
}

// falls lists the parts into which the members fall if only pairs that are linked by
// themselves hold together.
func (x *Index) falls(members []int32) [][]int64 {
	u := newUnion(len(members))
	for i := range members {
		for j := range i {
			if u.find(int32(i)) == u.find(int32(j)) {
				continue
			}
			if t := x.tally(members[i], members[j]); x.linked(&t) || x.decided(members[i], members[j]) == "same" {
				u.join(int32(i), int32(j))
			}
		}
	}
	parts := make(map[int32][]int64)
	var order []int32
	for i, m := range members {
		r := u.find(int32(i))
		if parts[r] == nil {
			order = append(order, r)
		}
		parts[r] = append(parts[r], x.keys[m])
	}
	var out [][]int64
	for _, r := range order {
		out = append(out, parts[r])
	}
	slices.SortStableFunc(out, func(a, b []int64) int { return cmp.Compare(len(b), len(a)) })
	return out
}
