package campaign

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"spoor/graph/evidence"
)

// A run keeps its estimates: of each value in Pages, of each campaign in Profile and Counts. A
// question is answered by these and the messages that it concerns, without the rest of the
// store (see Recall).

// Value holds the estimates of one value: a feature, a slot of sketches, or days of arrival.
type Value struct {
	Key       evidence.Key
	Bits      float64 // how much rarer than chance, in hundredths of a bit
	Messages  int32   // that have it, wanted ones too
	Ham       int32
	Campaigns []int32 // that it calls (see maxCalled), as indices into Result.Campaigns, ascending
}

// maxCalled bounds the campaigns of one Value: those where most units have it. A message that
// has it is compared with these beside its own campaign, as in the run.
const maxCalled = 8

// Page holds the values from First on, by key, packed.
type Page struct {
	First  evidence.Key
	Packed []byte
}

// perPage is the number of values of a page. A question reads a page for nearly every value
// that it asks for.
const perPage = 128

// dayKey is the key of a value of timeKind, as if it were a feature.
func dayKey(at int64) evidence.Key {
	return evidence.Key(uint64(timeKind)<<56 | uint64(at/timeSpan)&(1<<56-1))
}

// learned packs all values of the model, in the order of their keys. sets are the campaigns.
func (x *Index) learned(sets [][]int32) []Page {
	of := x.campaignOf(sets)
	var p pager
	for f := range int32(len(x.features)) {
		p.add(Value{x.features[f], x.bitsOf(f), int32(x.df(f)), x.ham[f], x.called(f, of)})
	}
	for i, f := range x.fit.slots { // in order of the slot, then the value, as their keys are
		if f >= 0 {
			p.add(Value{Key: slotKey(i>>16, uint16(i)), Bits: x.bitsOf(f)})
		}
	}
	var days []Value
	for day, f := range x.fit.days {
		days = append(days, Value{Key: dayKey(day * timeSpan), Bits: x.bitsOf(f)})
	}
	slices.SortFunc(days, func(a, b Value) int { return cmp.Compare(a.Key, b.Key) })
	for _, v := range days {
		p.add(v)
	}
	return p.pages
}

// bitsOf is how much rarer than chance the model holds a value.
func (x *Index) bitsOf(f int32) float64 { return hundredths(float32(inBits(x.fit.Surprise(f)))) }

// campaignOf gives the campaign of each cluster, as an index into sets; -1 for none.
func (x *Index) campaignOf(sets [][]int32) []int32 {
	out := slices.Repeat([]int32{-1}, x.fit.Clusters())
	for n, set := range sets {
		for _, m := range set {
			if c := x.cluster(m); c >= 0 && out[c] < 0 {
				out[c] = int32(n)
			}
		}
	}
	return out
}

