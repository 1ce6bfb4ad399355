package campaign

import (
	"math"
	"slices"

	"spoor/graph/disjoint"
	"spoor/graph/mixture"
)

// Cluster finds the campaigns, publishers and operations. Package mixture
// clusters the units, decisions are applied, clusters that behave as publishers
// are separated, and the others are divided by their offers.
func (x *Index) Cluster() *Result {
	sets, sure := x.partition()
	sets = x.divide(x.united(sets))
	campaigns := make([][]int32, 0, len(sets))
	var publishers [][]int32
	clusters, said := x.headed(sets), x.saidSame()
	naming := x.learnNaming(sets)
	for _, set := range sets {
		var rest []int32
		for _, s := range x.byFrom(set) {
			if len(s) < 2 || slices.ContainsFunc(s, said) || !x.publishes(s, clusters) {
				rest = append(rest, s...)
				continue
			}
			publishers = append(publishers, s)
			for _, m := range s {
				x.flags[m] |= isAside
			}
		}
		slices.Sort(rest)
		switch {
		case len(rest) == 0:
		case slices.ContainsFunc(rest, said):
			campaigns = append(campaigns, rest)
		default:
			campaigns = append(campaigns, x.byOffer(rest, naming)...)
		}
	}
	r := x.result(campaigns, sure)
	r.Publishers = x.publishers(publishers)
	return r
}

// saidSame reports messages that people decided to be of one campaign with another. They are
// never set aside, regardless of their cluster.
func (x *Index) saidSame() func(int32) bool {
	said := make(map[int32]bool)
	for _, p := range x.pairsOf(x.decisions.Same) {
		said[p[0]], said[p[1]] = true, true
	}
	return func(m int32) bool { return said[m] }
}

// partition lists the messages of each cluster, and how surely each belongs, in bits.
func (x *Index) partition() (sets [][]int32, sure []float32) {
	bursts := x.bursts()
	found := mixture.Run(x.input(bursts))
	x.keep(bursts, found.Model)
	sure = make([]float32, len(x.keys))
	of := make(map[int32]int)
	for u, messages := range bursts {
		c := x.fit.Cluster(int32(u))
		i, ok := of[c]
		if !ok {
			i = len(sets)
			of[c] = i
			sets = append(sets, nil)
		}
		sets[i] = append(sets[i], messages...)
		for _, m := range messages {
			sure[m] = float32(found.Odds[u] / math.Ln2)
		}
	}
	for _, s := range sets {
		slices.Sort(s)
	}
	return sets, sure
}

// united joins the sets of messages of which people said that they are of one campaign.
func (x *Index) united(sets [][]int32) [][]int32 {
	same := x.pairsOf(x.decisions.Same)
	if len(same) == 0 {
		return sets
	}
	of := make(map[int32]int32)
	for i, s := range sets {
		for _, m := range s {
			of[m] = int32(i)
		}
	}
	u := disjoint.New(len(sets))
	for _, p := range same {
		u.Join(of[p[0]], of[p[1]])
	}
	out := make([][]int32, len(sets))
	for i, s := range sets {
		r := u.Find(int32(i))
		out[r] = append(out[r], s...)
	}
	out = slices.DeleteFunc(out, func(s []int32) bool { return len(s) == 0 })
	for _, s := range out {
		slices.Sort(s)
	}
	return out
}
