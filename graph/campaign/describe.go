package campaign

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/evidence"
)

// result describes the sets of two messages or more.
func (x *Index) result(sets [][]int32, sure []float32) *Result {
	r := &Result{Messages: x.spam, Ham: len(x.keys) - x.spam, Incidences: len(x.rows.to), Parameters: x.parameters(), Spamruns: x.spamruns}
	var several [][]int32
	for _, s := range sets {
		if len(s) > 1 {
			several = append(several, s)
		}
	}
	slices.SortFunc(several, func(p, q []int32) int {
		return cmp.Or(cmp.Compare(len(q), len(p)), cmp.Compare(p[0], q[0]))
	})
	x.fit.keys = x.furtherKeys()
	r.Learned = x.learned(several)
	groups, weakest := x.operations(several)
	if x.once {
		x.fit.Forget()
	}
	r.Campaigns = make([]Campaign, 0, len(several))
	for _, s := range several {
		r.Campaigns = append(r.Campaigns, x.describe(s, sure))
	}
	x.tie(r, several, groups, weakest)
	r.SetAside = x.setAside()
	var lists [][]Trait
	for i := range r.Campaigns {
		lists = append(lists, r.Campaigns[i].Traits)
	}
	for i := range r.Operations {
		lists = append(lists, r.Operations[i].Traits)
	}
	x.nameTraits(lists...)
	return r
}

// describe returns a campaign with its members, traits and profile. Its weakest
// member is the one that evidence holds least; members by users' decision alone
// do not count.
func (x *Index) describe(members []int32, sure []float32) Campaign {
	c := Campaign{Operation: -1, Weakest: math.MaxFloat32}
	w := float32(math.MaxFloat32)
	for _, m := range members {
		if sure[m] > 0 {
			w = min(w, sure[m])
		}
		c.Members = append(c.Members, Member{Key: x.keys[m], Confidence: confidence(sure[m])})
	}
	if w == math.MaxFloat32 {
		w = saidBits // nothing but people's word
	}
	c.Weakest = hundredths(w)
	c.Traits = x.traits(members)
	c.Profile, c.Counts = x.profile(members), x.counts(members)
	return c
}

// saidBits is how sure people's word is, in bits, where it is all there is.
const saidBits = 20

// calibration gives, for so many bits of odds, the share of memberships that were right. Odds
// by themselves know of no campaign that is glued as a whole, so they claim too much. The shares
// are of 122,542 memberships in fifty-two worlds of three generators, made after the model: an
// earlier map, of worlds that were looked at while it was built, was too bold below 90 %.
// docs/accuracy.md has the same for worlds made after the map.
var calibration = [...]struct{ bits, right float64 }{{0, .45}, {4.25, .46}, {8, .55}, {14, .745}, {20, .88}, {32, .925}, {45, .96}}

// confidence turns bits of odds into a probability, in thousandths, by calibration.
func confidence(bits float32) float64 {
	v := float64(bits)
	for i := 1; i < len(calibration); i++ {
		if from, to := calibration[i-1], calibration[i]; v < to.bits {
			share := max(0, v-from.bits) / (to.bits - from.bits)
			return math.Round(1000*(from.right+share*(to.right-from.right))) / 1000
		}
	}
	return calibration[len(calibration)-1].right
}

func hundredths(w float32) float64 { return math.Round(100*float64(w)) / 100 }

// traits are the features that members share, those first that are worth most over all.
func (x *Index) traits(members []int32) []Trait { return x.traitsOf(members, x.options.Traits) }

// minShare is the share of members below which a feature is no trait of a large set.
const minShare = 0.01

// traitsOf keeps n of them.
func (x *Index) traitsOf(members []int32, n int) []Trait {
	var out []Trait
	for f, n := range x.countsOf(members) {
		if k := x.kind[f]; k == evidence.LureName || k == evidence.LureText {
			continue // the subject's says the same
		}
		if n > 1 && float64(n) >= minShare*float64(len(members)) && x.bits(f) > 0 {
			out = append(out, x.trait(f, n))
		}
	}
	slices.SortFunc(out, func(a, b Trait) int {
		return cmp.Or(cmp.Compare(float64(b.Members)*b.Bits, float64(a.Members)*a.Bits), cmp.Compare(a.Feature, b.Feature))
	})
	if n < len(out) {
		out = bestPerKind(out, n)
	}
	for i := range out {
		f, _ := x.feature(out[i].Feature)
		for _, m := range members {
			if _, ok := slices.BinarySearch(x.rows.row(m), f); ok {
				out[i].Example = x.keys[m]
				break
			}
		}
	}
	return out
}

func (x *Index) trait(f int32, members int) Trait {
	ham := int(x.ham[f])
	return Trait{Feature: x.features[f], Members: members, Bits: x.bits(f), Ham: ham, Elsewhere: x.df(f) - ham - members}
}

// mostOf is how many traits of a kind are kept. A word says little beside another of the
// same text.
func mostOf(k evidence.Kind) int {
	if k == evidence.BodyWord || k == evidence.SubjectWord {
		return 1
	}
	return 3
}

// bestPerKind keeps n traits, at most three of a kind: a campaign with a hundred link
// domains also has a mailer.
func bestPerKind(traits []Trait, n int) []Trait {
	var taken [evidence.Kinds]int
	kept := traits[:0]
	for _, t := range traits {
		if k := t.Feature.Kind(); taken[k] < mostOf(k) && len(kept) < n {
			taken[k]++
			kept = append(kept, t)
		}
	}
	return slices.Clip(kept)
}

// setAside lists the link domains that are too common to be evidence.
func (x *Index) setAside() []Trait {
	var out []Trait
	for f := range int32(len(x.features)) {
		if k := x.kind[f]; (k == evidence.LinkDomain || k == evidence.LinkTenant) && x.tooCommon(f) {
			t := x.trait(f, 0)
			t.Example = x.keys[x.cols.row(f)[0]]
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(p, q Trait) int {
		return cmp.Or(cmp.Compare(q.Elsewhere, p.Elsewhere), cmp.Compare(p.Feature, q.Feature))
	})
	return out[:min(len(out), 10)]
}

// parameters returns the learned numbers, stored with the run for explanations
// and new mail.
func (x *Index) parameters() Parameters {
	p := Parameters{Prior: inBits(x.fit.Prior()), Evidence: evidence.Version}
	for k, rate := range x.fit.Rates()[:modelKinds] {
		p.Kinds = append(p.Kinds, KindParameters{Kind: nameOf(uint8(k)), Rotation: rate})
	}
	return p
}