// called lists the campaigns that a feature calls.
func (x *Index) called(f int32, of []int32) []int32 {
	type caller struct{ n, units int32 }
	var all []caller
	for _, c := range x.fit.Called(f) {
		if n := of[c]; n >= 0 {
			all = append(all, caller{n, x.fit.Count(c, f)})
		}
	}
	if len(all) > maxCalled {
		slices.SortFunc(all, func(a, b caller) int { return cmp.Or(cmp.Compare(b.units, a.units), cmp.Compare(a.n, b.n)) })
		all = all[:maxCalled]
	}
	var out []int32
	for _, c := range all {
		out = append(out, c.n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pager packs values into pages.
type pager struct {
	pages []Page
	last  evidence.Key
	n     int // values of the last page
}

// add packs a value with a greater key than all before.
func (p *pager) add(v Value) {
	if p.n == 0 || p.n == perPage {
		p.pages = append(p.pages, Page{First: v.Key, Packed: []byte{packedVersion}})
		p.last, p.n = v.Key, 0
	}
	b := &p.pages[len(p.pages)-1].Packed
	for _, n := range []uint64{uint64(v.Key - p.last), uint64(math.Round(100 * v.Bits)), uint64(v.Messages), uint64(v.Ham), uint64(len(v.Campaigns))} {
		*b = binary.AppendUvarint(*b, n)
	}
	last := int32(0)
	for _, n := range v.Campaigns {
		*b = binary.AppendUvarint(*b, uint64(n-last))
		last = n
	}
	p.last = v.Key
	if p.n++; p.n == perPage {
		*b = slices.Clip(*b)
	}
}

// Values yields the values of a page; false if it is none.
func (p Page) Values(yield func(Value)) bool {
	u := unpacker{b: p.Packed}
	if u.byte() != packedVersion {
		return false
	}
	for k := uint64(p.First); len(u.b) > 0 && !u.bad; {
		k += u.number(math.MaxInt64)
		v := Value{Key: evidence.Key(k), Bits: float64(u.number(10_000)) / 100, Messages: int32(u.number(math.MaxInt32)), Ham: int32(u.number(math.MaxInt32))}
		last := uint64(0)
		for range u.number(maxCalled) {
			last += u.number(math.MaxInt32)
			v.Campaigns = append(v.Campaigns, int32(min(last, math.MaxInt32)))
		}
		if !u.bad {
			yield(v)
		}
	}
	return !u.bad
}

// Counts are the counts of a campaign beside its Profile.
type Counts struct {
	Units  [][]int64 // the messages of each unit that has several, ascending
	Values []Count   // by key; of a campaign of more than Options.Beside messages
}

// Count says how many units and messages of a campaign have a value.
type Count struct {
	Key             evidence.Key
	Units, Messages int32
}

// maxCounted bounds the values of Counts: those that most units have. A value that one unit has
// agrees with no other.
const maxCounted = 20_000

// counts counts the units and values of a campaign.
func (x *Index) counts(members []int32) (out Counts) {
	units := x.unitsOf(members)
	for _, u := range units {
		if len(x.fit.units[u]) > 1 {
			var keys []int64
			for _, m := range x.fit.units[u] {
				keys = append(keys, x.keys[m])
			}
			slices.Sort(keys)
			out.Units = append(out.Units, keys)
		}
	}
	if len(members) <= x.options.Beside {
		return out
	}
	having := x.countsOf(members)
	for _, n := range x.fit.Snapshot(units).Features {
		if k := x.keyOf(n.Feature); k != 0 && (n.Units > 1 || having[n.Feature] > 1) {
			out.Values = append(out.Values, Count{k, n.Units, int32(having[n.Feature])})
		}
		delete(having, n.Feature)
	}
	for f, n := range having { // of several messages of one unit, whose values they are not
		if n > 1 {
			out.Values = append(out.Values, Count{x.features[f], 0, int32(n)})
		}
	}
	slices.SortFunc(out.Values, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Units, a.Units), cmp.Compare(a.Key, b.Key)) })
	out.Values = slices.Clip(out.Values[:min(len(out.Values), maxCounted)])
	slices.SortFunc(out.Values, func(a, b Count) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// Pack appends counts to b in a compact form.
func (c *Counts) Pack(b []byte) []byte {
	b = binary.AppendUvarint(append(b, packedVersion), uint64(len(c.Units)))
	for _, keys := range c.Units {
		b = binary.AppendUvarint(b, uint64(len(keys)))
		for _, k := range keys {
			b = binary.BigEndian.AppendUint64(b, uint64(k))
		}
	}
	last := evidence.Key(0)
	for _, v := range c.Values {
		for _, n := range []uint64{uint64(v.Key - last), uint64(v.Units), uint64(v.Messages)} {
			b = binary.AppendUvarint(b, n)
		}
		last = v.Key
	}
	return b
}

// UnpackCounts reads the output of Pack; false for anything else.
func UnpackCounts(b []byte) (c Counts, ok bool) {
	u := unpacker{b: b}
	if u.byte() != packedVersion {
		return c, false
	}
	for n := u.number(uint64(len(b))); n > 0 && !u.bad; n-- {
		var keys []int64
		for m := u.number(uint64(len(b))); m > 0 && !u.bad; m-- {
			keys = append(keys, int64(u.key()))
		}
		c.Units = append(c.Units, keys)
	}
	for k := uint64(0); len(u.b) > 0 && !u.bad; {
		k += u.number(math.MaxInt64)
		c.Values = append(c.Values, Count{evidence.Key(k), int32(u.number(maxCount)), int32(u.number(math.MaxInt32))})
	}
	return c, !u.bad
}
