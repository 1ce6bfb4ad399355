package campaign

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// Pair explains the evidence between two messages, with some evidence left out; false if one
// of them is not known. It is the evidence by which Cluster puts two messages together that
// meet before any other.
func (x *Index) Pair(a, b int64, w Without) (Explanation, bool) {
	i, ok := x.find(a)
	j, ok2 := x.find(b)
	if !ok || !ok2 {
		return Explanation{}, false
	}
	return x.pair(i, j, w), true
}

// pair explains two messages by number. The smaller number is always the
// cluster, so that the order of the arguments changes nothing.
func (x *Index) pair(a, b int32, w Without) Explanation {
	p, q := x.looseOf(min(a, b)), x.looseOf(max(a, b))
	if len(w.Features)+len(w.Kinds) > 0 {
		p = x.fit.Loose(x.single(min(a, b), w))
	}
	account := x.fit.Pair(p, q)
	e := x.explanation(a, &account, func(f int32) bool { return x.hasFeature(b, f) }, w)
	e.B = x.keys[b]
	e.Together = x.cluster(a) >= 0 && x.cluster(a) == x.cluster(b)
	e.Decided = x.decided(a, b)
	if e.Linked && x.offersDiffer(a, b) {
		e.Linked, e.Lacks = false, lackLure
	}
	for i := range e.Steps {
		if s := &e.Steps[i]; s.Feature != 0 {
			f, _ := x.feature(s.Feature)
			s.ViaB = x.via(f, b)
		} else if s.Kind == KindText {
			s.Share, _ = x.likeness(a, b)
		}
	}
	return e
}

// Against explains why message a is a member of its campaign: the evidence between it and
// all others of it. B is the member that is most like it. It is false if the message is
// not known or in no campaign. Some evidence of the message is left out.
func (x *Index) Against(a int64, w Without) (Explanation, bool) {
	m, ok := x.find(a)
	if !ok || x.cluster(m) < 0 {
		return Explanation{}, false
	}
	c := x.cluster(m)
	others := x.others(m, c)
	if len(others) == 0 {
		return Explanation{}, false
	}
	with, counts := x.having(m, c, others)
	p := x.looseOf(m)
	if len(w.Features)+len(w.Kinds) > 0 {
		p = x.fit.Loose(x.single(m, w))
	}
	nearest := x.nearestOf(m, Sample(others, maxSide))
	account, ok := x.fit.Against(p, c, x.fit.unitOf[m])
	if !ok {
		// Its campaign is one unit: a burst, or copies of one message.
		e := x.pair(m, nearest, w)
		e.With = with
		return e.member(w), true
	}
	e := x.explanation(m, &account, func(f int32) bool { return counts[f] > 0 }, w)
	e.B, e.With, e.Together = x.keys[nearest], with, true
	for i := range e.Steps {
		s := &e.Steps[i]
		if f, ok := x.feature(s.Feature); ok {
			s.Members = counts[f]
			s.ViaB = x.via(f, nearest)
		}
	}
	return e.member(w), true
}

// member corrects the explanation of a member with all of its evidence. The run decided for its
// whole burst and before the last other message moved, so its decision stands.
func (e Explanation) member(w Without) Explanation {
	if len(w.Features)+len(w.Kinds) == 0 {
		e.Linked, e.Lacks = true, ""
	}
	return e
}

// others lists the messages of a cluster beside m, as far as they are there.
func (x *Index) others(m, c int32) (out []int32) {
	for u, messages := range x.fit.units {
		if x.fit.Cluster(int32(u)) == c {
			out = append(out, messages...)
		}
	}
	return slices.DeleteFunc(out, func(o int32) bool { return o == m })
}

// having counts the messages of a cluster beside m, and those that have each feature of m.
func (x *Index) having(m, c int32, others []int32) (all int, counts map[int32]int) {
	h, ok := x.fit.held[c]
	if !ok {
		return len(others), x.countsOf(others)
	}
	counts = make(map[int32]int)
	for _, f := range x.rows.row(m) {
		counts[f] = max(0, h.having[f]-1)
	}
	return h.messages - 1, counts
}

// countsOf counts the messages with each feature.
func (x *Index) countsOf(messages []int32) map[int32]int {
	out := make(map[int32]int)
	for _, m := range messages {
		for _, f := range x.rows.row(m) {
			out[f]++
		}
	}
	return out
}

