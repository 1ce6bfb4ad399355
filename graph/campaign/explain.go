package campaign

import (
	"cmp"
	"math"
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
	e := Explanation{A: x.keys[a], B: x.keys[b], Prior: hundredths(x.prior), LinkBits: linkBits,
		Linked: x.linked(&t), Groups: t.groups(), Decided: x.decided(a, b)}
	switch {
	case e.Linked:
	case t.total(x.prior) < linkBits:
		e.Lacks = "bits"
	case e.Groups < 2:
		e.Lacks = "groups"
	default:
		e.Lacks = "what"
	}
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
				// The agreement that it outweighs is a line of its own.
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
	if over := t.excess(); over > 0 {
		g := evidence.Registration
		if t.bits[evidence.Hosting] > t.bits[g] {
			g = evidence.Hosting
		}
		e.Steps = append(e.Steps, Step{Kind: Registries, Group: g.String(), Bits: -float64(over), Against: true})
	}
	sortSteps(e.Steps)
	e.sum()
	return e
}

// sum rounds every line to hundredths and makes the total the sum of the
// rounded lines, so that a reader who adds them up gets the same.
func (e *Explanation) sum() {
	total := math.Round(100 * e.Prior)
	for i := range e.Steps {
		n := math.Round(100 * e.Steps[i].Bits)
		e.Steps[i].Bits = n / 100
		total += n
	}
	e.Total = total / 100
}

// Registries is the Kind of the Step that reduces the weight of registration
// and hosting to their maximum for one campaign.
const Registries = "registries"

// step is the line of one shared feature.
func (x *Index) step(f, a, b int32, t *tally) Step {
	k := x.kind[f]
	s := Step{Feature: x.features[f], Kind: k.String(), Group: k.Group().String(), Worth: float64(x.weight[f]), Contexts: int(x.contexts[f]), Messages: x.df(f)}
	s.Ham = int(x.ham[f])
	s.ViaA, s.ViaB = x.via(f, a), x.via(f, b)
	switch {
	case x.weight[f] == 0:
		s.Common = true
	case t.best[k.Group()] == f:
		s.Bits = float64(x.weight[f])
	default:
		s.Implied = true
	}
	return s
}

// via names the domain or address through which a message has a feature that registries
// gave it; "" if it has it by itself.
func (x *Index) via(f, m int32) string {
	want := x.features[f]
	if !inherited(want.Kind()) {
		return ""
	}
	for _, h := range x.rows.row(m) {
		if slices.Contains(x.says[x.features[h]], want) {
			return x.names[x.features[h]]
		}
	}
	return ""
}

// sortSteps orders groups by their weight, and puts the line that counts first
// in each.
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
		if a.Common != b.Common {
			return sign(a.Common)
		}
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(b.Worth, a.Worth), cmp.Compare(a.Contexts, b.Contexts), cmp.Compare(a.Feature, b.Feature))
	})
}

// decided returns the decision about two messages.
func (x *Index) decided(a, b int32) string {
	if x.said == nil {
		x.said = make(map[[2]int32]string)
		x.note(x.decisions.NotSame, "not same")
		x.note(x.decisions.Same, "same")
	}
	return x.said[[2]int32{min(a, b), max(a, b)}]
}

func (x *Index) note(pairs [][2]int64, what string) {
	for _, p := range pairs {
		a, ok := x.find(p[0])
		b, ok2 := x.find(p[1])
		if ok && ok2 {
			x.said[[2]int32{min(a, b), max(a, b)}] = what
		}
	}
}
