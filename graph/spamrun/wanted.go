package spamrun

import "strings"

// wantedOdds weighs, in bits, whether a burst is wanted mail: a list, a relay, a provider.
// Each line is a rough odds ratio. Mail that somebody filed as spam or as wanted decides.
func wantedOdds(run []Arrival) float64 {
	tried, bad, pool, nameless, servers, forged, spam, ham := 0, 0, 0, 0, 0, 0, 0, 0
	paths, domains := map[string]bool{}, map[string]bool{}
	for i := range run {
		a := &run[i]
		tried += a.Tried
		bad += a.Bad
		switch a.Class {
		case Spam:
			spam++
		case Wanted:
			ham++
		}
		switch {
		case Pool(a.ReverseName):
			pool++
		case a.ReverseName == "":
			nameless++
		case a.HELO == "" || named(a):
			servers++
		}
		if a.HELO != "" && oddHELO(a.HELO) {
			forged++
		}
		if a.ReturnPath != "" {
			paths[a.ReturnPath] = true
			domains[a.Domain()] = true
		}
	}
	if ham > 0 && ham >= 2*spam {
		return 10
	}
	// Nothing is known but that somebody keeps it as spam.
	if spam > 0 && 10*spam >= len(run) || tried == 0 {
		return -10
	}
	n := len(run)
	bits := 0.0
	// One wanted recipient in thirty is mistyped, of those on a spammer's list nearly half.
	bits += max(-8, min(3, 0.7*float64(tried-bad)-3.7*float64(bad)))
	bits += pace(run)
	bits += when(2*servers > n, 3) + when(2*pool > n, -4) + when(2*nameless > n, -2) + when(2*forged > n, -4)
	switch {
	case n >= 3 && len(domains) == 1:
		bits += 2
	case n >= 6 && 5*len(domains) >= 4*n:
		bits -= 2
	}
	return bits
}

// pace weighs the rate: people and lists do not fire for minutes on end at one mail in a
// few seconds, and a trickle is nobody's burst.
func pace(run []Arrival) float64 {
	n := len(run)
	span := since(run[0].At, run[n-1].At)
	switch mean := float64(span) / float64(n-1); {
	case n >= 8 && mean < 60:
		return -2
	case mean > 300:
		return 2
	}
	return 0
}

func when(yes bool, bits float64) float64 {
	if yes {
		return bits
	}
	return 0
}

// oddHELO reports whether a HELO name is none that a server has: a bare word or number.
func oddHELO(helo string) bool {
	if strings.HasPrefix(helo, "[") {
		return true
	}
	i := strings.LastIndexByte(strings.TrimSuffix(helo, "."), '.')
	if i <= 0 {
		return true
	}
	for _, c := range helo[i+1:] {
		if c >= '0' && c <= '9' {
			return true
		}
	}
	return false
}
