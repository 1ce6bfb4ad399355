package recipient

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Constants of the odds. internal/lab/logworld scores their effect on logs with
// known damage.
const (
	// perLetter is the odds of a letter of a name: how unlikely it is to
	// resemble a user by chance.
	perLetter = 20.0
	// named is the share of the odds that an explanation needs. Two that fit
	// about equally have half each.
	named = 0.7
)

// trust is the reliability of a basis. An accepted address need not exist, and
// other recipients only show similarity.
func (b Basis) trust() float64 {
	switch b {
	case Accepted:
		return 0.97
	case Compared:
		return 0.85
	}
	return 1
}

// weigh finds the best explanation of a recipient that does not exist.
func (e *Explainer) weigh(local, domain string, tiers []*users) Explanation {
	var all []guess
	for _, u := range tiers {
		found := len(all)
		u.damages(e, local, func(g guess) { all = append(all, g) })
		if len(all) > found {
			break // a better basis decides
		}
	}
	all = append(all, e.alone(local)...)
	all = append(all, guess{Unknown, "", shareUnknown * math.Pow(perLetter, -float64(min(len(local), 40))), ""})
	total := 0.0
	for _, g := range all {
		total += g.odds
	}
	best := slices.MaxFunc(all, func(a, b guess) int {
		return cmp.Or(cmp.Compare(a.odds, b.odds), -cmp.Compare(a.kind, b.kind), -cmp.Compare(a.from, b.from))
	})
	if best.kind == Unknown || best.odds < named*total {
		return Explanation{Kind: Unknown}
	}
	x := Explanation{Kind: best.kind, Basis: best.basis, Sure: best.odds / total * best.basis.trust()}
	if best.from != "" {
		x.MadeFrom = best.from + "@" + domain
	}
	if x.structural() && best.basis == Compared {
		x.Sure = max(x.Sure, 0.9) // a domain at the front is no coincidence
	}
	return x
}

// alone lists the explanations from the address itself.
func (e *Explainer) alone(local string) (all []guess) {
	if e.roles[local] {
		all = append(all, guess{Role, "", 0.5 / float64(len(e.roles)), ""})
	}
	if e.names[local] {
		all = append(all, guess{Dictionary, "", shareDictionary / float64(len(e.names)), ""})
	}
	if looksLikeMessageID(local) {
		all = append(all, guess{MessageID, "", shareDamage * math.Pow(perLetter, -float64(min(len(local), 40))/2), ""})
	}
	if rest, host := e.front(local); rest != "" && !e.names[local] {
		kind := DomainPrefix
		if host {
			kind = DomainHostPrefix
		}
		all = append(all, guess{kind, "", shareDamage * math.Pow(perLetter, -float64(len(rest))), ""})
	}
	return all
}

// front removes one of our domains, and a host word after it, from the front.
func (e *Explainer) front(local string) (rest string, host bool) {
	for i := 4; i < len(local) && i < 260; i++ {
		if !e.domains[local[:i]] {
			continue
		}
		rest = local[i:]
		for j := min(16, len(rest)-1); j >= 2; j-- {
			if e.hosts[rest[:j]] && !strings.HasPrefix(rest[j:], ".") {
				return rest[j:], true
			}
		}
		return rest, false
	}
	return "", false
}
