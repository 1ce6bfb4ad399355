package graph

import (
	"math/bits"
	"slices"
)

// views are the ways in which a message is counted as a context of its own: what it
// says, how it says it, where it leads, what program made it.
type views struct{ subject, text, links, mailer []int32 }

// weigh gives every feature its bits: how much rarer it is among independent contexts
// than what all share. Forty messages with one subject and one link are one context of
// that link, not forty: a campaign's own size does not make its link common, while a
// link that goes with many subjects and many texts is everybody's.
func (x *incidence) weigh() {
	v := x.views()
	x.bits = make([]uint8, len(x.features))
	seen := make([]int32, len(x.features)+len(x.keys))
	stamp := int32(0)
	distinct := func(f int32, of []int32) int {
		stamp++
		n := 0
		for _, m := range x.cols.row(f) {
			if x.background[m] {
				n++
			} else if seen[of[m]] != stamp {
				seen[of[m]] = stamp
				n++
			}
		}
		return n
	}
	for f := range int32(len(x.features)) {
		k := x.features[f].Kind
		var contexts int
		switch g := k.Group(); {
		case k == Phone || k == Mailbox:
			// Somebody who forwards the spam he gets has one program and signs with one
			// address, under all subjects: one narrow view is not enough.
			contexts = second(distinct(f, v.subject), distinct(f, v.text), distinct(f, v.links), distinct(f, v.mailer))
		case g == Content || g == Subject:
			contexts = min(distinct(f, v.links), distinct(f, v.mailer))
		case g == Links:
			contexts = min(distinct(f, v.subject), distinct(f, v.text))
		default:
			contexts = min(distinct(f, v.subject), distinct(f, v.links))
		}
		x.bits[f] = uint8(worth(k, contexts, len(x.keys)))
	}
}

// second is the second smallest.
func second(n ...int) int {
	slices.Sort(n)
	return n[1]
}

// worth is -log2 of the chance that a stranger has the value too, rounded down to whole
// bits. The number of messages is rounded down to a power of two, imagined background
// included, so that it takes hundreds of new messages to move a weight.
func worth(k Kind, contexts, messages int) int {
	t := kindTable[k]
	all := 1 << doublings(messages)
	seen := 4*max(contexts-1, 0) + t.stray
	w := bits.Len(uint(4*all/seen)) - 1
	if w < minBits {
		return 0
	}
	return min(w, t.ceiling)
}

// doublings is log2 of the messages, imagined background included, rounded down.
func doublings(messages int) int { return bits.Len(uint(messages+priorMessages)) - 1 }

// minBits is the least that a feature must be worth to be evidence at all.
const minBits = 3

// views numbers for each message its subject, text, links and mailer. A message that
// has none of a view is a context of its own there: what is absent is not shared.
func (x *incidence) views() views {
	n := len(x.keys)
	v := views{make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)}
	signatures := make(map[uint64]int32)
	for m := range int32(n) {
		own := int32(len(x.features)) + m
		v.subject[m], v.text[m], v.links[m], v.mailer[m] = own, own, own, own
		sig, links := uint64(14695981039346656037), 0
		for _, f := range x.rows.row(m) {
			switch x.features[f].Kind {
			case SubjectText:
				v.subject[m] = f
			case Text:
				v.text[m] = f
			case MailerPrint:
				v.mailer[m] = f
			case LinkDomain, LinkTenant:
				sig = (sig ^ uint64(f)) * 1099511628211
				links++
			}
		}
		if links > 0 {
			id, ok := signatures[sig]
			if !ok {
				id = own
				signatures[sig] = id
			}
			v.links[m] = id
		}
	}
	return v
}

// setAside lists the link domains that so many share that they are no evidence.
func (x *incidence) setAside() []Trait {
	var out []Trait
	for f := range int32(len(x.features)) {
		if k := x.features[f].Kind; k != LinkDomain && k != LinkTenant || x.bits[f] > 0 {
			continue
		}
		out = append(out, x.trait(f, nil))
	}
	slices.SortFunc(out, func(p, q Trait) int {
		if d := q.Elsewhere - p.Elsewhere; d != 0 {
			return d
		}
		return compareFeatures(p.Feature, q.Feature)
	})
	return head(out, 10)
}
