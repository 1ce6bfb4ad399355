package campaign

import (
	"cmp"
	"math/bits"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
	"spoor/graph/spamrun"
)

// Index is an incidence of messages and features. Messages are numbered by key,
// and features by kind and hash, so that nothing depends on the order of input.
// Features of only one message, which are most, are left out, since they can
// link nothing.
type Index struct {
	options   Options
	decisions Decisions
	keys      []int64
	at        []int64
	flags     []uint8
	spam      int
	sketches  []byte
	sketch    []int32 // of each message: its place in sketches; -1 for none

	alone      []uint8 // kinds of the values that only one message has, by message
	aloneStart []int32

	features []evidence.Key
	kind     []evidence.Kind
	ham      []int32 // wanted messages that have it
	rows     csr     // message -> features, ascending
	cols     csr     // feature -> messages, ascending; none after Recall
	messages []int32 // with each feature, after Recall

	inherited map[evidence.Key][]evidence.Key // features from registries' data, by domain or address
	names     map[evidence.Key]string
	ignored   map[evidence.Key]bool
	said      map[[2]int32]string // users' decisions on pairs, the smaller number first; made at the first use
	fit       fitted
	once      bool // nobody asks for explanations

	spamruns []spamrun.Run
}

// csr is one side of an incidence as compressed sparse rows: row i holds
// to[start[i]:start[i+1]].
type csr struct {
	start []int32
	to    []int32
}

func (c *csr) row(i int32) []int32 { return c.to[c.start[i]:c.start[i+1]] }

// Index numbers the messages and features of the builder, which is used up.
func (b *Builder) Index(o Options) *Index {
	x := &Index{options: o.orDefaults(), decisions: b.decisions, names: b.names, sketches: b.rows.sketches}
	x.inherited = b.inherited
	x.ignore()
	order := b.rows.order()
	x.spamruns = b.spamruns(order)
	x.number(b, order)
	x.fill(b, order)
	b.rows = rows{}
	x.cols = transpose(&x.rows, len(x.features))
	x.countHam()
	return x
}

// Cluster finds the campaigns, as Index.Cluster does, in less memory: it forgets data for explanations
// on the way. The builder is used up.
func (b *Builder) Cluster(o Options) *Result {
	x := b.Index(o)
	x.once = true
	return x.Cluster()
}

// order lists the rows by key.
func (w *rows) order() []int32 {
	out := make([]int32, len(w.key))
	for i := range out {
		out[i] = int32(i)
	}
	slices.SortFunc(out, func(a, b int32) int { return cmp.Compare(w.key[a], w.key[b]) })
	return out
}

// of returns the features of row i.
func (w *rows) of(i int32) []evidence.Key {
	from := int64(0)
	if i > 0 {
		from = w.end[i-1]
	}
	return w.features[from:w.end[i]]
}

// maxInherited bounds the features that a message takes over from registries'
// data on all of its links.
const maxInherited = 64

// each yields the features of row i: its own, its spamrun's, and those that
// registries' data on its domains and addresses give. Some may come twice.
func (b *Builder) each(i int32, yield func(evidence.Key)) {
	inherited := 0
	inherit := func(k evidence.Key) {
		for _, f := range b.inherited[k] {
			if inherited++; inherited > maxInherited {
				return
			}
			yield(f)
			if f.Kind() == evidence.HostAddress {
				for _, g := range b.inherited[f] {
					yield(g)
				}
			}
		}
	}
	for _, k := range b.rows.of(i) {
		yield(k)
		if kind := k.Kind(); kind == evidence.LinkDomain || kind == evidence.SenderAddress {
			inherit(k)
		}
	}
	if run := b.rows.run; int(i) < len(run) && run[i] != 0 {
		yield(run[i])
	}
}

// number gives numbers to the features that two messages or more have.
func (x *Index) number(b *Builder, order []int32) {
	once, twice := newBits(len(b.rows.features)), newBits(len(b.rows.features))
	for _, i := range order {
		b.each(i, func(k evidence.Key) {
			if once.set(k) {
				twice.set(k)
			}
		})
	}
	once = bitset{}
	// A key found twice in the bits may be two values that collide, or one
	// message's twice: counting sorts these out.
	t := newTable(len(order))
	for _, i := range order {
		b.each(i, func(k evidence.Key) {
			if twice.has(k) {
				t.count(k, i)
			}
		})
	}
	x.features = t.kept()
	x.kind = make([]evidence.Kind, len(x.features))
	for f, k := range x.features {
		x.kind[f] = k.Kind()
	}
	b.table = t
}

