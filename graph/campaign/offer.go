package campaign

import (
	"math"
	"slices"

	"spoor/graph/evidence"
)

// A crew that mails for many shops has one program, one tracker account and one
// footer for all of them. Its texts change with every offer. So the model
// learns that this cluster changes its texts, and another offer costs nothing.
// The offer divides such a cluster into campaigns of one operation.
//
// Subject, From name and text of a message each name a lure by their words
// (evidence.Lure). Words have other meanings. So a cluster is divided only if
// these places agree more often than they would by chance: in a cluster with
// one offer chance alone makes them agree, and where words mean nothing they do
// not agree at all.

// places is the number of places in a message that name a lure.
const places = 3

// lures are the numbers of the lures that the places name.
type lures [places]int

// unnamed stands for a place whose words name no lure clearly.
const unnamed = -1

// luresOf returns the lures of a message.
func (x *Index) luresOf(m int32) lures {
	out := lures{unnamed, unnamed, unnamed}
	for _, f := range x.rows.row(m) {
		switch x.kind[f] {
		case evidence.Lure:
			out[0] = lureNumber[x.features[f]]
		case evidence.LureName:
			out[1] = lureNumber[x.features[f]]
		case evidence.LureText:
			out[2] = lureNumber[x.features[f]]
		}
	}
	return out
}

// one is the lure that two places name, or the only one that any names.
func (l lures) one() int {
	for p, v := range l {
		if v != unnamed && v == l[(p+1)%places] {
			return v
		}
	}
	one := unnamed
	for _, v := range l {
		switch {
		case v == unnamed:
		case one != unnamed:
			return unnamed
		default:
			one = v
		}
	}
	return one
}

// lureNumber numbers the lures, by their features of each kind.
var lureNumber = func() map[evidence.Key]int {
	out := make(map[evidence.Key]int)
	for n, l := range evidence.Lures() {
		for _, k := range []evidence.Kind{evidence.Lure, evidence.LureName, evidence.LureText} {
			out[evidence.Feature{Kind: k, Value: l}.Key()] = n
		}
	}
	return out
}()

// byOffer divides a set of messages, ascending, by their offers, and the
// model's cluster with it.
func (x *Index) byOffer(set []int32) [][]int32 {
	parts := x.offers(x.unitsOf(set))
	if len(parts) < 2 {
		return [][]int32{set}
	}
	of := make(map[int32]int) // part of each unit
	for i, units := range parts {
		for _, u := range units {
			of[u] = i
		}
		if i > 0 {
			x.fit.Divide(units)
		}
	}
	out := make([][]int32, len(parts))
	for _, m := range set {
		i := of[x.fit.unitOf[m]]
		out[i] = append(out[i], m)
	}
	return out
}

// offers divides the units of a cluster, ascending, by their lures; the largest
// part is first.
func (x *Index) offers(units []int32) [][]int32 {
	sold := x.sold(units)
	parts := make(map[int][]int32)
	var open []int32
	for _, u := range units {
		if l := x.lureOf(u, sold); l == unnamed {
			open = append(open, u)
		} else {
			parts[l] = append(parts[l], u)
		}
	}
	if len(parts) < 2 {
		return [][]int32{units}
	}
	like := x.likeParts(parts)
	for _, u := range open {
		l := like(u)
		parts[l] = append(parts[l], u)
	}
	var out [][]int32
	for _, p := range parts {
		slices.Sort(p)
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b []int32) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return int(a[0] - b[0])
	})
	return out
}

// sold returns the lures on which places agree twice or more; none if they
// agree no more often than by chance.
func (x *Index) sold(units []int32) map[int]bool {
	var t agreement
	for _, u := range units {
		for _, m := range x.fit.units[u] {
			t.add(x.luresOf(m))
		}
	}
	out := make(map[int]bool)
	if t.byChance() {
		return out
	}
	for l, n := range t.on {
		out[l] = n > 1
	}
	return out
}

