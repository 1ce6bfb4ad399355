// Package deciding carries out the decisions of users for one command. It
// resolves the command's arguments, has graph/decision build and check the
// decision, stores it, runs the correlator if needed, and returns the Outcome.
// internal/report/decide prints that.
package deciding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// Options hold the author, the reason and the manner of a decision.
//
// NoRun and Force belong to some commands only; the others ignore them.
type Options struct {
	By      string // "": SPOOR_USER, else the user of this process
	Because string
	NoRun   bool // the next run will honour it; do not run now
	Force   bool // keep it although no message has the evidence
}

// Limits on input, in bytes unless noted.
const (
	maxName    = 200
	maxTag     = 50
	maxNote    = 10_000
	maxBecause = 2_000
	maxTaken   = 10_000 // messages in one split
)

// decider makes decisions for one command.
type decider struct {
	env *cli.Env
	st  *campaigns.Store
	Options
}

// newDecider checks the reason and the author of a decision. Both are folded to
// one line, because tables show them.
//
// Text of a user goes into tables and into mail of others, so it must not hold
// control characters, either.
func newDecider(env *cli.Env, st *campaigns.Store, o Options) (*decider, error) {
	o.Because = printable.Fold(o.Because)
	if len(o.Because) > maxBecause {
		return nil, cli.Usage("--because takes at most %d bytes", maxBecause)
	}
	if o.By = printable.Fold(o.By); o.By == "" {
		o.By = whoami(env)
	}
	return &decider{env, st, o}, nil
}

// whoami names the person at the keyboard.
//
// It is a claim: everybody with the right to write to the store may name
// anybody. user.Current fails in containers without a passwd entry.
func whoami(env *cli.Env) string {
	if name := printable.Fold(env.Getenv("SPOOR_USER")); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return printable.Fold(u.Username)
	}
	if name := printable.Fold(env.Getenv("USER")); name != "" {
		return name
	}
	return "unknown"
}

// decision starts a decision with its author, time and reason.
func (d *decider) decision(kind decision.Kind) decision.Decision {
	return decision.Decision{Kind: kind, MadeAt: d.env.Now(), MadeBy: d.By, Because: d.Because}
}

// side reads a campaign's id, or the SHA-256 (its beginning will do) or
// Message-ID of a message.
//
// A campaign that was merged is followed to the present one. "c2" that is no
// campaign may be the beginning of a hash.
func (d *decider) side(ctx context.Context, word string) (decision.Side, error) {
	if id, ok := naming.ParseID(word); ok {
		state, found, err := findings.Follow(ctx, d.env, d.st, id)
		switch {
		case err != nil:
			return decision.Side{}, err
		case found && state.Members == 0:
			return decision.Side{}, findings.Emptied(d.env, state.ID)
		case found:
			keys, err := d.members(ctx, state.ID)
			return decision.Side{Label: naming.ID(state.ID), Campaign: state.ID, Members: keys}, err
		case !naming.HashLike(word):
			return decision.Side{}, findings.NoCampaign(d.env, id)
		}
	}
	m, err := d.message(ctx, word)
	return decision.Side{Label: findings.MessageLabel(m), Campaign: m.Campaign, Message: m.Key, Members: []int64{m.Key}}, err
}

// members lists a campaign's members, the surest first, without those that a
// decision takes out with the next run. If that leaves none, it lists all of
// them.
//
// A decision that is not in effect yet must count: else a later one would be
// represented by messages that have left.
func (d *decider) members(ctx context.Context, id int64) ([]int64, error) {
	standing, err := d.st.DecisionList(ctx, false)
	if err != nil {
		return nil, err
	}
	keys, err := d.st.Central(ctx, id, decision.TakenOut(standing, id), 0)
	if err == nil && len(keys) == 0 { // all members are to leave
		return d.st.Central(ctx, id, nil, 0)
	}
	return keys, err
}

// message finds the one message that a word names.
func (d *decider) message(ctx context.Context, word string) (campaigns.NamedMessage, error) {
	m, err := findings.MessageNamed(ctx, d.env, d.st, word)
	if err == nil && m.Ham {
		err = cli.Usage("%s is ham, which is in no campaign", findings.MessageLabel(m))
	}
	return m, err
}

// Merge decides that campaigns are one.
//
// Of n campaigns it makes n-1 decisions, each with the largest, so that one of
// them can be undone.
func Merge(ctx context.Context, env *cli.Env, st *campaigns.Store, o Options, ids []string) (*Outcome, error) {
	d, err := newDecider(env, st, o)
	if err != nil {
		return nil, err
	}
	var sides []decision.Side
	for _, word := range ids {
		s, err := d.side(ctx, word)
		if err != nil {
			return nil, err
		}
		// Ids that were merged before lead to one campaign.
		if !slices.ContainsFunc(sides, func(t decision.Side) bool { return t.Campaign == s.Campaign }) {
			sides = append(sides, s)
		}
	}
	if len(sides) == 1 {
		return &Outcome{Already: "they are one campaign: " + sides[0].Label}, nil
	}
	// The largest stays, and of equals the oldest, as a run has it.
	slices.SortFunc(sides, func(s, t decision.Side) int {
		return cmp.Or(cmp.Compare(len(t.Members), len(s.Members)), cmp.Compare(s.Campaign, t.Campaign))
	})
	var list []decision.Proposal
	for _, s := range sides[1:] {
		list = append(list, decision.Merging(d.decision(decision.Merge), sides[0], s))
	}
	return d.decide(ctx, list)
}

