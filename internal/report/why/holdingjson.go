package why

import (
	"spoor/graph/campaign"
	"spoor/internal/explain"
)

// HoldingDocument is the output of why for a campaign or an operation.
//
// Lists are never null. weakest_bridge is null for a campaign of one unit, and
// least_sure if no message is.
type HoldingDocument struct {
	ID       string          `json:"id"`
	Messages int             `json:"messages"`
	Compared int             `json:"compared"`
	Without  []string        `json:"without"`
	Traits   []heldTraitJSON `json:"traits"`
	Common   []heldTraitJSON `json:"set_aside"`
	Before   []int           `json:"parts_by_pairs"`
	Falls    []int           `json:"parts_without"`
	Holds    bool            `json:"still_holds"`
	Bridge   *bridgeJSON     `json:"weakest_bridge"`
	Least    *leastJSON      `json:"least_sure"`
}

// heldTraitJSON is a shared trait. Value is null if the store no longer has it.
type heldTraitJSON struct {
	Group     string  `json:"evidence"`
	Kind      string  `json:"kind"`
	Value     *string `json:"value"`
	Words     string  `json:"words"`
	Via       string  `json:"via"`
	Feature   int64   `json:"feature"`
	Members   int     `json:"members"`
	Elsewhere int     `json:"elsewhere"`
	Ham       int     `json:"ham"`
	Bits      float64 `json:"bits"`
	Falls     []int   `json:"parts_without"`
}

// bridgeJSON is the weakest seam; hanging is the size of the smaller side.
type bridgeJSON struct {
	explanationJSON
	Hanging int `json:"hanging"`
}

// leastJSON is the least sure message and the evidence that holds it.
type leastJSON struct {
	whyMessageJSON
	Held *explanationJSON `json:"held_by"`
}

// json converts the evidence.
func (h *holdingScreen) json() HoldingDocument {
	out := HoldingDocument{ID: h.Of.Label, Messages: len(h.Of.Keys), Compared: h.H.Looked, Without: append([]string{}, h.How.Without...),
		Traits: []heldTraitJSON{}, Common: []heldTraitJSON{}, Before: h.Before, Falls: explain.SizesOf(h.H.Falls), Holds: len(h.H.Falls) <= len(h.Before)}
	for i := range h.Traits {
		j := h.traitJSON(&h.Traits[i])
		if h.Falls != nil && h.Falls[i] != nil {
			j.Falls = h.Falls[i]
		}
		out.Traits = append(out.Traits, j)
	}
	for i := range h.H.Common {
		out.Common = append(out.Common, h.traitJSON(&h.H.Common[i]))
	}
	if h.Bridge.A != 0 || h.Bridge.B != 0 {
		out.Bridge = &bridgeJSON{h.explanation(&h.Bridge), len(h.H.Side)}
	}
	if h.Proofs[h.H.Least] != nil && h.Least.A != h.Least.B {
		e := h.explanation(&h.Least)
		out.Least = &leastJSON{h.messageJSON(h.H.Least), &e}
	}
	return out
}

// traitJSON converts one trait.
func (h *holdingScreen) traitJSON(t *campaign.Trait) heldTraitJSON {
	out := heldTraitJSON{Group: t.Feature.Kind().Group().String(), Kind: t.Feature.Kind().String(), Words: h.traitWords(t), Via: h.Teller.Via(t.Example, t.Feature), Feature: int64(t.Feature),
		Members: t.Members, Elsewhere: t.Elsewhere, Ham: t.Ham, Bits: t.Bits, Falls: []int{}}
	if v, ok := h.Teller.Values[t.Feature]; ok {
		out.Value = &v
	}
	return out
}
