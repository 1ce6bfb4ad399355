// Package explain answers the questions of correlate why. It reads the evidence
// of the messages in question and estimates of the last run (recall), and
// explains two messages (Pair) or a campaign (Holding) by the model of that run,
// with the original lines of mail and of registries' answers. Its cost does not
// grow with the store. internal/report/why prints both.
package explain

import (
	"context"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
)

// Options select the evidence to use and the details to read.
//
// The zero Options explain with all evidence, the three most important lines,
// and tables.
type Options struct {
	Without []string // features, kinds or groups to leave out
	Raw     bool     // every line that the evidence rests on, not only the most important
	Words   bool     // sentences, no tables
}

// Ask explains two messages, hosts or campaigns, or the evidence of one
// campaign: one of the two results is not nil.
//
// Errors for the user are usage errors (nothing of that form),
// "nothing" (no such message), or the hint to run correlate first.
func Ask(ctx context.Context, env *cli.Env, st *campaigns.Store, looked *lookups.Store, words []string, o Options) (*Pair, *Holding, error) {
	w := &why{env: env, st: st, looked: looked, Options: o, Told: &Told{Proofs: make(map[int64]*campaigns.Proof)}}
	var err error
	if w.without, err = parseWithout(o.Without); err != nil {
		return nil, nil, err
	}
	var sides []Asked
	for _, word := range words {
		s, err := w.side(ctx, word)
		if err != nil {
			return nil, nil, err
		}
		sides = append(sides, s)
	}
	if err := w.readLast(ctx); err != nil {
		return nil, nil, err
	}
	if err := w.checkWithout(ctx); err != nil {
		return nil, nil, err
	}
	if len(sides) == 1 {
		return w.one(ctx, sides[0])
	}
	// A message and its own campaign: the same question as that after the
	// message alone.
	for i, s := range sides {
		if o := sides[1-i]; s.Message && !o.Message && s.Campaign != 0 && s.Campaign == o.Campaign {
			return w.member(ctx, s)
		}
	}
	p, err := w.two(ctx, sides[0], sides[1])
	return p, nil, err
}

