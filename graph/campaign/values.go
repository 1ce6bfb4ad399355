package campaign

import (
	"cmp"
	"encoding/binary"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// unitValues gathers the values of one unit.
type unitValues struct {
	shared     []int32
	alone      [runKinds]int32
	counted    []counted // room for unit, as spans is
	values     []int32
	spans      []mixture.Span
	keptValues arena[int32]
	keptSpans  arena[mixture.Span]
}

// arena keeps lists of a few items in large pieces: a million units are not to be two million
// allocations.
type arena[T any] struct{ free []T }

// arenaPiece is the number of items of a piece; the first ones are smaller.
const arenaPiece = 1 << 14

// keep copies a list.
func (a *arena[T]) keep(list []T) []T {
	if len(list) > cap(a.free)-len(a.free) {
		a.free = make([]T, 0, max(min(arenaPiece, 2*cap(a.free)), len(list)))
	}
	from := len(a.free)
	a.free = append(a.free, list...)
	return a.free[from:len(a.free):len(a.free)]
}

func (v *unitValues) reset() { v.shared, v.alone = v.shared[:0], [runKinds]int32{} }

// values adds those of message m.
func (x *Index) values(m int32, v *unitValues) {
	for _, f := range x.rows.row(m) {
		if !x.ignored[x.features[f]] {
			v.shared = append(v.shared, f)
		}
	}
	for _, k := range x.alone[x.aloneStart[m]:x.aloneStart[m+1]] {
		v.alone[k]++
	}
	b := x.sketchOf(m)
	for i := 0; 2*i+1 < len(b); i++ {
		if f := x.fit.slots[i<<16|int(binary.LittleEndian.Uint16(b[2*i:]))]; f >= 0 {
			v.shared = append(v.shared, f)
		} else {
			v.alone[slotKind]++
		}
	}
}

// counted is a value with the number of messages of a unit that have it.
type counted struct{ feature, n int32 }

// unit orders the values by kind, and bounds them: those of most messages stay.
func (v *unitValues) unit(kindOf []uint8, messages int) mixture.Unit {
	slices.Sort(v.shared)
	all := v.counted[:0]
	for _, f := range v.shared {
		if n := len(all); n > 0 && all[n-1].feature == f {
			all[n-1].n++
		} else {
			all = append(all, counted{f, 1})
		}
	}
	if messages > 1 || !slices.IsSortedFunc(all, func(a, b counted) int { return int(kindOf[a.feature]) - int(kindOf[b.feature]) }) {
		slices.SortFunc(all, func(a, b counted) int {
			return cmp.Or(cmp.Compare(kindOf[a.feature], kindOf[b.feature]), cmp.Compare(b.n, a.n), cmp.Compare(a.feature, b.feature))
		})
	}
	v.counted, v.spans = all, v.spans[:0]
	values := v.values[:0]
	i := 0
	for k := range runKinds {
		from := len(values)
		most, least := int32(maxOfKind), int32(1)
		switch k {
		case uint8(evidence.SubjectWord), uint8(evidence.BodyWord), slotKind, bandKind:
			most, least = maxOfWords, (int32(messages)+mostOften-1)/mostOften
		case uint8(evidence.LinkNumber):
			most = maxOfWords
		}
		for ; i < len(all) && kindOf[all[i].feature] == k; i++ {
			if int32(len(values)-from) < most && all[i].n >= least {
				values = append(values, all[i].feature)
			}
		}
		alone := min(v.alone[k], most-int32(len(values)-from))
		if least > 1 {
			alone = 0 // a value of one message among several is not the unit's
		}
		slices.Sort(values[from:])
		if to := len(values); to > from || alone > 0 {
			v.spans = append(v.spans, mixture.Span{Kind: k, Alone: uint8(alone), From: uint16(from), To: uint16(to)})
		}
	}
	v.values = values
	return mixture.Unit{Values: v.keptValues.keep(values), Spans: v.keptSpans.keep(v.spans)}
}
