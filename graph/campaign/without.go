package campaign

import (
	"slices"

	"spoor/graph/evidence"
)

// leave excludes evidence from every comparison until the returned function is
// called. Without a text, text similarity is excluded too.
func (x *Index) leave(w Without) (restore func()) {
	type taken struct {
		from    int32
		weights []float32
	}
	var all []taken
	take := func(from, to int32) {
		all = append(all, taken{from, slices.Clone(x.weight[from:to])})
		clear(x.weight[from:to])
	}
	texts := slices.Contains(w.Kinds, evidence.Text)
	for _, k := range w.Features {
		texts = texts || k.Kind() == evidence.Text
		if f, ok := x.feature(k); ok {
			take(f, f+1)
		}
	}
	for _, k := range w.Kinds {
		from, _ := slices.BinarySearch(x.kind, k)
		to, _ := slices.BinarySearch(x.kind, k+1)
		take(int32(from), int32(to))
	}
	sketch := x.sketch
	if texts {
		x.sketch = slices.Repeat([]int32{-1}, len(sketch))
	}
	return func() {
		x.sketch = sketch
		for _, t := range slices.Backward(all) {
			copy(x.weight[t.from:], t.weights)
		}
	}
}

// PairWithout is Pair with some evidence excluded.
func (x *Index) PairWithout(a, b int64, w Without) (Explanation, bool) {
	defer x.leave(w)()
	return x.Pair(a, b)
}

// Links reports whether two messages or more have a feature.
func (x *Index) Links(k evidence.Key) bool {
	_, ok := x.feature(k)
	return ok
}
