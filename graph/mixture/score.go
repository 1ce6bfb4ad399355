package mixture

import "math"

// evidence is what speaks for a unit, or a smaller cluster, being of a cluster: nats by
// group. A group that either lacks says nothing.
type evidence struct {
	nats  [groups]float64
	worst [groups]float64 // of the kind that speaks most against
	has   [groups]bool
}

func (e *evidence) add(g Group, v float64) {
	if g == Contact {
		// Of several contacts the one that fits best decides; those that differ say little.
		if !e.has[g] || v > e.nats[g] {
			e.nats[g] = v
		}
	} else {
		e.nats[g] += v
	}
	e.has[g] = true
}

// forgive notes what a kind says against: of each group the kind that says most against
// is not counted. Campaigns change one habit at a time far more often than all at once.
func (e *evidence) forgive(g Group, v float64) { e.worst[g] = min(e.worst[g], v) }

// sums are the lines of argument of an evidence, with "the group changed" taken in.
type sums struct{ total, what, who, content float64 }

func (e *evidence) sums() (s sums) {
	for g, v := range e.nats {
		if !e.has[g] {
			continue
		}
		if Group(g) == Contact {
			v = max(leastOther, v)
		} else {
			v = logChange(v - e.worst[g])
		}
		s.total += v
		switch Group(g) {
		case Text, Creative:
			s.content += v
			s.what += v
		case Links, Contact:
			s.what += v
		case Registration, Sending, Mailer:
			s.who += v
		}
	}
	return s
}

// unit scores unit i against cluster c, which it is not in.
func (m *model) unit(i, c int32) sums {
	e := m.evidence(i, c)
	return e.sums()
}

func (m *model) evidence(i, c int32) (e evidence) {
	u, of := &m.Units[i], m.clusters[c]
	for _, s := range u.Spans {
		k := m.kind(of, s.Kind)
		if k.units <= 0 {
			continue
		}
		kind := m.Kinds[s.Kind]
		r := m.news(k, s.Kind)
		seen, unseen := (1-r)/float64(k.units), math.Log(r)
		sum, best := float64(s.Alone)*unseen, math.Inf(-1)
		if s.Alone > 0 {
			best = unseen
		}
		for _, f := range u.Values[s.From:s.To] {
			v := unseen
			if n := m.counts.of(c, f); n > 0 {
				v = math.Log(seen*float64(n)/m.base[f] + r)
			}
			sum += v
			best = max(best, v)
		}
		if kind.Group == Contact {
			e.add(Contact, clamp(best, mostContact))
			continue
		}
		v := kind.Weight * clamp(sum/float64(s.To-s.From+int32(s.Alone)), mostNats)
		e.add(kind.Group, v)
		if !kind.Whole {
			e.forgive(kind.Group, v)
		}
	}
	return e
}

func clamp(v, most float64) float64 { return max(leastNats, min(most, v)) }

// shared is a feature of a cluster and how many of its units have it; feature -1 stands
// for the values that no other unit has.
type shared struct {
	feature int32
	kind    uint8
	n       float32
}

// pair scores a smaller cluster, by its profile, as one unit against a larger one: each
// value counts by the share of its units that have it.
func (m *model) pair(small int32, profile []shared, large int32) sums {
	var e evidence
	from, to := m.clusters[small], m.clusters[large]
	for i := 0; i < len(profile); {
		k := profile[i].kind
		j := i
		for j < len(profile) && profile[j].kind == k {
			j++
		}
		if t := m.kind(to, k); t.units > 0 && m.Kinds[k].Weight > 0 {
			m.pairKind(&e, profile[i:j], m.kind(from, k), t, large)
		}
		i = j
	}
	return e.sums()
}

// halfOf is the share of a cluster's units that must have a contact for it to be the
// cluster's own.
const halfOf = 0.3

func (m *model) pairKind(e *evidence, values []shared, from, to kindCount, large int32) {
	kind := values[0].kind
	r := m.news(to, kind)
	seen, unseen := (1-r)/float64(to.units), math.Log(r)
	sum, weight, best := 0.0, 0.0, 0.0
	for _, x := range values {
		v := unseen
		if x.feature >= 0 {
			if n := m.counts.of(large, x.feature); n > 0 {
				v = math.Log(seen*float64(n)/m.base[x.feature] + r)
			}
		}
		share := float64(x.n) / float64(from.units)
		sum += share * v
		weight += share
		if share >= halfOf {
			best = max(best, v)
		}
	}
	mean := sum / weight
	if m.Kinds[kind].Group == Contact {
		e.add(Contact, clamp(max(mean, best), mostContact))
		return
	}
	v := m.Kinds[kind].Weight * clamp(mean, mostNats)
	e.add(m.Kinds[kind].Group, v)
	if !m.Kinds[kind].Whole {
		e.forgive(m.Kinds[kind].Group, v)
	}
}

// candidate is a cluster with its evidence.
type candidate struct {
	cluster int32
	sums
}

// choose returns the best candidate that exceeds the prior and beats its rivals, or -1.
// Its rivals: that the unit begins another campaign of hands that all candidates resemble
// in who, and that it is a copy of what all candidates resemble in what.
func (m *model) choose(list []candidate) (best int32, total float64) {
	best, total = -1, m.prior
	hands, copies := 0.0, 0.0
	for _, c := range list {
		hands += math.Exp(min(c.who, 500))
		copies += math.Exp(min(c.what, 500))
	}
	ask := max(whatMin+max(0, math.Log(hands)), whoMin+max(0, math.Log(copies)))
	for _, c := range list {
		if c.what+c.who < ask || c.content < contentMin {
			continue
		}
		if c.total > total || c.total == total && c.cluster < best {
			best, total = c.cluster, c.total
		}
	}
	return best, total
}
