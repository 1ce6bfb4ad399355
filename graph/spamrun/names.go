package spamrun

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// namings counts the use of each name.
type namings map[string]int

// naming counts the names of arrivals, without unnamed ones.
func naming(all []Arrival, name func(*Arrival) string) namings {
	n := namings{}
	for i := range all {
		if x := name(&all[i]); x != "" {
			n[x]++
		}
	}
	return n
}

func helo(a *Arrival) string { return a.HELO }

func address(a *Arrival) string { return a.ReturnPath }

func domain(a *Arrival) string { return a.Domain() }

// concentrations are the considered parameters of the Chinese restaurant
// process, from a hand with always one name to a hand with a new name each
// time.
var concentrations = [...]float64{0.3, 3, 30, 300}

// usage counts the uses of each name by all hands that are compared.
type usage struct {
	helo, domain used
	inDomain     map[string]used // addresses
}

// used counts the uses of each name, and of all. The sum takes long for a large relay.
type used struct {
	namings
	uses int
}

func usedIn(n namings) used { return used{n, n.total()} }

// usageOf counts the names in the mail of a sender. Addresses are counted
// within their domain.
func usageOf(all []Arrival) *usage {
	u := &usage{usedIn(naming(all, helo)), usedIn(naming(all, domain)), map[string]used{}}
	for _, of := range domains(all) {
		u.inDomain[of.domain] = usedIn(of.addresses)
	}
	return u
}

// evidence returns the log likelihood that one hand chose the names of some
// mails.
func (u *usage) evidence(all []Arrival) float64 {
	var addresses situations
	for _, of := range domains(all) {
		addresses = append(addresses, situation{of.addresses, u.inDomain[of.domain]})
	}
	return situations{{naming(all, helo), u.helo}}.evidence() + situations{{naming(all, domain), u.domain}}.evidence() + addresses.evidence()
}

// situation holds the choices of one hand, and those of all hands in the same place.
type situation struct {
	chosen namings
	among  used
}

// situations are the situations in which a hand has one habit.
type situations []situation

// evidence returns the log likelihood of one hand's choices. Either the hand
// draws names as often as all hands do, or it repeats names of its own (a
// Chinese restaurant process of unknown concentration; Pitman, Combinatorial
// Stochastic Processes, 2006).
func (all situations) evidence() float64 {
	var own [len(concentrations)]float64
	anybody := 0.0
	for _, s := range all {
		if len(s.chosen) == 0 {
			continue
		}
		n, used := s.chosen.total(), math.Log(float64(s.among.uses))
		tables := -float64(len(s.chosen)) * math.Log(float64(len(s.among.namings)))
		for _, x := range slices.Sorted(maps.Keys(s.chosen)) { // sums of floats depend on the order
			anybody += float64(s.chosen[x]) * (math.Log(float64(s.among.namings[x])) - used)
			tables += logGamma(s.chosen[x])
		}
		for k, c := range concentrations {
			own[k] += float64(len(s.chosen))*math.Log(c) + tables + lgamma(c) - lgamma(c+float64(n))
		}
	}
	return either(anybody, mean(own[:]))
}

// mean returns the log of the mean of numbers, given their logs.
func mean(logs []float64) float64 {
	best, sum := slices.Max(logs), 0.0
	for _, l := range logs {
		sum += math.Exp(l - best)
	}
	return best + math.Log(sum/float64(len(logs)))
}

// either returns the evidence of two explanations with equal priors.
func either(a, b float64) float64 { return mean([]float64{a, b}) }

func (n namings) total() (sum int) {
	for _, k := range n {
		sum += k
	}
	return sum
}

// most lists the most frequent names.
func (n namings) most(limit int) []string {
	names := slices.Collect(maps.Keys(n))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	return names[:min(len(names), limit)]
}

// domains counts the addresses of arrivals by domain, in the order of domains.
func domains(all []Arrival) (groups []group) {
	of := map[string]namings{}
	for i := range all {
		x := all[i].Domain()
		if x == "" {
			continue
		}
		n := of[x]
		if n == nil {
			n = namings{}
			of[x] = n
		}
		n[all[i].ReturnPath]++
	}
	for _, x := range slices.Sorted(maps.Keys(of)) {
		groups = append(groups, group{x, of[x]})
	}
	return groups
}

// group counts the addresses of a domain.
type group struct {
	domain    string
	addresses namings
}
