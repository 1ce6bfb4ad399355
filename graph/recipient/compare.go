package recipient

import "strings"

// compare indexes recipients that nobody accepted, so that they can explain
// each other. An address counts as real if it follows one of our domains in
// another recipient, if at least two others can be made from it, or if it
// begins with a given name and the other does not.
func (e *Explainer) compare(refused []string) {
	byDomain := map[string][]string{}
	for _, a := range refused {
		if local, domain := split(a); e.domains[domain] && local != "" && len(local) <= maxLocal {
			byDomain[domain] = append(byDomain[domain], local)
		}
	}
	for domain, locals := range byDomain {
		candidates := newUsers(Compared)
		behind := map[string]int32{} // our domain
		for _, l := range locals {
			if rest, _ := e.front(l); rest != "" {
				behind[rest]++
				candidates.add(rest)
				continue
			}
			candidates.add(l)
		}
		support := map[string]int32{}
		seen := map[string]bool{}
		for _, l := range locals {
			if seen[l] {
				continue
			}
			seen[l] = true
			parents := map[string]bool{}
			candidates.damages(e, l, func(g guess) { parents[g.from] = true })
			for p := range parents {
				support[p]++
			}
		}
		found := newUsers(Compared)
		for l := range candidates.exact {
			score := support[l] + 2*behind[l]
			if !e.names[l] && !e.beginsWithName(l) && behind[l] == 0 {
				score--
			}
			if e.named(l) && score > 0 || score >= 2 {
				found.add(l)
				found.exact[l] = score
			}
		}
		if found.n > 0 {
			e.compared[domain] = found
		}
	}
}

// named reports whether a local part looks like a person's.
func (e *Explainer) named(l string) bool { return e.names[l] || e.beginsWithName(l) }

// beginsWithName recognises "susan.nobody" and "susan_n".
func (e *Explainer) beginsWithName(local string) bool {
	i := strings.IndexAny(local, "._-")
	return i > 1 && e.names[local[:i]]
}
