package graph

import (
	"cmp"
	"slices"
	"strings"
)

// Builder takes messages in any order.
type Builder struct {
	ids      map[Feature]int32
	features []Feature
	rows     []row
}

type row struct {
	key        int64
	background bool
	newsletter bool
	to         []int32 // distinct features, in order of appearance
}

// Add takes what the grouping needs of m; m may be used again afterwards.
func (b *Builder) Add(m *Message) {
	if b.ids == nil {
		b.ids = make(map[Feature]int32)
	}
	r := row{key: m.Key, background: m.Background, newsletter: newsletter(m)}
	features(m, func(k Kind, v string) {
		f := b.intern(Feature{k, v})
		if !slices.Contains(r.to, f) {
			r.to = append(r.to, f)
		}
	})
	r.to = slices.Clip(r.to)
	b.rows = append(b.rows, r)
}

func (b *Builder) intern(f Feature) int32 {
	if id, ok := b.ids[f]; ok {
		return id
	}
	f.Value = strings.Clone(f.Value) // not the whole of what it was cut from
	id := int32(len(b.features))
	b.ids[f] = id
	b.features = append(b.features, f)
	return id
}

// csr is one side of an incidence as compressed sparse rows: row i holds
// to[start[i]:start[i+1]].
type csr struct {
	start []int32
	to    []int32
}

func (c *csr) row(i int32) []int32 { return c.to[c.start[i]:c.start[i+1]] }

// incidence is messages x features. Messages are numbered by key and features by kind
// and value, so that nothing depends on the order in which they came.
type incidence struct {
	keys       []int64
	background []bool
	newsletter []bool
	features   []Feature
	rows       csr // message -> features, ascending
	cols       csr // feature -> messages, ascending; only features of two or more
	bits       []uint8
	spam       int
}

func (b *Builder) incidence() *incidence {
	slices.SortFunc(b.rows, func(p, q row) int { return cmp.Compare(p.key, q.key) })
	rank := b.rankShared()
	x := &incidence{features: make([]Feature, rank.kept)}
	for id, r := range rank.of {
		if r >= 0 {
			x.features[r] = b.features[id]
		}
	}
	x.rows.start = append(x.rows.start, 0)
	for _, r := range b.rows {
		x.keys = append(x.keys, r.key)
		x.background = append(x.background, r.background)
		x.newsletter = append(x.newsletter, r.newsletter)
		if !r.background {
			x.spam++
		}
		from := len(x.rows.to)
		for _, f := range r.to {
			if rank.of[f] >= 0 {
				x.rows.to = append(x.rows.to, rank.of[f])
			}
		}
		slices.Sort(x.rows.to[from:])
		x.rows.start = append(x.rows.start, int32(len(x.rows.to)))
	}
	x.cols = transpose(x.rows, rank.kept)
	return x
}

type ranks struct {
	of   []int32 // by interned id: place in the order of kind and value; -1 if only one message has it
	kept int
}

// rankShared orders the features that two or more messages have. What only one message
// has can link nothing, and is most of what there is.
func (b *Builder) rankShared() ranks {
	df := make([]int32, len(b.features))
	for _, r := range b.rows {
		for _, f := range r.to {
			df[f]++
		}
	}
	var order []int32
	for id, n := range df {
		if n > 1 {
			order = append(order, int32(id))
		}
	}
	slices.SortFunc(order, func(p, q int32) int { return compareFeatures(b.features[p], b.features[q]) })
	of := make([]int32, len(b.features))
	for i := range of {
		of[i] = -1
	}
	for r, id := range order {
		of[id] = int32(r)
	}
	return ranks{of, len(order)}
}

func compareFeatures(p, q Feature) int {
	return cmp.Or(cmp.Compare(p.Kind, q.Kind), cmp.Compare(p.Value, q.Value))
}

// transpose turns rows over n columns round, in linear time.
func transpose(rows csr, n int) csr {
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
