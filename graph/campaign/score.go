package campaign

import (
	"math"

	"spoor/graph/evidence"
)

// The score of two messages is a sum of bits, after Fellegi and Sunter (1969): the prior of
// any two, and for each group of evidence what agreeing or disagreeing in it is worth.
// Within a group only the strongest agreement counts, since the others are implied by it
// more often than not. Agreements are weighed by the rarity of the very value (Winkler's
// term frequencies); disagreements by how often messages of one campaign differ there,
// which is learned from the data. What either message lacks counts nothing.

// tally is the evidence that two messages share.
type tally struct {
	bits [evidence.Groups]float32 // by group; negative for a disagreement
	best [evidence.Groups]int32   // the feature that counts; -1 without one, asText for text similarity
	like float32                  // of the texts; -1 where unknown
}

// Values in place of a feature's number: asText for text similarity, implied
// for evidence that follows from a common link domain.
const (
	asText  = -2
	implied = -3
)

// total is the sum with the prior. Registry data of links counts only up to a
// maximum, because all campaigns of one operator share it.
func (t *tally) total(prior float32) float32 {
	for _, b := range t.bits {
		prior += b
	}
	return prior - t.excess()
}

// excess is the weight of registration and hosting above their maximum.
func (t *tally) excess() float32 {
	said := max(t.bits[evidence.Registration], 0) + max(t.bits[evidence.Hosting], 0)
	return max(said-registryMost, 0)
}

// groups counts the groups that speak for the link.
func (t *tally) groups() int {
	n := 0
	for _, b := range t.bits {
		if b >= groupBits {
			n++
		}
	}
	return n
}

// hostBits is the maximum weight of a host in addition to its domain.
const hostBits = 2

// linked reports whether the tally alone puts two messages into one campaign.
// Content must agree as well as the sender. Creative texts, subjects and URL
// grammars are copied and sold: if there is no more specific content, the
// sender must be certainly the same.
func (x *Index) linked(t *tally) bool {
	if t.total(x.prior) < linkBits || t.groups() < 2 {
		return false
	}
	if x.specific(t, evidence.Content) || x.specific(t, evidence.Links) || x.specific(t, evidence.Sending) {
		return true
	}
	what := t.bits[evidence.Content]
	if f := t.best[evidence.Links]; f >= 0 && soft(x.kind[f]) {
		what += max(t.bits[evidence.Links], 0) // a host that many link to identifies no one
	}
	who := float32(0)
	for g := evidence.Registration; g < evidence.Groups; g++ {
		who += max(t.bits[g], 0)
	}
	if t.total(x.prior) >= popular && who >= softWho {
		// With so much other agreement, a host that others link to as well, or
		// a word, suffices.
		return what >= groupBits || t.best[evidence.Links] >= 0 && t.bits[evidence.Links] >= groupBits
	}
	return what >= whatBits && who >= softWho
}

// specific reports whether the agreement of a group is one operator's own: the
// target of a link, or a contact or account of the reader's reply.
func (x *Index) specific(t *tally, g evidence.Group) bool {
	f := t.best[g]
	if f < 0 {
		return false
	}
	switch k := x.kind[f]; {
	case contact(k):
		return t.bits[g] >= contactBits
	case g == evidence.Sending || soft(k):
		return false
	}
	return t.bits[g] >= ownBits
}

// contact reports whether a kind is a contact or a payment address.
func contact(k evidence.Kind) bool {
	return k.Is(evidence.Contact)
}

// soft kinds are those that strangers copy from one another, or happen upon.
func soft(k evidence.Kind) bool {
	return k.Is(evidence.Copied)
}

// likeBits is the weight of texts with the given equal portion. Unrelated texts
// on one subject in one language share up to a tenth; a template with slots or
// spun text shares a third and more.
func likeBits(share float32) float32 {
	switch {
	case share >= 0.9:
		return 7
	case share >= 0.7:
		return 6
	case share >= 0.5:
		return 5
	case share >= 0.35:
		return 4
	case share >= 0.25:
		return 2.5
	}
	return 0
}

// likeWorth is the weight of the similarity of two texts, reduced if several
// operators use them.
func (x *Index) likeWorth(share float32, a, b int32) float32 {
	w := likeBits(share)
	if w > 0 {
		w -= max(x.copiesOf(a), x.copiesOf(b))
	}
	return w
}

// unlike is the share below which texts count as different.
const unlike = 0.15

