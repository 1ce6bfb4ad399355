package campaign

import (
	"cmp"
	"math/bits"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
	"spoor/graph/spamrun"
)

// Index is the incidence of messages and features with the weight of each.
// Messages are numbered by key and features by kind and hash, so that the
// result does not depend on the order of input. Features of a single message
// are left out: they link nothing, and most features are of this kind.
type Index struct {
	options   Options
	decisions Decisions
	keys      []int64
	at        []int64
	flags     []uint8
	spam      int
	sketches  []byte
	sketch    []int32 // of each message: its index in sketches; -1 without one
	has       []uint8 // groups of which a message has something to agree in, as bits

	alone      []uint8 // kinds of the values that only one message has, by message
	aloneStart []int32

	features []evidence.Key
	kind     []evidence.Kind
	weight   []float32 // bits; 0 for a feature that is too common
	contexts []int32
	ham      []int32 // wanted messages that have it
	rows     csr     // message -> features, ascending
	cols     csr     // feature -> messages, ascending

	says    map[evidence.Key][]evidence.Key // registry data, by domain or address
	names   map[evidence.Key]string
	copied  []float32 // by the message that represents a text: reduction of its weight
	text    []int32   // of each message: its text, near-duplicates together
	against [evidence.Groups]float32
	learned [evidence.Groups]learned
	ignored map[evidence.Key]bool
	said    map[[2]int32]string // decisions about pairs, the smaller number first; built on first use
	prior   float32

	spamruns []spamrun.Run
}

// csr is one side of an incidence as compressed sparse rows: row i holds
// to[start[i]:start[i+1]].
type csr struct {
	start []int32
	to    []int32
}

func (c *csr) row(i int32) []int32 { return c.to[c.start[i]:c.start[i+1]] }

// Index numbers and weights the input of the builder, which must not be used
// again.
func (b *Builder) Index(o Options) *Index {
	if o.Traits == 0 {
		o.Traits = Defaults.Traits
	}
	x := &Index{options: o, decisions: b.decisions, names: b.names, sketches: b.rows.sketches}
	x.says = b.says
	x.ignore()
	order := b.rows.order()
	x.spamruns = b.spamruns(order)
	x.number(b, order)
	x.fill(b, order)
	b.rows = rows{}
	x.cols = transpose(&x.rows, len(x.features))
	x.countHam()
	x.weigh()
	x.learn()
	return x
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

func (w *rows) of(i int32) []evidence.Key {
	from := int64(0)
	if i > 0 {
		from = w.end[i-1]
	}
	return w.features[from:w.end[i]]
}

// maxInherited limits the features that a message takes over from registry data
// of its links.
const maxInherited = 64

// each yields the features of row i: its own, its spamrun's, and those of
// registry data of its domains and addresses. Some may come twice.
func (b *Builder) each(i int32, yield func(evidence.Key)) {
	inherited := 0
	inherit := func(k evidence.Key) {
		for _, f := range b.says[k] {
			if inherited++; inherited > maxInherited {
				return
			}
			yield(f)
			if f.Kind() == evidence.HostAddress {
				for _, g := range b.says[f] {
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
	if run := b.rows.run; run != nil && run[i] != 0 {
		yield(run[i])
	}
}

// number gives numbers to the features that two messages or more have.
func (x *Index) number(b *Builder, order []int32) {
	once, twice := newBits(len(b.rows.features)), newBits(len(b.rows.features))
	for _, i := range order {
		b.each(i, func(k evidence.Key) {
			if !once.set(k) {
				twice.set(k)
			}
		})
	}
	once = bitset{}
	// A key seen twice in the bit set may be a collision or one message's
	// repetition. Counting sorts these out.
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
	x.sketch, x.has = make([]int32, n), make([]uint8, n)
	x.rows.start = make([]int32, 1, n+1)
	x.aloneStart = make([]int32, 1, n+1)
	var own []evidence.Key // values that only this message has
	for m, i := range order {
		x.keys[m], x.at[m], x.flags[m], x.sketch[m] = b.rows.key[i], b.rows.at[i], b.rows.flags[i], b.rows.sketch[i]
		if x.flags[m]&isBackground == 0 {
			x.spam++
		}
		from := len(x.rows.to)
		own = own[:0]
		b.each(i, func(k evidence.Key) {
			x.has[m] |= defines(k.Kind())
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

func (x *Index) background(m int32) bool { return x.flags[m]&isBackground != 0 }

// apart reports whether a message is never a member.
func (x *Index) apart(m int32) bool      { return x.flags[m]&(isBackground|isAside) != 0 }
func (x *Index) report(m int32) bool     { return x.flags[m]&isReport != 0 }
func (x *Index) newsletter(m int32) bool { return x.flags[m]&isNewsletter != 0 }

// sketchOf returns the sketch of message m; nil without one.
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

// defines returns the bit of the group for which a kind shows that a message
// has evidence: kinds that nearly every message has and that are the group's
// main evidence.
func defines(k evidence.Kind) uint8 {
	switch k {
	case evidence.Text, evidence.LinkDomain, evidence.LinkTenant, evidence.RegisteredAt, evidence.NameServers, evidence.HostAddress,
		evidence.SenderAddress, evidence.MailerCore:
		return 1 << k.Group()
	}
	return 0
}

func (x *Index) countHam() {
	x.ham = make([]int32, len(x.features))
	for m := range int32(len(x.keys)) {
		if x.background(m) {
			for _, f := range x.rows.row(m) {
				x.ham[f]++
			}
		}
	}
}

func (x *Index) df(f int32) int { return int(x.cols.start[f+1] - x.cols.start[f]) }

func (x *Index) ignore() {
	x.ignored = make(map[evidence.Key]bool)
	for _, k := range x.decisions.Ignored {
		x.ignored[k] = true
	}
}

// bitset records keys, with few false positives.
type bitset struct {
	words []uint64
	shift int
}

func newBits(n int) bitset {
	size := max(bits.Len(uint(n))+3, 10) // eight bits a key
	return bitset{make([]uint64, 1<<(size-6)), 64 - size}
}

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
