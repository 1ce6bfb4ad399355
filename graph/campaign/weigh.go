package campaign

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"spoor/graph/evidence"
)

// views number the independent contexts of a message: subject, text, link
// targets, mailer. Near-duplicates of a text are one context.
type views struct{ subject, text, links, mailer []int32 }

// weigh gives every feature its bits by its rarity among independent contexts.
// Forty messages with one subject and one link are one context of that link,
// not forty. So the size of a campaign does not make its link common, while a
// link with many subjects and many texts loses all weight. A feature of one
// group is counted in the views of the others.
func (x *Index) weigh() {
	v := x.views()
	x.text = v.text
	x.weight = make([]float32, len(x.features))
	x.contexts = make([]int32, len(x.features))
	seen := make([]int32, len(x.features)+len(x.keys))
	stamp := int32(0)
	all := [...]view{x.seen(v.subject, seen, &stamp), x.seen(v.text, seen, &stamp), x.seen(v.links, seen, &stamp), x.seen(v.mailer, seen, &stamp)}
	subject, text, links, mailer := &all[0], &all[1], &all[2], &all[3]
	// rarity is the share of the contexts of a view in which a feature stands.
	rarity := func(f int32, v *view) share {
		stamp++
		n := 0
		for _, m := range x.cols.row(f) {
			if x.background(m) {
				n++
			} else if seen[v.of[m]] != stamp {
				seen[v.of[m]] = stamp
				n++
			}
		}
		return share{n, v.all}
	}
	trusted := make(map[evidence.Key]bool)
	for _, k := range x.decisions.Trusted {
		trusted[k] = true
	}
	for f := range int32(len(x.features)) {
		var s share
		switch k := x.kind[f]; {
		case contact(k):
			// A contact for replies or payment belongs to one operator,
			// whatever else varies.
			s = rarest(k, 0, rarity(f, subject), rarity(f, text), rarity(f, links), rarity(f, mailer))
		case k.Group() == evidence.Content:
			s = rarest(k, rank, rarity(f, links), rarity(f, mailer), rarity(f, subject))
		case k.Group() == evidence.Links:
			s = rarest(k, rank, rarity(f, subject), rarity(f, text), rarity(f, mailer))
		default:
			s = rarest(k, rank, rarity(f, subject), rarity(f, links), rarity(f, text))
		}
		x.contexts[f] = int32(s.n)
		switch key := x.features[f]; {
		case x.ignored[key], contact(x.kind[f]) && s.n > manyHands && !trusted[key]:
		case trusted[key]:
			x.weight[f] = float32(x.kind[f].MaxBits())
		default:
			x.weight[f] = worth(x.kind[f], s)
		}
	}
	x.copied = x.copies(v, seen, &stamp)
	x.prior = -basePrior - float32(caution(len(x.keys)))
}

// copies estimates for each text the number of operators that use it, as the
// reduction of its weight: the smaller of its numbers of distinct programs and
// distinct links. The result is kept by the message that represents the text.
func (x *Index) copies(v views, seen []int32, stamp *int32) []float32 {
	base := int32(len(x.features))
	with := csr{start: make([]int32, 1, len(x.keys)+1)} // message -> the text's own message
	for m, t := range v.text {
		if x.sketch[m] >= 0 {
			with.to = append(with.to, t-base)
		}
		with.start = append(with.start, int32(len(with.to)))
	}
	users := transpose(&with, len(x.keys))
	distinct := func(messages, of []int32) int {
		*stamp++
		n := 0
		for _, m := range messages {
			if seen[of[m]] != *stamp {
				seen[of[m]] = *stamp
				n++
			}
		}
		return n
	}
	out := make([]float32, len(x.keys))
	for t := range int32(len(x.keys)) {
		if all := users.row(t); len(all) > 1 {
			if n := min(distinct(all, v.mailer), distinct(all, v.links)); n > 1 {
				out[t] = float32(math.Floor(textCopies*2*math.Log2(float64(n))) / 2)
			}
		}
	}
	return out
}

// copiesOf is the reduction of the weight of message m's text.
func (x *Index) copiesOf(m int32) float32 { return x.copied[x.text[m]-int32(len(x.features))] }

// view is one of the views with the number of its contexts.
type view struct {
	of  []int32
	all int
}

// seen counts the contexts of a view; wanted mail is a context a message.
func (x *Index) seen(of, seen []int32, stamp *int32) view {
	*stamp++
	n := 0
	for m, c := range of {
		if x.background(int32(m)) {
			n++
		} else if seen[c] != *stamp {
			seen[c] = *stamp
			n++
		}
	}
	return view{of, n}
}

// share is n of all contexts.
type share struct{ n, all int }

// chance is the probability that an unrelated message has a value of the kind
// with this frequency. The number of contexts with the prior count is rounded
// down to a power of two, so that it takes hundreds of new messages to change
// it.
func (s share) chance(k evidence.Kind) float64 {
	return (float64(max(s.n-1, 0)) + k.PriorCount()) / float64(int(1)<<doublings(s.all))
}

// rarest returns the share that is n-th from the rarest, by the chance that will count: by
// any other, one message more could have two views change places.
func rarest(k evidence.Kind, n int, shares ...share) share {
	slices.SortFunc(shares, func(a, b share) int {
		return cmp.Or(cmp.Compare(a.chance(k), b.chance(k)), cmp.Compare(a.n, b.n))
	})
	return shares[n]
}

// priorMessages is the prior count of unrelated messages, added to the observed
// ones so that a folder of 50 messages can be judged at all.
const priorMessages = 512

// worth is -log2 of the chance that a stranger has the value too, in half bits.
func worth(k evidence.Kind, s share) float32 {
	w := math.Floor(-2*math.Log2(s.chance(k))) / 2
	if soft(k) {
		// A value that several operators use was copied, and will be again.
		w = min(w, k.MaxBits()-math.Floor(copyRate*2*math.Log2(float64(max(s.n, 1))))/2)
	}
	if w < minBits {
		return 0
	}
	return float32(min(w, k.MaxBits(), float64(doublings(s.all))))
}

// doublings is log2 of the messages, imagined background included, rounded down.
func doublings(messages int) int { return bits.Len(uint(messages+priorMessages)) - 1 }

// caution is required in addition in a larger store: with each doubling, twice
// as many unrelated messages may agree by chance. It is limited because the
// kinds' weights are.
func caution(messages int) int { return min(doublings(messages)-doublings(0), maxCaution) }

const (
	maxCaution = 3
	// linkBits is the odds, in bits, from which two are held to be of one campaign: 16 to 1.
	linkBits = 4
	// minBits is the least that a feature must be worth to be evidence at all.
	minBits = 1.5
)

// views numbers for each message its subject, text, links and mailer. A message
// without one is a context of its own there, since an absent value is not
// shared.
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
			case evidence.SubjectWord:
				if v.subject[m] == own {
					v.subject[m] = f // of a subject of one word
				}
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
