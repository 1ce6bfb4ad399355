package campaign

import (
	"slices"

	"spoor/graph/evidence"
)

// profile is a set of messages as a whole: its features, each with the number
// of members.
type profile struct {
	members  []int32
	features []int32
	counts   []int32
	texts    []int32                // messages whose sketches represent the texts, at most maxTexts
	present  [evidence.Groups]int32 // members that have something of a group
}

const maxTexts = 6

// minShare is the share of members below which a feature is no trait of a large set.
const minShare = 0.01

// profileOf counts the features of members.
func (x *Index) profileOf(members []int32) *profile {
	p := &profile{members: members}
	if len(members) == 1 {
		if x.sketch[members[0]] >= 0 {
			p.texts = members
		}
		p.features = x.rows.row(members[0])
		p.counts = ones[:min(len(p.features), len(ones))]
		if len(p.features) > len(ones) {
			p.counts = slices.Repeat([]int32{1}, len(p.features))
		}
	} else {
		p.count(x)
	}
	for _, m := range members {
		for g := range evidence.Groups {
			p.present[g] += int32(x.has[m] >> g & 1)
		}
	}
	if len(members) > 1 {
		p.pickTexts(x)
	}
	return p
}

// ones are the counts of single messages, which are most.
var ones = slices.Repeat([]int32{1}, 256)

func (p *profile) count(x *Index) {
	n := 0
	for _, m := range p.members {
		n += len(x.rows.row(m))
	}
	all := make([]int32, 0, n)
	for _, m := range p.members {
		all = append(all, x.rows.row(m)...)
	}
	slices.Sort(all)
	least := int32(minShare * float64(len(p.members)))
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j] == all[i] {
			j++
		}
		if c := int32(j - i); c >= least && x.weight[all[i]] > 0 {
			p.features = append(p.features, all[i])
			p.counts = append(p.counts, c)
		}
		i = j
	}
}

// pickTexts chooses texts that are unlike one another.
func (p *profile) pickTexts(x *Index) {
	step := max(len(p.members)/200, 1)
next:
	for i := 0; i < len(p.members) && len(p.texts) < maxTexts; i += step {
		m := p.members[i]
		if x.sketch[m] < 0 {
			continue
		}
		for _, t := range p.texts {
			if s, _ := x.likeness(t, m); s >= 0.5 {
				continue next
			}
		}
		p.texts = append(p.texts, m)
	}
}

// habit reports whether all of a campaign's messages have one value of the kind, as a rule;
// of the others it has a pool that it draws from.
func habit(k evidence.Kind) bool {
	return k.Is(evidence.Habit)
}

// match compares two profiles as tally compares two messages. A shared feature
// counts by the portion of members that share it. Both sides must have a habit;
// of a pool it suffices that one side draws from the other's.
func (x *Index) match(p, q *profile) (t tally) {
	if len(p.members) == 1 && len(q.members) == 1 {
		return x.tally(p.members[0], q.members[0])
	}
	for g := range t.best {
		t.best[g] = -1
	}
	var cover struct {
		kind   evidence.Kind
		weight float32
		best   int32
		p, q   int32
	}
	flush := func() {
		if cover.best < 0 {
			return
		}
		sp := min(float32(cover.p)/float32(len(p.members)), 1)
		sq := min(float32(cover.q)/float32(len(q.members)), 1)
		share := max(sp, sq)
		if habit(cover.kind) {
			share = sqrt(sp * sq)
		}
		g := cover.kind.Group()
		if w := cover.weight * share; w > t.bits[g] || t.best[g] < 0 && w > 0 {
			t.bits[g], t.best[g] = w, cover.best
		}
	}
	cover.best = -1
	var sameP, sameQ int32 // members that link to a domain that both sides link to
	for i, j := 0, 0; i < len(p.features) && j < len(q.features); {
		switch {
		case p.features[i] < q.features[j]:
			i++
		case p.features[i] > q.features[j]:
			j++
		default:
			f := p.features[i]
			pc, qc := p.counts[i], q.counts[j]
			switch g := x.kind[f].Group(); {
			case x.kind[f] == evidence.LinkDomain:
				sameP, sameQ = sameP+pc, sameQ+qc
			case g == evidence.Registration || g == evidence.Hosting:
				// Evidence that follows from a domain that both link to does
				// not count again.
				if pc, qc = max(pc-sameP, 0), max(qc-sameQ, 0); pc == 0 && qc == 0 {
					if t.best[g] == -1 {
						t.best[g] = implied
					}
					i++
					j++
					continue
				}
			}
			if k := x.kind[f]; k != cover.kind || cover.best < 0 {
				flush()
				cover.kind, cover.weight, cover.best, cover.p, cover.q = k, 0, f, 0, 0
			}
			if w := x.weight[f]; w > 0 {
				if w > cover.weight {
					cover.weight, cover.best = w, f
				}
				cover.p += pc
				cover.q += qc
			}
			i++
			j++
		}
	}
	flush()
	x.likeTexts(&t, p, q)
	var both uint8
	for g := range evidence.Groups {
		// Most members of both must have something to differ in.
		if 2*int(p.present[g]) > len(p.members) && 2*int(q.present[g]) > len(q.members) {
			both |= 1 << g
		}
	}
	x.opposeWeak(&t, both)
	return t
}

// likeTexts compares the texts: the best pair counts, with those of the smaller side that
// have a like on the other.
func (x *Index) likeTexts(t *tally, p, q *profile) {
	t.like = -1
	if len(p.texts) == 0 || len(q.texts) == 0 {
		return
	}
	if len(p.texts) > len(q.texts) {
		p, q = q, p
	}
	sum := float32(0)
	for _, a := range p.texts {
		best, worth := float32(0), float32(0)
		for _, b := range q.texts {
			s, _ := x.likeness(a, b)
			best = max(best, float32(s))
			worth = max(worth, x.likeWorth(float32(s), a, b))
		}
		t.like = max(t.like, best)
		sum += worth
	}
	if w := sum / float32(len(p.texts)); w > t.bits[evidence.Content] {
		t.bits[evidence.Content], t.best[evidence.Content] = w, asText
	}
}

// opposeWeak is oppose for sets: a value shared by a few members does not hide
// that most differ.
func (x *Index) opposeWeak(t *tally, both uint8) {
	for g := range evidence.Groups {
		if both&(1<<g) == 0 && !(g == evidence.Content && t.like >= 0) {
			continue
		}
		if g == evidence.Content && (t.like < 0 || t.like >= unlike) {
			continue
		}
		if f := t.best[g]; f != implied && t.bits[g] < 1 || f >= 0 && soft(x.kind[f]) {
			t.bits[g] += x.against[g]
		}
	}
}
