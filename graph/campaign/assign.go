package campaign

import (
	"cmp"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// New mail is matched against the Profile that a run kept of each campaign,
// without the earlier messages. It is compared with the campaign as a whole and
// with some of its messages, by the rules of a run. Three things are left to
// the next run: campaigns that new mail founds, merges or splits, and the
// change of frequencies.

// Profile is the part of a campaign that is kept for comparison with new mail.
type Profile struct {
	Campaign  int64 // identity, set by the store
	Members   int
	Present   [evidence.Groups]int // members that have something of a group
	Shared    []Shared             // by feature, at most maxShared
	Specimens []Specimen           // at most maxSpecimens
}

// Shared is a feature that members of a campaign have.
type Shared struct {
	Feature evidence.Key
	Members int32
	Bits    float32 // its weight in the run
}

// Specimen is one of the messages of a campaign.
type Specimen struct {
	Features []uint8 // numbers in Shared, ascending
	Sketch   []byte  // of its text; nil if there is too little
	Copied   float32 // bits that the likeness of its text is worth less, since others copy it
}

const (
	// maxSpecimens is the number of messages kept of a campaign: dissimilar
	// texts and the latest, because new mail resembles recent mail.
	maxSpecimens = 8
	// maxShared limits the features: those of the specimens, and characteristic
	// ones.
	maxShared = 255
	// maxOthers limits the characteristic features. The rest of a pool of
	// hundreds of domains is found through other evidence.
	maxOthers = 48
)

// Meets reports whether the campaign shares with new mail, which has these features, one that
// can count.
func (p *Profile) Meets(features map[evidence.Key]bool) bool {
	return slices.ContainsFunc(p.Shared, func(s Shared) bool { return s.Bits >= groupBits && features[s.Feature] })
}

// publish returns the profile of a set of messages.
func (x *Index) publish(members []int32) Profile {
	p := x.profileOf(members)
	out := Profile{Members: len(members)}
	for g, n := range p.present {
		out.Present[g] = int(n)
	}
	specimens := x.specimens(p)
	kept := x.kept(p, specimens)
	for _, f := range kept {
		n := int32(0)
		if i, ok := slices.BinarySearch(p.features, f); ok {
			n = p.counts[i]
		}
		out.Shared = append(out.Shared, Shared{x.features[f], n, x.weight[f]})
	}
	for _, m := range specimens {
		s := Specimen{Sketch: x.sketchOf(m), Copied: x.copiesOf(m)}
		for _, f := range x.rows.row(m) {
			if i, ok := slices.BinarySearch(kept, f); ok {
				s.Features = append(s.Features, uint8(i))
			}
		}
		out.Specimens = append(out.Specimens, s)
	}
	return out
}

// specimens chooses the messages that are kept of a profile.
func (x *Index) specimens(p *profile) []int32 {
	latest := slices.Clone(p.members)
	slices.SortFunc(latest, func(a, b int32) int { return cmp.Or(cmp.Compare(x.at[b], x.at[a]), cmp.Compare(b, a)) })
	out := slices.Clone(p.texts[:min(len(p.texts), maxSpecimens/2)])
	for _, m := range latest {
		if len(out) == maxSpecimens {
			break
		}
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}

// kept chooses the features that are kept of a profile, ascending.
func (x *Index) kept(p *profile, specimens []int32) []int32 {
	var out []int32
	for _, m := range specimens {
		row := x.rows.row(m)
		out = append(out, row[:min(len(row), (maxShared-maxOthers)/maxSpecimens)]...)
	}
	others := indicesOf(len(p.features))
	slices.SortFunc(others, func(i, j int) int {
		return cmp.Or(cmp.Compare(float32(p.counts[j])*x.weight[p.features[j]], float32(p.counts[i])*x.weight[p.features[i]]), cmp.Compare(i, j))
	})
	for _, i := range others[:min(len(others), maxOthers)] {
		out = append(out, p.features[i])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func indicesOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Known are the campaigns of a run, ready for new mail to be compared with.
type Known struct {
	x         *Index // of the profiles' features; its messages are the specimens, and last the new one
	ids       []int64
	profiles  []*profile
	specimens [][]int32 // of each profile
	under     csr       // feature -> profiles that have it
	shared    []float32 // by profile: weight shared with a message; 0 between messages
}

// NewKnown takes the profiles and parameters of a run, and the decisions made
// since.
func NewKnown(profiles []Profile, p Parameters, d Decisions) *Known {
	x := &Index{decisions: d, prior: float32(p.Prior)}
	for _, learned := range p.Groups {
		for g := range evidence.Groups {
			if learned.Group == g.String() {
				x.against[g] = float32(learned.Against)
			}
		}
	}
	x.ignore()
	x.rows.start = make([]int32, 1)
	k := &Known{x: x}
	k.number(profiles)
	most := 0
	for i := range profiles {
		most = max(most, profiles[i].Members)
	}
	members := make([]int32, most)
	for i := range profiles {
		k.add(&profiles[i], members[:profiles[i].Members])
	}
	k.specimen(nil, Specimen{Sketch: make([]byte, sketch.Size)}) // the place of the new message
	k.post()
	k.shared = make([]float32, len(profiles))
	return k
}

// number gives numbers to the features of profiles and weighs them.
func (k *Known) number(profiles []Profile) {
	x := k.x
	for i := range profiles {
		for _, s := range profiles[i].Shared {
			x.features = append(x.features, s.Feature)
		}
	}
	slices.Sort(x.features)
	x.features = slices.Clip(slices.Compact(x.features))
	x.kind, x.weight = make([]evidence.Kind, len(x.features)), make([]float32, len(x.features))
	for f, key := range x.features {
		x.kind[f] = key.Kind()
	}
	for i := range profiles {
		for _, s := range profiles[i].Shared {
			if f, ok := x.feature(s.Feature); ok && !x.ignored[s.Feature] {
				x.weight[f] = max(x.weight[f], s.Bits)
			}
		}
	}
	for _, key := range x.decisions.Trusted {
		if f, ok := x.feature(key); ok {
			x.weight[f] = float32(key.Kind().MaxBits())
		}
	}
}

// add adds a profile. Of members only their number is used.
func (k *Known) add(from *Profile, members []int32) {
	p := &profile{members: members}
	for g, n := range from.Present {
		p.present[g] = int32(n)
	}
	number := make([]int32, len(from.Shared))
	for i, s := range from.Shared {
		number[i], _ = k.x.feature(s.Feature)
		if s.Members > 0 {
			p.features, p.counts = append(p.features, number[i]), append(p.counts, s.Members)
		}
	}
	var specimens []int32
	for _, s := range from.Specimens {
		m := k.specimen(number, s)
		specimens = append(specimens, m)
		if k.x.sketch[m] >= 0 {
			p.texts = append(p.texts, m)
		}
	}
	k.ids = append(k.ids, from.Campaign)
	k.profiles = append(k.profiles, p)
	k.specimens = append(k.specimens, specimens)
}

// specimen makes a message of the index and returns its number; number are those of the
// features of its profile.
func (k *Known) specimen(number []int32, s Specimen) int32 {
	x, m := k.x, int32(len(k.x.sketch))
	var has uint8
	for _, i := range s.Features {
		if int(i) < len(number) {
			f := number[i]
			x.rows.to = append(x.rows.to, f)
			has |= defines(x.kind[f])
		}
	}
	x.rows.start = append(x.rows.start, int32(len(x.rows.to)))
	x.has = append(x.has, has)
	x.sketch = append(x.sketch, -1)
	if len(s.Sketch) == sketch.Size {
		x.sketch[m] = int32(len(x.sketches) / sketch.Size)
		x.sketches = append(x.sketches, s.Sketch...)
	}
	x.text = append(x.text, int32(len(x.features))+m)
	x.copied = append(x.copied, s.Copied)
	return m
}

// post lists for each feature the profiles that have it.
func (k *Known) post() {
	c := csr{start: make([]int32, 1, len(k.profiles)+1)}
	for _, p := range k.profiles {
		for _, f := range p.features {
			if k.x.weight[f] > 0 {
				c.to = append(c.to, f)
			}
		}
		c.start = append(c.start, int32(len(c.to)))
	}
	k.under = transpose(&c, len(k.x.features))
}

// Assigned is the campaign that a message is held to be part of.
type Assigned struct {
	Campaign   int64
	Confidence float64
}

// ahead is the margin, in bits, of the best campaign over the next. Evidence
// that two campaigns of one operator share cannot decide between them.
const ahead = 2

// Assign returns the campaign of a new message; false if none is clearly the
// best.
func (k *Known) Assign(r Row) (Assigned, bool) {
	if r.Background || r.Newsletter || len(k.ids) == 0 {
		return Assigned{}, false
	}
	m := k.message(r)
	best, next, at := float32(0), float32(0), int32(-1)
	for _, i := range k.candidates(m) {
		switch s, ok := k.compare(m, i); {
		case !ok:
		case at < 0 || s > best:
			best, next, at = s, best, i
		default:
			next = max(next, s)
		}
	}
	if at < 0 || best-next < ahead {
		return Assigned{}, false
	}
	return Assigned{k.ids[at], confidence(best)}, true
}

// A campaign with few members shows little of its variation, and the first
// mails of the operator's next campaign look like it. Below fewMembers, fewBits
// more are required.
const (
	few     = 5
	fewBits = 4
)

// compare scores a new message against campaign i: as a whole, and with each
// specimen. Only links strong enough to put two messages into one unit count;
// false if there is none.
func (k *Known) compare(m *profile, i int32) (best float32, linked bool) {
	x := k.x
	least := float32(linkBits + unitBits)
	if len(k.profiles[i].members) < few {
		least += fewBits
	}
	judge := func(t tally) {
		if total := t.total(x.prior); total >= least && x.linked(&t) {
			best, linked = max(best, total), true
		}
	}
	judge(x.match(m, k.profiles[i]))
	for _, s := range k.specimens[i] {
		judge(x.tally(m.members[0], s))
	}
	return best, linked
}

// message makes a new message the last of the index, in the place of the one before.
func (k *Known) message(r Row) *profile {
	x := k.x
	m := int32(len(x.sketch) - 1)
	p := &profile{members: []int32{m}}
	x.rows.to = x.rows.to[:x.rows.start[m]]
	x.has[m] = 0
	for _, key := range r.Features {
		x.has[m] |= defines(key.Kind())
		if f, ok := x.feature(key); ok {
			x.rows.to = append(x.rows.to, f)
		}
	}
	x.rows.start[m+1] = int32(len(x.rows.to))
	p.features = x.rows.row(m)
	p.counts = slices.Repeat([]int32{1}, len(p.features))
	for g := range evidence.Groups {
		p.present[g] = int32(x.has[m] >> g & 1)
	}
	x.sketch[m] = -1
	if len(r.Sketch) == sketch.Size {
		last := len(x.sketches) - sketch.Size
		x.sketch[m] = int32(last / sketch.Size)
		copy(x.sketches[last:], r.Sketch)
		p.texts = p.members
	}
	return p
}

// maxCandidates limits the campaigns compared with a message, to those that
// share most.
const maxCandidates = 64

// candidates lists the profiles that share with a message enough that the likeness of texts
// can make up for the rest, those first that share most.
func (k *Known) candidates(m *profile) []int32 {
	var met, out []int32
	for _, f := range m.features {
		for _, i := range k.under.row(f) {
			if k.shared[i] == 0 {
				met = append(met, i)
			}
			k.shared[i] += k.x.weight[f]
		}
	}
	least := linkBits + unitBits - k.x.prior - likeBits(1)
	for _, i := range met {
		if k.shared[i] >= least {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(k.shared[b], k.shared[a]), cmp.Compare(k.ids[a], k.ids[b]))
	})
	for _, i := range met {
		k.shared[i] = 0
	}
	return out[:min(len(out), maxCandidates)]
}
