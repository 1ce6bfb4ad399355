package mixture

import "math"

// evidence is the weight for a unit, or a smaller cluster, being in a cluster:
// nats by group. A group that either lacks does not count.
type evidence struct {
	nats  [groups]float64
	worst [groups]float64 // of the kind that speaks most against
	has   [groups]bool
	own   float64 // of the best identifier that a copy does not have; 0 if none agrees
	beyond
	chance bool    // of several values, one that agrees decides, if that is no coincidence
	lines  *[]Line // evidence of each kind; nil if nobody asks
}

// take adds the evidence v of a kind. f is the value that agrees best; -1 if
// none does.
func (e *evidence) take(kind *Kind, number uint8, f int32, v float64) {
	if e.lines != nil {
		*e.lines = append(*e.lines, Line{Kind: number, Group: kind.Group, Feature: f, Nats: v})
	}
	e.add(kind.Group, v)
	if kind.Own {
		e.own = max(e.own, v)
	}
	if kind.Group != Contact && !kind.Whole {
		e.forgive(kind.Group, v)
	}
}

// add adds the evidence of a kind to that of its group.
func (e *evidence) add(g Group, v float64) {
	if g == Contact {
		// Of several contacts the best match decides; different ones say
		// little.
		if !e.has[g] || v > e.nats[g] {
			e.nats[g] = v
		}
	} else {
		e.nats[g] += v
	}
	e.has[g] = true
}

// forgive records the disagreement of a kind: in each group the strongest
// disagreement is not counted. Campaigns change one habit at a time far more
// often than all at once.
func (e *evidence) forgive(g Group, v float64) { e.worst[g] = min(e.worst[g], v) }

// sums has the totals of an evidence, after the bounds of each group.
type sums struct {
	total, what, who, content float64
	own                       float64 // of what: identifiers that a copy by a stranger does not have
	copied                    float64 // of what: all else
	line                      bool    // the content agrees without the bundle (line.go)
}

// sums returns the totals by their role in the decision. Time counts for the
// total only.
func (e *evidence) sums() (s sums) {
	s.line = e.agrees(e.contacts())
	for g := range groups {
		if !e.has[g] {
			continue
		}
		v := e.group(g)
		s.total += v
		switch g {
		case Text, Creative:
			s.content += v
			s.what += v
			s.copied += v
		case Links:
			s.what += v
			s.copied += v
		case Contact:
			s.what += v
			s.copied += v - e.own
			s.own = e.own
		case Registration, Sending, Mailer:
			s.who += v
		}
	}
	return s
}

// group returns the evidence of a group, without the forgiven kind, and bounded
// by the probability that the whole group changed.
func (e *evidence) group(g Group) float64 {
	if g == Contact {
		return e.contacts()
	}
	return logChange(e.nats[g] - e.worst[g])
}

// unit scores unit i against cluster c. If it is in it, it is left out of the counts.
func (m *model) unit(i, c int32) sums {
	m.work++
	var e evidence
	m.compare(&e, i, c)
	return e.sums()
}

// candidate is unit and the size of the cluster. what bounds the weight of its content:
// if it can't be chosen nor come near, it counts as a rival by its sender only.
func (m *model) candidate(i, c int32, what float64) sums {
	m.work++
	n := m.others(i, c)
	size := sizeWeight * math.Log(float64(n))
	e := evidence{beyond: newBeyond(n)}
	m.comparePart(&e, i, c, true)
	if what < whatMin {
		if s := e.sums(); s.who+size+what+mostTime <= m.prior {
			return sums{total: math.Inf(-1), who: s.who, copied: math.Inf(-1)}
		}
	}
	m.comparePart(&e, i, c, false)
	s := e.sums()
	s.total += size
	return s
}

// mostTime is the most that times weigh, in nats.
const mostTime = mostNats

// others is the number of units of cluster c without unit i.
func (m *model) others(i, c int32) int32 {
	if m.of[i] == c {
		return m.clusters[c].n - 1
	}
	return m.clusters[c].n
}

// compare adds the evidence for unit i and cluster c.
func (m *model) compare(e *evidence, i, c int32) {
	e.beyond = newBeyond(m.others(i, c))
	m.comparePart(e, i, c, true)
	m.comparePart(e, i, c, false)
}

// comparePart is compare for the sender, or for everything else.
func (m *model) comparePart(e *evidence, i, c int32, sender bool) {
	u := &m.Units[i]
	of := m.view(c)
	of.own = m.of[i] == c
	for _, s := range u.Spans {
		kind := &m.Kinds[s.Kind]
		if kind.Weight == 0 || sends(kind.Group) != sender {
			continue
		}
		values := u.Values[s.From:s.To]
		n, r := of.kind(s, values)
		if n <= 0 {
			continue
		}
		e.begin(*kind, float64(s.Alone), r.log)
		if kind.Group == Contact {
			best, at := e.contact(m, &of, values, n, r)
			if s.Alone > 0 {
				best = max(best, r.log)
			}
			e.end()
			e.take(kind, s.Kind, at, clamp(best, mostContact))
			continue
		}
		sum, at := e.values(m, &of, values, n, r)
		sum += float64(s.Alone) * r.log
		e.end()
		e.take(kind, s.Kind, at, kind.Weight*clamp(sum/float64(s.values()), mostNats))
	}
}

