package show

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
)

// Operation prints one operation.
func Operation(env *cli.Env, o *findings.Operation, how Options) error {
	if env.ForPrograms() {
		return env.Result(operationAsJSON(o))
	}
	p := &onePage{env: env, Options: how}
	if how.Markdown {
		return p.operationSheet(o).Markdown(env, nil)
	}
	return p.operationSheet(o).Print(env)
}

// operationSheet is the report on an operation: shared traits, campaigns and
// the weakest link.
func (c *onePage) operationSheet(o *findings.Operation) *sheet.Sheet {
	id := naming.OperationID(o.ID)
	first, last := spanOf(o)
	s := &sheet.Sheet{Name: id, Lead: strings.Join(nonEmpty(cli.Count(o.Messages, "message", ""), cli.Count(len(o.List), "campaign", ""), cli.Span(first, last)), ", ")}
	s.Add(sheet.Part{Title: "Meaning", Text: []string{"An operation is a group of campaigns of the same people. Their content differs; registrants, ids, hosting or habits of a program agree."}})

	shared := sheet.Part{Title: "Shared traits", Columns: []cli.Column{{Title: "Shared", Flex: true}, {Title: "in " + id, Right: true}, {Title: "elsewhere", Right: true}, {Title: "ham", Right: true}, {Title: "bits", Right: true}}}
	// The default hides traits that all mail has; --all shows every one.
	list := o.Own
	if c.All {
		list = o.Traits
	}
	for _, i := range c.telling(list) {
		t := &list[i]
		shared.Rows = append(shared.Rows, []string{wording.Trait(t.Kind, t.Value), cli.Number(t.Members), cli.Number(t.Elsewhere), cli.Number(t.Ham), fmt.Sprintf("%.1f", t.Bits)})
	}
	s.Add(shared)

	of := sheet.Part{Title: "Campaigns", Columns: []cli.Column{{Title: "ID", Right: true}, {Title: "Msgs", Right: true}, {Title: "First"}, {Title: "Last"}, {Title: "Subject", Flex: true}, {Title: "Held together by", Flex: true}}}
	shown := few(c, o.List)
	for i := range shown {
		m := &shown[i]
		held := ""
		if len(m.Kinds) > 0 {
			held = wording.Trait(m.Kinds[0], m.TraitValues[0])
		}
		of.Rows = append(of.Rows, []string{naming.ID(m.ID), cli.Number(m.Messages), cli.Date(m.FirstSeen), cli.Date(m.LastSeen), wording.Lure(o.Lures[m.ID]), held})
	}
	of.Foot = more(len(shown), len(o.List))
	s.Add(of)
	s.Add(sheet.Part{Title: "Weakest point", Text: []string{fmt.Sprintf("Weakest link between two of its campaigns: %s bits. Its evidence: correlate why %s", wording.Bits(o.WeakestBits), id)}})
	return s
}

// spanOf returns the times of the first and the last message; zero if none is
// known.
func spanOf(o *findings.Operation) (first, last time.Time) {
	for _, c := range o.List {
		if !c.FirstSeen.IsZero() && (first.IsZero() || c.FirstSeen.Before(first)) {
			first = c.FirstSeen
		}
		if c.LastSeen.After(last) {
			last = c.LastSeen
		}
	}
	return first, last
}

// OperationDocument is the output of correlate show for an operation.
type OperationDocument struct {
	ID        string                  `json:"operation_id"`
	Messages  int64                   `json:"messages"`
	First     *time.Time              `json:"first_seen"`
	Last      *time.Time              `json:"last_seen"`
	Weakest   float64                 `json:"weakest_bits"`
	Traits    []traitJSON             `json:"traits"`
	Campaigns []operationCampaignJSON `json:"campaigns"`
}

// operationCampaignJSON is a campaign of an operation.
type operationCampaignJSON struct {
	ID       string     `json:"campaign_id"`
	Messages int64      `json:"messages"`
	First    *time.Time `json:"first_seen"`
	Last     *time.Time `json:"last_seen"`
	Subject  string     `json:"top_subject"`
	Subjects int64      `json:"subject_count"`
}

// operationAsJSON converts an operation.
func operationAsJSON(o *findings.Operation) OperationDocument {
	first, last := spanOf(o)
	out := OperationDocument{ID: naming.OperationID(o.ID), Messages: o.Messages, First: cli.Time(first), Last: cli.Time(last), Weakest: o.WeakestBits,
		Traits: []traitJSON{}, Campaigns: []operationCampaignJSON{}}
	for _, t := range o.Traits {
		out.Traits = append(out.Traits, traitJSON(t))
	}
	for _, c := range o.List {
		l := o.Lures[c.ID]
		out.Campaigns = append(out.Campaigns, operationCampaignJSON{naming.ID(c.ID), c.Messages, cli.Time(c.FirstSeen), cli.Time(c.LastSeen), l.Subject, l.Subjects})
	}
	return out
}
