package decide

import (
	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// ListDocument lists decisions for programs.
type ListDocument struct {
	Decisions []wording.DecisionJSON `json:"decisions"`
}

// Decisions prints decisions; with undone, also those that were undone. An
// empty list is exit code 1.
func Decisions(env *cli.Env, list []decision.Decision, undone bool) error {
	if env.ForPrograms() {
		var out ListDocument
		for i := range list {
			out.Decisions = append(out.Decisions, wording.DecisionAsJSON(&list[i]))
		}
		if err := env.Result(out); err != nil {
			return err
		}
	} else if len(list) > 0 {
		if err := printDecisionTable(env, list, undone); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return env.Nothing("No such decision stands.")
	}
	return nil
}

// printDecisionTable prints a line for each decision. Names of people are cut
// at 16 cells: the decision itself needs the room.
func printDecisionTable(env *cli.Env, list []decision.Decision, undone bool) error {
	cols := []cli.Column{{Title: "ID", Right: true}, {Title: "made"}, {Title: "by"}, {Title: "decision", Flex: true}, {Title: "because", Flex: true}}
	if undone {
		cols = append(cols, cli.Column{Title: "undone"})
	}
	t := env.Table(cols...)
	for i := range list {
		d := &list[i]
		row := []string{naming.DecisionID(d.ID), cli.Date(d.MadeAt), printable.Cut(d.MadeBy, 16), wording.Decision(d), d.Because}
		if undone && !d.UndoneAt.IsZero() {
			row = append(row, cli.Date(d.UndoneAt)+" "+printable.Cut(d.UndoneBy, 16))
		}
		t.Row(row...)
	}
	return t.Print()
}
