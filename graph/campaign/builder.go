package campaign

import (
	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// Builder takes what is known, in any order. The zero value is ready.
type Builder struct {
	rows      rows
	domains   map[evidence.Key][]evidence.Key // of a link domain, or a linked address: what registries say
	senders   map[evidence.Key][]evidence.Key // of a sender address
	names     map[evidence.Key]string
	decisions Decisions
}

// rows are Rows with their features in one slice: a million messages are not to be a
// million allocations.
type rows struct {
	key      []int64
	at       []int64
	flags    []uint8
	end      []int64 // of the row's features in features
	features []evidence.Key
	sketches []byte // sketch.Size bytes a row that has one
	sketch   []int32
}

const (
	isBackground = 1 << iota
	isNewsletter
)

// Add takes one message; r may be used again afterwards.
func (b *Builder) Add(r Row) {
	w := &b.rows
	w.key = append(w.key, r.Key)
	w.at = append(w.at, r.At)
	var flags uint8
	if r.Background {
		flags |= isBackground
	}
	if r.Newsletter {
		flags |= isNewsletter
	}
	w.flags = append(w.flags, flags)
	w.features = append(w.features, r.Features...)
	w.end = append(w.end, int64(len(w.features)))
	w.sketch = append(w.sketch, -1)
	if len(r.Sketch) == sketch.Size {
		w.sketch[len(w.sketch)-1] = int32(len(w.sketches) / sketch.Size)
		w.sketches = append(w.sketches, r.Sketch...)
	}
}

// AddDomain takes what registries say of a domain that messages link to.
func (b *Builder) AddDomain(d evidence.Domain) {
	b.know(&b.domains, evidence.Feature{Kind: evidence.LinkDomain, Value: d.Name}, d.Features())
}

// AddAddress takes what registries say of an address that sent mail or that links lead to.
func (b *Builder) AddAddress(a evidence.Address) {
	name := a.Addr.Unmap().WithZone("").String()
	b.know(&b.senders, evidence.Feature{Kind: evidence.SenderAddress, Value: name}, a.Features())
	b.know(&b.domains, evidence.Feature{Kind: evidence.HostAddress, Value: name}, a.HostFeatures())
}

func (b *Builder) know(of *map[evidence.Key][]evidence.Key, name evidence.Feature, says []evidence.Feature) {
	if len(says) == 0 {
		return
	}
	if *of == nil {
		*of = make(map[evidence.Key][]evidence.Key)
	}
	if b.names == nil {
		b.names = make(map[evidence.Key]string)
	}
	k := name.Key()
	b.names[k] = name.Value
	(*of)[k] = evidence.Keys(says)
}

// Decide takes what people have decided.
func (b *Builder) Decide(d Decisions) { b.decisions = d }
