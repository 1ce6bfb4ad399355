package graph

import (
	"cmp"
	"slices"
)

// describe turns a component into a Campaign with what its members share.
func (x *incidence) describe(c component, o Options) Campaign {
	out := Campaign{Weakest: c.weakest}
	count := make(map[int32]int)
	for _, m := range c.members {
		out.Members = append(out.Members, x.keys[m])
		for _, f := range x.rows.row(m) {
			count[f]++
		}
	}
	for f, n := range count {
		if n > 1 && x.bits[f] > 0 {
			out.Traits = append(out.Traits, x.trait(f, &n))
		}
	}
	slices.SortFunc(out.Traits, strongestFirst)
	out.Traits = bestPerKind(out.Traits, o.Traits)
	return out
}

// trait describes feature f, of which *in messages are members; nil for none.
func (x *incidence) trait(f int32, in *int) Trait {
	t := Trait{Feature: x.features[f], Bits: int(x.bits[f])}
	for _, m := range x.cols.row(f) {
		if x.background[m] {
			t.Ham++
		} else {
			t.Elsewhere++
		}
	}
	if in != nil {
		t.Members = *in
		t.Elsewhere -= *in
	}
	return t
}

// strongestFirst puts first what is worth most over all members: many members, many
// bits.
func strongestFirst(a, b Trait) int {
	return cmp.Or(
		cmp.Compare(b.Members*b.Bits, a.Members*a.Bits),
		compareFeatures(a.Feature, b.Feature),
	)
}

// bestPerKind keeps n traits, at most three of a kind: a campaign with a hundred link
// domains also has a mailer.
func bestPerKind(traits []Trait, n int) []Trait {
	var taken [kinds]int
	kept := traits[:0]
	for _, t := range traits {
		if taken[t.Kind] < 3 && len(kept) < n {
			taken[t.Kind]++
			kept = append(kept, t)
		}
	}
	return slices.Clip(kept)
}
