package campaign

import (
	"cmp"
	"slices"

	"spoor/graph/evidence"
)

// Pair explains the evidence between two messages; false if one of them is not known. The
// score is the one that Cluster links by.
func (x *Index) Pair(a, b int64) (Explanation, bool) {
	i, ok := x.find(a)
	j, ok2 := x.find(b)
	if !ok || !ok2 {
		return Explanation{}, false
	}
	return x.explain(i, j), true
}

func (x *Index) explain(a, b int32) Explanation {
	t := x.tally(a, b)
	e := Explanation{A: x.keys[a], B: x.keys[b], Prior: float64(x.prior), Total: float64(t.total(x.prior)), LinkBits: linkBits,
		Linked: t.linked(x.prior), Groups: t.groups(), Decided: x.decided(a, b)}
	p, q := x.rows.row(a), x.rows.row(b)
	for i, j := 0, 0; i < len(p) && j < len(q); {
		switch {
		case p[i] < q[j]:
			i++
		case p[i] > q[j]:
			j++
		default:
			e.Steps = append(e.Steps, x.step(p[i], a, b, &t))
			i++
			j++
		}
	}
	for g := range evidence.Groups {
		if t.best[g] == asText {
			e.Steps = append(e.Steps, Step{Kind: "text", Group: g.String(), Bits: float64(t.bits[g]), Share: float64(t.like)})
		} else if t.bits[g] < 0 {
			s := Step{Kind: g.String(), Group: g.String(), Bits: float64(t.bits[g]), Against: true}
			if t.best[g] >= 0 {
				// The agreement that it outweighs is shown as a line of its own.
				s.Bits = float64(t.bits[g] - x.weight[t.best[g]])
			}
			if g == evidence.Content && t.like >= 0 {
				s.Share = float64(t.like)
			}
			e.Steps = append(e.Steps, s)
		} else if t.best[g] >= 0 && t.bits[g] < x.weight[t.best[g]] {
			e.Steps = append(e.Steps, Step{Kind: g.String(), Group: g.String(), Bits: float64(t.bits[g] - x.weight[t.best[g]]), Against: true, Share: float64(max(t.like, 0))})
		}
	}
	sortSteps(e.Steps)
	return e
}

// step is the line of one shared feature.
func (x *Index) step(f, a, b int32, t *tally) Step {
	k := x.kind[f]
	s := Step{Feature: x.features[f], Kind: k.String(), Group: k.Group().String(), Contexts: int(x.contexts[f]), Messages: x.df(f)}
	for _, m := range x.cols.row(f) {
		if x.background(m) {
			s.Ham++
		}
	}
	s.ViaA, s.ViaB = x.via(f, a), x.via(f, b)
	if t.best[k.Group()] == f {
		s.Bits = float64(x.weight[f])
	} else {
		s.Implied = true
	}
	return s
}

// via names the domain or address through which a message has a feature that registries
// gave it; "" if it has it by itself.
func (x *Index) via(f, m int32) string {
	want := x.features[f]
	switch g := want.Kind().Group(); {
	case g != evidence.Registration && g != evidence.Hosting && want.Kind() != evidence.SenderOwner && want.Kind() != evidence.SenderAS:
		return ""
	}
	for _, h := range x.rows.row(m) {
		if slices.Contains(x.says[x.features[h]], want) {
			return x.names[x.features[h]]
		}
	}
	return ""
}

// sortSteps puts the groups that say most first, and within each the line that counts.
func sortSteps(steps []Step) {
	strength := make(map[string]float64)
	for _, s := range steps {
		strength[s.Group] += s.Bits
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		if a.Group != b.Group {
			return cmp.Or(cmp.Compare(strength[b.Group], strength[a.Group]), cmp.Compare(a.Group, b.Group))
		}
		if a.Against != b.Against {
			return sign(a.Against)
		}
		if a.Implied != b.Implied {
			return sign(a.Implied)
		}
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.Contexts, b.Contexts), cmp.Compare(a.Feature, b.Feature))
	})
}

// decided says what people said of two messages.
func (x *Index) decided(a, b int32) string {
	p := [2]int64{x.keys[a], x.keys[b]}
	q := [2]int64{p[1], p[0]}
	switch {
	case slices.Contains(x.decisions.Same, p), slices.Contains(x.decisions.Same, q):
		return "same"
	case slices.Contains(x.decisions.NotSame, p), slices.Contains(x.decisions.NotSame, q):
		return "not same"
	}
	return ""
}
