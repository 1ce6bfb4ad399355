package campaign

import (
	"math"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// fitted is the model of an index with its clusters, kept for explanations.
type fitted struct {
	*mixture.Fitted
	kindOf []uint8 // of each feature of the model: those of the index, slots, days
	slots  []int32 // see Index.slots
	bands  bands
	days   map[int64]int32 // features of timeKind
	units  [][]int32       // messages of each unit
	unitOf []int32         // unit of each message; -1 for wanted mail
	loose  map[int32]int32 // units of single messages that were asked about
	keys   []evidence.Key  // of slots and days, whose numbers follow those of features
	held   map[int32]held  // by cluster: campaigns of which not all messages are there
}

// keep keeps a model for questions.
func (x *Index) keep(units [][]int32, f *mixture.Fitted) {
	x.fit.Fitted, x.fit.units, x.fit.loose = f, units, make(map[int32]int32)
	x.fit.unitOf = slices.Repeat([]int32{-1}, len(x.keys))
	for u, messages := range units {
		for _, m := range messages {
			x.fit.unitOf[m] = int32(u)
		}
	}
}

// single is message m as a unit of its own, without some evidence.
func (x *Index) single(m int32, w Without) mixture.Unit {
	var v unitValues
	x.values(m, &v)
	if f, ok := x.fit.days[x.at[m]/timeSpan]; ok { // wanted mail can come on days of its own
		v.shared = append(v.shared, f)
	}
	x.fit.bands.of(x.sketchOf(m), &v)
	if len(w.Features)+len(w.Kinds) > 0 {
		drop := x.dropping(w)
		v.shared = slices.DeleteFunc(v.shared, func(f int32) bool { return drop(x.fit.kindOf[f], f) })
		for k := range v.alone {
			if drop(uint8(k), -1) {
				v.alone[k] = 0
			}
		}
	}
	return v.unit(x.fit.kindOf, 1)
}

// dropping returns which values of the model some evidence is: feature -1 stands for the
// values of a kind that no other message has.
func (x *Index) dropping(w Without) func(kind uint8, f int32) bool {
	var kinds [runKinds]bool
	features := make(map[int32]bool)
	for _, k := range w.Kinds {
		kinds[k] = true
	}
	for _, k := range w.Features {
		if f, ok := x.feature(k); ok {
			features[f] = true
		}
		kinds[evidence.Text] = kinds[evidence.Text] || k.Kind() == evidence.Text
	}
	kinds[slotKind], kinds[bandKind] = kinds[evidence.Text], kinds[evidence.Text] // similarity of texts goes with the text
	return func(kind uint8, f int32) bool { return kinds[kind] || f >= 0 && features[f] }
}

// looseOf is the unit of message m alone, outside of all clusters.
func (x *Index) looseOf(m int32) int32 {
	u, ok := x.fit.loose[m]
	if !ok {
		u = x.fit.Loose(x.single(m, Without{}))
		x.fit.loose[m] = u
	}
	return u
}

// score is the evidence between two messages, in bits above the limit for a
// link.
func (x *Index) score(a, b int32) float32 {
	return float32(x.fit.Score(x.looseOf(min(a, b)), x.looseOf(max(a, b))) / math.Ln2)
}

// bits is how much rarer a feature is than chance; 0 if users ignore it.
func (x *Index) bits(f int32) float64 {
	if x.ignored[x.features[f]] {
		return 0
	}
	return hundredths(float32(x.fit.Surprise(f) / math.Ln2))
}

// tooCommon reports whether a feature is too common to show by itself that the
// content is the same.
func (x *Index) tooCommon(f int32) bool {
	return x.ignored[x.features[f]] || !x.fit.Carries(f)
}

// cluster is the cluster of a message; -1 for wanted mail.
func (x *Index) cluster(m int32) int32 {
	if u := x.fit.unitOf[m]; u >= 0 {
		return x.fit.Cluster(u)
	}
	return -1
}

// unitsOf lists the units of messages, each once, ascending.
func (x *Index) unitsOf(messages []int32) []int32 {
	var out []int32
	for _, m := range messages {
		if u := x.fit.unitOf[m]; u >= 0 {
			out = append(out, u)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