// agreement counts pairs of places that both name a lure.
type agreement struct {
	pairs, agree float64
	on           map[int]int             // agreeing pairs, by lure
	first, other [places]map[int]float64 // lures of either place of a pair
}

func (t *agreement) add(l lures) {
	if t.on == nil {
		t.on = make(map[int]int)
		for p := range places {
			t.first[p], t.other[p] = make(map[int]float64), make(map[int]float64)
		}
	}
	for p, a := range l {
		b := l[(p+1)%places]
		if a == unnamed || b == unnamed {
			continue
		}
		t.pairs++
		t.first[p][a]++
		t.other[p][b]++
		if a == b {
			t.agree++
			t.on[a]++
		}
	}
}

// byChance reports whether the places agree no more often than if each named
// its lures without regard to the others: the log likelihood ratio does not pay
// for its one parameter, half the log of the number of trials (Schwarz 1978).
func (t *agreement) byChance() bool {
	expected := 0.0
	for p := range places {
		all, same := 0.0, 0.0
		for l, n := range t.first[p] {
			all += n
			same += n * t.other[p][l]
		}
		expected += same / max(all, 1)
	}
	if t.pairs == 0 || t.agree <= expected {
		return true
	}
	// Half a trial more of either outcome: no rate is 0 or 1.
	rate, chance := (t.agree+0.5)/(t.pairs+1), (expected+0.5)/(t.pairs+1)
	ratio := t.agree*math.Log(rate/chance) + (t.pairs-t.agree)*math.Log((1-rate)/(1-chance))
	return ratio <= 0.5*math.Log(t.pairs)
}

// lureOf is the lure that most messages of a unit name, if it is sold.
func (x *Index) lureOf(u int32, sold map[int]bool) int {
	votes := make(map[int]int)
	for _, m := range x.fit.units[u] {
		if l := x.luresOf(m).one(); sold[l] {
			votes[l]++
		}
	}
	best, most := unnamed, 0
	for l, n := range votes {
		if n > most || n == most && l < best {
			best, most = l, n
		}
	}
	return best
}

// likeParts returns a function that finds the part whose content a unit is most
// like, beside that of all parts; unnamed if it is like none.
func (x *Index) likeParts(parts map[int][]int32) func(u int32) int {
	type count struct {
		have map[int32]float64
		size float64
	}
	all, of := count{have: make(map[int32]float64)}, make([]count, len(evidence.Lures()))
	for l, units := range parts {
		of[l] = count{make(map[int32]float64), float64(len(units))}
		all.size += of[l].size
		for _, u := range units {
			for _, f := range x.contentOf(u) {
				of[l].have[f]++
				all.have[f]++
			}
		}
	}
	return func(u int32) int {
		best, most := unnamed, 0.0
		content := x.contentOf(u)
		for l, part := range of {
			if part.size == 0 {
				continue
			}
			sum := 0.0
			for _, f := range content {
				if n := all.have[f]; n > 0 {
					share := n / all.size
					sum += math.Log((part.have[f] + share) / (part.size + 1) / share)
				}
			}
			if sum > most {
				best, most = l, sum
			}
		}
		return best
	}
}

// contentOf lists the features that the text, the subject and the From name of
// a unit's first message give.
func (x *Index) contentOf(u int32) (out []int32) {
	for _, f := range x.rows.row(x.fit.units[u][0]) {
		switch x.kind[f] {
		case evidence.Text, evidence.SubjectKey, evidence.SubjectForm, evidence.SubjectWord, evidence.BodyWord, evidence.FromName, evidence.HTMLForm:
			out = append(out, f)
		}
	}
	return out
}

// lackLure is the condition that two messages with different offers fail: it
// divided the clusters of the model.
const lackLure = "lure"

// otherOffer reports whether two messages of different campaigns name different
// lures.
func (x *Index) otherOffer(a, b int32) bool {
	p, q := x.luresOf(a).one(), x.luresOf(b).one()
	return p != unnamed && q != unnamed && p != q && x.cluster(a) != x.cluster(b)
}
