package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Deciding says who decides, why, and how.
type Deciding struct {
	By      string // "": SPOOR_USER, else the user of this process
	Because string
	NoRun   bool // the next run will honour it; do not run now
	Force   bool // keep it although no message has the evidence
}

// Bounds of what people write.
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
	Deciding
}

func newDecider(env *cli.Env, st *campaigns.Store, o Deciding) (*decider, error) {
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

// decision is one with who, when and why.
func (d *decider) decision(kind string) campaigns.Decision {
	return campaigns.Decision{Kind: kind, MadeAt: d.env.Now(), MadeBy: d.By, Because: d.Because}
}

// side is what people name: a campaign, or a message.
type side struct {
	label    string
	campaign int64   // that it is, or is in; 0: none
	message  int64   // 0: it is a campaign
	keys     []int64 // of the message, or of the campaign's, the surest members first
}

// side reads a campaign's id, or the SHA-256 (its beginning will do) or Message-ID of a
// message.
func (d *decider) side(ctx context.Context, word string) (side, error) {
	if id, ok := ParseID(word); ok {
		state, found, err := follow(ctx, d.env, d.st, id)
		switch {
		case err != nil:
			return side{}, err
		case found && state.Members == 0:
			return side{}, nothing(d.env, "%s is no campaign any more: since the last run its messages stand alone or are in others.", ID(state.ID))
		case found:
			keys, err := d.members(ctx, state.ID)
			return side{label: ID(state.ID), campaign: state.ID, keys: keys}, err
		case !hashLike(word):
			return side{}, nothing(d.env, "There is no campaign %s; correlate list shows those there are.", ID(id))
		}
	}
	m, err := d.message(ctx, word)
	return side{label: messageLabel(m), campaign: m.Campaign, message: m.Key, keys: []int64{m.Key}}, err
}

// members lists a campaign's members, the surest first, without those that are to leave it
// with the next run.
func (d *decider) members(ctx context.Context, id int64) ([]int64, error) {
	standing, err := d.st.DecisionList(ctx, false)
	if err != nil {
		return nil, err
	}
	keys, err := d.st.Central(ctx, id, takenOut(standing, id), 0)
	if err == nil && len(keys) == 0 { // none is left that was to stay
		return d.st.Central(ctx, id, nil, 0)
	}
	return keys, err
}

// takenOut lists the messages that decisions take out of a campaign.
func takenOut(standing []campaigns.Decision, id int64) []int64 {
	var out []int64
	for i := range standing {
		if standing[i].Kind == "split" && standing[i].Campaign == id {
			out = append(out, standing[i].Messages...)
		}
	}
	return out
}

// message finds the one message that a word names.
func (d *decider) message(ctx context.Context, word string) (campaigns.NamedMessage, error) {
	found, err := d.messages(ctx, word)
	switch {
	case err != nil:
		return campaigns.NamedMessage{}, err
	case len(found) > 1:
		var hashes []string
		for _, m := range found {
			hashes = append(hashes, head(m.SHA256, 12))
		}
		return found[0], cli.Usage("%q names several messages: %s; name one by its SHA-256", printable.Cut(word, 80), strings.Join(hashes, ", "))
	case found[0].Ham:
		return found[0], cli.Usage("%s is wanted mail, which is in no campaign", messageLabel(found[0]))
	}
	return found[0], nil
}

// messages lists the messages that a word names, six at most: a Message-ID may be that of many.
func (d *decider) messages(ctx context.Context, word string) (found []campaigns.NamedMessage, err error) {
	const some = 6
	id := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(word), "<"), ">")
	switch {
	case strings.Contains(id, "@"), id != strings.TrimSpace(word):
		found, err = d.st.MessagesByID(ctx, id, some)
	case hashLike(word):
		found, err = d.st.MessagesByHash(ctx, strings.ToLower(word), some)
	default:
		return nil, cli.Usage("%q is no campaign's ID, such as c2, no Message-ID and no SHA-256 of a message (6 digits or more)", printable.Cut(word, 80))
	}
	if err == nil && len(found) == 0 {
		return nil, nothing(d.env, "No message is called %s.", d.env.Text(printable.Cut(word, 100)))
	}
	return found, err
}

func messageLabel(m campaigns.NamedMessage) string { return "message " + head(m.SHA256, 12) }

