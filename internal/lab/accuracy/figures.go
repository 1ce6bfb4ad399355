package main

import (
	"encoding/json"
	"fmt"
	"io"

	"spoor/graph/score"
	"spoor/internal/lab/world"
)

// Names of the correlator's rows; those of the baselines are their own.
const (
	spoor      = "Spoor"
	spoorAsked = "Spoor, asked"
)

// measured is one world, and how each way of grouping did on it.
type measured struct {
	Grade    world.Grade        `json:"grade"`
	Seed     uint64             `json:"seed"`
	Messages int                `json:"messages"`
	Ways     map[string]figures `json:"ways"`
}

// figures are how a grouping compares with the truth.
type figures struct {
	BCubed      score.Accuracy  `json:"bcubed"`
	Pairwise    score.Accuracy  `json:"pairwise"`
	Operations  *score.Accuracy `json:"operations_bcubed,omitempty"` // nil where no operations are found
	Newsletters outside         `json:"newsletters"`
	OneOffs     outside         `json:"one_offs"`
}

// outside counts messages that belong to no campaign, and those that were put in none.
type outside struct {
	All     int `json:"all"`
	Outside int `json:"outside"`
}

// share is how many are outside, 1 if there is none.
func (o outside) share() float64 {
	if o.All == 0 {
		return 1
	}
	return float64(o.Outside) / float64(o.All)
}

// figuresOf compares labels of a world's messages, "" for none, with the truth; operations
// may be nil.
func figuresOf(w *world.World, campaigns, operations []string) figures {
	var f figures
	items := make([]score.Item, len(w.Messages))
	for i := range w.Messages {
		m := &w.Messages[i]
		items[i] = score.Item{Truth: m.Campaign, Found: campaigns[i]}
		switch m.Class {
		case world.Newsletter:
			f.Newsletters.count(campaigns[i])
		case world.OneOff:
			f.OneOffs.count(campaigns[i])
		}
	}
	s := score.Of(items)
	f.BCubed, f.Pairwise = s.BCubed, s.Pairwise
	if operations != nil {
		for i := range w.Messages {
			items[i] = score.Item{Truth: w.Messages[i].Operation, Found: operations[i]}
		}
		b := score.Of(items).BCubed
		f.Operations = &b
	}
	return f
}

func (o *outside) count(campaign string) {
	o.All++
	if campaign == "" {
		o.Outside++
	}
}

// line sums a world up while others are still measured.
func (m *measured) line() string {
	f := m.Ways[spoor]
	text := "B-cubed " + f.short()
	if a, ok := m.Ways[spoorAsked]; ok {
		text += "; registries asked " + a.short()
	}
	return text
}

func (f *figures) short() string {
	return fmt.Sprintf("F1 %s (P %s R %s), pairs P %s", figure(f.BCubed.F1), figure(f.BCubed.Precision), figure(f.BCubed.Recall), figure(f.Pairwise.Precision))
}

func writeJSON(w io.Writer, all []measured) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
