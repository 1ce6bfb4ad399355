// Package score compares a clustering with a known truth. It measures how many
// items in one cluster belong together, and how many that belong together are
// in one cluster.
//
// Items go in, each with the label of its true class and of its cluster. The
// usual measures come out, with the worst clusters and classes. Labels are only
// compared for equality. The package does no I/O and does not depend on mail.
//
// All measures follow from the contingency table, which counts the items of
// each class in each cluster. So time and memory grow with the items and not
// with their pairs.
package score

import "math"

// Item is one thing. An empty label means that the item is a class or cluster
// of its own.
type Item struct{ Truth, Found string }

// Accuracy holds precision and recall. F1 is their harmonic mean.
type Accuracy struct{ Precision, Recall, F1 float64 }

// Scores are the measures of a clustering. A measure without a basis, such as
// precision when no two items share a cluster, is 1.
type Scores struct {
	Items, Classes, Clusters int

	// Pairwise counts pairs of items. Precision is the share of pairs in one
	// cluster that are of one class, recall the reverse. Large clusters weigh
	// by their square.
	Pairwise Accuracy
	// BCubed is a mean over items: the share of an item's cluster that is of
	// its class, and the share of its class that is in its cluster (Bagga and
	// Baldwin 1998). Of the measures that Amigó et al. compare (2009), it alone
	// meets all of their constraints.
	BCubed Accuracy
	// AdjustedRand is the share of correctly judged pairs, scaled so that
	// chance gives 0 and a perfect result 1 (Hubert and Arabie 1985). It can be
	// negative.
	AdjustedRand float64
	// Homogeneity is 1 if clusters determine classes, Completeness if classes
	// determine clusters. VMeasure is their harmonic mean (Rosenberg and
	// Hirschberg 2007).
	Homogeneity, Completeness, VMeasure float64

	// Singletons counts classes of one item, Alone those among them whose item
	// is in no cluster.
	Singletons, Alone int
}

// Scores computes the measures. They depend only on the counts, to the last
// bit: neither the order of items nor the names of labels matters.
func (t *Table) Scores() Scores {
	s := Scores{Items: t.items, Classes: len(t.classes.sizes), Clusters: len(t.clusters.sizes)}
	s.Pairwise, s.AdjustedRand = t.pairwise()
	s.BCubed = t.bCubed()
	s.Homogeneity, s.Completeness = t.entropies()
	s.VMeasure = harmonic(s.Homogeneity, s.Completeness)
	for _, c := range t.cells {
		if t.classes.sizes[c.class] == 1 {
			s.Singletons++
			if t.clusters.names[c.cluster] == "" {
				s.Alone++
			}
		}
	}
	return s
}

// pairwise returns precision and recall over pairs, and the adjusted Rand
// index. Pairs are counted from the cells of the table in O(cells).
func (t *Table) pairwise() (a Accuracy, adjustedRand float64) {
	both := int64(0) // pairs of one class and one cluster
	for _, c := range t.cells {
		both += pairs(c.n)
	}
	class, cluster := t.classes.pairs(), t.clusters.pairs()
	a = accuracy(share(float64(both), float64(cluster)), share(float64(both), float64(class)))
	return a, adjust(float64(both), float64(class-both), float64(cluster-both), float64(pairs(t.items)-class-cluster+both))
}

// adjust is the adjusted Rand index of pair counts: together in both, only in
// the truth, only in the clustering, in neither.
func adjust(both, truth, found, neither float64) float64 {
	if truth == 0 && found == 0 {
		return 1
	}
	return 2 * (both*neither - truth*found) / ((both+truth)*(truth+neither) + (both+found)*(found+neither))
}

// bCubed returns the means over items, each weighted by its cell.
func (t *Table) bCubed() Accuracy {
	precision, recall := 0.0, 0.0
	for _, c := range t.cells {
		n := float64(c.n)
		precision += n * n / float64(t.clusters.sizes[c.cluster])
		recall += n * n / float64(t.classes.sizes[c.class])
	}
	return accuracy(share(precision, float64(t.items)), share(recall, float64(t.items)))
}

// entropies returns homogeneity and completeness.
func (t *Table) entropies() (homogeneity, completeness float64) {
	classGiven, clusterGiven := 0.0, 0.0 // conditional entropies, times the number of items
	for _, c := range t.cells {
		n := float64(c.n)
		classGiven += n * math.Log(float64(t.clusters.sizes[c.cluster])/n)
		clusterGiven += n * math.Log(float64(t.classes.sizes[c.class])/n)
	}
	return 1 - ratio(classGiven, t.classes.entropy(t.items)), 1 - ratio(clusterGiven, t.clusters.entropy(t.items))
}

// share is part/whole, and 1 for an empty whole.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return part / whole
}

// ratio is part/whole, and 0 for an empty whole.
func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// accuracy completes precision and recall with their harmonic mean.
func accuracy(precision, recall float64) Accuracy {
	return Accuracy{precision, recall, harmonic(precision, recall)}
}

// harmonic returns the harmonic mean of two shares; 0 if both are 0.
func harmonic(a, b float64) float64 { return ratio(2*a*b, a+b) }

// pairs returns the number of pairs among n items.
func pairs(n int) int64 { return int64(n) * int64(n-1) / 2 }
