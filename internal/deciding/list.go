package deciding

import (
	"context"
	"slices"
	"strings"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// ListOptions select decisions.
type ListOptions struct {
	About string        // a campaign's id; "": any
	Kind  decision.Kind // "": any
	All   bool          // also those that were undone
}

// List returns the stored decisions.
func List(ctx context.Context, env *cli.Env, st *campaigns.Store, o ListOptions) ([]decision.Decision, error) {
	list, err := st.DecisionList(ctx, o.All)
	if err != nil {
		return nil, err
	}
	if o.About != "" {
		if list, err = about(ctx, env, st, list, o.About); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(list, func(d decision.Decision) bool { return o.Kind != "" && d.Kind != o.Kind }), nil
}

// about keeps the decision with that id, or the decisions about a campaign.
// Decisions about campaigns that were merged into it count.
func about(ctx context.Context, env *cli.Env, st *campaigns.Store, list []decision.Decision, word string) ([]decision.Decision, error) {
	if strings.HasPrefix(strings.ToLower(word), "d") {
		if id, ok := naming.ParseDecision(word); ok {
			return slices.DeleteFunc(list, func(d decision.Decision) bool { return d.ID != id }), nil
		}
	}
	id, ok := naming.ParseID(word)
	if !ok {
		return nil, cli.Usage("%q is no campaign's ID, such as c2, and no decision's, such as d2", printable.Cut(word, 40))
	}
	state, err := findings.Existing(ctx, env, st, id)
	if err != nil {
		return nil, err
	}
	return findings.DecisionsAbout(ctx, st, list, state.ID)
}
