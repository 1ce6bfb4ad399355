package spamrun

// The limits of the gap rule, in seconds.
const (
	moment  = 2 // refused and accepted recipients of one mail are that near
	minute  = 60
	few     = 60 * 60      // allowed where too few gaps tell the rate
	usual   = 100 * 60     // and never more than this
	longest = 4 * 60 * 60  // a gap of more than this always ends it
	day     = 24 * 60 * 60 // that a run lasts at most

	outlier = 3 // times shorter gaps are of another rate
)

// rule is how the gaps of a sender are judged.
type rule struct {
	shortest uint64 // a gap of this or less never ends a burst
	dense    int    // so many gaps of less than a minute on one side are a burst
	side     int    // of others, so many tell the rate
}

// A zombie has nothing but its runs, so silence has to be long and the rate beside it well
// known: slow ones come back at random and leave some mails each time. A server's ordinary
// mail goes on after a burst, so that the burst alone has to tell.
var (
	ofZombie = rule{shortest: 10 * 60, dense: 5, side: 20}
	ofServer = rule{shortest: 2 * 60, dense: 4, side: 10}
)

// bursts cuts the arrivals of one sender, in the order of time, where the rate changes for
// good. It returns the end of each burst.
//
// A gap ends a burst if on one side of it all of the nearest gaps are less than a third of
// it: 36 mails in eight minutes, then twenty minutes of silence. Of mail that comes at
// random at a steady rate, one gap in a thousand looks like that. Both sides are asked,
// because a burst may begin in the middle of a relay's ordinary mail, whose gaps are long.
func bursts(all []Arrival, r rule) (cuts []int) {
	start := 0
	for i := 1; i < len(all); i++ {
		if r.breaks(all, start, i) || since(all[start].At, all[i].At) > day {
			cuts = append(cuts, i)
			start = i
		}
	}
	return append(cuts, len(all))
}

// breaks reports whether the gap before all[i] ends the burst that began at start.
func (r rule) breaks(all []Arrival, start, i int) bool {
	gap := since(all[i-1].At, all[i].At)
	switch {
	case gap <= r.shortest:
		return false
	case gap > longest:
		return true
	}
	before := r.calm(i-start-1, gap, func(n int) uint64 { return since(all[i-n-2].At, all[i-n-1].At) })
	after := r.calm(len(all)-i-1, gap, func(n int) uint64 { return since(all[i+n].At, all[i+n+1].At) })
	if before == ends || after == ends {
		return true
	}
	// Neither side tells: a pair of mails, or mail now and then. A silence of twelve means of
	// what came so far is none that chance makes.
	mean := uint64(0)
	if n := i - 1 - start; n > 0 {
		mean = since(all[start].At, all[i-1].At) / uint64(n)
	}
	return gap > usual || gap > max(few, 12*mean) && !steady(all, i, gap)
}

// What the gaps on one side say of a silence.
const (
	unclear = iota
	goesOn  // there are others like it
	ends
)

// calm looks at the nearest of n gaps on one side.
func (r rule) calm(n int, gap uint64, at func(int) uint64) int {
	dense, seen := true, 0
	for k := range min(n, 4*r.side) {
		g := at(k)
		if outlier*g >= gap {
			return goesOn
		}
		if g <= moment {
			continue
		}
		seen++
		if dense = dense && g < minute; dense && seen == r.dense || seen == r.side {
			return ends
		}
	}
	return unclear
}

// steady reports whether gaps of about this length are usual here.
func steady(all []Arrival, i int, gap uint64) bool {
	n := 0
	for j := max(1, i-3); j < min(len(all), i+4); j++ {
		if j != i && outlier*since(all[j-1].At, all[j].At) >= gap {
			n++
		}
	}
	return n >= 2
}

// since is the time from a to b, b being no earlier. Clocks that stand in 1904 or at the
// end of time make differences that no int64 holds.
func since(a, b int64) uint64 { return uint64(b) - uint64(a) }