// contact returns the evidence of the contact that fits best, of several.
func (e *evidence) contact(m *model, of *view, values []int32, units float64, r news) (best float64, at int32) {
	best, at = math.Inf(-1), -1
	seen := (1 - r.rate) / units
	for _, f := range values {
		v, n := r.log, float64(of.count(f))
		if n > 0 {
			if v = math.Log(seen*n/m.features[f].base + r.rate); v > best {
				at = f
			}
		}
		best = max(best, v)
		e.beyond.add(v, 1, n)
	}
	return best, at
}

// values returns the sum of the evidence of several values, and the one that agrees best.
// The logarithm of a product takes one logarithm for all.
func (e *evidence) values(m *model, of *view, values []int32, units float64, r news) (sum float64, at int32) {
	var usual, special product // values of the bundle, and others
	seen, most, unseen, in := (1-r.rate)/units, r.rate, 0, 0
	at = -1
	for _, f := range values {
		n := float64(of.count(f))
		if n == 0 {
			unseen++
			continue
		}
		x := seen*n/m.features[f].base + r.rate
		if x > most {
			at, most = f, x
		}
		if n >= e.least {
			usual.times(x)
			in++
		} else {
			special.times(x)
		}
	}
	outside := special.log() + float64(unseen)*r.log
	e.beyond.addAll(outside, float64(len(values)-in), float64(in))
	return outside + usual.log(), at
}

// product is a product of many numbers, each from 1e-18 to 1e18.
type product struct {
	p, logs float64
	factors int
}

// fewFactors have a product that is no infinite number and not 0.
const fewFactors = 16

func (p *product) times(x float64) {
	switch {
	case p.factors == 0:
		p.p = x
	case p.factors%fewFactors == 0:
		p.logs += math.Log(p.p)
		p.p = x
	default:
		p.p *= x
	}
	p.factors++
}

func (p *product) log() float64 {
	if p.factors == 0 {
		return 0
	}
	return p.logs + math.Log(p.p)
}

// sends reports whether a group describes the sender.
func sends(g Group) bool { return g == Registration || g == Sending || g == Mailer }

// view reads the kinds and features of a cluster in ascending order. Most
// clusters have one unit, whose values are read in step.
type view struct {
	m      *model
	counts *several
	own    bool   // the compared unit is in it and does not count
	spans  []Span // of the only unit: those that were not reached yet
	values []int32
	rest   []int32 // of the kind at hand: those that were not reached yet
}

// view returns the kinds and features of cluster c.
func (m *model) view(c int32) view {
	x := m.clusters[c]
	v := view{m: m, counts: x.several}
	if x.several == nil {
		u := &m.Units[x.only]
		v.spans, v.values = u.Spans, u.Values
	}
	return v
}

// kind returns the number of units with values of a kind, and the probability
// of a new one. The compared unit has the values of span s.
func (v *view) kind(s Span, values []int32) (units float64, r news) {
	if v.counts != nil {
		c := &v.counts.kinds[v.m.place[s.Kind]]
		if v.own {
			return v.without(*c, s, values)
		}
		if c.units <= 0 {
			return 0, news{}
		}
		if c.next.log == 0 {
			c.next = v.m.news(*c, s.Kind)
		}
		return float64(c.units), c.next
	}
	if v.own {
		return 0, news{}
	}
	return v.kindOfOne(s.Kind)
}

// without is kind for the unit that is in the cluster.
func (v *view) without(c kindCount, s Span, values []int32) (units float64, r news) {
	one := alone(s)
	c.units, c.values, c.distinct = c.units-one.units, c.values-one.values, c.distinct-float32(s.Alone)
	if c.units <= 0 {
		return 0, news{}
	}
	for _, f := range values {
		if v.counts.features.of(f) == 1 {
			c.distinct--
		}
	}
	return float64(c.units), v.m.news(c, s.Kind)
}

// kindOfOne is kind for a cluster of one unit.
func (v *view) kindOfOne(k uint8) (units float64, r news) {
	for len(v.spans) > 0 && v.spans[0].Kind < k {
		v.spans = v.spans[1:]
	}
	if len(v.spans) == 0 || v.spans[0].Kind != k {
		return 0, news{}
	}
	v.rest = v.values[v.spans[0].From:v.spans[0].To]
	return 1, v.m.first[k]
}

