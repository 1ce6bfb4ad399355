package deciding

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Say stores a label of a Campaign; kind is name, note, tag or untag.
//
// The label is bound to messages as well as to the id, so it goes along if the campaign gets another.
func Say(ctx context.Context, env *cli.Env, st *campaigns.Store, o Options, kind decision.Kind, id, text string) (*Outcome, error) {
	d, err := newDecider(env, st, o)
	if err != nil {
		return nil, err
	}
	if text, err = written(kind, text); err != nil {
		return nil, err
	}
	s, err := d.side(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := decision.ReadSaid(ctx, st)
	if err != nil {
		return nil, err
	}
	now := all[s.Campaign]
	if now == nil {
		now = &decision.Said{}
	}
	switch {
	case kind == decision.Name && now.Name == text, kind == decision.Tag && slices.Contains(now.Tags, text),
		kind == decision.Remark && slices.ContainsFunc(now.Notes, func(n decision.Note) bool { return n.Text == text }):
		return &Outcome{Already: s.Label + " has that " + string(kind)}, nil
	case kind == decision.Untag && !slices.Contains(now.Tags, text):
		return nil, env.Nothing("%s has no tag %s.", s.Label, env.Text(text))
	}
	out := d.decision(kind)
	out.Campaign, out.Messages, out.Value = s.Campaign, decision.StandIns(s.Members), text
	return d.decide(ctx, []decision.Proposal{{Decision: out}})
}

// written checks the user's text. It must be one line, because tables show it.
//
// Tags are in lower case, as they are compared as words.
func written(kind decision.Kind, text string) (string, error) {
	what := strings.TrimPrefix(string(kind), "un")
	if !utf8.ValidString(text) {
		return "", cli.Usage("the %s is not UTF-8", what)
	}
	text = printable.Fold(text)
	limit := maxName
	switch kind {
	case decision.Remark:
		limit = maxNote
	case decision.Tag, decision.Untag:
		limit = maxTag
		if strings.ContainsAny(text, " ,") {
			return "", cli.Usage("a tag is one word, without commas")
		}
		text = strings.ToLower(text)
	}
	switch {
	case text == "":
		return "", cli.Usage("the %s is empty; correlate undo takes one back", what)
	case len(text) > limit:
		return "", cli.Usage("a %s has at most %d bytes", what, limit)
	}
	return text, nil
}
