package serve

import (
	"net/http"
	"strings"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/deciding"
	"spoor/internal/page"
	"spoor/internal/printable"
	"spoor/internal/report/decide"
)

// decide makes the decision of a form, and shows the outcome.
func (q *question) decide() (answer, error) {
	if q.Decider == nil {
		return answer{code: http.StatusForbidden, Document: page.Document{Title: "Read only", Bodies: []page.Body{q.site.Words("Read only", "Decisions are made here only by correlate serve --decide.")}}}, nil
	}
	out, err := q.decided()
	if err != nil {
		return answer{}, err
	}
	campaign := q.PostFormValue("campaign")
	a := answer{Document: page.Document{Title: "Decided", Bodies: []page.Body{q.site.Decided(decide.Lines(out), campaign)}}}
	return a, nil
}

// decided carries out the decision of a form. Kinds that no form offers are
// refused.
func (q *question) decided() (*deciding.Outcome, error) {
	ctx, st := q.Context(), q.Decider
	o := deciding.Options{Because: q.PostFormValue("because")}
	id, text, other := q.PostFormValue("campaign"), q.PostFormValue("text"), strings.TrimSpace(q.PostFormValue("other"))
	switch what := q.PostFormValue("what"); what {
	case "name":
		return deciding.Say(ctx, q.env, st, o, decision.Name, id, text)
	case "note":
		return deciding.Say(ctx, q.env, st, o, decision.Remark, id, text)
	case "merge":
		return deciding.Merge(ctx, q.env, st, o, []string{id, other})
	case "not-same":
		return deciding.Same(ctx, q.env, st, o, true, [2]string{id, other})
	case "split":
		return deciding.Split(ctx, q.env, st, o, id, strings.Fields(q.PostFormValue("messages")), "")
	case "undo":
		return deciding.Undo(ctx, q.env, st, o, []string{strings.TrimSpace(q.PostFormValue("decision"))})
	default:
		return nil, cli.Usage("%q is no decision that can be made here", printable.Cut(what, 40))
	}
}
