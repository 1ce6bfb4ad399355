package spamrun

import (
	"math"
	"strings"
)

// wantedOdds rates, in bits, whether one hand's mail is ham: of a list, a
// relay, a provider or an office. Each line is a rough odds ratio. Stored
// messages decide, because a person sorted them into spam and ham.
func wantedOdds(mail []Arrival) float64 {
	var c tally
	for i := range mail {
		c.note(&mail[i])
	}
	n := len(mail)
	if c.ham > 0 && c.ham >= 2*c.spam {
		return 10
	}
	// The only evidence is that a person filed it as spam.
	if c.spam > 0 && 10*c.spam >= n || c.tried == 0 {
		return -10
	}
	bits := max(-14, min(6, damageOdds(c.tried, c.bad))) + pace(mail)
	bits += when(2*c.servers > n, 2) + when(2*c.pool > n, -4) + when(2*c.nameless > n, -2) + when(2*c.forged > n, -4)
	switch {
	case c.bounces == n: // bounces go to the forged sender, existing or not
		bits += 4
	case n >= 3 && len(c.domains) == 1:
		bits++
	case n >= 6 && 5*len(c.domains) >= 4*n && pace(mail) <= 0:
		bits -= 2
	}
	return bits
}

// tally has the counts that wantedOdds needs.
type tally struct {
	tried, bad, pool, nameless, servers, forged, bounces, spam, ham int

	domains map[string]bool

	of   *Arrival // the mail before
	name string   // of its sender
}

// note counts one mail. Its reverse name is either of a pool (dynamic
// addresses), missing, or of a server whose HELO name agrees.
func (c *tally) note(a *Arrival) {
	c.tried += a.Tried
	c.bad += a.Bad
	switch a.Class {
	case Spam:
		c.spam++
	case Wanted:
		c.ham++
	}
	if c.name == "" || a.ReverseName != c.of.ReverseName || a.HELO != c.of.HELO || a.Sender != c.of.Sender { // mostly the same
		c.of, c.name = a, senderName(a)
	}
	switch c.name {
	case "pool":
		c.pool++
	case "none":
		c.nameless++
	case "server":
		c.servers++
	}
	if a.HELO != "" && oddHELO(a.HELO) {
		c.forged++
	}
	if a.ReturnPath == "<>" {
		c.bounces++
	}
	if a.ReturnPath != "" {
		if c.domains == nil {
			c.domains = map[string]bool{}
		}
		c.domains[a.Domain()] = true
	}
}

// senderName is the sort of name that a sender's address has.
func senderName(a *Arrival) string {
	switch {
	case Pool(a.ReverseName) || numbered(a.ReverseName, a.Sender):
		return "pool"
	case a.ReverseName == "":
		return "none"
	case a.HELO == "" || named(a):
		return "server"
	}
	return "other"
}

// damageOdds compares, in bits, two models of the bad recipients: about one in
// thirty for ham, and any portion with equal probability for spam. About one in
// eight is neutral.
func damageOdds(tried, bad int) float64 {
	const good = 28 // a beta distribution of 1 and this has its mean at one in thirty
	wanted := lbeta(float64(bad+1), float64(tried-bad+good)) - lbeta(1, good)
	spam := lbeta(float64(bad+1), float64(tried-bad+1))
	return (wanted - spam) / math.Ln2
}

// pace rates the speed: people and lists do not send for minutes at one mail in
// a few seconds, and slow mail is no burst.
func pace(run []Arrival) float64 {
	n := len(run)
	if n < 2 {
		return 0
	}
	span := since(run[0].At, run[n-1].At)
	switch mean := float64(span) / float64(n-1); {
	case n >= 8 && mean < 60:
		return -2
	case mean > 300:
		return 2
	}
	return 0
}

// when returns the bits if the condition holds, else 0.
func when(yes bool, bits float64) float64 {
	if yes {
		return bits
	}
	return 0
}

// oddHELO reports whether no well-kept server has such a HELO name: an address
// literal, a bare word or number, or a name whose last label has a digit. RFC
// 5321 section 4.1.4 demands a domain name, or a literal from hosts without
// one.
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

// named reports whether HELO and reverse name are of one domain.
func named(a *Arrival) bool {
	if a.ReverseName == "" || a.HELO == "" {
		return false
	}
	return strings.EqualFold(a.HELO, a.ReverseName) || last2(a.HELO) == last2(a.ReverseName)
}

// last2 returns the last two labels of a host name. They suffice to compare two
// names, but are no registered domain under a suffix such as co.uk.
func last2(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	i := strings.LastIndexByte(host, '.')
	if i < 0 {
		return host
	}
	return host[strings.LastIndexByte(host[:i], '.')+1:]
}
