package campaign

import "spoor/graph/evidence"

// Index is an incidence of messages and features with the weight of each.
type Index struct{}

// Index numbers and weighs what the builder was given.
func (b *Builder) Index(o Options) *Index { return &Index{} }

// Cluster finds the campaigns and operations.
func (x *Index) Cluster() *Result { return &Result{} }

// Pair explains the evidence between two messages; false if one of them is not known.
func (x *Index) Pair(a, b int64) (Explanation, bool) { return Explanation{}, false }

// Holding tells what holds messages together, once the features of without are left out.
func (x *Index) Holding(members []int64, without []evidence.Key) Holding { return Holding{} }