func (x *Index) hasFeature(m, f int32) bool {
	_, ok := slices.BinarySearch(x.rows.row(m), f)
	return ok
}

// Values of Step.Kind beside the kinds of evidence.
const (
	KindText   = "text"   // likeness of texts
	KindTime   = "time"   // days in which both came
	KindBounds = "bounds" // correction by the bounds of a group
	KindSize   = "size"   // of the campaign
	KindApart  = "apart"  // two sides change together in several aspects
)

// explanation makes steps of an account. shared reports whether the other side
// has a feature.
func (x *Index) explanation(a int32, account *mixture.Account, shared func(f int32) bool, w Without) Explanation {
	e := Explanation{A: x.keys[a], Prior: inBits(account.Prior), Linked: account.Lacks == mixture.LacksNothing, Lacks: string(account.Lacks)}
	shown := make(map[int32]bool)
	var group [mixture.Groups]string
	for _, l := range account.Lines {
		s := Step{Kind: nameOf(l.Kind), Group: evidenceGroup(l.Kind), Bits: inBits(l.Nats), Against: l.Nats < 0 || l.Feature < 0, Implied: l.Idle}
		if group[l.Group] == "" || !l.Idle {
			group[l.Group] = s.Group
		}
		if int(l.Feature) >= 0 && int(l.Feature) < len(x.features) {
			x.tell(&s, l.Feature, a)
			shown[l.Feature] = true
		}
		if l.Idle {
			s.Worth, s.Bits = s.Bits, 0
		}
		e.Steps = append(e.Steps, s)
	}
	e.Steps = slices.DeleteFunc(e.Steps, func(s Step) bool { return s.Feature == 0 && !s.Implied && math.Abs(s.Bits) < 0.005 })
	bounds := make(map[string]float64)
	for g, v := range account.Bounds {
		bounds[group[g]] += v
	}
	for g := range evidence.Groups {
		if v := inBits(bounds[g.String()]); math.Abs(v) >= 0.005 {
			e.Steps = append(e.Steps, Step{Kind: KindBounds, Group: g.String(), Bits: v, Against: v < 0})
		}
	}
	if v := inBits(bounds[KindTime]); math.Abs(v) >= 0.005 {
		e.Steps = append(e.Steps, Step{Kind: KindBounds, Group: KindTime, Bits: v, Against: v < 0})
	}
	if account.Size > 0.005 {
		e.Steps = append(e.Steps, Step{Kind: KindSize, Group: KindSize, Bits: inBits(account.Size)})
	}
	if account.Apart < -0.005 {
		e.Steps = append(e.Steps, Step{Kind: KindApart, Group: KindApart, Bits: inBits(account.Apart), Against: true})
	}
	for _, f := range x.rows.row(a) {
		if shown[f] || !shared(f) || w.leaves(x.features[f]) {
			continue
		}
		s := Step{Kind: x.kind[f].String(), Group: x.kind[f].Group().String()}
		x.tell(&s, f, a)
		s.Common = x.tooCommon(f)
		s.Implied = !s.Common
		e.Steps = append(e.Steps, s)
	}
	e.Groups = groupsFor(e.Steps)
	sortSteps(e.Steps)
	e.sum()
	return e
}

func (w *Without) leaves(k evidence.Key) bool {
	return slices.Contains(w.Features, k) || slices.Contains(w.Kinds, k.Kind())
}

// tell fills in the counts of a feature that message a has.
func (x *Index) tell(s *Step, f, a int32) {
	s.Feature, s.ViaA = x.features[f], x.via(f, a)
	s.Worth, s.Messages, s.Ham = x.bits(f), x.df(f), int(x.ham[f])
}

// nameOf names a kind of the model.
func nameOf(k uint8) string {
	switch k {
	case slotKind:
		return KindText
	case timeKind:
		return KindTime
	}
	return evidence.Kind(k).String()
}

// evidenceGroup names the group of a kind as people know it.
func evidenceGroup(k uint8) string {
	switch k {
	case slotKind:
		return evidence.Content.String()
	case timeKind:
		return KindTime
	}
	return evidence.Kind(k).Group().String()
}

