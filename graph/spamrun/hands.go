package spamrun

// What one sender does for several hands is told apart before bursts are looked for: a
// relay or an office whose machine was broken into carries on with its own mail. Own mail
// goes on at the sender's usual rate and has its usual marks; the burst comes on top.
//
// Both are states of a hidden Markov model: own mail alone, or own mail with a burst at one
// of some rates (Kleinberg, Bursty and Hierarchical Structure in Streams, KDD 2002, with the
// marks of each mail as part of what is emitted, and a base rate that follows the day).
// Viterbi's algorithm finds the bursts, and what is known of own mail by then is used to
// find them again. It takes O(n) a round.

const (
	rounds = 3
	enough = 8 // mails of which a sender's habits can be told
	// Odds of a burst to begin and to end after a mail, in nats. One in five thousand mails
	// of a server is the first of a burst, and a burst has some dozens.
	begins = -8.5
	stops  = -3.5
	steps  = -4.0 // it changes its rate
)

// paces are the rates of bursts, by the seconds from mail to mail.
var paces = [...]float64{2, 8, 30, 120, 480}

// hands splits the arrivals of one sender, in the order of time, into its own mail and the
// bursts of others. All is one hand's, if what remains beside the bursts is no wanted mail.
func hands(all []Arrival) (own []Arrival, others [][]Arrival) {
	if len(all) < enough {
		return nil, [][]Arrival{all}
	}
	m := newModel(all)
	for range rounds {
		m.learn()
		m.base()
		m.viterbi()
	}
	own, others = m.split()
	if !habitual(own, others) || wantedOdds(own) <= 0 {
		return nil, [][]Arrival{all}
	}
	return own, others
}

// split parts own mail from each burst. A burst whose marks are those of own mail is own:
// a server may be in a hurry.
func (m *model) split() (own []Arrival, others [][]Arrival) {
	for from := 0; from < len(m.all); {
		to := from + 1
		for to < len(m.all) && (m.state[to] == 0) == (m.state[from] == 0) {
			to++
		}
		var burst, rest []Arrival
		strange := 0.0
		for i := from; i < to; i++ {
			if m.foreign[i] {
				burst = append(burst, m.all[i])
				strange += m.strange[i]
			} else {
				rest = append(rest, m.all[i])
			}
		}
		if strange > 0 {
			own, others = append(own, rest...), append(others, partHands(burst)...)
		} else {
			own = append(own, m.all[from:to]...)
		}
		from = to
	}
	return own, others
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
