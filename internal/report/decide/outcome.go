// Package decide prints decisions, and what came of a command that decides.
package decide

import (
	"fmt"
	"strings"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/deciding"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// Document is what a command that decides prints for programs.
type Document struct {
	Decisions []wording.DecisionJSON `json:"decisions"`
	Known     []wording.DecisionJSON `json:"stood_already"`
	Run       *int64                 `json:"run"` // null: none was needed, or wanted
	Outcome   string                 `json:"outcome"`
}

// Outcome prints what came of a command that decides.
func Outcome(env *cli.Env, o *deciding.Outcome) error {
	out := Document{Decisions: []wording.DecisionJSON{}, Known: []wording.DecisionJSON{}, Outcome: outcomeWords(o)}
	if env.ForPrograms() {
		if o.After != nil {
			out.Run = &o.After.Run.Run
		}
		for i := range o.Made {
			out.Decisions = append(out.Decisions, wording.DecisionAsJSON(&o.Made[i]))
		}
		for i := range o.Known {
			out.Known = append(out.Known, wording.DecisionAsJSON(&o.Known[i]))
		}
		return env.Result(out)
	}
	if o.Already != "" {
		return env.Printf("Nothing to do: %s.\n", env.Text(o.Already))
	}
	return printOutcome(env, o.Made, o.Known, out.Outcome)
}

// outcomeWords says in one line what came of it; "" if there is nothing to say.
func outcomeWords(o *deciding.Outcome) string {
	a := o.After
	switch {
	case o.Already != "":
		return o.Already
	case o.Later:
		return "It takes effect with the next run: correlate."
	case a == nil:
		return ""
	}
	text := fmt.Sprintf("Run %d: ", a.Run.Run)
	if a.Where == nil {
		text += fmt.Sprintf("%s %s", wording.Plural(int64(a.Run.Campaigns), "campaign holds", "campaigns hold"), cli.Count(a.Run.Members, "message", ""))
		if a.Before.Run != 0 {
			text += fmt.Sprintf("; before, %s %s", wording.Plural(a.Before.Campaigns, "held", "held"), cli.Number(a.Before.Members))
		}
		return text + "."
	}
	if !a.Honoured {
		text += "it could not be honoured: "
	}
	if a.TakenOut != nil {
		return text + "taken out: " + placesWords(a.TakenOut) + "; left: " + placesWords(a.Left) + "."
	}
	return text + "that is " + placesWords(a.Where) + " now."
}

func placesWords(p *deciding.Places) string {
	var places []string
	for _, c := range p.Campaigns {
		places = append(places, fmt.Sprintf("%s (%s)", naming.ID(c.ID), cli.Count(c.Members, "message", "")))
	}
	if p.More > 0 {
		places = append(places, fmt.Sprintf("%d more", p.More))
	}
	if p.Alone > 0 {
		places = append(places, wording.Plural(int64(p.Alone), "that stands alone", "that stand alone"))
	}
	return strings.Join(places, " and ")
}

func printOutcome(env *cli.Env, made, known []decision.Decision, outcome string) error {
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(wording.Paragraph(fmt.Sprintf(format, args...), env.Columns()))
	}
	for i := range known {
		k := &known[i]
		line("%s says so already: %s, by %s on %s.", naming.DecisionID(k.ID), wording.Decision(k), k.MadeBy, cli.Date(k.MadeAt))
	}
	undone := false
	for i := range made {
		verb := ":"
		if !made[i].UndoneAt.IsZero() {
			verb, undone = " undone:", true
		}
		line("%s%s %s.", naming.DecisionID(made[i].ID), verb, printable.Cut(wording.Decision(&made[i]), 500))
	}
	if outcome != "" {
		line("%s", outcome)
	}
	if len(made) > 0 && !undone {
		line("Undo: correlate undo %s", wording.IDsOf(made))
	}
	for text := range strings.Lines(b.String()) {
		if err := env.Printf("%s\n", env.Text(strings.TrimSuffix(text, "\n"))); err != nil {
			return err
		}
	}
	return nil
}
