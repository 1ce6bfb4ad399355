package campaign

import (
	"cmp"
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
// (evidence.Lure). Words have other meanings, and a campaign has many subjects.
// How often messages name their own lure, and others, is learned (naming). A
// cluster is divided if several offers explain the lures of its messages better
// than one does (division).

// luresOf returns the lures of a message.
func (x *Index) luresOf(m int32) lures {
	out := lures{absent, absent, absent}
	for _, k := range x.alone[x.aloneStart[m]:x.aloneStart[m+1]] {
		if p, ok := placeOf(evidence.Kind(k)); ok {
			out[p] = max(out[p], unnamed)
		}
	}
	for _, f := range x.rows.row(m) {
		p, ok := placeOf(x.kind[f])
		if !ok {
			continue
		}
		if l, named := lureNumber[x.features[f]]; named {
			out[p] = l
		} else {
			out[p] = max(out[p], unnamed)
		}
	}
	return out
}

// placeOf returns the place that gives features of a kind.
func placeOf(k evidence.Kind) (int, bool) {
	switch k {
	case evidence.Lure, evidence.SubjectKey:
		return 0, true
	case evidence.LureName, evidence.FromName:
		return 1, true
	case evidence.LureText, evidence.BodyWord, evidence.Text:
		return 2, true
	}
	return 0, false
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

// learnNaming learns from sets of messages how messages name their offers.
func (x *Index) learnNaming(sets [][]int32) *naming {
	clusters := make([][]lures, 0, len(sets))
	for _, s := range sets {
		clusters = append(clusters, x.namedBy(x.unitsOf(s)))
	}
	return learnNaming(clusters)
}

// namedBy lists the lures of different messages of units. Messages with one
// subject form are one, so that a template counts once.
func (x *Index) namedBy(units []int32) (out []lures) {
	type template struct {
		lures
		subject int32
	}
	had := make(map[template]bool)
	for _, u := range units {
		for _, m := range x.fit.units[u] {
			t := template{x.luresOf(m), x.subjectOf(m)}
			if t.subject < 0 || !had[t] {
				had[t] = true
				out = append(out, t.lures)
			}
		}
	}
	return out
}

// subjectOf is the form of a message's subject, or the subject itself; -1 if no
// other message has them.
func (x *Index) subjectOf(m int32) int32 {
	subject := int32(-1)
	for _, f := range x.rows.row(m) {
		if k := x.kind[f]; k == evidence.SubjectForm || k == evidence.SubjectKey && subject < 0 {
			subject = f
		}
	}
	return subject
}

// byOffer divides a set of messages, ascending, by their offers, and the
// model's cluster with it.
func (x *Index) byOffer(set []int32, n *naming) [][]int32 {
	parts := x.offers(x.unitsOf(set), n)
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

// offers divides the units of a cluster, ascending, by their offers; the
// largest part is first.
func (x *Index) offers(units []int32, n *naming) [][]int32 {
	d := n.divideByOffer(x.namedBy(units))
	if d.parts < 2 {
		return [][]int32{units}
	}
	sold := d.split()
	parts := make([][]int32, len(sold))
	var open []int32
	for _, u := range units {
		if i, ok := d.sure(sold, x.namedBy([]int32{u})); ok {
			parts[i] = append(parts[i], u)
		} else {
			open = append(open, u)
		}
	}
	like := x.likeParts(parts)
	for _, u := range open {
		i := like(u)
		parts[i] = append(parts[i], u)
	}
	parts = slices.DeleteFunc(parts, func(p []int32) bool { return len(p) == 0 })
	for _, p := range parts {
		slices.Sort(p)
	}
	slices.SortFunc(parts, func(a, b []int32) int { return cmp.Or(len(b)-len(a), int(a[0]-b[0])) })
	return parts
}

// likeParts returns a function that finds the part whose content a unit is most
// like, beside that of all parts; the largest if it is like none.
func (x *Index) likeParts(parts [][]int32) func(u int32) int {
	type count struct {
		have map[int32]float64
		size float64
	}
	all, of, largest := count{have: make(map[int32]float64)}, make([]count, len(parts)), 0
	for i, units := range parts {
		of[i] = count{make(map[int32]float64), float64(len(units))}
		all.size += of[i].size
		if len(units) > len(parts[largest]) {
			largest = i
		}
		for _, u := range units {
			for _, f := range x.contentOf(u) {
				of[i].have[f]++
				all.have[f]++
			}
		}
	}
	return func(u int32) int {
		best, most := largest, 0.0
		content := x.contentOf(u)
		for i, part := range of {
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
				best, most = i, sum
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

// offersDiffer reports whether two messages of different campaigns name lures, and
// none that both name.
func (x *Index) offersDiffer(a, b int32) bool {
	if x.cluster(a) == x.cluster(b) {
		return false
	}
	named := func(l lures) (out []int) {
		for _, v := range l {
			if v >= 0 {
				out = append(out, v)
			}
		}
		return out
	}
	p, q := named(x.luresOf(a)), named(x.luresOf(b))
	return len(p) > 0 && len(q) > 0 && !slices.ContainsFunc(p, func(v int) bool { return slices.Contains(q, v) })
}
