package spamrun

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// concentrations are the considered parameters of the Chinese restaurant
// process, from a hand with always one name to a hand with a new name each
// time.
var concentrations = [...]float64{0.3, 3, 30, 300}

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

// evidence returns the log likelihood that one hand chose these names, by a
// Chinese restaurant process of unknown concentration (Pitman, Combinatorial
// Stochastic Processes, 2006).
func (n namings) evidence() float64 {
	total, tables := 0, 0.0
	for _, k := range slices.Sorted(maps.Values(n)) { // sums of floats depend on the order
		total += k
		tables += logGamma(k)
	}
	sum := 0.0
	for _, c := range concentrations {
		whole, _ := math.Lgamma(c + float64(total))
		none, _ := math.Lgamma(c)
		sum += math.Exp(float64(len(n))*math.Log(c) + tables - whole + none)
	}
	return math.Log(sum/float64(len(concentrations)) + math.SmallestNonzeroFloat64)
}

// clearly is the minimum log likelihood ratio, in nats, of two operators
// against one at the same time.
const clearly = 3.0

// mostHands limits the operators separated in one burst.
const mostHands = 8

// partHands splits a burst in which several hands send at the same time. It
// separates one hand after another by a name that the hand keeps while the
// others choose their own.
func partHands(burst []Arrival) (parts [][]Arrival) {
	for len(parts) < mostHands {
		one, rest := keeper(burst)
		if one == nil {
			break
		}
		parts, burst = append(parts, one), rest
	}
	return append(parts, burst)
}

// keeper separates the mail of one hand, which keeps a name, from the rest. one
// is nil if a single hand explains all names about as well.
func keeper(burst []Arrival) (one, rest []Arrival) {
	for _, name := range [...]func(*Arrival) string{helo, address, domain} {
		all := naming(burst, name)
		key, n, total := all.top()
		if n < enough/2 || total-n < enough/2 || total < len(burst) {
			continue
		}
		others := maps.Clone(all)
		delete(others, key)
		// The assignment of each mail has a cost, too.
		labels := logGamma(n+1) + logGamma(total-n+1) - logGamma(total+2)
		if labels+(namings{key: n}).evidence()+others.evidence()-all.evidence() < clearly {
			continue
		}
		for i := range burst {
			if name(&burst[i]) == key {
				one = append(one, burst[i])
			} else {
				rest = append(rest, burst[i])
			}
		}
		return one, rest
	}
	return nil, burst
}

// top returns the most frequent name, its count and the count of all names.
func (n namings) top() (key string, most, total int) {
	for k, m := range n {
		total += m
		if c := cmp.Compare(m, most); c > 0 || c == 0 && k < key {
			key, most = k, m
		}
	}
	return key, most, total
}