// tally compares two messages.
func (x *Index) tally(a, b int32) (t tally) {
	for g := range t.best {
		t.best[g] = -1
	}
	p, q := x.rows.row(a), x.rows.row(b)
	domain := float32(-1)
	for i, j := 0, 0; i < len(p) && j < len(q); {
		switch {
		case p[i] < q[j]:
			i++
		case p[i] > q[j]:
			j++
		default:
			if x.kind[p[i]] == evidence.LinkDomain {
				domain = max(domain, x.weight[p[i]])
			}
			if g := x.kind[p[i]].Group(); x.weight[p[i]] > t.bits[g] || t.best[g] < 0 {
				t.bits[g], t.best[g] = x.weight[p[i]], p[i]
			}
			i++
			j++
		}
	}
	if f := t.best[evidence.Links]; f >= 0 && x.kind[f] == evidence.LinkHost && domain >= 0 {
		// A host in a domain where many have theirs may be a service's.
		t.bits[evidence.Links] = min(t.bits[evidence.Links], domain+hostBits)
	}
	if domain >= 0 {
		// Registration and hosting of a domain that both link to do not count
		// again.
		for _, g := range [...]evidence.Group{evidence.Registration, evidence.Hosting} {
			t.bits[g], t.best[g] = 0, implied
		}
	}
	t.like = -1
	if s, ok := x.likeness(a, b); ok {
		t.like = float32(s)
		if w := x.likeWorth(t.like, a, b); w > t.bits[evidence.Content] {
			t.bits[evidence.Content], t.best[evidence.Content] = w, asText
		}
	}
	x.oppose(&t, x.has[a]&x.has[b])
	return t
}

// oppose adds the disagreements: groups in which both have values and share
// none of weight. A common shared value is neither. Agreement in copyable
// kinds, a subject or a URL grammar, does not hide that the texts or the hosts
// differ: both count.
func (x *Index) oppose(t *tally, both uint8) {
	for g := range evidence.Groups {
		if both&(1<<g) == 0 && !(g == evidence.Content && t.like >= 0) {
			continue
		}
		f := t.best[g]
		if g == evidence.Content && (t.like < 0 || t.like >= unlike) {
			continue
		}
		switch {
		case f == -1:
			t.bits[g] = x.against[g]
		case f >= 0 && t.bits[g] > 0 && soft(x.kind[f]):
			t.bits[g] += x.against[g]
		}
	}
}

// learned counts the certain pairs of a group.
type learned struct{ agree, differ int }

// Prior portion of agreement among messages of one campaign that both have
// values of a group, and its weight in pairs.
var agreement = [evidence.Groups]float64{
	evidence.Content: 0.9, evidence.Links: 0.7, evidence.Registration: 0.6, evidence.Hosting: 0.6, evidence.Sending: 0.35, evidence.Mailer: 0.9,
}

const agreementPairs = 100

// learn estimates the weight of a disagreement from certain pairs: those that
// the other groups link without the one in question.
func (x *Index) learn() {
	for g := range evidence.Groups {
		x.against[g] = opposing(agreement[g])
	}
	var counts [evidence.Groups]learned
	left := maxCertain
	x.compare(func(a, b int32) bool {
		t := x.tally(a, b)
		total := t.total(x.prior)
		for g := range evidence.Groups {
			if x.has[a]&x.has[b]&(1<<g) == 0 || total-t.bits[g] < linkBits {
				continue
			}
			if t.bits[g] >= groupBits {
				counts[g].agree++
			} else if t.bits[g] < 0 {
				counts[g].differ++
			}
		}
		left--
		return left > 0
	})
	x.learned = counts
	for g, c := range counts {
		// A hundred pairs of one campaign are less informative than a hundred
		// of as many campaigns.
		agree, differ := math.Sqrt(float64(c.agree)), math.Sqrt(float64(c.differ))
		scale := (agree + differ) / max(float64(c.agree+c.differ), 1)
		m := (float64(c.agree)*scale + agreement[g]*agreementPairs) / (float64(c.agree+c.differ)*scale + agreementPairs)
		x.against[g] = opposing(m)
	}
}

// maxCertain bounds the pairs that are looked at to learn.
const maxCertain = 200_000

// opposing is the log2 likelihood ratio of a disagreement within a campaign
// against chance, where nearly all pairs disagree; in half bits, 5 at most.
func opposing(m float64) float32 {
	return float32(max(math.Round(2*math.Log2(1-m))/2, maxAgainst))
}
