package campaign

import (
	"cmp"
	"slices"
)

// maxHeld bounds the units of a campaign that are clustered anew for an
// explanation.
const maxHeld = 400

// Holding returns the evidence that holds messages together, with some evidence
// left out.
func (x *Index) Holding(members []int64, w Without) Holding {
	all := x.known(members)
	if len(all) == 0 {
		return Holding{}
	}
	left := func(t Trait) bool { return w.leaves(t.Feature) }
	h := Holding{Traits: slices.DeleteFunc(x.traits(all), left), Common: slices.DeleteFunc(x.common(all), left)}
	units := Sample(x.unitsOf(all), maxHeld)
	for _, u := range units {
		h.Looked += len(x.fit.units[u])
	}
	h.Falls = x.falls(units, w)
	x.seam(all, &h)
	return h
}

// Falls lists the parts into which messages fall without some evidence, as in Holding. Of
// many a sample of most units is looked at.
func (x *Index) Falls(members []int64, w Without, most int) [][]int64 {
	return x.falls(Sample(x.unitsOf(x.known(members)), min(most, maxHeld)), w)
}

// falls clusters units anew, beginning with all of them as one.
func (x *Index) falls(units []int32, w Without) [][]int64 {
	var out [][]int64
	for _, part := range x.fit.Parts(units, x.dropping(w)) {
		var keys []int64
		for _, u := range part {
			for _, m := range x.fit.units[u] {
				keys = append(keys, x.keys[m])
			}
		}
		out = append(out, keys)
	}
	slices.SortStableFunc(out, func(a, b []int64) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// seam finds the two sides of a campaign that differ most, and the member that fits least.
func (x *Index) seam(members []int32, h *Holding) {
	c := x.cluster(members[0])
	units := x.unitsOf(members)
	if c < 0 || len(units) < 2 {
		return
	}
	if len(units) <= maxHeld {
		small, account := x.fit.Seam(c)
		var side, rest []int32
		for _, u := range small {
			side = append(side, x.fit.units[u]...)
		}
		for _, m := range members {
			if !slices.Contains(side, m) {
				rest = append(rest, m)
			}
		}
		if len(side) > 0 && len(rest) > 0 {
			counts := x.countsOf(rest)
			h.Bridge = x.explanation(side[0], &account, func(f int32) bool { return counts[f] > 0 }, Without{})
			h.Bridge.B, h.Bridge.With, h.Bridge.Together = x.keys[x.nearestOf(side[0], Sample(rest, maxSide))], len(rest), true
			for _, m := range side {
				h.Side = append(h.Side, x.keys[m])
			}
		}
	}
	least := 0.0
	for i, u := range Sample(units, maxHeld) {
		if a, ok := x.fit.Against(x.looseOf(x.fit.units[u][0]), c, u); ok && (i == 0 || a.Total < least) {
			least, h.Least = a.Total, x.keys[x.fit.units[u][0]]
		}
	}
}

// known returns the numbers of the messages that the index has, ascending.
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

// Sample returns n items at equal distances, the same ones each time; all if
// there are not as many.
func Sample[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}

// common lists features that half of the members share and that are too common
// to be evidence, at most twelve.
func (x *Index) common(members []int32) []Trait {
	var out []Trait
	for f, n := range x.countsOf(members) {
		if 2*n < len(members) || !x.tooCommon(f) {
			continue
		}
		t := x.trait(f, n)
		t.Example = x.keys[members[0]]
		for _, m := range members {
			if x.hasFeature(m, f) {
				t.Example = x.keys[m]
				break
			}
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Trait) int {
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(a.Feature, b.Feature))
	})
	return out[:min(len(out), 12)]
}
