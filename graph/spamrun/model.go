package spamrun

import (
	"math"
	"slices"
)

// model is the model of one sender's mail.
type model struct {
	all     []Arrival
	state   []uint8   // rate of the burst, from 1; 0: none
	foreign []bool    // of the burst, rather than own mail in its time
	rate    []float64 // of own mail at that time, a second
	mark    []float64 // log odds of a burst's hand, by the marks alone
	bursts  [][]int   // arrivals of each burst, in the last round
	starts  int       // number of bursts in the round before
	rented  bool      // there is no own mail
	own     counts    // of own mail
	usage   *usage
	usual   *usual
	ownList list

	crowds                map[string][]int64 // times by envelope sender, of all mail
	address, domain, helo map[string][]int64 // times by name, of own mail
}

// newModel returns a model in which all mail is own. crowds is computed once,
// because it does not depend on the states.
func newModel(all []Arrival, known *usual) *model {
	n := len(all)
	m := &model{all: all, state: make([]uint8, n), foreign: make([]bool, n), rate: make([]float64, n), mark: make([]float64, n), crowds: map[string][]int64{}}
	m.usage, m.usual = usageOf(all), known
	for i := range all {
		if a := &all[i]; a.ReturnPath != "" {
			m.crowds[a.ReturnPath] = append(m.crowds[a.ReturnPath], a.At)
		}
	}
	return m
}

// apart is the distance in time, in seconds, from which a name cannot be part
// of one burst.
const apart = 60 * 60

// within counts the times that lie no further than span from at.
func within(times []int64, at, span int64) int {
	from, _ := slices.BinarySearch(times, at-span)
	to, _ := slices.BinarySearch(times, at+span+1)
	return to - from
}

// The marks of a mail that separate operators. Each question has one answer, or
// none.
const (
	addressKnown = iota // the envelope sender is met at other times
	domainKnown
	pathNew
	heloKnown
	heloNew
	alone
	crowded // four mails or more of one address in some minutes
	few
	several // four recipients or more
	marks
)

// questions lists the range of marks of each question; weights normalises
// within a range.
var questions = [...][2]int{{addressKnown, pathNew + 1}, {heloKnown, heloNew + 1}, {alone, crowded + 1}, {few, several + 1}}

// counts has the frequency of each mark, and the number of bad recipients.
type counts struct {
	marks      [marks]float64
	tried, bad float64
}

// Prior marks of a server's own mail, and of a burst on top. The prior counts
// as much as ten mails.
var (
	ofOwn   = counts{[marks]float64{5, 3, 2, 9, 1, 9, 1, 9, 1}, 30, 1}
	ofBurst = counts{[marks]float64{1, 2, 7, 5, 5, 5, 5, 5, 5}, 10, 4.5} // nearly half of a spammer's list is broken or gone
)

// marksOf adds the marks of a mail to a list.
func (m *model) marksOf(a *Arrival, to []int) []int {
	pick := func(yes bool, one, other int) {
		if !yes {
			one = other
		}
		to = append(to, one)
	}
	if a.ReturnPath != "" {
		if away(m.address[a.ReturnPath], a.At) {
			to = append(to, addressKnown)
		} else {
			pick(away(m.domain[a.Domain()], a.At), domainKnown, pathNew)
		}
		pick(within(m.crowds[a.ReturnPath], a.At, shortest) >= 4, crowded, alone)
	}
	if a.HELO != "" {
		pick(away(m.helo[a.HELO], a.At), heloKnown, heloNew)
	}
	pick(a.Tried >= 4, several, few)
	return to
}

// away reports whether one of the times is further than apart from at: the name
// is known from other occasions.
func away(times []int64, at int64) bool { return within(times, at, apart) < len(times) }

// learn estimates the marks of own mail and of bursts from the present
// separation, and rates the marks of each mail.
func (m *model) learn() {
	m.names()
	own, burst := ofOwn, ofBurst
	var has [len(questions)]int
	for i := range m.all {
		a, c := &m.all[i], &own
		if m.foreign[i] {
			c = &burst
		}
		c.tried += float64(a.Tried)
		c.bad += float64(a.Bad)
		for _, k := range m.marksOf(a, has[:0]) {
			c.marks[k]++
		}
	}
	weigh := weights(&own, &burst)
	for i := range m.all {
		a := &m.all[i]
		m.mark[i] = weigh.of(a, m.marksOf(a, has[:0]))
	}
}

// odds are the log odds for another hand of each mark.
type odds struct {
	marks      [marks]float64
	bad, whole float64
}

// weights returns the log odds of each mark between two counts, and those of a
// bad and of a valid recipient. Marks of one question are normalised to sum to
// one.
func weights(own, burst *counts) (out odds) {
	for _, q := range questions {
		owns, bursts := 0.0, 0.0
		for k := q[0]; k < q[1]; k++ {
			owns += own.marks[k]
			bursts += burst.marks[k]
		}
		for k := q[0]; k < q[1]; k++ {
			out.marks[k] = math.Log(burst.marks[k] / bursts * owns / own.marks[k])
		}
	}
	out.bad = math.Log(burst.bad / burst.tried * own.tried / own.bad)
	out.whole = math.Log((1 - burst.bad/burst.tried) / (1 - own.bad/own.tried))
	return out
}