func inBits(nats float64) float64 { return nats / math.Ln2 }

// groupsFor counts the groups that speak for a link.
func groupsFor(steps []Step) int {
	sums := make(map[string]float64)
	for _, s := range steps {
		sums[s.Group] += s.Bits
	}
	n := 0
	for g, v := range sums {
		if v > 0 && g != KindSize {
			n++
		}
	}
	return n
}

// sum rounds every line to hundredths and makes the total their sum, so that
// the printed lines add up to the printed total.
func (e *Explanation) sum() {
	total := math.Round(100 * e.Prior)
	e.Prior = total / 100
	for i := range e.Steps {
		n := math.Round(100 * e.Steps[i].Bits)
		e.Steps[i].Bits = n / 100
		total += n
	}
	e.Total = total / 100
}

// sortSteps puts the groups with most bits first, and within each the lines
// that count.
func sortSteps(steps []Step) {
	strength := make(map[string]float64)
	for _, s := range steps {
		strength[s.Group] += s.Bits
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		if a.Group != b.Group {
			return cmp.Or(cmp.Compare(strength[b.Group], strength[a.Group]), cmp.Compare(a.Group, b.Group))
		}
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.Bits, a.Bits), cmp.Compare(b.Worth, a.Worth), cmp.Compare(a.Feature, b.Feature))
	})
}

// rank orders lines within a group: those that count, its bounds, implied ones,
// common ones.
func (s *Step) rank() int {
	switch {
	case s.Common:
		return 3
	case s.Implied:
		return 2
	case s.Kind == KindBounds:
		return 1
	}
	return 0
}

// via names the domain or address through which a message has a feature that registries
// gave it; "" if it has it by itself.
func (x *Index) via(f, m int32) string {
	want := x.features[f]
	if !inherited(want.Kind()) {
		return ""
	}
	for _, h := range x.rows.row(m) {
		if slices.Contains(x.inherited[x.features[h]], want) {
			return x.names[x.features[h]]
		}
	}
	return ""
}

// maxSide is how many messages of each side are compared to find the strongest pair.
const maxSide = 200

// Strongest explains the two messages, one of each side, that the evidence links most;
// false if there are none.
func (x *Index) Strongest(as, bs []int64) (Explanation, bool) {
	p, q := Sample(x.known(as), maxSide), Sample(x.known(bs), maxSide)
	best, a, b := float32(math.Inf(-1)), int32(-1), int32(-1)
	for _, i := range p {
		for _, j := range q {
			if i == j {
				continue
			}
			if s := x.strength(i, j); s > best {
				best, a, b = s, i, j
			}
		}
	}
	if a < 0 {
		return Explanation{}, false
	}
	return x.pair(a, b, Without{}), true
}

// word is the weight of a user's decision, more bits than any two messages
// have.
const word = 1000

// strength orders pairs: by users' decisions, then by bits.
func (x *Index) strength(a, b int32) float32 {
	switch x.decided(a, b) {
	case "same":
		return x.score(a, b) + word
	case "not same":
		return x.score(a, b) - word
	}
	return x.score(a, b)
}

// nearestOf is the one of others that message m is most like.
func (x *Index) nearestOf(m int32, others []int32) int32 {
	best, at := float32(math.Inf(-1)), others[0]
	for _, o := range others {
		if s := x.strength(m, o); s > best {
			best, at = s, o
		}
	}
	return at
}

// decided returns the users' decision on two messages: "same", "not same" or
// "".
func (x *Index) decided(a, b int32) string {
	if x.said == nil {
		x.said = make(map[[2]int32]string)
		x.note(x.decisions.NotSame, "not same")
		x.note(x.decisions.Same, "same")
	}
	return x.said[[2]int32{min(a, b), max(a, b)}]
}

// note records the decision on each pair whose messages are known.
func (x *Index) note(pairs [][2]int64, what string) {
	for _, p := range pairs {
		a, ok := x.find(p[0])
		b, ok2 := x.find(p[1])
		if ok && ok2 {
			x.said[[2]int32{min(a, b), max(a, b)}] = what
		}
	}
}

// Links reports whether two messages or more have a feature.
func (x *Index) Links(k evidence.Key) bool {
	_, ok := x.feature(k)
	return ok
}
