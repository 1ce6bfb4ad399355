package explain

import (
	"cmp"
	"context"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/internal/report/wording"
)

// Holding is the evidence that connects a campaign or an operation.
//
// The slices Traits and Falls go together: Falls[i] is of Traits[i], nil if
// nothing falls apart without it.
type Holding struct {
	How    Options
	Told   *Told
	Of     Asked
	H      campaign.Holding
	Traits []campaign.Trait // that are shown, by group
	Falls  [][]int          // of each: the sizes of the parts into which it falls without it
	Before []int            // the parts with all of the evidence
	Bridge campaign.Explanation
	Least  campaign.Explanation // of the member that is least sure, and the one that holds it most
	Parts  []Part               // without the evidence left out
	Named  string               // name given by a user
}

// PartsShown limits the parts of a campaign that are listed.
const PartsShown = 8

// Part is one of the parts into which a campaign falls.
type Part struct {
	Messages int
	First    int64 // one of them
}

// holdingReader puts a Holding together.
type holdingReader struct {
	*why
	*Holding
}

// holding works out the traits that hold messages together. With --without it
// also compares the parts before and after.
func (w *why) holding(ctx context.Context, s Asked) (*Holding, error) {
	if err := w.recallWhole(ctx, s.Keys); err != nil {
		return nil, err
	}
	h := &holdingReader{w, &Holding{Told: w.Told, How: w.Options, Of: s}}
	if h.H = w.index.Holding(s.Keys, w.without); h.H.Looked == 0 {
		return nil, noEvidence()
	}
	h.Bridge = h.H.Bridge
	h.Traits = byGroup(h.H.Traits, w.Raw)
	h.Before = SizesOf(h.H.Falls)
	if len(w.Options.Without) > 0 {
		h.Before = SizesOf(w.index.Holding(s.Keys, campaign.Without{}).Falls)
		for _, f := range h.H.Falls {
			h.Parts = append(h.Parts, Part{len(f), f[0]})
		}
	} else {
		h.leaveOut()
	}
	return h.Holding, h.read(ctx)
}

// leaveOut determines the effect of leaving out each trait.
//
// It compares at most fallsOf members and 90 traits, so the cost is bounded also in the largest campaign.
func (h *holdingReader) leaveOut() {
	all := SizesOf(h.index.Falls(h.Of.Keys, campaign.Without{}, fallsOf))
	for _, t := range h.Traits {
		parts := SizesOf(h.index.Falls(h.Of.Keys, campaign.Without{Features: []evidence.Key{t.Feature}}, fallsOf))
		if len(parts) <= len(all) {
			parts = nil
		}
		h.Falls = append(h.Falls, parts)
	}
}

// fallsOf limits the members compared for each trait.
const fallsOf = 150

// byGroup selects the strongest traits of each group of evidence, strongest
// group first.
//
// A group's rank is the place of its best trait, and within a group the order
// of PerGroup stays.
func byGroup(traits []campaign.Trait, all bool) []campaign.Trait {
	of := make([]wording.HeldBy, len(traits))
	for i, t := range traits {
		of[i] = wording.HeldBy{Kind: t.Feature.Kind(), Members: int64(t.Members), Elsewhere: int64(t.Elsewhere), Ham: int64(t.Ham)}
	}
	var out []campaign.Trait
	for _, i := range wording.PerGroup(of, traitsOfGroup, all) {
		out = append(out, traits[i])
	}
	var rank [evidence.Groups]int
	for i, t := range slices.Backward(out) {
		rank[t.Feature.Kind().Group()] = i
	}
	slices.SortStableFunc(out, func(a, b campaign.Trait) int {
		return cmp.Compare(rank[a.Feature.Kind().Group()], rank[b.Feature.Kind().Group()])
	})
	return out
}

// Traits shown per group, of all that are found.
const (
	traitsOfGroup = 5
	traitsFound   = 90
)

// SizesOf counts the members of parts.
func SizesOf(parts [][]int64) []int {
	out := make([]int, len(parts))
	for i, p := range parts {
		out[i] = len(p)
	}
	return out
}

// read reads the messages shown, and those that have readable values of the
// traits.
func (h *holdingReader) read(ctx context.Context) error {
	keys := []int64{h.H.Least}
	if h.Bridge.A != 0 || h.Bridge.B != 0 {
		keys = append(keys, h.Bridge.A, h.Bridge.B)
	}
	for _, t := range append(append([]campaign.Trait{}, h.Traits...), h.H.Common...) {
		keys = append(keys, t.Example)
	}
	for _, p := range h.Parts[:min(len(h.Parts), PartsShown)] {
		keys = append(keys, p.First)
	}
	if h.Of.Campaign != 0 && len(h.Of.Keys) > 1 {
		// Those that are surest come first.
		h.H.Least = h.Of.Keys[len(h.Of.Keys)-1]
		keys = append(keys, h.H.Least)
	}
	if e, ok := h.index.Against(h.H.Least, campaign.Without{}); ok {
		h.Least = e
		keys = append(keys, e.A, e.B)
	}
	names, err := decision.ReadNames(ctx, h.st)
	if err != nil {
		return err
	}
	h.Named = names[h.Of.Campaign]
	return h.know(ctx, distinctKeys(keys))
}

// distinctKeys drops repeated keys and keeps the order.
func distinctKeys(keys []int64) []int64 {
	seen := make(map[int64]bool)
	var out []int64
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}
