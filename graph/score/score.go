// Package score measures a clustering against a truth: how many of the things that were
// put together belong together, and how many that belong together were.
//
// In go items, each with the label of its true class and that of the cluster it was put
// in; out come the usual figures, and the clusters and classes that did worst. Names of
// labels mean nothing but equality. The package reads nothing and knows nothing of mail.
//
// All of it follows from the contingency table, whose cells say how many items of a class
// are in a cluster: time and memory grow with the items, never with their pairs.
package score

import "math"

// Item is one thing. An empty label says that it is alone: a class, or a cluster, of its
// own.
type Item struct{ Truth, Found string }

// Accuracy is how right and how complete something is. F1 is the harmonic mean of both.
type Accuracy struct{ Precision, Recall, F1 float64 }

// Scores are the figures of a clustering. Where there is nothing to be wrong about (no
// two items were put together, say) a figure is 1.
type Scores struct {
	Items, Classes, Clusters int

	// Pairwise counts pairs of items: of those in one cluster, how many are of one class
	// (precision), and the other way round (recall). Large clusters weigh by their square.
	Pairwise Accuracy
	// BCubed takes the mean over items: how much of an item's cluster is of its class, and
	// how much of its class is in its cluster (Bagga and Baldwin 1998; of the families that
	// Amigó et al. 2009 compare the one that meets all of their constraints).
	BCubed Accuracy
	// AdjustedRand is the share of pairs judged rightly, so scaled that chance yields 0 and
	// perfection 1 (Hubert and Arabie 1985). It can be negative.
	AdjustedRand float64
	// Homogeneity is 1 if clusters tell classes completely, Completeness the other way
	// round, VMeasure their harmonic mean (Rosenberg and Hirschberg 2007).
	Homogeneity, Completeness, VMeasure float64

	// Singletons are classes of one item; Alone are those of them that were put in no
	// cluster, their item having no label.
	Singletons, Alone int
}

// Scores are the figures of the table. They depend on nothing but its counts, to the last
// bit: neither on the order of the items nor on the names of labels.
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

func (t *Table) pairwise() (a Accuracy, adjustedRand float64) {
	both := int64(0) // pairs of one class and one cluster
	for _, c := range t.cells {
		both += pairs(c.n)
	}
	class, cluster := t.classes.pairs(), t.clusters.pairs()
	a = accuracy(share(float64(both), float64(cluster)), share(float64(both), float64(class)))
	return a, adjust(float64(both), float64(class-both), float64(cluster-both), float64(pairs(t.items)-class-cluster+both))
}

// adjust is the adjusted Rand index by counts of pairs: together in both, in the truth
// only, in the clustering only, in neither.
func adjust(both, truth, found, neither float64) float64 {
	if truth == 0 && found == 0 {
		return 1
	}
	return 2 * (both*neither - truth*found) / ((both+truth)*(truth+neither) + (both+found)*(found+neither))
}

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

// share is part/whole, and 1 where there is nothing.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return part / whole
}

// ratio is part/whole, and 0 where there is nothing.
func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

func accuracy(precision, recall float64) Accuracy {
	return Accuracy{precision, recall, harmonic(precision, recall)}
}

func harmonic(a, b float64) float64 { return ratio(2*a*b, a+b) }

func pairs(n int) int64 { return int64(n) * int64(n-1) / 2 }