// hashLike tells the beginning of a SHA-256: at least six hexadecimal digits.
func hashLike(s string) bool {
	return len(s) >= 6 && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// Merge decides that campaigns are one.
func Merge(ctx context.Context, env *cli.Env, st *campaigns.Store, o Deciding, ids []string) error {
	d, err := newDecider(env, st, o)
	if err != nil {
		return err
	}
	var sides []side
	for _, word := range ids {
		s, err := d.side(ctx, word)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(sides, func(t side) bool { return t.campaign == s.campaign }) {
			sides = append(sides, s)
		}
	}
	if len(sides) == 1 {
		return d.already("they are one campaign: " + sides[0].label)
	}
	// The largest stays, and of equals the oldest, as a run has it.
	slices.SortFunc(sides, func(s, t side) int {
		return cmp.Or(cmp.Compare(len(t.keys), len(s.keys)), cmp.Compare(s.campaign, t.campaign))
	})
	var list []proposal
	for _, s := range sides[1:] {
		list = append(list, merger(d.decision("merge"), sides[0], s))
	}
	return d.decide(ctx, list)
}

// proposal is a decision to be made. Who names a campaign means all of it: whole lists
// those.
type proposal struct {
	campaigns.Decision
	whole []int64
}

// merger makes b part of a.
func merger(out campaigns.Decision, a, b side) proposal {
	out.Value = a.label + " and " + b.label
	out.Campaign, out.Other = a.campaign, b.campaign
	out.Messages, out.Others, out.Moved = stand(a.keys), stand(b.keys), b.keys
	return proposal{out, []int64{a.campaign, b.campaign}}
}

// stand returns the messages that stand for many.
func stand(keys []int64) []int64 { return keys[:min(len(keys), campaigns.Stand)] }

// Same decides that two messages or campaigns belong together, or (not) that they don't.
func Same(ctx context.Context, env *cli.Env, st *campaigns.Store, o Deciding, not bool, words [2]string) error {
	d, err := newDecider(env, st, o)
	if err != nil {
		return err
	}
	var s [2]side
	for i := range s {
		if s[i], err = d.side(ctx, words[i]); err != nil {
			return err
		}
	}
	switch {
	case s[0].label == s[1].label && !not:
		return d.already("they are the same: " + s[0].label)
	case s[0].label == s[1].label:
		return cli.Usage("%s and %s are both %s; correlate split takes messages out of a campaign", printable.Cut(words[0], 60), printable.Cut(words[1], 60), s[0].label)
	case not:
		return d.decide(ctx, []proposal{d.notSame(s[0], s[1])})
	case s[0].message == 0 && s[1].message == 0:
		return Merge(ctx, env, st, o, words[:])
	}
	p, err := d.same(ctx, s[0], s[1])
	if err != nil {
		return err
	}
	return d.decide(ctx, []proposal{p})
}

// notSame keeps two sides apart.
func (d *decider) notSame(a, b side) proposal {
	out := proposal{Decision: d.decision("not-same")}
	out.Value = a.label + " and " + b.label
	if a.campaign == 0 {
		a, b = b, a
	}
	out.whole = nameWhole(&a, &b)
	out.Campaign, out.Other = a.campaign, b.campaign
	out.Messages, out.Others = stand(a.keys), stand(b.keys)
	if out.Campaign == out.Other {
		out.Other = 0
	}
	return out
}

// nameWhole lists which of two sides are whole campaigns. A message on the other side
// does not stand for them.
func nameWhole(a, b *side) (whole []int64) {
	for _, s := range []*side{a, b} {
		if s.message == 0 {
			whole = append(whole, s.campaign)
			s.keys = slices.DeleteFunc(s.keys, func(k int64) bool { return k == a.message || k == b.message })
		}
	}
	return whole
}

// same puts a message beside another, or into a campaign. The smaller of the campaigns
// that are joined by that will go into the larger.
func (d *decider) same(ctx context.Context, a, b side) (proposal, error) {
	out := proposal{Decision: d.decision("same")}
	out.Value = a.label + " and " + b.label
	out.whole = nameWhole(&a, &b)
	var members [2][]int64
	for i, s := range []side{a, b} {
		if s.campaign == 0 {
			continue
		}
		var err error
		if members[i], err = d.st.Central(ctx, s.campaign, nil, 0); err != nil {
			return out, err
		}
	}
	if len(members[0]) < len(members[1]) {
		a, b, members[1] = b, a, members[0]
	}
	out.Messages, out.Others = stand(a.keys), stand(b.keys)
	if out.Campaign = a.campaign; a.campaign != b.campaign && b.campaign != 0 {
		out.Other, out.Moved = b.campaign, members[1]
	}
	return out, nil
}

// Split decides that messages of a campaign are one of their own; with: those that have
// a feature.
func Split(ctx context.Context, env *cli.Env, st *campaigns.Store, o Deciding, id string, words []string, with string) error {
	d, err := newDecider(env, st, o)
	if err != nil {
		return err
	}
	s, err := d.side(ctx, id)
	if err != nil {
		return err
	}
	out := d.decision("split")
	out.Campaign = s.campaign
	if with != "" {
		out.Messages, out.Value, err = d.membersWith(ctx, s, with)
	} else {
		out.Messages, out.Value, err = d.membersNamed(ctx, s, words)
	}
	if err != nil {
		return err
	}
	if len(out.Messages) > maxTaken {
		return cli.Usage("that takes %s out at once; at most %s can be", cli.Count(len(out.Messages), "message", ""), cli.Number(maxTaken))
	}
	out.Others, err = d.st.Central(ctx, s.campaign, out.Messages, campaigns.Stand)
	if err != nil {
		return err
	}
	if len(out.Others) == 0 {
		return cli.Usage("that takes all messages out of %s: nothing would be left", s.label)
	}
	return d.decide(ctx, []proposal{{Decision: out}})
}

func (d *decider) membersNamed(ctx context.Context, s side, words []string) (keys []int64, label string, err error) {
	var labels []string
	for _, word := range words {
		found, err := d.messages(ctx, word)
		if err != nil {
			return nil, "", err
		}
		in := 0
		for _, m := range found {
			if m.Campaign == s.campaign && !slices.Contains(keys, m.Key) {
				keys, labels = append(keys, m.Key), append(labels, head(m.SHA256, 12))
			}
			if m.Campaign == s.campaign {
				in++
			}
		}
		if in == 0 {
			return nil, "", nothing(d.env, "%s is not in %s.", messageLabel(found[0]), s.label)
		}
	}
	label = cli.Count(len(keys), "message", "") + ": " + strings.Join(labels[:min(len(labels), 5)], ", ")
	if len(labels) > 5 {
		label += ", ..."
	}
	return keys, label, nil
}

func (d *decider) membersWith(ctx context.Context, s side, text string) (keys []int64, label string, err error) {
	counted, err := d.features(ctx, text)
	if err != nil {
		return nil, "", err
	}
	var names []string
	for _, f := range counted {
		with, err := d.st.MembersWith(ctx, s.campaign, f.Key())
		if err != nil {
			return nil, "", err
		}
		if len(with) > 0 {
			names = append(names, featureWords(f.Feature))
		}
		keys = append(keys, with...)
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) == 0 {
		return nil, "", nothing(d.env, "No message of %s has %s.", s.label, d.env.Text(printable.Cut(text, 100)))
	}
	return keys, cli.Count(len(keys), "message", "") + " with " + strings.Join(names, " or "), nil
}

// Say keeps what people say of a campaign: kind is name, note, tag or untag.
func Say(ctx context.Context, env *cli.Env, st *campaigns.Store, o Deciding, kind, id, text string) error {
	d, err := newDecider(env, st, o)
	if err != nil {
		return err
	}
	if text, err = written(kind, text); err != nil {
		return err
	}
	s, err := d.side(ctx, id)
	if err != nil {
		return err
	}
	all, err := st.Said(ctx)
	if err != nil {
		return err
	}
	now := all[s.campaign]
	if now == nil {
		now = &campaigns.Said{}
	}
	switch {
	case kind == "name" && now.Name == text, kind == "tag" && slices.Contains(now.Tags, text),
		kind == "note" && slices.ContainsFunc(now.Notes, func(n campaigns.Note) bool { return n.Text == text }):
		return d.already(s.label + " has that " + kind)
	case kind == "untag" && !slices.Contains(now.Tags, text):
		return nothing(env, "%s has no tag %s.", s.label, env.Text(text))
	}
	out := d.decision(kind)
	out.Campaign, out.Messages, out.Value = s.campaign, stand(s.keys), text
	return d.decide(ctx, []proposal{{Decision: out}})
}

// written checks what people write. It is one line, for it stands in tables.
func written(kind, text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", cli.Usage("the %s is not UTF-8", strings.TrimPrefix(kind, "un"))
	}
	text = printable.Fold(text)
	limit := maxName
	switch kind {
	case "note":
		limit = maxNote
	case "tag", "untag":
		limit = maxTag
		if strings.ContainsAny(text, " ,") {
			return "", cli.Usage("a tag is one word, without commas")
		}
		text = strings.ToLower(text)
	}
	switch {
	case text == "":
		return "", cli.Usage("the %s is empty; correlate undo takes one back", strings.TrimPrefix(kind, "un"))
	case len(text) > limit:
		return "", cli.Usage("a %s has at most %d bytes", strings.TrimPrefix(kind, "un"), limit)
	}
	return text, nil
}

