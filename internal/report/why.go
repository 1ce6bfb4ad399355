package report

import (
	"context"
	"slices"
	"strings"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
)

// WhyOptions say what is asked of the evidence.
type WhyOptions struct {
	Without []string // features, kinds or groups to leave out
	Raw     bool     // every line that the evidence rests on, not only the most important
	Words   bool     // sentences, no tables
}

// Why tells why two messages, hosts or campaigns belong together or do not, or, of one
// campaign, what holds it together.
func Why(ctx context.Context, env *cli.Env, db *store.DB, words []string, o WhyOptions) error {
	st := campaigns.New(db)
	w := &why{env: env, WhyOptions: o, telling: telling{st: st, lookups: lookups.New(db), proofs: make(map[int64]*campaigns.Proof)}}
	var err error
	if w.without, err = parseWithout(o.Without); err != nil {
		return err
	}
	var sides []asked
	for _, word := range words {
		s, err := w.side(ctx, word)
		if err != nil {
			return err
		}
		sides = append(sides, s)
	}
	if w.last, err = st.LastRun(ctx); err != nil {
		return err
	}
	if w.last.Run == 0 {
		return &cli.Error{Code: cli.Misused, Message: "the stored messages have not been correlated yet", Hint: "Run correlate first."}
	}
	if err := w.readIndex(ctx); err != nil {
		return err
	}
	if err := w.checkWithout(); err != nil {
		return err
	}
	if len(sides) == 1 {
		return w.one(ctx, sides[0])
	}
	return w.two(ctx, sides[0], sides[1])
}

// why is one question.
type why struct {
	WhyOptions
	telling
	env     *cli.Env
	last    campaigns.LastRun
	without campaign.Without
	index   *campaign.Index
	stored  int // messages in the index
}

// asked is what people name: a campaign, an operation, a message, or all messages at a
// host or address.
type asked struct {
	label     string
	campaign  int64
	operation int64
	message   bool
	weakest   float64 // bits of the weakest link of a campaign, as of the last run
	keys      []int64
}

// maxAsked bounds how many messages at one host are looked at.
const maxAsked = 5000

// side reads what people name.
func (w *why) side(ctx context.Context, word string) (asked, error) {
	word = strings.TrimSpace(word)
	if id, ok := parseOperation(word); ok {
		return w.operation(ctx, id)
	}
	if id, ok := ParseID(word); ok {
		s, err := w.campaign(ctx, id, hashLike(word))
		if err != nil || s.keys != nil {
			return s, err
		}
	}
	if hashLike(word) || strings.Contains(strings.TrimPrefix(word, "<"), "@") {
		return w.message(ctx, word)
	}
	i, ok := ParseIndicator(word)
	if !ok || i.Kind != "host" && i.Kind != "net" && i.Kind != "url" {
		return asked{}, cli.Usage("%q is no message (SHA-256, 6 digits or more; Message-ID), host, address or campaign, such as c2", printable.Cut(word, 80))
	}
	return w.place(ctx, i)
}

// campaign finds one; its keys are nil if there is none and the word can be a hash.
func (w *why) campaign(ctx context.Context, id int64, orHash bool) (asked, error) {
	state, found, err := follow(ctx, w.env, w.st, id)
	switch {
	case err != nil:
		return asked{}, err
	case !found && orHash:
		return asked{}, nil
	case !found:
		return asked{}, nothing(w.env, "There is no campaign %s; correlate list shows those there are.", ID(id))
	case state.Members == 0:
		return asked{}, nothing(w.env, "%s is no campaign any more: since the last run its messages stand alone or are in others.", ID(state.ID))
	}
	keys, err := w.st.Central(ctx, state.ID, nil, 0)
	return asked{label: ID(state.ID), campaign: state.ID, weakest: state.WeakestBits, keys: keys}, err
}

func (w *why) operation(ctx context.Context, id int64) (asked, error) {
	keys, err := w.st.OperationMembers(ctx, id)
	if err == nil && len(keys) == 0 {
		err = nothing(w.env, "There is no operation %s; correlate list shows those there are.", operationID(id))
	}
	return asked{label: operationID(id), operation: id, keys: keys}, err
}