// filed is the weight of a mail being stored as spam or as ham.
const filed = 8

// of returns the log odds for another hand of one mail with the given marks.
// Recipients are limited to -4 to 6 nats in total: those of one mail come from
// one list and are no independent draws. A stored message's class weighs more
// than all marks.
func (w *odds) of(a *Arrival, list []int) float64 {
	// Limit the recipients of one mail.
	sum := max(-4, min(6, w.bad*float64(a.Bad)+w.whole*float64(a.Tried-a.Bad)))
	for _, k := range list {
		sum += w.marks[k]
	}
	switch a.Class {
	case Spam:
		sum += filed
	case Wanted:
		sum -= filed
	}
	return sum
}

// names notes when each name was met in own mail.
func (m *model) names() {
	m.address, m.domain, m.helo = map[string][]int64{}, map[string][]int64{}, map[string][]int64{}
	for i := range m.all {
		a := &m.all[i]
		if m.foreign[i] {
			continue
		}
		if a.ReturnPath != "" {
			m.address[a.ReturnPath] = append(m.address[a.ReturnPath], a.At)
			m.domain[a.Domain()] = append(m.domain[a.Domain()], a.At)
		}
		if a.HELO != "" {
			m.helo[a.HELO] = append(m.helo[a.HELO], a.At)
		}
	}
}

// The estimate of own mail's rate: bins of five minutes, two hours to each
// side.
const (
	bin     = 5 * 60 // seconds
	around  = 24     // bins on each side that estimate it
	trimmed = 4      // a burst fills less than one in four bins
)

// base estimates the rate of own mail at each time of the day. It takes the
// mean of the bins around, without the fullest quarter, which a burst may have
// filled.
func (m *model) base() {
	var bins []binOf // with own mail
	total := 0
	for i := range m.all {
		if m.foreign[i] {
			continue
		}
		total++
		if b := m.all[i].At / bin; len(bins) > 0 && bins[len(bins)-1].at == b {
			bins[len(bins)-1].n++
		} else {
			bins = append(bins, binOf{b, 1})
		}
	}
	span := float64(since(m.all[0].At, m.all[len(m.all)-1].At)) + day
	// The rate never falls below half of the mean, or the first mail after a
	// night would look like a burst.
	usual := float64(total+1) / span / 2
	from, to := 0, 0
	for i := range m.all {
		b := m.all[i].At / bin
		if i > 0 && b == m.all[i-1].At/bin {
			m.rate[i] = m.rate[i-1]
			continue
		}
		for from < len(bins) && bins[from].at < b-around {
			from++
		}
		for to < len(bins) && bins[to].at <= b+around {
			to++
		}
		m.rate[i] = max(usual, trimmedRate(bins[from:to]))
	}
}

// binOf is the number of mails in a bin.
type binOf struct{ at, n int64 }

// trimmedRate is the mean rate of the bins around one, of which those with mail are listed,
// without the fullest quarter.
func trimmedRate(bins []binOf) float64 {
	const all = 2*around + 1
	const full = all / trimmed
	if len(bins) <= full {
		return 0
	}
	var counts [all]int64
	for i, b := range bins {
		counts[i] = b.n
	}
	of := counts[:len(bins)]
	slices.Sort(of)
	sum := int64(0)
	for _, n := range of[:len(of)-full] {
		sum += n
	}
	return float64(sum) / float64((all-full)*bin)
}

// viterbi finds the likeliest states.
func (m *model) viterbi() {
	const states = len(paces) + 1
	from := make([][states]uint8, len(m.all))
	var score [states]float64
	for k := 1; k < states; k++ {
		score[k] = begins
	}
	for i := range m.all {
		gap := 0.0
		if i > 0 {
			gap = float64(since(m.all[i-1].At, m.all[i].At))
		}
		var next [states]float64
		for k := range states {
			best := math.Inf(-1)
			for j := range states {
				s := score[j]
				switch {
				case j == 0 && k > 0:
					s += begins
				case j > 0 && k == 0:
					s += stops
				case j != k:
					s += steps
				}
				// Within a burst of pace p, a gap of g seconds has a log
				// likelihood of -g/p.
				if j > 0 && k > 0 {
					s -= gap / paces[k-1]
				}
				if s > best {
					best, from[i][k] = s, uint8(j)
				}
			}
			if k > 0 {
				// The mail is of the burst or of own mail; its marks and the
				// two rates weigh which.
				best += math.Log1p(math.Exp(m.mark[i]) / (paces[k-1] * m.rate[i]))
			}
			next[k] = best
		}
		score = next
	}
	k := 0
	for j := range score {
		if score[j] > score[k] {
			k = j
		}
	}
	for i := len(m.all) - 1; i >= 0; i-- {
		m.state[i] = uint8(k)
		m.foreign[i] = k > 0 && math.Exp(m.mark[i]) > paces[k-1]*m.rate[i]
		k = int(from[i][k])
	}
}