// Weigh decides what a feature is worth: nothing (ignore), or what its kind can be worth
// at most (trust).
func Weigh(ctx context.Context, env *cli.Env, st *campaigns.Store, o Deciding, kind, text string) error {
	d, err := newDecider(env, st, o)
	if err != nil {
		return err
	}
	counted, err := d.features(ctx, text)
	if err != nil {
		return err
	}
	var list []proposal
	for _, f := range counted {
		out := d.decision(kind)
		out.Feature, out.Value = int64(f.Key()), featureWords(f.Feature)
		list = append(list, proposal{Decision: out})
		if !env.JSON() {
			env.Notef("%s: %s\n", env.Text(printable.Cut(out.Value, 200)), f.where())
		}
	}
	return d.decide(ctx, list)
}

// decide keeps decisions, unless they contradict what stands, runs the correlator if
// they are to be honoured by it, and prints what came of it.
func (d *decider) decide(ctx context.Context, list []proposal) error {
	in, err := d.st.CampaignsOf(ctx, mentioned(list))
	if err != nil {
		return err
	}
	var known []campaigns.Decision // say the same and stand
	made, err := d.st.Decide(ctx, func(standing []campaigns.Decision, now map[int64]int64) ([]campaigns.Decision, error) {
		known = nil // this may be the second try
		for k, c := range now {
			in[k] = c
		}
		var fresh []campaigns.Decision
		for _, n := range list {
			if i := slices.IndexFunc(standing, func(s campaigns.Decision) bool { return sameDecision(&s, &n.Decision) }); i >= 0 {
				known = append(known, standing[i])
				continue
			}
			if err := contradicts(standing, in, n); err != nil {
				return nil, err
			}
			standing = append(standing, n.Decision)
			fresh = append(fresh, n.Decision)
		}
		return fresh, nil
	})
	if err != nil {
		return err
	}
	return d.tell(ctx, made, known)
}

