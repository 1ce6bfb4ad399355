package campaign

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// New mail is compared with the Profile that a run kept of each campaign,
// without the earlier messages. It is scored by the model and the function by
// which a run assigns units. Only a run finds campaigns that new mail founds,
// joins or divides.

// Profile is the summary of a campaign with which new mail is compared.
type Profile struct {
	Campaign int64 // identity; set by the code that stores the profile
	Units    int
	Kinds    []mixture.KindCount // by kind of the model
	Shared   []Shared            // by feature, at most maxShared
}

// Shared is a value that units of a campaign have.
type Shared struct {
	Feature evidence.Key // or a key of slotKey
	Units   int32
	Bits    float32 // how much rarer than everybody's it was in the run
}

// maxShared bounds the features of a profile. Of a pool of hundreds of domains
// the rest is found by other values that agree.
const maxShared = 400

// slotKey is the key of a slot of sketches, as if it were a feature.
func slotKey(slot int, value uint16) evidence.Key {
	return evidence.Key(uint64(slotKind)<<56 | uint64(slot)<<16 | uint64(value))
}

// slotKeys appends the keys of the slots of a sketch.
func slotKeys(out []evidence.Key, sketch []byte) []evidence.Key {
	for i := 0; 2*i+1 < len(sketch); i++ {
		out = append(out, slotKey(i, binary.LittleEndian.Uint16(sketch[2*i:])))
	}
	return out
}

// keyOf is the key of a value of the model; 0 for bands of sketches.
func (x *Index) keyOf(f int32) evidence.Key {
	n := int(f) - len(x.features)
	switch {
	case n < 0:
		return x.features[f]
	case n < len(x.fit.keys):
		return x.fit.keys[n]
	}
	return 0
}

// furtherKeys lists the keys of the slots and days that are values, in their order.
func (x *Index) furtherKeys() []evidence.Key {
	out := make([]evidence.Key, int(x.fit.bands.first)-len(x.features))
	for i, f := range x.fit.slots {
		if f >= 0 {
			out[int(f)-len(x.features)] = slotKey(i>>16, uint16(i))
		}
	}
	for day, f := range x.fit.days {
		out[int(f)-len(x.features)] = dayKey(day * timeSpan)
	}
	return out
}

// profile summarises a set of messages: counts by kind, and the values that
// most units share, weighed by rarity.
func (x *Index) profile(members []int32) Profile {
	s := x.fit.Snapshot(x.unitsOf(members))
	out := Profile{Units: int(s.Units), Kinds: s.Kinds[:modelKinds]}
	for _, n := range s.Features {
		// Days are left out, since new mail comes on others.
		if k := x.keyOf(n.Feature); k != 0 && uint8(k.Kind()) != timeKind {
			out.Shared = append(out.Shared, Shared{k, n.Units, float32(inBits(x.fit.Surprise(n.Feature)))})
		}
	}
	slices.SortFunc(out.Shared, func(a, b Shared) int {
		return cmp.Or(cmp.Compare(float32(b.Units)*b.Bits, float32(a.Units)*a.Bits), cmp.Compare(a.Feature, b.Feature))
	})
	out.Shared = slices.Clip(out.Shared[:min(len(out.Shared), maxShared)])
	slices.SortFunc(out.Shared, func(a, b Shared) int { return cmp.Compare(a.Feature, b.Feature) })
	return out
}

// leastMeeting is the least rarity of a shared feature, in bits, for a campaign
// to be compared with new mail.
const leastMeeting = 2

// Meets reports whether the campaign shares with new mail, which has these features, one that
// can count.
func (p *Profile) Meets(features map[evidence.Key]bool) bool {
	return slices.ContainsFunc(p.Shared, func(s Shared) bool { return s.Bits >= leastMeeting && features[s.Feature] })
}

// Meeting lists the keys under which a row meets profiles.
func (r *Row) Meeting(each func(evidence.Key)) {
	for _, k := range r.Features {
		each(k)
	}
	for _, k := range slotKeys(nil, r.Sketch) {
		each(k)
	}
}

// Known are the campaigns of a run, ready for new mail to be compared with.
type Known struct {
	ids      []int64
	features map[evidence.Key]int32
	kindOf   []uint8
	ignored  map[evidence.Key]bool
	model    *mixture.Fitted
}

// NewKnown loads the profiles of a run with its estimated parameters, and the
// users' decisions made since.
func NewKnown(profiles []Profile, p Parameters, d Decisions) *Known {
	k := &Known{features: make(map[evidence.Key]int32), ignored: make(map[evidence.Key]bool)}
	for _, key := range d.Ignored {
		k.ignored[key] = true
	}
	var surprise []float64
	var clusters []mixture.Snapshot
	for i := range profiles {
		from := &profiles[i]
		s := mixture.Snapshot{Units: int32(from.Units), Kinds: from.Kinds}
		for _, shared := range from.Shared {
			f, ok := k.features[shared.Feature]
			if !ok {
				f = int32(len(k.kindOf))
				k.features[shared.Feature] = f
				k.kindOf = append(k.kindOf, uint8(shared.Feature.Kind()))
				surprise = append(surprise, float64(shared.Bits)*math.Ln2)
			}
			s.Features = append(s.Features, mixture.FeatureCount{Feature: f, Units: shared.Units})
		}
		k.ids, clusters = append(k.ids, from.Campaign), append(clusters, s)
	}
	for _, key := range d.Trusted {
		if f, ok := k.features[key]; ok {
			surprise[f] = max(surprise[f], trusted)
		}
	}
	k.model = mixture.Load(modelKindsOf(), k.kindOf, surprise, p.rates(), p.Prior*math.Ln2, clusters)
	return k
}

// rates are the concentrations by kind of the model.
func (p *Parameters) rates() []float64 {
	out := make([]float64, modelKinds)
	for i := range out {
		out[i] = 2
	}
	for _, kind := range p.Kinds {
		for i := range uint8(modelKinds) {
			if nameOf(i) == kind.Kind {
				out[i] = kind.Rotation
			}
		}
	}
	return out
}

// trusted is the least weight of a trusted value, in nats.
const trusted = 10

// ahead is the margin, in bits, by which the best campaign must beat the next
// and none for a message to be assigned. Traits that two campaigns of one
// operator share do not suffice, and a near-tie is left to the next run.
const ahead = 2

// Assigned is the campaign that a message is held to be part of.
type Assigned struct {
	Campaign   int64
	Confidence float64
}

// Assign returns the campaign that a new message is part of; false if none is clearly it.
// List mail is left to a run, which alone tells publishers.
func (k *Known) Assign(r Row) (Assigned, bool) {
	if r.Ham || r.Newsletter || len(k.ids) == 0 || slices.ContainsFunc(r.Features, func(f evidence.Key) bool { return f.Kind() == evidence.Report }) {
		return Assigned{}, false
	}
	var v unitValues
	r.Meeting(func(key evidence.Key) {
		switch f, ok := k.features[key]; {
		case k.ignored[key] || uint8(key.Kind()) >= modelKinds:
		case ok:
			v.shared = append(v.shared, f)
		default:
			v.alone[key.Kind()]++
		}
	})
	c, odds, ok := k.model.Join(v.unit(k.kindOf, 1))
	if !ok || inBits(odds) < ahead {
		return Assigned{}, false
	}
	return Assigned{k.ids[c], confidence(float32(inBits(odds)))}, true
}
