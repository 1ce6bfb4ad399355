// Package findings reads the data of correlate's screens from a store: the list
// of campaigns, one campaign, spamruns, occurrences of an indicator, agreement
// with a truth. Each Read function returns one result, which a package in
// internal/report prints.
//
// It prints nothing but notes that an id led to another campaign, and groups
// nothing.
package findings

import (
	"context"

	"spoor/graph/decision"
	"spoor/internal/block"
	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/naming"
	"spoor/internal/text"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
	"spoor/sql/store/messages"
)

// ShowOptions select the details of a campaign.
type ShowOptions struct {
	Limit int  // lines of each table; 0: a few
	All   bool // all of them
	// Dossiers are the source of registrations and of the evidence of verdicts;
	// nil: no indicator is judged.
	Dossiers *dossiers.Store
	// JudgeUpTo is the number of messages up to which indicators are judged; 0:
	// always. One whose networks sent much is left, too: to compare with all mail takes seconds.
	JudgeUpTo int64
	NoRuns    bool            // leave the spamruns out
	Messages  *messages.Store // source of the quoted text; nil: none is quoted
}

// Shown limits the lines in each table of a campaign.
const Shown = 6

// RunsOfCampaign limits the spamruns of a campaign that are summed up.
const RunsOfCampaign = 1000

// Page holds the data of one campaign's screen.
//
// Lists are cut to the limit, but Sums are of all members.
type Page struct {
	State     campaigns.State
	Last      campaigns.LastRun
	Traits    []campaigns.Trait
	Links     []campaigns.Link
	Senders   []campaigns.Sender
	Anomalies []campaigns.Anomaly
	Subjects  []campaigns.Subject
	Messages  []campaigns.Message
	Weeks     []campaigns.Week
	Sums      campaigns.Sums
	Reports   campaigns.Backscatter // delivery reports that return its mail
	Opinion   Opinion
	LeftOut   LeftOut // of the lists for programs

	Operations []campaigns.Operation
	Runs       []campaigns.Spamrun

	Own      []campaigns.Trait // those of Traits that are its own, most specific first
	Lure     campaigns.Lure
	Quote    string            // beginning of the text of the message that is surest of it; "" if unknown
	Dossier  *dossiers.Dossier // nil if none was asked for
	verdicts map[indicator]block.Verdict
}

// indicator names a verdict.
type indicator struct {
	kind  dossier.Kind
	value string
}

// Verdict returns the decision on blocking an indicator of the campaign.
func (p *Page) Verdict(kind dossier.Kind, value string) block.Verdict {
	if v, ok := p.verdicts[indicator{kind, value}]; ok {
		return v
	}
	return block.Verdict{Reason: block.NoList}
}

// ReadPage reads one campaign. An id that went into another campaign leads there.
func ReadPage(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64, o ShowOptions) (*Page, error) {
	state, err := Current(ctx, env, st, id)
	if err != nil {
		return nil, err
	}
	limit := Shown
	if o.Limit > 0 {
		limit = o.Limit
	}
	if o.All {
		limit = 0
	}
	c := &Page{State: state}
	if err := c.readFor(ctx, env, st, limit, o); err != nil {
		return c, err
	}
	c.Own = Own(c.Traits, c.Sums.Messages, c.Last.Messages+c.Last.Ham)
	if o.Messages != nil {
		if err := c.quote(ctx, st, o.Messages); err != nil {
			return c, err
		}
	}
	if o.Dossiers == nil || o.JudgeUpTo > 0 && c.Sums.Messages > o.JudgeUpTo {
		return c, nil
	}
	if o.JudgeUpTo > 0 {
		if n, err := o.Dossiers.Around(ctx, c.State.ID, maxAround); err != nil || n == maxAround {
			return c, err
		}
	}
	return c, c.judge(ctx, o.Dossiers)
}

// maxAround limits the mail of its senders' networks up to which a campaign is
// judged without being asked for: each message takes 10 µs.
const maxAround = 5000

// maxQuote limits a quoted text, in bytes: the first sentences usually carry
// the offer.
const maxQuote = 400

// quote reads the text of the message that is surest of the campaign.
//
// The longest of its texts is quoted: the others are mostly a footer or an
// empty alternative.
func (p *Page) quote(ctx context.Context, st *campaigns.Store, all *messages.Store) error {
	keys, err := st.Central(ctx, p.State.ID, nil, 1)
	if err != nil || len(keys) == 0 {
		return err
	}
	m, err := all.Read(ctx, keys[0])
	if err != nil || m == nil {
		return err
	}
	l := &Letter{Message: m}
	if l.Raw, err = m.Raw(); err != nil || l.Raw == nil {
		return err
	}
	l.read()
	for _, t := range l.Texts {
		if len(t.Seen) > len(p.Quote) {
			p.Quote = t.Seen
		}
	}
	if len(p.Quote) > maxQuote {
		p.Quote = text.Cut(p.Quote, maxQuote) + " …"
	}
	return nil
}