// already says that what is asked for is so.
func (d *decider) already(text string) error {
	if d.env.JSON() {
		return d.env.WriteJSON(outcomeJSON{Decisions: []decisionJSON{}, Known: []decisionJSON{}, Outcome: text})
	}
	return d.env.Printf("Nothing to do: %s.\n", d.env.Text(text))
}

func mentioned(list []proposal) []int64 {
	var out []int64
	for i := range list {
		out = append(append(out, list[i].Messages...), list[i].Others...)
	}
	return out
}

// sameDecision reports whether n says no more than s. What people say of a campaign was
// compared before, by what holds now.
func sameDecision(s, n *campaigns.Decision) bool {
	switch n.Kind {
	case "ignore", "trust":
		return s.Kind == n.Kind && s.Feature == n.Feature
	case "merge", "same", "not-same":
		return s.Kind == n.Kind && (slices.Equal(s.Messages, n.Messages) && slices.Equal(s.Others, n.Others) ||
			slices.Equal(s.Messages, n.Others) && slices.Equal(s.Others, n.Messages))
	case "split":
		return s.Kind == n.Kind && slices.Equal(s.Messages, n.Messages) && s.Campaign == n.Campaign
	}
	return false
}

// Undo takes decisions back.
func Undo(ctx context.Context, env *cli.Env, st *campaigns.Store, o Deciding, words []string) error {
	d, err := newDecider(env, st, o)
	if err != nil {
		return err
	}
	var ids []int64
	for _, word := range words {
		id, ok := parseDecision(word)
		if !ok {
			return cli.Usage("%q is no decision, such as d2; see correlate decisions", printable.Cut(word, 40))
		}
		ids = append(ids, id)
	}
	undone, err := d.undo(ctx, ids)
	if len(undone) > 0 { // the rest failed, if err says so
		err = errors.Join(d.tell(ctx, undone, nil), err)
	}
	return err
}

// undo takes back as many as it can, in order, until one can't be.
func (d *decider) undo(ctx context.Context, ids []int64) (undone []campaigns.Decision, err error) {
	for _, id := range ids {
		u, err := d.st.Undo(ctx, id, d.By, d.env.Now())
		switch {
		case errors.Is(err, campaigns.ErrNoDecision):
			return undone, nothing(d.env, "There is no decision %s; correlate decisions shows those there are.", decisionID(id))
		case errors.Is(err, campaigns.ErrUndone):
			return undone, nothing(d.env, "%s was undone before.", decisionID(id))
		case err != nil:
			return undone, err
		}
		undone = append(undone, u)
	}
	return undone, nil
}

// decisionID is a decision's id as people type and read it.
func decisionID(id int64) string { return "d" + strconv.FormatInt(id, 10) }

func parseDecision(s string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "d")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}

// needsRun reports whether a decision changes what a run finds.
func needsRun(list []campaigns.Decision) bool {
	return slices.ContainsFunc(list, func(d campaigns.Decision) bool {
		switch d.Kind {
		case "name", "note", "tag", "untag":
			return false
		}
		return true
	})
}

// featureWords is a feature as people read and type it.
func featureWords(f evidence.Feature) string { return fmt.Sprintf("%s %s", f.Kind, f.Value) }
