package campaign

import (
	"cmp"
	"iter"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
	"spoor/graph/spamrun"
)

// Builder collects the input in any order. The zero value is ready.
type Builder struct {
	rows      rows
	inherited map[evidence.Key][]evidence.Key // registry data of a link domain, a sender or a linked host's address
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
	sender   []int32 // number in senders; -1: of no spamrun
	senders  map[netip.Addr]int32
	run      []evidence.Key // spamrun; 0 without one
}

// Flags of a message.
const (
	hamFlag = 1 << iota
	isNewsletter
	isReport // a delivery report: never clustered
	isAside  // a publisher's: never clustered
)

// Add takes one message; r may be used again afterwards.
func (b *Builder) Add(r Row) {
	w := &b.rows
	w.key = append(w.key, r.Key)
	w.at = append(w.at, r.At)
	var flags uint8
	if r.Ham {
		flags |= hamFlag
	}
	if r.Newsletter {
		flags |= isNewsletter
	}
	for _, k := range r.Features {
		if k.Kind() == evidence.Report {
			flags |= isReport
			continue
		}
		if k.Kind() < evidence.Kinds { // a later version may have written others
			w.features = append(w.features, k)
		}
	}
	w.flags = append(w.flags, flags)
	w.end = append(w.end, int64(len(w.features)))
	w.sender = append(w.sender, w.senderOf(&r))
	if r.Spamrun != 0 {
		w.run = append(w.run, make([]evidence.Key, len(w.key)-len(w.run))...)
		w.run[len(w.run)-1] = Burst(&spamrun.Run{ID: r.Spamrun}).Key()
	}
	w.sketch = append(w.sketch, -1)
	if len(r.Sketch) == sketch.Size {
		w.sketch[len(w.sketch)-1] = int32(len(w.sketches) / sketch.Size)
		w.sketches = append(w.sketches, r.Sketch...)
	}
}

// senderOf numbers the sender of spam whose time is known.
func (w *rows) senderOf(r *Row) int32 {
	if r.Ham || !r.Sender.IsValid() || r.At == 0 {
		return -1
	}
	a := r.Sender.Unmap().WithZone("")
	n, ok := w.senders[a]
	if !ok {
		if w.senders == nil {
			w.senders = make(map[netip.Addr]int32)
		}
		n = int32(len(w.senders))
		w.senders[a] = n
	}
	return n
}

// bySender yields the arrivals of each sender, by address. order lists the rows by key.
func (w *rows) bySender(order []int32) iter.Seq[[]spamrun.Arrival] {
	start, addresses := make([]int32, len(w.senders)+2), slices.SortedFunc(maps.Keys(w.senders), netip.Addr.Compare)
	for _, n := range w.sender {
		start[n+2]++ // those of none come first
	}
	for n := range start[1:] {
		start[n+1] += start[n]
	}
	of := make([]int32, len(w.sender))
	next := slices.Clone(start)
	for _, i := range order {
		n := w.sender[i] + 1
		of[next[n]] = i
		next[n]++
	}
	return func(yield func([]spamrun.Arrival) bool) {
		var list []spamrun.Arrival
		for _, a := range addresses {
			n := w.senders[a] + 1
			list = list[:0]
			for _, i := range of[start[n]:next[n]] {
				list = append(list, spamrun.Arrival{Message: w.key[i], Sender: a, At: w.at[i]})
			}
			if !yield(list) {
				return
			}
		}
	}
}

// AddDomain adds registry data of a linked domain.
func (b *Builder) AddDomain(d evidence.Domain) {
	b.know(evidence.Feature{Kind: evidence.LinkDomain, Value: d.Name}, d.Features())
}

// AddAddress adds registry data of a sending address or of a linked host's.
func (b *Builder) AddAddress(a evidence.Address) {
	name := a.Addr.Unmap().WithZone("").String()
	b.know(evidence.Feature{Kind: evidence.SenderAddress, Value: name}, a.Features())
	b.know(evidence.Feature{Kind: evidence.HostAddress, Value: name}, a.HostFeatures())
}

// know stores the features that a message inherits from a domain or address.
// Values of registries are kept once, however many messages link there.
func (b *Builder) know(name evidence.Feature, inherited []evidence.Feature) {
	if len(inherited) == 0 {
		return
	}
	if b.inherited == nil {
		b.inherited, b.names = make(map[evidence.Key][]evidence.Key), make(map[evidence.Key]string)
	}
	k := name.Key()
	b.names[k] = name.Value
	b.inherited[k] = evidence.Keys(inherited)
}

// Decide sets the users' decisions.
func (b *Builder) Decide(d Decisions) { b.decisions = d }

// Burst returns the feature of the messages of one spamrun. A burst is the work
// of one operator, although a rented bot serves another the next day.
func Burst(r *spamrun.Run) evidence.Feature {
	return evidence.Feature{Kind: evidence.Spamrun, Value: strconv.FormatInt(r.ID, 10)}
}

// spamruns finds the bursts and gives each row that of its message. order lists the rows by
// key.
func (b *Builder) spamruns(order []int32) []spamrun.Run {
	w := &b.rows
	found := spamrun.FindBySender(w.bySender(order))
	w.run = make([]evidence.Key, len(w.key))
	for i := range found {
		k := Burst(&found[i]).Key()
		for _, m := range found[i].Messages {
			n, _ := slices.BinarySearchFunc(order, m, func(row int32, key int64) int { return cmp.Compare(w.key[row], key) })
			w.run[order[n]] = k
		}
	}
	return found
}
