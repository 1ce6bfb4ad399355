package main

import (
	"encoding/json"
	"fmt"
	"io"

	"spoor/graph/score"
	"spoor/internal/lab/labelled"
)

// Names of the correlator's rows; those of the baselines are their own.
const (
	spoor      = "Spoor"
	spoorAsked = "Spoor, asked"
)

// measured is one world, and how each way of grouping did on it.
type measured struct {
	Source   string             `json:"source"`
	Grade    string             `json:"grade"`
	Seed     uint64             `json:"seed"`
	Messages int                `json:"messages"`
	Ways     map[string]figures `json:"ways"`
}

// figures are how a grouping compares with the truth.
//
// B-cubed weighs each message alike, pairs weigh large campaigns more
// (docs/scoring.md). Campaign mail alone shows how well campaigns are kept
// together and apart; all mail shows the noise drawn in, too.
type figures struct {
	BCubed      score.Accuracy  `json:"bcubed"`
	Pairwise    score.Accuracy  `json:"pairwise"`
	Campaigns   score.Accuracy  `json:"bcubed_campaign_mail"`        // only over messages of campaigns, without noise
	Pairs       score.Accuracy  `json:"pairwise_campaign_mail"`      // the same
	Operations  *score.Accuracy `json:"operations_bcubed,omitempty"` // nil if the method finds no operations
	Newsletters outside         `json:"newsletters"`
	Singles     outside         `json:"single_mails"`
	Reports     outside         `json:"reports"`
	Confidence  *reliability    `json:"confidence,omitempty"` // nil if the method states none
}

// outside counts messages that belong to no campaign: all, those put in none,
// and those put in one with mail of a true campaign.
//
// Mail in a cluster of noise alone is in neither of the two: it is wrong, but
// blocks nobody.
type outside struct {
	All      int `json:"all"`
	Outside  int `json:"outside"`
	WithSpam int `json:"with_spam"`
}

// share returns the portion left outside, 1 if there are no such messages.
func (o outside) share() float64 {
	if o.All == 0 {
		return 1
	}
	return float64(o.Outside) / float64(o.All)
}

// figuresOf compares the result for each label, "" for none, with the truth;
// operations may be nil. Every message of noise is a class of its own, even if
// its source names a campaign: the issues of a newsletter are not a campaign
// and should not form a cluster.
//
// The three slices have one order. Nothing is found twice for a message.
func figuresOf(labels []labelled.Label, campaigns, operations []string) figures {
	var f figures
	spammy := map[string]bool{} // campaigns found that have mail of true ones
	var items, alone []score.Item
	for i := range labels {
		item := score.Item{Truth: labels[i].Campaign, Found: campaigns[i]}
		if labels[i].Noise() != "" {
			item.Truth = "noise " + labels[i].ID
		} else {
			spammy[campaigns[i]] = true
			alone = append(alone, item)
		}
		items = append(items, item)
	}
	s := score.New(items).Scores()
	f.BCubed, f.Pairwise = s.BCubed, s.Pairwise
	s = score.New(alone).Scores()
	f.Campaigns, f.Pairs = s.BCubed, s.Pairwise
	for i := range labels {
		switch kind := labels[i].Noise(); kind {
		case "":
		case labelled.Newsletter:
			f.Newsletters.count(campaigns[i], spammy)
		case labelled.Report:
			f.Reports.count(campaigns[i], spammy)
		default:
			f.Singles.count(campaigns[i], spammy)
		}
	}
	if operations != nil {
		for i := range labels {
			if items[i].Found = operations[i]; labels[i].Noise() == "" {
				items[i].Truth = labels[i].Operation
			}
		}
		b := score.New(items).Scores().BCubed
		f.Operations = &b
	}
	return f
}

// count adds a message that belongs to no campaign of spam: it should be
// outside of all.
func (o *outside) count(campaign string, spammy map[string]bool) {
	o.All++
	switch {
	case campaign == "":
		o.Outside++
	case spammy[campaign]:
		o.WithSpam++
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
	return fmt.Sprintf("F1 %s (P %s R %s), pairs P %s R %s", figure(f.BCubed.F1), figure(f.BCubed.Precision), figure(f.BCubed.Recall), figure(f.Pairwise.Precision), figure(f.Pairwise.Recall))
}

// writeJSON writes the figures of all worlds.
func writeJSON(w io.Writer, all any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
