package spamrun

import "strings"

// What one sender does for several hands is told apart before bursts are looked for: a
// relay that was broken into carries on with its own mail. Its own is what comes under an
// envelope sender's domain that it uses at other times too.

// occasions apart from each other make a domain familiar, in seconds.
const occasion = 2 * 60 * 60

// ownBurst is how many mails of one address within an hour are no longer ordinary.
const ownBurst = 10

// hands splits the arrivals of one sender into those that it always sends and the rest.
// Only a mail server has mail of its own; all mail of other senders is one hand's.
func hands(all []Arrival) [][]Arrival {
	if len(all) < 4 || !server(all) {
		return [][]Arrival{all}
	}
	familiar, busy := habits(all)
	var own, rest []Arrival
	for _, a := range all {
		if a.Class != Spam && familiar[a.Domain()] && !busy[a.ReturnPath] {
			own = append(own, a)
		} else {
			rest = append(rest, a)
		}
	}
	if len(own) == 0 || len(rest) == 0 {
		return [][]Arrival{all}
	}
	return [][]Arrival{own, rest}
}

// habits lists the domains that come on three occasions or more, and the addresses that
// sent a burst.
func habits(all []Arrival) (familiar, busy map[string]bool) {
	familiar, busy = map[string]bool{}, map[string]bool{}
	last := map[string]int64{}
	times := map[string]int{}
	recent := map[string][]int64{}
	tried, bad := map[string]int{}, map[string]int{}
	for i := range all {
		a := &all[i]
		if a.ReturnPath == "" {
			continue
		}
		d := a.Domain()
		tried[d] += a.Tried
		bad[d] += a.Bad
		if at, seen := last[d]; !seen || since(at, a.At) > occasion {
			last[d] = a.At
			if times[d]++; times[d] >= 3 {
				familiar[d] = true
			}
		}
		r := append(recent[a.ReturnPath], a.At)
		if len(r) > ownBurst {
			r = r[1:]
		}
		recent[a.ReturnPath] = r
		if len(r) == ownBurst && since(r[0], a.At) < 60*60 && a.ReturnPath != "<>" {
			busy[a.ReturnPath] = true
		}
	}
	for d := range familiar { // a spammer comes back under the same names too
		if 5*bad[d] > tried[d] {
			delete(familiar, d)
		}
	}
	return familiar, busy
}

// server reports whether the sender looks like a mail server: it has a name that is none of
// a pool, and introduces itself by it or a name of the same domain. Postfix logs how a
// client introduces itself only where it refuses something.
func server(all []Arrival) bool {
	for i := range all {
		a := &all[i]
		if a.Class == Wanted {
			return true
		}
		if a.ReverseName != "" && !Pool(a.ReverseName) && (a.HELO == "" || named(a)) {
			return true
		}
	}
	return false
}

// named reports whether HELO and reverse name are of one domain.
func named(a *Arrival) bool {
	if a.ReverseName == "" || a.HELO == "" {
		return false
	}
	return strings.EqualFold(a.HELO, a.ReverseName) || last2(a.HELO) == last2(a.ReverseName)
}

// last2 is the last two labels of a host name: enough to compare, not to register.
func last2(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	i := strings.LastIndexByte(host, '.')
	if i < 0 {
		return host
	}
	return host[strings.LastIndexByte(host[:i], '.')+1:]
}

// poolWords are in the names of addresses that providers hand out.
var poolWords = []string{"dyn", "dsl", "pool", "dial", "ppp", "cable", "dhcp", "client", "cust", "broadband", "user", "home", "modem", "catv", "fios", "wlan", "mobile", "cpe"}

// Pool reports whether a reverse name looks like that of a dynamic pool: it holds two
// numbers or more of four, or a word that providers use with a number.
func Pool(name string) bool {
	name = strings.ToLower(name)
	if len(name) > 255 {
		return false
	}
	numbers, digits := 0, 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] >= '0' && name[i] <= '9' {
			digits++
			continue
		}
		if digits > 0 {
			numbers++
		}
		if digits >= 8 {
			numbers += 3
		}
		digits = 0
	}
	if numbers >= 4 {
		return true
	}
	if numbers == 0 {
		return false
	}
	for _, w := range poolWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}
