package campaign

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
	"spoor/graph/sketch"
)

// Memory is the part of a run's estimates that a question needs.
type Memory struct {
	Parameters Parameters
	Values     map[evidence.Key]Value // those of Builder.Asked that the run knew
	Campaigns  []Remembered
}

// Remembered is a campaign of a run: that of a message of the question, or another one that such
// a message is compared with.
type Remembered struct {
	Profile  Profile // with the campaign's identity
	Counts   Counts
	Messages int     // all members
	Members  []int64 // those among the messages of the question
	Since    []int64 // of these, those that came after the run and are not in Profile and Counts
}

// Asked lists the keys of the values of all messages, ascending.
func (b *Builder) Asked() []evidence.Key {
	var out []evidence.Key
	for i := range b.rows.key {
		b.each(int32(i), func(k evidence.Key) { out = append(out, k) })
		out = append(out, dayKey(b.rows.at[i]))
		if s := b.rows.sketch[i]; s >= 0 {
			out = slotKeys(out, b.rows.sketches[int(s)*sketch.Size:][:sketch.Size])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Callers lists the campaigns, as indices into Result.Campaigns, that a message with some
// values is compared with: at most n, those that its rarest values call.
func Callers(values map[evidence.Key]Value, n int) []int32 {
	votes, kinds := make(map[int32]float64), runKindsOf()
	for _, k := range slices.Sorted(maps.Keys(values)) {
		v := values[k]
		for _, c := range v.Campaigns {
			votes[c] += v.Bits * kinds[min(uint8(k.Kind()), bandKind)].Call
		}
	}
	out := slices.Collect(maps.Keys(votes))
	slices.SortFunc(out, func(a, b int32) int { return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), n)]
}

// Recall makes an index of the messages of a question, in which Pair, Against and Holding
// explain as the index of the run would. The builder is used up.
//
// A campaign whose members are all there is built of them. Of another one the counts of the run
// stand for the rest.
func (b *Builder) Recall(m Memory, o Options) *Index {
	x := &Index{options: o.orDefaults(), decisions: b.decisions, names: b.names, sketches: b.rows.sketches, inherited: b.inherited}
	x.ignore()
	order := b.rows.order()
	known := slices.SortedFunc(maps.Values(m.Values), func(p, q Value) int { return cmp.Compare(p.Key, q.Key) })
	known = slices.DeleteFunc(known, func(v Value) bool { return v.Key == 0 || uint8(v.Key.Kind()) > timeKind })
	x.remember(b, known)
	x.fill(b, order)
	b.rows = rows{}
	x.load(m, known)
	x.enroll(m.Campaigns)
	return x
}

// remember numbers the known features, and keeps their counts.
func (x *Index) remember(b *Builder, known []Value) {
	t := newTable(len(known))
	for _, v := range known {
		if k := v.Key.Kind(); k < evidence.Kinds {
			t.count(v.Key, 0)
			t.count(v.Key, 1)
			x.messages, x.ham, x.kind = append(x.messages, v.Messages), append(x.ham, v.Ham), append(x.kind, k)
		}
	}
	x.features = t.kept()
	b.table = t
}

// load makes the model of the run, with the campaigns as it counted them.
func (x *Index) load(m Memory, known []Value) {
	x.fit.slots, x.fit.days = slices.Repeat([]int32{-1}, sketch.Slots<<16), make(map[int64]int32)
	x.fit.loose = make(map[int32]int32)
	x.fit.unitOf = slices.Repeat([]int32{-1}, len(x.keys))
	trust := make(map[evidence.Key]bool)
	for _, k := range x.decisions.Trusted {
		trust[k] = true
	}
	number, surprise := make(map[evidence.Key]int32), []float64(nil)
	for n, v := range known { // features come first, as their kinds are less
		f, kind := int32(n), uint8(v.Key.Kind())
		number[v.Key] = f
		x.fit.kindOf = append(x.fit.kindOf, kind)
		s := v.Bits * math.Ln2
		if trust[v.Key] {
			s = max(s, trusted)
		}
		surprise = append(surprise, s)
		switch kind {
		case slotKind:
			x.fit.slots[v.Key.Value()&(sketch.Slots<<16-1)] = f
			x.fit.keys = append(x.fit.keys, v.Key)
		case timeKind:
			x.fit.days[int64(v.Key.Value()<<8)>>8] = f
			x.fit.keys = append(x.fit.keys, v.Key)
		}
	}
	clusters := make([]mixture.Snapshot, len(m.Campaigns))
	for i := range m.Campaigns {
		if c := &m.Campaigns[i]; !c.whole() {
			clusters[i] = c.snapshot(number)
		}
	}
	x.fit.Fitted = mixture.Load(runKindsOf(), x.fit.kindOf, surprise, m.Parameters.rates(), m.Parameters.Prior*math.Ln2, clusters)
}

// whole reports whether all members are there.
func (c *Remembered) whole() bool { return len(c.Members) > 0 && len(c.Members) >= c.Messages }

// snapshot has the run's counts of the known values.
func (c *Remembered) snapshot(number map[evidence.Key]int32) mixture.Snapshot {
	out := mixture.Snapshot{Units: int32(c.Profile.Units), Kinds: c.Profile.Kinds}
	units := make(map[evidence.Key]int32)
	for _, s := range c.Profile.Shared {
		units[s.Feature] = s.Units
	}
	for _, v := range c.Counts.Values {
		units[v.Key] = v.Units
	}
	for _, k := range slices.Sorted(maps.Keys(units)) {
		if f, ok := number[k]; ok {
			out.Features = append(out.Features, mixture.FeatureCount{Feature: f, Units: units[k]})
		}
	}
	return out
}

// enroll puts the messages into their campaigns, by the units of the run.
func (x *Index) enroll(campaigns []Remembered) {
	x.fit.held = make(map[int32]held)
	for i := range campaigns {
		if c := &campaigns[i]; c.whole() {
			var units []int32
			for _, messages := range x.unitsIn(c) {
				x.fit.Loose(x.noteUnit(messages))
				units = append(units, x.fit.unitOf[messages[0]])
			}
			x.fit.Divide(units)
		} else {
			x.enrollSome(c, int32(i))
		}
	}
	for m := range int32(len(x.keys)) {
		if x.fit.unitOf[m] < 0 && !x.isHam(m) {
			x.fit.Loose(x.noteUnit([]int32{m}))
		}
	}
}

// enrollSome puts messages into a campaign of which the run's counts are known.
func (x *Index) enrollSome(c *Remembered, cluster int32) {
	h := held{c.Messages, make(map[int32]int)}
	for _, v := range c.Counts.Values {
		if f, ok := x.feature(v.Key); ok {
			h.having[f] = int(v.Messages)
		}
	}
	for _, messages := range x.unitsIn(c) {
		unit := x.noteUnit(messages)
		if !slices.Contains(c.Since, x.keys[messages[0]]) {
			x.fit.Counted(unit, cluster)
			continue
		}
		x.fit.Put(x.fit.Loose(unit), cluster)
		for _, f := range x.rows.row(messages[0]) {
			h.having[f]++
		}
	}
	x.fit.held[cluster] = h
}

// noteUnit notes messages as the next unit, and returns it for the model.
func (x *Index) noteUnit(messages []int32) mixture.Unit {
	for _, m := range messages {
		x.fit.unitOf[m] = int32(len(x.fit.units))
	}
	x.fit.units = append(x.fit.units, messages)
	return x.unitOf(messages)
}

// unitsIn lists the messages of each unit of a campaign, in order of arrival.
func (x *Index) unitsIn(c *Remembered) (out [][]int32) {
	of := make(map[int64]int)
	for i, keys := range c.Counts.Units {
		for _, k := range keys {
			of[k] = i + 1
		}
	}
	at := make(map[int]int) // unit of the run, its place in out
	for _, m := range x.known(c.Members) {
		i := of[x.keys[m]]
		if p, ok := at[i]; ok && i > 0 {
			out[p] = append(out[p], m)
			continue
		}
		at[i] = len(out)
		out = append(out, []int32{m})
	}
	for _, messages := range out {
		slices.SortFunc(messages, func(a, b int32) int { return cmp.Or(cmp.Compare(x.at[a], x.at[b]), cmp.Compare(a, b)) })
	}
	return out
}

// unitOf makes a unit of messages.
func (x *Index) unitOf(messages []int32) mixture.Unit {
	var v unitValues
	for _, m := range messages {
		x.values(m, &v)
	}
	if f, ok := x.fit.days[x.at[messages[0]]/timeSpan]; ok {
		v.shared = append(v.shared, f)
	}
	return v.unit(x.fit.kindOf, len(messages))
}

// held is a campaign of which not all messages are there.
type held struct {
	messages int
	having   map[int32]int // messages with each feature
}