// fill makes the rows.
func (x *Index) fill(b *Builder, order []int32) {
	n := len(order)
	x.keys, x.at, x.flags = make([]int64, n), make([]int64, n), make([]uint8, n)
	x.sketch = make([]int32, n)
	x.rows.start = make([]int32, 1, n+1)
	x.aloneStart = make([]int32, 1, n+1)
	var own []evidence.Key // values that only this message has
	for m, i := range order {
		x.keys[m], x.at[m], x.flags[m], x.sketch[m] = b.rows.key[i], b.rows.at[i], b.rows.flags[i], b.rows.sketch[i]
		if x.flags[m]&hamFlag == 0 {
			x.spam++
		}
		from := len(x.rows.to)
		own = own[:0]
		b.each(i, func(k evidence.Key) {
			if f, ok := b.table.number(k); ok {
				x.rows.to = append(x.rows.to, f)
			} else {
				own = append(own, k)
			}
		})
		slices.Sort(own)
		for _, k := range slices.Compact(own) {
			x.alone = append(x.alone, uint8(k.Kind()))
		}
		x.aloneStart = append(x.aloneStart, int32(len(x.alone)))
		slices.Sort(x.rows.to[from:])
		x.rows.to = x.rows.to[:from+len(slices.Compact(x.rows.to[from:]))]
		x.rows.start = append(x.rows.start, int32(len(x.rows.to)))
	}
	b.table = nil
}

// transpose turns rows over n columns round, in linear time.
func transpose(rows *csr, n int) csr {
	c := csr{start: make([]int32, n+1), to: make([]int32, len(rows.to))}
	for _, f := range rows.to {
		c.start[f+1]++
	}
	for f := range n {
		c.start[f+1] += c.start[f]
	}
	next := slices.Clone(c.start[:n])
	for m := range int32(len(rows.start) - 1) {
		for _, f := range rows.row(m) {
			c.to[next[f]] = m
			next[f]++
		}
	}
	return c
}

func (x *Index) isHam(m int32) bool { return x.flags[m]&hamFlag != 0 }

// apart reports whether a message is never a member.
func (x *Index) apart(m int32) bool      { return x.flags[m]&(hamFlag|isAside) != 0 }
func (x *Index) report(m int32) bool     { return x.flags[m]&isReport != 0 }
func (x *Index) newsletter(m int32) bool { return x.flags[m]&isNewsletter != 0 }

// sketchOf is the sketch of message m; nil for none.
func (x *Index) sketchOf(m int32) []byte {
	i := x.sketch[m]
	if i < 0 {
		return nil
	}
	return x.sketches[int(i)*sketch.Size:][:sketch.Size]
}

// find returns the number of the message with a key.
func (x *Index) find(key int64) (int32, bool) {
	m, ok := slices.BinarySearch(x.keys, key)
	return int32(m), ok
}

// feature returns the number of the feature with a key.
func (x *Index) feature(k evidence.Key) (int32, bool) {
	f, ok := slices.BinarySearch(x.features, k)
	return int32(f), ok
}

// countHam counts the wanted messages with each feature.
func (x *Index) countHam() {
	x.ham = make([]int32, len(x.features))
	for m := range int32(len(x.keys)) {
		if x.isHam(m) {
			for _, f := range x.rows.row(m) {
				x.ham[f]++
			}
		}
	}
}

// df is the number of messages that have a feature.
func (x *Index) df(f int32) int {
	if x.messages != nil {
		return int(x.messages[f])
	}
	return int(x.cols.start[f+1] - x.cols.start[f])
}

// ignore notes the features that users decided to ignore.
func (x *Index) ignore() {
	x.ignored = make(map[evidence.Key]bool)
	for _, k := range x.decisions.Ignored {
		x.ignored[k] = true
	}
}

// bitset says whether keys were seen, with a few mistakes for yes.
type bitset struct {
	words []uint64
	shift int
}

// newBits makes a set for n keys, eight bits a key: about one key in eight is
// wrongly taken as seen, which costs only memory.
func newBits(n int) bitset {
	size := max(bits.Len(uint(n))+3, 10) // eight bits a key
	return bitset{make([]uint64, 1<<(size-6)), 64 - size}
}

// set adds a key and reports whether it was there.
func (b bitset) set(k evidence.Key) (was bool) {
	h := mix(uint64(k)) >> b.shift
	w, bit := h>>6, uint64(1)<<(h&63)
	was = b.words[w]&bit != 0
	b.words[w] |= bit
	return was
}

func (b bitset) has(k evidence.Key) bool {
	h := mix(uint64(k)) >> b.shift
	return b.words[h>>6]&(1<<(h&63)) != 0
}

// mix spreads a key over all 64 bits (the finisher of SplitMix64).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
