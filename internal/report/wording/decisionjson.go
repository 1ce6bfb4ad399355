package wording

import (
	"time"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/naming"
)

// DecisionJSON is a decision as --json prints it.
type DecisionJSON struct {
	ID       string     `json:"decision_id"`
	Kind     string     `json:"kind"`
	Campaign *string    `json:"campaign_id"`
	Other    *string    `json:"other_id"`
	Value    string     `json:"value"`
	Text     string     `json:"text"`
	By       string     `json:"made_by"`
	At       *time.Time `json:"made_at"`
	Because  string     `json:"because"`
	UndoneBy *string    `json:"undone_by"`
	UndoneAt *time.Time `json:"undone_at"`
}

// DecisionAsJSON returns a decision as --json prints it.
func DecisionAsJSON(d *decision.Decision) DecisionJSON {
	out := DecisionJSON{ID: naming.DecisionID(d.ID), Kind: string(d.Kind), Campaign: IDOrNull(d.Campaign), Other: IDOrNull(d.Other), Value: d.Value,
		Text: Decision(d), By: d.MadeBy, At: cli.Time(d.MadeAt), Because: d.Because, UndoneAt: cli.Time(d.UndoneAt)}
	if !d.UndoneAt.IsZero() {
		out.UndoneBy = &d.UndoneBy
	}
	return out
}