// message finds the one that a word names; wanted mail too, unlike where people decide.
func (w *why) message(ctx context.Context, word string) (asked, error) {
	d := &decider{env: w.env, st: w.st}
	found, err := d.messages(ctx, word)
	if err != nil {
		return asked{}, err
	}
	if len(found) > 1 {
		var hashes []string
		for _, m := range found {
			hashes = append(hashes, head(m.SHA256, 12))
		}
		return asked{}, cli.Usage("%q names several messages: %s; name one by its SHA-256", printable.Cut(word, 80), strings.Join(hashes, ", "))
	}
	m := found[0]
	return asked{label: head(m.SHA256, 8), campaign: m.Campaign, message: true, keys: []int64{m.Key}}, nil
}

// place finds the messages that link to a host, or that came from an address.
func (w *why) place(ctx context.Context, i campaigns.Indicator) (asked, error) {
	if i.Kind == "url" {
		host, ok := ParseIndicator(hostOf(i.Value))
		if !ok {
			return asked{}, cli.Usage("%q names no host", printable.Cut(i.Value, 80))
		}
		i = host
	}
	keys, err := w.st.MessagesAt(ctx, i, maxAsked)
	if err == nil && len(keys) == 0 {
		what := "links to"
		if i.Kind == "net" {
			what = "came from, or links to,"
		}
		err = nothing(w.env, "No stored message %s %s.", what, w.env.Text(i.Value))
	}
	return asked{label: i.Value, keys: keys}, err
}

// hostOf is the host of a URL in normal form.
func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// parseWithout reads what is to be left out: "KIND VALUE" or "KIND:VALUE", a kind with all
// its values, or a group of kinds.
func parseWithout(texts []string) (campaign.Without, error) {
	var out campaign.Without
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if kinds := kindsNamed(text); kinds != nil {
			out.Kinds = append(out.Kinds, kinds...)
			continue
		}
		readings, _, err := readFeature(text)
		if err != nil {
			return out, err
		}
		for _, f := range readings {
			out.Features = append(out.Features, f.Key())
		}
	}
	return out, nil
}

// checkWithout refuses what links nothing: a slip of the pen would look like evidence that
// nothing hangs on.
func (w *why) checkWithout() error {
	for _, text := range w.WhyOptions.Without {
		if one, err := parseWithout([]string{text}); err != nil || len(one.Kinds) == 0 && !slices.ContainsFunc(one.Features, w.index.Links) {
			return nothing(w.env, "No two stored messages have %s.", w.env.Text(printable.Cut(text, 100)))
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

// readIndex weighs all stored evidence anew, as a run does.
func (w *why) readIndex(ctx context.Context) error {
	progress := w.env.StartProgress(func(time.Duration) string {
		return "weighing the evidence of " + cli.Count(w.last.Stored+w.last.StoredHam, "message", "")
	})
	defer progress.Stop()
	known, err := w.st.Knowledge(ctx)
	if err != nil {
		return err
	}
	b, err := correlation.Read(ctx, w.st, known, func(*campaign.Row) { w.stored++ })
	if err != nil {
		return err
	}
	w.index = b.Index(campaign.Options{Traits: traitsFound})
	w.teller = newTeller(known)
	return nil
}

// one is the question after one word.
func (w *why) one(ctx context.Context, s asked) error {
	if !s.message && (s.campaign != 0 || s.operation != 0) {
		return w.holding(ctx, s)
	}
	if s.campaign == 0 && !s.message {
		return cli.Usage("%s is one host; correlate why takes two, or one campaign, such as c2", printable.Cut(s.label, 60))
	}
	if s.campaign == 0 {
		return nothing(w.env, "%s is in no campaign; correlate why %s OTHER compares it with another.", s.label, s.label)
	}
	members, err := w.st.Central(ctx, s.campaign, s.keys, 0)
	if err != nil {
		return err
	}
	return w.two(ctx, s, asked{label: ID(s.campaign), campaign: s.campaign, keys: members})
}

// two is the question after two words: the pair of messages that the evidence links most.
func (w *why) two(ctx context.Context, a, b asked) error {
	if slices.Equal(a.keys, b.keys) {
		return cli.Usage("%s and %s are the same; correlate why takes two, or one campaign, such as c2", printable.Cut(a.label, 60), printable.Cut(b.label, 60))
	}
	e, ok := w.index.Strongest(a.keys, b.keys)
	if !ok {
		return &cli.Error{Code: cli.Misused, Message: "no evidence of these messages has been worked out yet", Hint: "Run correlate first."}
	}
	p := &pairScreen{why: w, a: a, b: b, e: e}
	return p.show(ctx)
}