// Members explains why each of some messages is in its campaign, by SHA-256. Lines of mail are
// not read. Messages without evidence are left out.
func Members(ctx context.Context, env *cli.Env, st *campaigns.Store, looked *lookups.Store, hashes []string) (map[string]*Pair, error) {
	out := make(map[string]*Pair, len(hashes))
	for part := range slices.Chunk(hashes, membersAtOnce) {
		w := &why{env: env, st: st, looked: looked, Told: &Told{Proofs: make(map[int64]*campaigns.Proof)}}
		if err := w.members(ctx, part, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// membersAtOnce limits the messages, and with them the campaigns, of one index.
const membersAtOnce = 50

// members adds the explanations of some messages to out.
func (w *why) members(ctx context.Context, hashes []string, out map[string]*Pair) error {
	if err := w.readLast(ctx); err != nil {
		return err
	}
	var sides []Asked
	var keys []int64
	for _, sha256 := range hashes {
		s, err := w.message(ctx, sha256)
		if err != nil {
			return err
		}
		sides, keys = append(sides, s), append(keys, s.Keys...)
	}
	if err := w.recalled(ctx, keys, campaignBeside, 0); err != nil {
		return err
	}
	for i, s := range sides {
		e, ok := w.index.Against(s.Keys[0], campaign.Without{})
		if !ok || s.Campaign == 0 {
			continue
		}
		if err := w.know(ctx, distinctKeys([]int64{e.A, e.B})); err != nil {
			return err
		}
		out[hashes[i]] = w.pair(s, member(s, e), e)
	}
	return nil
}

// why is one question.
type why struct {
	Options
	*Told
	env     *cli.Env
	st      *campaigns.Store
	looked  *lookups.Store
	last    campaigns.LastRun
	without campaign.Without
	learned campaign.Parameters
	index   *campaign.Index
}

// Asked is a user's argument: a campaign, an operation, a message, or all
// messages of a host or address.
//
// Keys are its messages, those that are surest first if it is a campaign.
type Asked struct {
	Label     string
	Campaign  int64
	Operation int64
	Message   bool
	Keys      []int64
	Aside     campaigns.Aside // of a message
}

// MaxAsked limits the messages considered for one host.
const MaxAsked = 5000

// side resolves a user's argument.
//
// A word such as "c2" may also be the beginning of a hash. Then the campaign
// counts if there is one.
func (w *why) side(ctx context.Context, word string) (Asked, error) {
	word = strings.TrimSpace(word)
	if id, ok := naming.ParseOperation(word); ok {
		return w.operation(ctx, id)
	}
	if id, ok := naming.ParseID(word); ok {
		s, err := w.campaign(ctx, id, naming.HashLike(word))
		if err != nil || s.Keys != nil {
			return s, err
		}
	}
	if naming.HashLike(word) || strings.Contains(strings.TrimPrefix(word, "<"), "@") {
		return w.message(ctx, word)
	}
	i, ok := naming.ParseIndicator(word)
	if !ok || i.Kind != "host" && i.Kind != "net" && i.Kind != "url" {
		return Asked{}, cli.Usage("%q is no message (SHA-256, 6 digits or more; Message-ID), host, address or campaign, such as c2", printable.Cut(word, 80))
	}
	return w.place(ctx, i)
}

// campaign reads a campaign; its keys are nil if there is none and the word can
// be a hash.
func (w *why) campaign(ctx context.Context, id int64, orHash bool) (Asked, error) {
	state, found, err := findings.Follow(ctx, w.env, w.st, id)
	switch {
	case err != nil:
		return Asked{}, err
	case !found && orHash:
		return Asked{}, nil
	case !found:
		return Asked{}, findings.NoCampaign(w.env, id)
	case state.Members == 0:
		return Asked{}, findings.Emptied(w.env, state.ID)
	}
	keys, err := w.st.Central(ctx, state.ID, nil, 0)
	return Asked{Label: naming.ID(state.ID), Campaign: state.ID, Keys: keys}, err
}

// operation returns all members of an operation.
func (w *why) operation(ctx context.Context, id int64) (Asked, error) {
	keys, err := w.st.OperationMembers(ctx, id)
	if err == nil && len(keys) == 0 {
		err = w.env.Nothing("There is no operation %s; correlate list shows those there are.", naming.OperationID(id))
	}
	return Asked{Label: naming.OperationID(id), Operation: id, Keys: keys}, err
}

// message finds the one that a word names; wanted mail too, unlike where people decide.
func (w *why) message(ctx context.Context, word string) (Asked, error) {
	m, err := findings.MessageNamed(ctx, w.env, w.st, word)
	if err != nil {
		return Asked{}, err
	}
	return Asked{Label: wording.Head(m.SHA256, 8), Campaign: m.Campaign, Message: true, Keys: []int64{m.Key}, Aside: m.Aside}, nil
}

// place finds the messages that link to a host, or that came from an address.
//
// The messages are limited to MaxAsked: the strongest pair among so many is
// strong enough.
func (w *why) place(ctx context.Context, i campaigns.Indicator) (Asked, error) {
	if i.Kind == "url" {
		host, ok := naming.ParseIndicator(hostOf(i.Value))
		if !ok {
			return Asked{}, cli.Usage("%q names no host", printable.Cut(i.Value, 80))
		}
		i = host
	}
	keys, err := w.st.MessagesAt(ctx, i, MaxAsked)
	if err == nil && len(keys) == 0 {
		what := "links to"
		if i.Kind == "net" {
			what = "came from, or links to,"
		}
		err = w.env.Nothing("No stored message %s %s.", what, w.env.Text(i.Value))
	}
	return Asked{Label: i.Value, Keys: keys}, err
}

// hostOf is the host of a URL in normal form.
func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// parseWithout parses the evidence to leave out: "KIND VALUE" or "KIND:VALUE",
// a kind with all its values, or a group of kinds.
func parseWithout(texts []string) (campaign.Without, error) {
	var out campaign.Without
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if kinds := kindsNamed(text); kinds != nil {
			out.Kinds = append(out.Kinds, kinds...)
			continue
		}
		readings, _, err := naming.ReadFeature(text)
		if err != nil {
			return out, err
		}
		for _, f := range readings {
			out.Features = append(out.Features, f.Key())
		}
	}
	return out, nil
}

// checkWithout refuses evidence that links nothing: a typo would look like
// evidence without effect.
func (w *why) checkWithout(ctx context.Context) error {
	known, err := w.st.Learned(ctx, w.without.Features)
	if err != nil {
		return err
	}
	links := func(k evidence.Key) bool { _, ok := known[k]; return ok }
	for _, text := range w.Options.Without {
		if one, err := parseWithout([]string{text}); err != nil || len(one.Kinds) == 0 && !slices.ContainsFunc(one.Features, links) {
			return w.env.Nothing("No two stored messages have %s.", w.env.Text(printable.Cut(text, 100)))
		}
	}
	return nil
}

// kindsNamed lists the kinds that a word names: one, or all of a group.
func kindsNamed(word string) []evidence.Kind {
	if k, ok := evidence.KindOf(word); ok {
		return []evidence.Kind{k}
	}
	var out []evidence.Kind
	for k := range evidence.Kinds {
		if strings.EqualFold(k.Group().String(), word) || strings.EqualFold(k.String(), word) {
			out = append(out, k)
		}
	}
	return out
}

// one is the question after one word.
func (w *why) one(ctx context.Context, s Asked) (*Pair, *Holding, error) {
	if !s.Message && (s.Campaign != 0 || s.Operation != 0) {
		h, err := w.holding(ctx, s)
		return nil, h, err
	}
	if s.Campaign == 0 && !s.Message {
		return nil, nil, cli.Usage("%s is one host; correlate why takes two, or one campaign, such as c2", printable.Cut(s.Label, 60))
	}
	if text := wording.SetAside(s.Aside.Publisher, s.Aside.Report); text != "" {
		return nil, nil, w.env.Nothing("%s is %s; correlate why %s OTHER compares it with another.", s.Label, w.env.Text(text), s.Label)
	}
	if s.Campaign == 0 {
		return nil, nil, w.env.Nothing("%s is in no campaign; correlate why %s OTHER compares it with another.", s.Label, s.Label)
	}
	return w.member(ctx, s)
}

// member is the question why a message is in its campaign.
func (w *why) member(ctx context.Context, s Asked) (*Pair, *Holding, error) {
	if err := w.recall(ctx, s.Keys); err != nil {
		return nil, nil, err
	}
	e, ok := w.index.Against(s.Keys[0], campaign.Without{})
	if !ok {
		return nil, nil, noEvidence()
	}
	p := &pairReader{w, w.pair(s, member(s, e), e)}
	return p.Pair, nil, p.read(ctx)
}

// member is the campaign of a message as the other side. Only one key is left of it: the
// message to which the evidence links this one most.
func member(s Asked, e campaign.Explanation) Asked {
	return Asked{Label: naming.ID(s.Campaign), Campaign: s.Campaign, Keys: []int64{e.B}}
}

// two is the question after two words: the pair of messages that the evidence links most.
func (w *why) two(ctx context.Context, a, b Asked) (*Pair, error) {
	if slices.Equal(a.Keys, b.Keys) {
		return nil, cli.Usage("%s and %s are the same; correlate why takes two, or one campaign, such as c2", printable.Cut(a.Label, 60), printable.Cut(b.Label, 60))
	}
	as, bs := spread(a.Keys, mostOfSide), spread(b.Keys, mostOfSide)
	if err := w.recallAlone(ctx, append(slices.Clone(as), bs...)); err != nil {
		return nil, err
	}
	e, ok := w.index.Strongest(as, bs)
	if !ok {
		return nil, noEvidence()
	}
	if err := w.recall(ctx, []int64{e.A, e.B}); err != nil {
		return nil, err
	}
	if e, ok = w.index.Pair(e.A, e.B, campaign.Without{}); !ok {
		return nil, noEvidence()
	}
	p := &pairReader{w, w.pair(a, b, e)}
	return p.Pair, p.read(ctx)
}

// pair begins the answer to a question about two sides.
func (w *why) pair(a, b Asked, e campaign.Explanation) *Pair {
	stored := w.last.Messages + w.last.Ham
	return &Pair{Told: w.Told, How: w.Options, Stored: int(stored), Since: max(0, w.last.Stored+w.last.StoredHam-stored), Ran: w.last.Finished, A: a, B: b, E: e}
}

// noEvidence is the error of messages that came after the last run.
func noEvidence() error {
	return &cli.Error{Code: cli.Misused, Message: "no evidence of these messages has been worked out yet", Hint: "Run correlate first."}
}
