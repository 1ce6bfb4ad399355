package campaign

import "spoor/graph/evidence"

// Pair explains the evidence between two messages; false if one of them is not known.
func (x *Index) Pair(a, b int64) (Explanation, bool) { return Explanation{}, false }

// Holding tells what holds messages together, once the features of without are left out.
func (x *Index) Holding(members []int64, without []evidence.Key) Holding { return Holding{} }