// Same decides that two messages or campaigns belong together or, with not,
// that they don't. Two campaigns together are a Merge.
func Same(ctx context.Context, env *cli.Env, st *campaigns.Store, o Options, not bool, words [2]string) (*Outcome, error) {
	d, err := newDecider(env, st, o)
	if err != nil {
		return nil, err
	}
	var s [2]decision.Side
	for i := range s {
		if s[i], err = d.side(ctx, words[i]); err != nil {
			return nil, err
		}
	}
	switch {
	case s[0].Label == s[1].Label && !not:
		return &Outcome{Already: "they are the same: " + s[0].Label}, nil
	case s[0].Label == s[1].Label:
		return nil, cli.Usage("%s and %s are both %s; correlate split takes messages out of a campaign", printable.Cut(words[0], 60), printable.Cut(words[1], 60), s[0].Label)
	case not:
		return d.decide(ctx, []decision.Proposal{decision.Parting(d.decision(decision.NotSame), s[0], s[1])})
	case s[0].Message == 0 && s[1].Message == 0:
		return Merge(ctx, env, st, o, words[:])
	}
	for i := range s {
		if s[i], err = d.withAll(ctx, s[i]); err != nil {
			return nil, err
		}
	}
	return d.decide(ctx, []decision.Proposal{decision.Joining(d.decision(decision.Same), s[0], s[1])})
}

// withAll adds to a side all members of its campaign, also those that are to
// leave it.
func (d *decider) withAll(ctx context.Context, s decision.Side) (decision.Side, error) {
	if s.Campaign == 0 {
		return s, nil
	}
	var err error
	s.All, err = d.st.Central(ctx, s.Campaign, nil, 0)
	return s, err
}

// Split decides that messages of a campaign form one of their own; with selects
// those that have a feature.
//
// At least one message must be left, since the others are parted from the rest.
func Split(ctx context.Context, env *cli.Env, st *campaigns.Store, o Options, id string, words []string, with string) (*Outcome, error) {
	d, err := newDecider(env, st, o)
	if err != nil {
		return nil, err
	}
	s, err := d.side(ctx, id)
	if err != nil {
		return nil, err
	}
	out := d.decision(decision.Split)
	out.Campaign = s.Campaign
	if with != "" {
		out.Messages, out.Value, err = d.membersWith(ctx, s, with)
	} else {
		out.Messages, out.Value, err = d.membersNamed(ctx, s, words)
	}
	if err != nil {
		return nil, err
	}
	if len(out.Messages) > maxTaken {
		return nil, cli.Usage("that takes %s out at once; at most %s can be", cli.Count(len(out.Messages), "message", ""), cli.Number(maxTaken))
	}
	out.Others, err = d.st.Central(ctx, s.Campaign, out.Messages, decision.MostStandIns)
	if err != nil {
		return nil, err
	}
	if len(out.Others) == 0 {
		return nil, cli.Usage("that takes all messages out of %s: nothing would be left", s.Label)
	}
	return d.decide(ctx, []decision.Proposal{{Decision: out}})
}

// membersNamed returns the named messages of a campaign, and a label with the
// first five. A word that names no member is an error.
//
// A Message-ID may name several messages, of which those in the campaign count.
func (d *decider) membersNamed(ctx context.Context, s decision.Side, words []string) (keys []int64, label string, err error) {
	var labels []string
	for _, word := range words {
		found, err := findings.MessagesNamed(ctx, d.env, d.st, word)
		if err != nil {
			return nil, "", err
		}
		in := 0
		for _, m := range found {
			if m.Campaign == s.Campaign && !slices.Contains(keys, m.Key) {
				keys, labels = append(keys, m.Key), append(labels, wording.Head(m.SHA256, 12))
			}
			if m.Campaign == s.Campaign {
				in++
			}
		}
		if in == 0 {
			return nil, "", d.env.Nothing("%s is not in %s.", findings.MessageLabel(found[0]), s.Label)
		}
	}
	label = cli.Count(len(keys), "message", "") + ": " + strings.Join(labels[:min(len(labels), 5)], ", ")
	if len(labels) > 5 {
		label += ", ..."
	}
	return keys, label, nil
}

