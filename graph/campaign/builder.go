package campaign

import (
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// Builder takes what is known, in any order. The zero value is ready.
type Builder struct {
	rows      rows
	says      map[evidence.Key][]evidence.Key // of a link domain, a sender or a linked host's address: what registries say
	names     map[evidence.Key]string
	decisions Decisions
	table     *table
}

// rows are Rows with their features in one slice: a million messages are not to be a
// million allocations.
type rows struct {
	key      []int64
	at       []int64
	flags    []uint8
	end      []int64 // of the row's features in features
	features []evidence.Key
	sketches []byte // sketch.Size bytes for each row that has one
	sketch   []int32
	run      []evidence.Key // spamrun; 0 for none
}

const (
	isBackground = 1 << iota
	isNewsletter
	isAside // a publisher's: stands alone
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
	for _, k := range r.Features {
		if k.Kind() < evidence.Kinds { // a later version may have written others
			w.features = append(w.features, k)
		}
	}
	w.end = append(w.end, int64(len(w.features)))
	w.sketch = append(w.sketch, -1)
	if len(r.Sketch) == sketch.Size {
		w.sketch[len(w.sketch)-1] = int32(len(w.sketches) / sketch.Size)
		w.sketches = append(w.sketches, r.Sketch...)
	}
}

// AddDomain takes what registries say of a domain that messages link to.
func (b *Builder) AddDomain(d evidence.Domain) {
	b.know(evidence.Feature{Kind: evidence.LinkDomain, Value: d.Name}, d.Features())
}

// AddAddress takes what registries say of an address that sent mail or that links lead to.
func (b *Builder) AddAddress(a evidence.Address) {
	name := a.Addr.Unmap().WithZone("").String()
	b.know(evidence.Feature{Kind: evidence.SenderAddress, Value: name}, a.Features())
	b.know(evidence.Feature{Kind: evidence.HostAddress, Value: name}, a.HostFeatures())
}

func (b *Builder) know(name evidence.Feature, says []evidence.Feature) {
	if len(says) == 0 {
		return
	}
	if b.says == nil {
		b.says, b.names = make(map[evidence.Key][]evidence.Key), make(map[evidence.Key]string)
	}
	k := name.Key()
	b.names[k] = name.Value
	b.says[k] = evidence.Keys(says)
}

// Decide takes what people have decided.
func (b *Builder) Decide(d Decisions) { b.decisions = d }

// maxPause ends a spamrun.
const maxPause = 6 * 3600

// spamruns gives each row the run that it is part of: what one sender sent without a long
// pause. A run of one message is none.
func (w *rows) spamruns() {
	type arrival struct {
		sender evidence.Key
		at     int64
		row    int32
	}
	var all []arrival
	for i := range w.key {
		if w.at[i] == 0 {
			continue
		}
		for _, k := range w.of(int32(i)) {
			if k.Kind() == evidence.SenderAddress {
				all = append(all, arrival{k, w.at[i], int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b arrival) int {
		switch {
		case a.sender != b.sender:
			return sign(a.sender > b.sender)
		case a.at != b.at:
			return sign(a.at > b.at)
		}
		return sign(w.key[a.row] > w.key[b.row])
	})
	w.run = make([]evidence.Key, len(w.key))
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].sender == all[i].sender && all[j].at-all[j-1].at <= maxPause {
			j++
		}
		if j > i+1 {
			id := evidence.Key(uint64(evidence.Spamrun)<<56 | mix(uint64(all[i].sender)^mix(uint64(all[i].at)))>>8)
			for _, a := range all[i:j] {
				w.run[a.row] = id
			}
		}
		i = j
	}
}

func sign(greater bool) int {
	if greater {
		return 1
	}
	return -1
}