// judge reads the dossier, and the verdicts on the indicators in it.
func (p *Page) judge(ctx context.Context, st *dossiers.Store) (err error) {
	if p.Dossier, err = st.Glance(ctx, p.State.ID); err != nil {
		return err
	}
	p.Dossier.Judge(p.Dossier.Known)
	p.verdicts = make(map[indicator]block.Verdict, len(p.Dossier.Indicators))
	for i := range p.Dossier.Indicators {
		in := &p.Dossier.Indicators[i]
		p.verdicts[indicator{in.Kind, in.Value}] = in.Verdict
	}
	return nil
}

// Current returns the present campaign of an id; one without members is an
// error.
func Current(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64) (campaigns.State, error) {
	state, err := Existing(ctx, env, st, id)
	if err == nil && state.Members == 0 {
		err = Emptied(env, state.ID)
	}
	return state, err
}

// Existing returns the present campaign of an id, which may have lost all of its
// members. An id that no campaign ever had is an error.
func Existing(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64) (campaigns.State, error) {
	state, ok, err := Follow(ctx, env, st, id)
	if err == nil && !ok {
		err = NoCampaign(env, id)
	}
	return state, err
}

// NoCampaign is the error of an id that no campaign has.
func NoCampaign(env *cli.Env, id int64) error {
	return env.Nothing("There is no campaign %s; correlate list shows those there are.", naming.ID(id))
}

// Emptied is the error of a campaign whose members the last run put elsewhere.
func Emptied(env *cli.Env, id int64) error {
	return env.Nothing("%s is no campaign any more: since the last run its messages stand alone or are in others.", naming.ID(id))
}

// Follow returns the present campaign of an id, following mergers. It ends
// after 100 of them, so that a cycle in the store cannot hang a command.
//
// ok is false for an id that was never given, and after 100 mergers.
func Follow(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64) (campaigns.State, bool, error) {
	for range 100 { // more mergers in a row than any store sees
		state, ok, err := st.State(ctx, id)
		if err != nil || !ok || state.MergedInto == 0 {
			return state, ok, err
		}
		env.Notef("%s merged into %s on %s\n", naming.ID(id), naming.ID(state.MergedInto), cli.Date(state.MergedAt))
		id = state.MergedInto
	}
	return campaigns.State{}, false, nil
}

// read reads all tables of the campaign, at most limit lines each (0: all). It
// stops at the first error.
//
// Each step is a statement of its own. A run between two of them may make them
// differ by a run.
func (c *Page) read(ctx context.Context, st *campaigns.Store, limit int, o ShowOptions) (err error) {
	id := c.State.ID
	steps := []func(){
		func() {
			var lures map[int64]campaigns.Lure
			lures, err = st.Lures(ctx, []int64{id})
			c.Lure = lures[id]
		},
		func() { c.Last, err = st.LastRun(ctx) },
		func() { c.Sums, err = st.Sums(ctx, id) },
		func() { c.Traits, err = st.Traits(ctx, id) },
		func() { c.Links, err = st.Links(ctx, id, limit) },
		func() { c.Senders, err = st.Senders(ctx, id, limit) },
		func() { c.Anomalies, err = st.Anomalies(ctx, id, limit) },
		func() { c.Subjects, err = st.Subjects(ctx, id, limit) },
		func() { c.Messages, err = st.Messages(ctx, id, limit) },
		func() { c.Weeks, err = st.Weeks(ctx, id) },
		func() { c.Reports, err = st.Backscatter(ctx, id) },
		func() { c.Opinion, err = readOpinion(ctx, st, id) },
		func() { c.Operations, err = st.Operations(ctx) },
		func() {
			if !o.NoRuns {
				c.Runs, err = st.Spamruns(ctx, campaigns.SpamrunFilter{Campaign: id, Limit: RunsOfCampaign})
			}
		},
	}
	for _, step := range steps {
		if step(); err != nil {
			return err
		}
	}
	return nil
}

// Opinion holds the users' decisions on a campaign, and its history.
type Opinion struct {
	Said      decision.Said
	Decisions []decision.Decision
	Events    []campaigns.Event
}

// readOpinion reads the decisions on a campaign and its history.
func readOpinion(ctx context.Context, st *campaigns.Store, id int64) (Opinion, error) {
	var o Opinion
	all, err := decision.ReadSaid(ctx, st)
	if err != nil {
		return o, err
	}
	if c := all[id]; c != nil {
		o.Said = *c
	}
	list, err := st.DecisionList(ctx, false)
	if err != nil {
		return o, err
	}
	if o.Decisions, err = DecisionsAbout(ctx, st, list, id); err != nil {
		return o, err
	}
	o.Events, err = st.Events(ctx, id)
	return o, err
}