// membersWith returns the members that have a feature, in any of the readings
// of its text.
func (d *decider) membersWith(ctx context.Context, s decision.Side, text string) (keys []int64, label string, err error) {
	counted, err := d.features(ctx, text)
	if err != nil {
		return nil, "", err
	}
	var names []string
	for _, f := range counted {
		with, err := d.st.MembersWith(ctx, s.Campaign, f.Key())
		if err != nil {
			return nil, "", err
		}
		if len(with) > 0 {
			names = append(names, naming.FeatureWords(f.Feature))
		}
		keys = append(keys, with...)
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) == 0 {
		return nil, "", d.env.Nothing("No message of %s has %s.", s.Label, d.env.Text(printable.Cut(text, 100)))
	}
	return keys, cli.Count(len(keys), "message", "") + " with " + strings.Join(names, " or "), nil
}

// Weigh decides the weight of a feature: none (ignore), or the maximum of its
// kind (trust).
func Weigh(ctx context.Context, env *cli.Env, st *campaigns.Store, o Options, kind decision.Kind, text string) (*Outcome, error) {
	d, err := newDecider(env, st, o)
	if err != nil {
		return nil, err
	}
	counted, err := d.features(ctx, text)
	if err != nil {
		return nil, err
	}
	var list []decision.Proposal
	for _, f := range counted {
		out := d.decision(kind)
		out.Feature, out.Value = int64(f.Key()), naming.FeatureWords(f.Feature)
		list = append(list, decision.Proposal{Decision: out})
		if !env.ForPrograms() {
			env.Notef("%s: %s\n", env.Text(printable.Cut(out.Value, 200)), f.where())
		}
	}
	return d.decide(ctx, list)
}

// decide stores decisions unless they contradict standing ones, runs the
// correlator if it has to apply them, and returns the outcome.
//
// The check and the storing are one transaction of the store, which calls back
// with the decisions that stand in it. Two people who decide at once are thus
// compared.
func (d *decider) decide(ctx context.Context, list []decision.Proposal) (*Outcome, error) {
	var proposed []decision.Decision
	for i := range list {
		proposed = append(proposed, list[i].Decision)
	}
	// Contradictions depend on the campaigns that the messages are in now.
	in, err := d.st.CampaignsOf(ctx, decision.Mentioned(proposed))
	if err != nil {
		return nil, err
	}
	var known []decision.Decision // standing decisions of the same content
	made, err := d.st.Decide(ctx, func(standing []decision.Decision, now map[int64]int64) (fresh []decision.Decision, err error) {
		for k, c := range now {
			in[k] = c
		}
		fresh, known, err = decision.Fresh(standing, in, list)
		return fresh, err
	})
	if c, ok := errors.AsType[*decision.Conflict](err); ok {
		return nil, refusal(c)
	}
	if err != nil {
		return nil, err
	}
	return d.outcome(ctx, made, known)
}

// refusal names the conflicting decisions and how to undo them.
func refusal(c *decision.Conflict) error {
	if len(c.Standing) == 0 {
		return cli.Usage("%s: the two sides have messages in common", wording.Decision(c.Next))
	}
	var said, ids []string
	for _, s := range c.Standing {
		said = append(said, fmt.Sprintf("%s (%s, by %s on %s)", naming.DecisionID(s.ID), wording.Decision(s), s.MadeBy, cli.Date(s.MadeAt)))
		ids = append(ids, naming.DecisionID(s.ID))
	}
	return cli.Usage("%s: that contradicts %s; first correlate undo %s", wording.Decision(c.Next), strings.Join(said, " and "), strings.Join(ids, " "))
}

// Undo revokes decisions. If one cannot be revoked, it returns the outcome of
// the ones before it with the error.
//
// One run follows for all of them.
func Undo(ctx context.Context, env *cli.Env, st *campaigns.Store, o Options, words []string) (*Outcome, error) {
	d, err := newDecider(env, st, o)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, word := range words {
		id, ok := naming.ParseDecision(word)
		if !ok {
			return nil, cli.Usage("%q is no decision, such as d2; see correlate decisions", printable.Cut(word, 40))
		}
		ids = append(ids, id)
	}
	undone, err := d.undo(ctx, ids)
	if len(undone) == 0 {
		return nil, err
	}
	out, failed := d.outcome(ctx, undone, nil)
	return out, errors.Join(failed, err)
}

// undo takes back as many as it can, in order, until one can't be.
func (d *decider) undo(ctx context.Context, ids []int64) (undone []decision.Decision, err error) {
	for _, id := range ids {
		u, err := d.st.Undo(ctx, id, d.By, d.env.Now())
		switch {
		case errors.Is(err, campaigns.ErrNoDecision):
			return undone, d.env.Nothing("There is no decision %s; correlate decisions shows those there are.", naming.DecisionID(id))
		case errors.Is(err, campaigns.ErrUndone):
			return undone, d.env.Nothing("%s was undone before.", naming.DecisionID(id))
		case err != nil:
			return undone, err
		}
		undone = append(undone, u)
	}
	return undone, nil
}
