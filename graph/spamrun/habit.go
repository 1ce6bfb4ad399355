package spamrun

import (
	"math"
	"math/bits"
)

// The habits of a hand are the common traits of its mails at any time: names,
// recipients a mail, and how many of these are broken. They are unknown, so all possible
// ones are integrated out. Evidence is a log likelihood, in nats.

// list counts the recipients of some mails.
type list struct {
	good, bad float64
	sizes     [sizes]float64 // mails by number of recipients
}

// sizes are the classes of mails by number of recipients: 1, 2 to 3, 4 to 7, and more.
const sizes = 4

// atMostOf is the number of recipients of one mail that count, since they are
// no independent draws.
const atMostOf = 3

// add counts one mail. It skips mail without a known recipient.
func (l *list) add(a *Arrival) {
	if a.Tried <= 0 {
		return
	}
	l.sizes[min(sizes-1, bits.Len(uint(a.Tried))-1)]++
	whole := min(float64(a.Tried), atMostOf)
	bad := whole * min(1, float64(a.Bad)/float64(a.Tried))
	l.good, l.bad = l.good+whole-bad, l.bad+bad
}

// listOf counts the recipients of several mails.
func listOf(all []Arrival) (l list) {
	for i := range all {
		l.add(&all[i])
	}
	return l
}

// plus sums up two lists.
func (l list) plus(other list) list {
	l.good, l.bad = l.good+other.good, l.bad+other.bad
	for k := range l.sizes {
		l.sizes[k] += other.sizes[k]
	}
	return l
}

// Prior habits with lists: any share of a spammer's list is broken or gone, nearly half on
// average; one in thirty of own mail's.
var (
	anyList = list{good: 1.1, bad: 0.9, sizes: [sizes]float64{0.5, 0.5, 0.5, 0.5}}
	ownList = list{good: 29, bad: 1, sizes: [sizes]float64{8, 1, 0.5, 0.5}}
)

// evidence returns the evidence of one unknown habit.
func (l list) evidence() float64 { return l.after(&anyList) }

// after returns the evidence of a list if known is an earlier list of the same
// hand.
func (l list) after(known *list) float64 {
	return lbeta(known.bad+l.bad, known.good+l.good) - lbeta(known.bad, known.good) + dirichlet(known.sizes[:], l.sizes[:])
}

// dirichlet is the evidence of counted answers to a question if the known counts are of the
// same hand.
func dirichlet(known, counts []float64) float64 {
	before, after, sum := 0.0, 0.0, 0.0
	for k := range known {
		before += known[k]
		after += known[k] + counts[k]
		sum += lgamma(known[k]+counts[k]) - lgamma(known[k])
	}
	return sum + lgamma(before) - lgamma(after)
}

func lgamma(x float64) float64 {
	l, _ := math.Lgamma(x)
	return l
}

// habit sums up the habits of own mail.
func (m *model) habit() {
	m.own, m.ownList = ofOwn, ownList
	var has [len(questions)]int
	for i := range m.all {
		if m.foreign[i] {
			continue
		}
		for _, k := range m.marksOf(&m.all[i], has[:0]) {
			m.own.marks[k]++
		}
		m.ownList.add(&m.all[i])
	}
}

// unlike is the weight of a hand's habit as prior knowledge, in mails. It is
// much less than a server's, since each hand has its own.
const unlike = 0.3

// strange is the evidence that another hand sent a part of a burst, against own mail in a
// hurry, by habits alone.
func (m *model) strange(part []int) float64 {
	var n counts
	var l list
	var has [len(questions)]int
	filing := 0.0
	for _, i := range part {
		a := &m.all[i]
		for _, k := range m.marksOf(a, has[:0]) {
			n.marks[k]++
		}
		l.add(a)
		switch a.Class {
		case Spam:
			filing += filed
		case Wanted:
			filing -= filed
		}
	}
	sum := filing + l.evidence() - l.after(&m.ownList)
	var other counts
	for k, x := range ofBurst.marks {
		other.marks[k] = unlike * x
	}
	for _, q := range questions[:3] { // the last is in the list
		of := n.marks[q[0]:q[1]]
		sum += dirichlet(other.marks[q[0]:q[1]], of) - dirichlet(m.own.marks[q[0]:q[1]], of)
	}
	return sum
}

// ownMail is the evidence that mails are own mail at its usual rate, comparable to that of a
// hand.
func (m *model) ownMail(part []int, u *usage) float64 {
	if m.rented {
		return math.Inf(-1)
	}
	var l list
	var has [len(questions)]int
	sum := 0.0
	for _, i := range part {
		sum += math.Log(m.rate[i])
		l.add(&m.all[i])
		for _, k := range m.marksOf(&m.all[i], has[:0]) {
			for _, q := range questions[:2] { // of names
				if q[0] <= k && k < q[1] {
					sum += math.Log(m.own.marks[k] / total(m.own.marks[q[0]:q[1]]))
				}
			}
		}
	}
	mail := m.of(part)
	sum -= float64(len(naming(mail, helo))) * math.Log(float64(max(1, len(u.helo.namings))))
	for _, of := range domains(mail) {
		sum -= math.Log(float64(len(u.domain.namings))) + float64(len(of.addresses))*math.Log(float64(len(u.inDomain[of.domain].namings)))
	}
	return sum + l.after(&m.ownList)
}

func total(of []float64) (sum float64) {
	for _, x := range of {
		sum += x
	}
	return sum
}

// begins is the log rate, a second, at which bursts of other hands begin at this sender.
func (m *model) begins() float64 {
	span := float64(since(m.all[0].At, m.all[len(m.all)-1].At)) + day
	return math.Log(float64(m.starts+1) / span)
}
