package spamrun

import "slices"

// Mail of several operators through one sender is separated before bursts are
// sought: a relay or an office with a compromised machine continues with its
// own mail. Its own mail has the sender's usual rate and marks; a burst is
// added on top.
//
// Both are states of a hidden Markov model: own mail alone, or own mail with a
// burst at one of some rates (Kleinberg, Bursty and Hierarchical Structure in
// Streams, KDD 2002, with the marks of each mail as part of the emission, and a
// base rate that follows the day). Viterbi's algorithm finds the bursts, and
// the estimate of own mail improves the next round. A round takes O(n).

// Constants of the hidden Markov model. In each of the rounds, the marks are
// learned from the present states, and the states found from the marks. The
// time is proportional to their number.
const (
	rounds = 3
	enough = 8 // minimum number of mails from which a sender's habits are estimated
	// Odds of a burst to begin and to end after a mail, in nats. One in five thousand mails
	// of a server is the first of a burst, and a burst has some dozens.
	begins = -8.5
	stops  = -3.5
	steps  = -4.0 // it changes its rate
)

// paces are the rates of bursts, by the seconds from mail to mail.
var paces = [...]float64{2, 8, 30, 120, 480}

// hands splits the sorted arrivals of one sender into its own mail and the
// bursts of others. If the remainder is not ham, all of it is the work of crews.
func hands(all []Arrival, u *usual) (own []Arrival, others [][]Arrival) {
	if len(all) < enough {
		return nil, [][]Arrival{all}
	}
	m := newModel(all, u)
	before := make([]bool, len(all))
	for range rounds {
		copy(before, m.foreign)
		m.learn()
		m.base()
		m.viterbi()
		m.judge()
		if m.starts == len(m.bursts) && slices.Equal(before, m.foreign) {
			break // as any further round would end
		}
	}
	for i := range all {
		if !m.foreign[i] {
			own = append(own, all[i])
		}
	}
	for _, part := range m.bursts {
		others = append(others, m.of(part))
	}
	if !habitual(own, others) || wantedOdds(own) <= 0 {
		return nil, m.crews()
	}
	return own, others
}

// crews parts the mail of a sender without own mail by hands: a machine that is rented
// serves several at one time, or one after the other.
func (m *model) crews() (parts [][]Arrival) {
	m.rented, m.starts = true, 0
	from := 0
	for _, to := range bursts(m.all, m.usual) {
		var burst []int
		for i := from; i < to; i++ {
			burst = append(burst, i)
		}
		for _, part := range m.partHands(burst) {
			if len(part) > 0 {
				parts = append(parts, m.of(part))
			}
		}
		from = to
	}
	return parts
}

// of returns the arrivals with these indices.
func (m *model) of(indices []int) []Arrival {
	out := make([]Arrival, len(indices))
	for k, i := range indices {
		out[k] = m.all[i]
	}
	return out
}

// judge parts the mail of each burst by hands. A part whose habits are those of own mail is
// own: a server may be in a hurry.
func (m *model) judge() {
	m.starts, m.bursts = len(m.bursts), nil
	m.habit()
	for from := 0; from < len(m.all); {
		to := from + 1
		for to < len(m.all) && (m.state[to] == 0) == (m.state[from] == 0) {
			to++
		}
		var burst []int
		for i := from; i < to; i++ {
			if m.foreign[i] {
				burst = append(burst, i)
			}
		}
		for _, part := range m.partHands(burst) {
			if len(part) > 0 && m.strange(part) > 0 && m.apart(part) {
				m.bursts = append(m.bursts, part)
				continue
			}
			for _, i := range part {
				m.foreign[i] = false
			}
		}
		from = to
	}
}

// apart reports whether another hand explains the times and habits of a part better than own
// mail does. Mails with broken recipients alone are no burst, though another hand's list
// would explain those.
func (m *model) apart(part []int) bool {
	return m.hand(m.of(part), m.usage)+m.begins() > m.ownMail(part, m.usage)
}

// habitual reports whether mail is sent at other times than the bursts, too.
func habitual(own []Arrival, others [][]Arrival) bool {
	var bursts []int64
	for _, b := range others {
		for i := range b {
			bursts = append(bursts, b[i].At)
		}
	}
	n := 0
	for i := range own {
		if within(bursts, own[i].At, apart) == 0 {
			n++
		}
	}
	return n >= enough/2
}
