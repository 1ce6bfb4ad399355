package campaign

import (
	"math"
	"math/bits"
	"slices"

	"spoor/graph/evidence"
)

// views are the ways in which a message is counted as a context of its own: what it is
// about, what it says, where it leads, what program made it. Near-duplicates of one text
// are one view.
type views struct{ subject, text, links, mailer []int32 }

// weigh gives every feature its bits: how much rarer it is among independent contexts
// than what all share. Forty messages with one subject and one link are one context of
// that link, not forty: a campaign's own size does not make its link common, while a
// link that goes with many subjects and many texts is everybody's and falls to nothing.
// What one group shares is counted in the views of the others.
func (x *Index) weigh() {
	v := x.views()
	x.text = v.text
	x.weight = make([]float32, len(x.features))
	x.contexts = make([]int32, len(x.features))
	seen := make([]int32, len(x.features)+len(x.keys))
	stamp := int32(0)
	distinct := func(f int32, of []int32) int {
		stamp++
		n := 0
		for _, m := range x.cols.row(f) {
			if x.background(m) {
				n++
			} else if seen[of[m]] != stamp {
				seen[of[m]] = stamp
				n++
			}
		}
		return n
	}
	trusted := make(map[evidence.Key]bool)
	for _, k := range x.decisions.Trusted {
		trusted[k] = true
	}
	for f := range int32(len(x.features)) {
		var n int
		switch k := x.kind[f]; {
		case k == evidence.Phone || k == evidence.Mailbox || k == evidence.Wallet || k == evidence.ReplyTo:
			// Somebody who forwards the spam he gets has one program and signs with one
			// address, under all subjects: one narrow view is not enough.
			n = second(distinct(f, v.subject), distinct(f, v.text), distinct(f, v.links), distinct(f, v.mailer))
		case k.Group() == evidence.Content:
			n = min(distinct(f, v.links), distinct(f, v.mailer))
		case k.Group() == evidence.Links:
			n = min(distinct(f, v.subject), distinct(f, v.text))
		default:
			n = min(distinct(f, v.subject), distinct(f, v.links), distinct(f, v.text))
		}
		x.contexts[f] = int32(n)
		switch key := x.features[f]; {
		case x.ignored[key]:
		case trusted[key]:
			x.weight[f] = float32(x.kind[f].Ceiling())
		default:
			x.weight[f] = worth(x.kind[f], n, len(x.keys))
		}
	}
	x.prior = -basePrior - float32(caution(len(x.keys)))
}

// second is the second smallest.
func second(n ...int) int {
	slices.Sort(n)
	return n[1]
}

// priorMessages is the size of the imagined background that is added to what was seen, so
// that a folder of 50 messages can be judged at all.
const priorMessages = 512

// worth is -log2 of the chance that a stranger has the value too, in half bits. The number
// of messages is rounded down to a power of two, imagined background included, so that it
// takes hundreds of new messages to move a weight.
func worth(k evidence.Kind, contexts, messages int) float32 {
	chance := (float64(max(contexts-1, 0)) + k.Stray()) / float64(int(1)<<doublings(messages))
	w := math.Floor(-2*math.Log2(chance)) / 2
	if w < minBits {
		return 0
	}
	return float32(min(w, k.Ceiling(), float64(doublings(messages))))
}

// doublings is log2 of the messages, imagined background included, rounded down.
func doublings(messages int) int { return bits.Len(uint(messages+priorMessages)) - 1 }

// caution is what is asked for on top in a larger store: with each doubling twice as many
// strangers stand ready to agree by chance. The ceilings of kinds bound what can be asked.
func caution(messages int) int { return min(doublings(messages)-doublings(0), maxCaution) }

const (
	maxCaution = 3
	basePrior  = 8
	// linkBits is the odds, in bits, from which two are held to be of one campaign: 16 to 1.
	linkBits = 4
	// minBits is the least that a feature must be worth to be evidence at all.
	minBits = 1.5
)

// views numbers for each message its subject, text, links and mailer. A message that has
// none of a view is a context of its own there: what is absent is not shared.
func (x *Index) views() views {
	n := len(x.keys)
	v := views{make([]int32, n), nil, make([]int32, n), make([]int32, n)}
	signatures := make(map[uint64]int32)
	exact := make([]int32, n)
	for m := range int32(n) {
		own := int32(len(x.features)) + m
		v.subject[m], v.links[m], v.mailer[m], exact[m] = own, own, own, -1
		sig, links := uint64(14695981039346656037), 0
		for _, f := range x.rows.row(m) {
			switch x.kind[f] {
			case evidence.SubjectKey:
				if v.subject[m] == own {
					v.subject[m] = f
				}
			case evidence.SubjectForm:
				v.subject[m] = f
			case evidence.Text:
				exact[m] = f
			case evidence.MailerCore:
				v.mailer[m] = f
			case evidence.LinkDomain, evidence.LinkTenant:
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
	v.text = x.texts(exact)
	return v
}
