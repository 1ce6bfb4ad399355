package campaigns

import (
	"context"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
)

// Stand is how many messages stand for a campaign.
const Stand = 3

// Pairs returns what d says of pairs of messages.
func (d *Decision) Pairs() (same, notSame [][2]int64) {
	a, b := firsts(d.Messages), firsts(d.Others)
	switch d.Kind {
	case "same", "merge":
		if len(a) == 0 || len(b) == 0 {
			return nil, nil
		}
		for i := range max(len(a), len(b)) {
			same = append(same, [2]int64{a[i%len(a)], b[i%len(b)]})
		}
	case "not-same":
		notSame = crossed(a, b)
	case "split":
		// Each with the next and the one after it: the loss of one leaves the rest together.
		for i, m := range d.Messages {
			for _, n := range d.Messages[i+1 : min(i+3, len(d.Messages))] {
				same = append(same, [2]int64{m, n})
			}
		}
		notSame = crossed(d.Messages, b)
	}
	return same, notSame
}

func firsts(keys []int64) []int64 { return keys[:min(Stand, len(keys))] }

func crossed(a, b []int64) [][2]int64 {
	out := make([][2]int64, 0, len(a)*len(b))
	for _, m := range a {
		for _, n := range b {
			out = append(out, [2]int64{m, n})
		}
	}
	return out
}

// Decisions returns what stands, in the terms of the grouping.
func (s *Store) Decisions(ctx context.Context) (campaign.Decisions, error) {
	list, err := s.DecisionList(ctx, false)
	return honoured(list), err
}

// Decisions returns what stands as this run is to honour it.
func (c *Run) Decisions(ctx context.Context) (campaign.Decisions, error) {
	rows, _ := c.tx.Query(ctx, sql.Query("decision_list"), false)
	list, err := collectDecisions(rows)
	return honoured(list), err
}

func honoured(list []Decision) campaign.Decisions {
	var out campaign.Decisions
	for i := range list {
		d := &list[i]
		same, notSame := d.Pairs()
		out.Same = append(out.Same, same...)
		out.NotSame = append(out.NotSame, notSame...)
		switch d.Kind {
		case "ignore":
			out.Ignored = append(out.Ignored, evidence.Key(d.Feature))
		case "trust":
			out.Trusted = append(out.Trusted, evidence.Key(d.Feature))
		}
	}
	return out
}
