package wording

import "spoor/graph/evidence"

// HeldBy has the number of messages with a trait.
type HeldBy struct {
	Kind                    evidence.Kind
	Members, Elsewhere, Ham int64
}

// PerGroup selects among traits, strongest first, the strongest of each group
// of evidence; the order is kept. Unusual traits characterize a campaign, so a
// bare number as HELO name has its line beside ten names and addresses.
func PerGroup(traits []HeldBy, most int, all bool) []int {
	var out []int
	var taken [evidence.Groups]int
	person := -1
	for i, t := range traits {
		g := t.Kind.Group()
		if !all && taken[g] == most {
			continue
		}
		if t.Kind.Is(evidence.Person) && !all {
			// His name, phone and e-mail address are one trait, unless they part.
			if p := person; p >= 0 && traits[p].Members == t.Members && traits[p].Elsewhere == t.Elsewhere && traits[p].Ham == t.Ham {
				continue
			}
			person = i
		}
		taken[g]++
		out = append(out, i)
	}
	return out
}
