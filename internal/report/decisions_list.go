package report

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"spoor/graph/correlation"
	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// DecisionsOptions say which decisions are wanted.
type DecisionsOptions struct {
	About string        // a campaign's id; "": any
	Kind  decision.Kind // "": any
	All   bool          // also those that were undone
}

type decisionJSON struct {
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

func decisionAsJSON(d *decision.Decision) decisionJSON {
	out := decisionJSON{ID: decisionID(d.ID), Kind: string(d.Kind), Campaign: idOrNull(d.Campaign), Other: idOrNull(d.Other), Value: d.Value,
		Text: decisionWords(d), By: d.MadeBy, At: cli.Time(d.MadeAt), Because: d.Because, UndoneAt: cli.Time(d.UndoneAt)}
	if !d.UndoneAt.IsZero() {
		out.UndoneBy = &d.UndoneBy
	}
	return out
}

func idOrNull(id int64) *string {
	if id == 0 {
		return nil
	}
	s := ID(id)
	return &s
}

// decisionWords says what was decided.
func decisionWords(d *decision.Decision) string {
	switch d.Kind {
	case decision.Merge:
		return d.Value + " are one campaign"
	case decision.Same:
		return d.Value + " belong together"
	case decision.NotSame:
		return d.Value + " do not belong together"
	case decision.Split:
		return "out of " + ID(d.Campaign) + ": " + d.Value
	case decision.Name:
		return ID(d.Campaign) + " is called " + strconv.Quote(printable.Clean(d.Value))
	case decision.Remark:
		return "on " + ID(d.Campaign) + ": " + d.Value
	case decision.Tag:
		return ID(d.Campaign) + " has the tag " + d.Value
	case decision.Untag:
		return ID(d.Campaign) + " has no more the tag " + d.Value
	case decision.Ignore:
		return "no evidence: " + d.Value
	case decision.Trust:
		return "good evidence: " + d.Value
	}
	return string(d.Kind) + " " + d.Value
}

// Decisions lists what people decided.
func Decisions(ctx context.Context, env *cli.Env, st *campaigns.Store, o DecisionsOptions) error {
	list, err := st.DecisionList(ctx, o.All)
	if err != nil {
		return err
	}
	if o.About != "" {
		if list, err = about(ctx, env, st, list, o.About); err != nil {
			return err
		}
	}
	list = slices.DeleteFunc(list, func(d decision.Decision) bool { return o.Kind != "" && d.Kind != o.Kind })
	if env.JSON() {
		out := []decisionJSON{}
		for i := range list {
			out = append(out, decisionAsJSON(&list[i]))
		}
		err = env.WriteJSON(map[string]any{"decisions": out})
	} else if len(list) > 0 {
		err = printDecisionTable(env, list, o.All)
	}
	if err == nil && len(list) == 0 {
		return nothing(env, "No such decision stands.")
	}
	return err
}

// about keeps the decision of that id, or those about a campaign, also under the ids of
// campaigns that went into it.
func about(ctx context.Context, env *cli.Env, st *campaigns.Store, list []decision.Decision, word string) ([]decision.Decision, error) {
	if strings.HasPrefix(strings.ToLower(word), "d") {
		if id, ok := parseDecision(word); ok {
			return slices.DeleteFunc(list, func(d decision.Decision) bool { return d.ID != id }), nil
		}
	}
	id, ok := ParseID(word)
	if !ok {
		return nil, cli.Usage("%q is no campaign's ID, such as c2, and no decision's, such as d2", printable.Cut(word, 40))
	}
	state, ok, err := follow(ctx, env, st, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, nothing(env, "There is no campaign %s; correlate list shows those there are.", ID(id))
	}
	return decisionsAbout(ctx, st, list, state.ID)
}

func decisionsAbout(ctx context.Context, st *campaigns.Store, list []decision.Decision, id int64) ([]decision.Decision, error) {
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

func printDecisionTable(env *cli.Env, list []decision.Decision, undone bool) error {
	cols := []cli.Column{{Title: "ID", Right: true}, {Title: "made"}, {Title: "by"}, {Title: "decision", Flex: true}, {Title: "because", Flex: true}}
	if undone {
		cols = append(cols, cli.Column{Title: "undone"})
	}
	t := env.Table(cols...)
	for i := range list {
		d := &list[i]
		row := []string{decisionID(d.ID), cli.Date(d.MadeAt), printable.Cut(d.MadeBy, 16), decisionWords(d), d.Because}
		if undone && !d.UndoneAt.IsZero() {
			row = append(row, cli.Date(d.UndoneAt)+" "+printable.Cut(d.UndoneBy, 16))
		}
		t.Row(row...)
	}
	return t.Print()
}

// outcome is what a command that decides prints.
type outcomeJSON struct {
	Decisions []decisionJSON `json:"decisions"`
	Known     []decisionJSON `json:"stood_already"`
	Run       *int64         `json:"run"` // null: none was needed, or wanted
	Outcome   string         `json:"outcome"`
}

// tell runs the correlator where a decision asks for it and prints what came of it.
// known are decisions that say the same and stand.
func (d *decider) tell(ctx context.Context, made, known []decision.Decision) error {
	out := outcomeJSON{Decisions: []decisionJSON{}, Known: []decisionJSON{}}
	if decision.NeedRun(made) {
		if d.NoRun {
			out.Outcome = "It takes effect with the next run: correlate."
		} else {
			text, run, err := d.rerun(ctx, made)
			if err != nil {
				d.env.Notef("%s kept, but not yet in effect: run correlate.\n", d.env.Text(idsOf(made)))
				return err
			}
			out.Outcome, out.Run = text, &run
		}
	}
	for i := range made {
		out.Decisions = append(out.Decisions, decisionAsJSON(&made[i]))
	}
	for i := range known {
		out.Known = append(out.Known, decisionAsJSON(&known[i]))
	}
	if d.env.JSON() {
		return d.env.WriteJSON(out)
	}
	return d.print(made, known, out.Outcome)
}

func (d *decider) print(made, known []decision.Decision, outcome string) error {
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(paragraph(fmt.Sprintf(format, args...), d.env.Columns()))
	}
	for i := range known {
		k := &known[i]
		line("%s says so already: %s, by %s on %s.", decisionID(k.ID), decisionWords(k), k.MadeBy, cli.Date(k.MadeAt))
	}
	undone := false
	for i := range made {
		verb := ":"
		if !made[i].UndoneAt.IsZero() {
			verb, undone = " undone:", true
		}
		line("%s%s %s.", decisionID(made[i].ID), verb, printable.Cut(decisionWords(&made[i]), 500))
	}
	if outcome != "" {
		line("%s", outcome)
	}
	if len(made) > 0 && !undone {
		line("Undo: correlate undo %s", idsOf(made))
	}
	for text := range strings.Lines(b.String()) {
		if err := d.env.Printf("%s\n", d.env.Text(strings.TrimSuffix(text, "\n"))); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(list []decision.Decision) string {
	var out []string
	for i := range list {
		out = append(out, decisionID(list[i].ID))
	}
	return strings.Join(out, " ")
}

// rerun correlates and says in one line what became of what was decided.
func (d *decider) rerun(ctx context.Context, made []decision.Decision) (text string, id int64, err error) {
	before, err := d.st.LastRun(ctx)
	if err != nil {
		return "", 0, err
	}
	progress := d.env.StartProgress(func(time.Duration) string { return "correlating anew" })
	run, err := correlation.Run(ctx, d.st, correlation.Options{Now: d.env.Now})
	progress.Stop()
	if err != nil {
		return "", 0, err
	}
	text = fmt.Sprintf("Run %d: ", run.Run)
	if keys := spokenOf(made); len(keys) > 0 {
		where, err := d.where(ctx, made, keys)
		return text + where, run.Run, err
	}
	text += fmt.Sprintf("%s %s", plural(int64(run.Campaigns), "campaign holds", "campaigns hold"), cli.Count(run.Members, "message", ""))
	if before.Run != 0 {
		text += fmt.Sprintf("; before, %s %s", plural(before.Campaigns, "held", "held"), cli.Number(before.Members))
	}
	return text + ".", run.Run, nil
}

// spokenOf lists the messages that stand for what was decided.
func spokenOf(list []decision.Decision) []int64 {
	var out []int64
	for i := range list {
		switch d := &list[i]; d.Kind {
		case decision.Split:
			out = append(append(out, d.Messages...), decision.StandIns(d.Others)...)
		case decision.Merge, decision.Same, decision.NotSame:
			out = append(append(out, decision.StandIns(d.Messages)...), decision.StandIns(d.Others)...)
		}
	}
	return out
}

// where says in which campaigns messages are, and whether that is as it was decided.
func (d *decider) where(ctx context.Context, made []decision.Decision, keys []int64) (string, error) {
	in, err := d.st.CampaignsOf(ctx, keys)
	if err != nil {
		return "", err
	}
	text := ""
	if s := &made[0]; s.Kind == decision.Split && len(made) == 1 && s.UndoneAt.IsZero() {
		out, err := d.places(ctx, s.Messages, in)
		if err != nil {
			return "", err
		}
		rest, err := d.places(ctx, decision.StandIns(s.Others), in)
		text = "taken out: " + out + "; left: " + rest + "."
		if err != nil {
			return "", err
		}
	} else {
		all, err := d.places(ctx, keys, in)
		if err != nil {
			return "", err
		}
		text = "that is " + all + " now."
	}
	if !decision.Honoured(made, in) {
		text = "it could not be honoured: " + text
	}
	return text, nil
}

// places names the campaigns that messages are in.
func (d *decider) places(ctx context.Context, keys []int64, in map[int64]int64) (string, error) {
	var ids []int64
	alone := 0
	for _, k := range keys {
		if id := in[k]; id == 0 {
			alone++
		} else if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var places []string
	for _, id := range ids[:min(len(ids), 5)] {
		state, _, err := d.st.State(ctx, id)
		if err != nil {
			return "", err
		}
		places = append(places, fmt.Sprintf("%s (%s)", ID(id), cli.Count(state.Members, "message", "")))
	}
	if more := len(ids) - len(places); more > 0 {
		places = append(places, fmt.Sprintf("%d more", more))
	}
	if alone > 0 {
		places = append(places, plural(int64(alone), "that stands alone", "that stand alone"))
	}
	return strings.Join(places, " and "), nil
}
