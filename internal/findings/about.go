package findings

import (
	"context"

	"spoor/graph/decision"
	"spoor/sql/store/campaigns"
)

// DecisionsAbout keeps the decisions that concern a campaign now: by the
// present campaign of their messages, or by an id in them.
func DecisionsAbout(ctx context.Context, st *campaigns.Store, list []decision.Decision, id int64) ([]decision.Decision, error) {
	homes, err := decision.ReadHomes(ctx, st, list)
	if err != nil {
		return nil, err
	}
	var out []decision.Decision
	for i, d := range list {
		if homes[i] == id || d.Campaign == id || d.Other == id {
			out = append(out, d)
		}
	}
	return out, nil
}