// count returns the number of units with f, a feature of the last requested
// kind.
func (v *view) count(f int32) int32 {
	if v.counts != nil {
		n := v.counts.features.of(f)
		if v.own {
			n--
		}
		return n
	}
	for len(v.rest) > 0 && v.rest[0] < f {
		v.rest = v.rest[1:]
	}
	if len(v.rest) > 0 && v.rest[0] == f {
		return 1
	}
	return 0
}

func clamp(v, most float64) float64 { return max(leastNats, min(most, v)) }

// shared is a feature of a cluster with its number of units; feature -1
// collects the values that no other unit has.
type shared struct {
	feature int32
	kind    uint8
	n       float32
}

// pair scores a smaller cluster, by its profile, as one unit against a larger
// one. Each value counts by its share of the smaller cluster's units.
func (m *model) pair(small int32, profile []shared, large int32) sums {
	m.work++
	var e evidence
	m.comparePair(&e, small, profile, large)
	return e.sums()
}

// comparePair adds the evidence for two clusters, the smaller one by its profile.
func (m *model) comparePair(e *evidence, small int32, profile []shared, large int32) {
	e.beyond = newBeyond(m.clusters[large].n)
	from, to := m.clusters[small], m.view(large)
	for i := 0; i < len(profile); {
		k := profile[i].kind
		j := i
		for j < len(profile) && profile[j].kind == k {
			j++
		}
		if n, r := to.kind(Span{Kind: k}, nil); n > 0 && m.Kinds[k].Weight > 0 {
			e.kind(m, profile[i:j], from, &to, n, r)
		}
		i = j
	}
}

// halfOf is the share of a cluster's units from which a contact counts as the
// cluster's own.
const halfOf = 0.3

// kind adds the evidence of one kind for two clusters. values are those of the
// smaller cluster's profile; units and r belong to the larger cluster.
func (e *evidence) kind(m *model, values []shared, small *cluster, to *view, units float64, r news) {
	number := values[0].kind
	kind, from := &m.Kinds[number], m.kind(small, number)
	seen, unseen := (1-r.rate)/units, r.log
	sum, weight, best := 0.0, 0.0, math.Inf(-1)
	at, most, coincide := int32(-1), 0.0, math.Inf(-1)
	e.begin(*kind, 0, unseen)
	for _, x := range values {
		v, n := unseen, 0.0
		if x.feature >= 0 {
			if n = float64(to.count(x.feature)); n > 0 {
				v = math.Log(seen*n/m.features[x.feature].base + r.rate)
			}
		}
		share := float64(x.n) / float64(from.units)
		if share*v > most {
			at, most = x.feature, share*v
		}
		if n > 0 {
			coincide = max(coincide, v)
		}
		sum += share * v
		weight += share
		if share >= halfOf {
			best = max(best, v)
		}
		if float64(x.n) < inBundle*float64(small.n) {
			n = 0 // not of both bundles
		}
		e.beyond.add(v, share, n)
	}
	e.end()
	mean := sum / weight
	if e.chance && at >= 0 {
		mean = max(mean, coincide-math.Log(float64(len(values))))
	}
	if kind.Group == Contact {
		e.take(kind, number, at, clamp(max(mean, best), mostContact))
		return
	}
	e.take(kind, number, at, kind.Weight*clamp(mean, mostNats))
}

// candidate is a cluster with its evidence.
type candidate struct {
	cluster int32
	sums
}

// rivals are two other explanations of a unit, in nats: a new campaign of an
// operator whose mail comes the same way, and a copy of the content by a
// stranger.
type rivals struct{ hands, copies float64 }

// rivalsOf sums both over the candidates.
func rivalsOf(list []candidate) rivals {
	hands, copies := 0.0, 0.0
	for _, c := range list {
		hands += math.Exp(min(c.who, mostExponent))
		copies += math.Exp(min(c.copied, mostExponent))
	}
	return rivals{max(0, math.Log(hands)), max(0, math.Log(copies))}
}

const mostExponent = 500 // e^709 is the largest float64

// lacks returns the condition that keeps a candidate from being chosen,
// regardless of the other candidates' totals. A new campaign does not explain
// an identifier that only this candidate has. So its nats count twice against
// that rival.
func (r rivals) lacks(c *candidate, prior float64) Lack {
	switch {
	case c.total <= prior:
		return LacksBits
	case c.content < contentMin:
		return LacksText
	case !c.line:
		return LacksLine
	case c.what+c.who+c.own < whatMin+r.hands:
		return LacksWhat
	case c.what+c.who < whoMin+r.copies:
		return LacksWho
	}
	return LacksNothing
}

// choose returns the best candidate that exceeds the prior and beats its
// rivals, or -1.
func (m *model) choose(list []candidate) (best int32, total float64) {
	best, total = -1, m.prior
	r := rivalsOf(list)
	for i := range list {
		c := &list[i]
		if (c.total > total || c.total == total && c.cluster < best) && r.lacks(c, m.prior) == LacksNothing {
			best, total = c.cluster, c.total
		}
	}
	return best, total
}
