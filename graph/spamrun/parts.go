package spamrun

// mostHands limits the operators separated in one burst.
const mostHands = 8

// partHands parts the mail of a burst by the hands that send at one time or in turn. A
// hand's mail has a name in common, or comes before a moment.
func (m *model) partHands(burst []int) (parts [][]int) {
	for len(parts) < mostHands {
		one, rest := m.keeper(burst)
		if one == nil {
			break
		}
		parts, burst = append(parts, one), rest
	}
	return append(parts, burst)
}

// division is a burst in two parts.
type division struct {
	one, rest []int
	evidence  float64
}

// keeper separates one hand's mail from the rest, if that explains times and
// habits best. The others are further hands, or the sender's own mail. one is
// nil if one hand explains all as well.
func (m *model) keeper(burst []int) (one, rest []int) {
	if len(burst) < enough/2 || len(burst) > longBurst {
		return nil, nil
	}
	u, all := m.usage, m.of(burst)
	best := division{evidence: m.hand(all, u)}
	for _, name := range [...]func(*Arrival) string{helo, address, domain} {
		names := naming(all, name)
		if names.total() < len(burst) { // mails without a name could be anybody's
			continue
		}
		for _, key := range names.most(keys) {
			var d division
			for _, i := range burst {
				if name(&m.all[i]) == key {
					d.one = append(d.one, i)
				} else {
					d.rest = append(d.rest, i)
				}
			}
			m.better(d, u, &best)
		}
	}
	times := m.usual.evidence(gaps(all))
	step := max(1, len(burst)/max(fewPoints, min(points, work/len(burst))))
	for i := step; i < len(burst); i += step {
		m.inTurn(burst, i, u, times, &best)
	}
	return best.one, best.rest
}

// points are the moments of a burst that are tried for a change of hands; fewer of a long
// one, since each takes the time of the burst. A burst of more mails than longBurst is left
// to one hand.
const (
	points    = 64
	fewPoints = 4
	work      = 1 << 14
	longBurst = 1 << 12
)

// better replaces best by a division that explains more.
func (m *model) better(d division, u *usage, best *division) {
	if len(d.one) < enough/2 || len(d.rest) == 0 {
		return
	}
	one, rest := m.of(d.one), m.of(d.rest)
	a, b := listOf(one), listOf(rest)
	same := a.plus(b).evidence() - a.evidence() // of the same list, or of another
	d.evidence = m.hand(one, u) + max(m.hand(rest, u)-b.evidence()+either(same, b.evidence())+m.begins(), m.ownMail(d.rest, u))
	if d.evidence > best.evidence {
		*best = d
	}
}

// keys are the names that are tried, the most frequent of each sort.
const keys = 3

// hand returns the evidence of one hand behind all mails, by times and habits.
func (m *model) hand(all []Arrival, u *usage) float64 {
	return m.usual.evidence(gaps(all)) + u.evidence(all) + listOf(all).evidence()
}

// inTurn replaces best by the division before burst[i] if that explains more: two hands, or
// one hand after own mail or before it. times is the evidence of all times. Those of two
// hands are those of one, since a run may get slower or faster.
func (m *model) inTurn(burst []int, i int, u *usage, times float64, best *division) {
	if min(i, len(burst)-i) < 1 || max(i, len(burst)-i) < enough/2 {
		return
	}
	one, rest := m.of(burst[:i]), m.of(burst[i:])
	a, b := listOf(one), listOf(rest)
	names, others := u.evidence(one)+a.evidence(), u.evidence(rest)
	same := a.plus(b).evidence() - a.evidence()
	first := names + m.usual.evidence(gaps(one))
	last := others + b.evidence() + m.usual.evidence(gaps(rest))
	for _, d := range [...]division{
		{burst[:i], burst[i:], max(names+others+either(same, b.evidence())+m.begins()+times, first+m.ownMail(burst[i:], u))},
		{burst[i:], burst[:i], last + m.ownMail(burst[:i], u)},
	} {
		if len(d.one) >= enough/2 && d.evidence > best.evidence {
			*best = d
		}
	}
}
