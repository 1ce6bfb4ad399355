// Package decide prints decisions and the outcome of commands that make them:
// new decisions, earlier ones of the same content, and the places of the
// messages after the run that followed.
package decide

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/deciding"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// Document is the output of a deciding command for programs.
type Document struct {
	Decisions []wording.DecisionJSON `json:"decisions"`
	Known     []wording.DecisionJSON `json:"stood_already"`
	Run       *int64                 `json:"run"` // null: none was needed or requested
	Outcome   string                 `json:"outcome"`
}

// Outcome prints the outcome of a deciding command. Programs get the decisions
// that stand, even if there was nothing to do.
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
	return printOutcome(env, o)
}

// outcomeWords summarizes the outcome in one line, "" if there is none.
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

// placesWords lists the campaigns that hold messages, and the number of
// messages outside campaigns.
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

// printOutcome prints the outcome in sentences, wrapped.
func printOutcome(env *cli.Env, o *deciding.Outcome) error {
	var b strings.Builder
	for _, line := range Lines(o) {
		b.WriteString(wording.Paragraph(line, env.Columns()))
	}
	for text := range strings.Lines(b.String()) {
		if err := env.Printf("%s\n", env.Text(strings.TrimSuffix(text, "\n"))); err != nil {
			return err
		}
	}
	return nil
}

// Lines describes the outcome of a deciding command, a sentence an item. The
// page shows the same sentences.
func Lines(o *deciding.Outcome) (out []string) {
	if o.Already != "" {
		return []string{"Nothing to do: " + o.Already + "."}
	}
	for i := range o.Known {
		k := &o.Known[i]
		out = append(out, fmt.Sprintf("%s says so already: %s, by %s on %s.", naming.DecisionID(k.ID), wording.Decision(k), k.MadeBy, cli.Date(k.MadeAt)))
	}
	undone := false
	for i := range o.Made {
		verb := ":"
		if !o.Made[i].UndoneAt.IsZero() {
			verb, undone = " undone:", true
		}
		out = append(out, fmt.Sprintf("%s%s %s.", naming.DecisionID(o.Made[i].ID), verb, printable.Cut(wording.Decision(&o.Made[i]), 500)))
	}
	if words := outcomeWords(o); words != "" {
		out = append(out, words)
	}
	if len(o.Made) > 0 && !undone {
		out = append(out, "Undo: correlate undo "+wording.IDsOf(o.Made))
	}
	return out
}
