package explain

import (
	"context"
	"maps"
	"net/netip"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// Bounds of the messages that a question reads.
const (
	mostOfSide  = campaignBeside // messages of each of two sides
	mostRivals  = 24             // other campaigns that the messages are compared with
	mostOfBurst = 500            // messages of one burst
	mostHeld    = 20_000         // messages of a campaign or operation that is looked at as a whole
)

// campaignBeside is how many members of a campaign are read.
const campaignBeside = 100

// readLast reads the last run and its parameters.
func (w *why) readLast(ctx context.Context) (err error) {
	if w.last, err = w.st.LastRun(ctx); err != nil {
		return err
	}
	if w.last.Run == 0 {
		return &cli.Error{Code: cli.Misused, Message: "the stored messages have not been correlated yet", Hint: "Run correlate first."}
	}
	if w.last.Run, w.learned, err = w.st.Parameters(ctx); err != nil {
		return err
	}
	if w.learned.Evidence != evidence.Version {
		return &cli.Error{Code: cli.Misused, Message: "the campaigns were found by another version of Spoor", Hint: "Run correlate first."}
	}
	return nil
}

// recall makes the index of some messages, with others of their campaigns.
func (w *why) recall(ctx context.Context, keys []int64) error {
	return w.recalled(ctx, keys, campaignBeside, mostRivals)
}

// recallAlone makes the index of messages without their campaigns.
func (w *why) recallAlone(ctx context.Context, keys []int64) error {
	return w.recalled(ctx, keys, 0, 0)
}

// recallWhole makes the index of whole campaigns. Of very large ones a part is read.
func (w *why) recallWhole(ctx context.Context, keys []int64) error {
	return w.recalled(ctx, spread(keys, mostHeld), mostHeld, 0)
}

// question holds the parts of an index.
type question struct {
	*why
	keys      []int64 // of the messages asked for
	rows      map[int64]campaigns.Enrolled
	campaigns []campaign.Remembered
	known     evidence.Knowledge
}

// recalled makes the index, again if a run ended meanwhile: numbers of two runs do not fit
// together. Runs take longer than a question, so it happens once.
func (w *why) recalled(ctx context.Context, keys []int64, beside, rivals int) error {
	for range 2 {
		if err := w.recallOnce(ctx, keys, beside, rivals); err != nil {
			return err
		}
		if run, _, err := w.st.Parameters(ctx); err != nil || run == w.last.Run {
			return err
		}
		if err := w.readLast(ctx); err != nil {
			return err
		}
	}
	return nil
}

// recallOnce makes the index: of the messages, beside others of each campaign, and rivals other
// campaigns.
func (w *why) recallOnce(ctx context.Context, keys []int64, beside, rivals int) error {
	q := &question{why: w, keys: keys, rows: make(map[int64]campaigns.Enrolled)}
	if err := q.readRows(ctx, keys); err != nil {
		return err
	}
	if beside > 0 {
		if err := q.readCampaigns(ctx, beside); err != nil {
			return err
		}
	}
	if err := q.readKnowledge(ctx); err != nil {
		return err
	}
	standing, err := w.st.Standing(ctx)
	if err != nil {
		return err
	}
	rules := decision.Rules(standing)
	b := q.builder(rules, q.all())
	values, err := w.st.Learned(ctx, b.Asked())
	if err != nil {
		return err
	}
	if len(values) == 0 && len(q.rows) > 0 {
		return &cli.Error{Code: cli.Misused, Message: "the estimates of the last run are gone, as when mail was erased", Hint: "Run correlate first."}
	}
	if rivals > 0 {
		if err := q.readRivals(ctx, q.builder(rules, keys).Asked(), values, rivals); err != nil {
			return err
		}
	}
	w.index = b.Recall(campaign.Memory{Parameters: w.learned, Values: values, Campaigns: q.campaigns}, campaign.Options{Traits: traitsFound, Beside: campaignBeside})
	w.Teller = newTeller(q.known)
	return nil
}

// readRows reads the evidence of messages, those that were not read yet.
func (q *question) readRows(ctx context.Context, keys []int64) error {
	keys = slices.DeleteFunc(slices.Clone(keys), func(k int64) bool { _, ok := q.rows[k]; return ok })
	if len(keys) == 0 {
		return nil
	}
	list, err := q.st.Enrolled(ctx, keys)
	for i := range list {
		q.rows[list[i].Key] = list[i]
	}
	return err
}

// readCampaigns reads the campaigns of the messages, and about beside members of each. The
// bursts of the messages are read as a whole.
func (q *question) readCampaigns(ctx context.Context, beside int) (err error) {
	var ids []int64
	for _, k := range q.keys {
		if id := q.rows[k].Campaign; id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	if q.campaigns, err = q.st.Remembered(ctx, ids, nil); err != nil {
		return err
	}
	var wanted []int64
	for i := range q.campaigns {
		c, n := &q.campaigns[i], max(2, beside/len(ids))
		if beside <= campaignBeside {
			n = beside
		}
		if c.Profile.Units == 0 { // erased: a campaign without counts is built of its messages
			n = mostHeld
		}
		keys, err := q.st.MembersAround(ctx, c.Profile.Campaign, n)
		if err != nil {
			return err
		}
		wanted = append(wanted, keys...)
		for _, unit := range c.Counts.Units {
			if slices.ContainsFunc(q.keys, func(k int64) bool { _, ok := slices.BinarySearch(unit, k); return ok }) {
				wanted = append(wanted, spread(unit, mostOfBurst)...)
			}
		}
	}
	if err := q.readRows(ctx, wanted); err != nil {
		return err
	}
	q.enroll()
	return nil
}

// enroll notes the messages that were read as members of their campaigns.
func (q *question) enroll() {
	at := make(map[int64]int, len(q.campaigns))
	for i := range q.campaigns {
		at[q.campaigns[i].Profile.Campaign] = i
	}
	for _, k := range q.all() {
		i, ok := at[q.rows[k].Campaign]
		if !ok {
			continue
		}
		c := &q.campaigns[i]
		c.Members = append(c.Members, k)
		if q.rows[k].Since {
			c.Since = append(c.Since, k)
		}
	}
	for i := range q.campaigns {
		c := &q.campaigns[i]
		if c.Profile.Units == 0 {
			c.Messages = len(c.Members)
		}
	}
}

// all lists the messages that were read, ascending.
func (q *question) all() []int64 { return slices.Sorted(maps.Keys(q.rows)) }

// readKnowledge reads registry data of the messages.
func (q *question) readKnowledge(ctx context.Context) (err error) {
	var senders []netip.Addr
	for _, r := range q.rows {
		if r.Sender.IsValid() {
			senders = append(senders, r.Sender)
		}
	}
	slices.SortFunc(senders, netip.Addr.Compare)
	q.known, err = q.st.KnowledgeOf(ctx, q.all(), slices.Compact(senders))
	return err
}

// builder collects the evidence of some of the messages.
func (q *question) builder(rules campaign.Decisions, keys []int64) *campaign.Builder {
	b := new(campaign.Builder)
	b.Decide(rules)
	for i := range q.known.Domains {
		b.AddDomain(q.known.Domains[i])
	}
	for i := range q.known.Addresses {
		b.AddAddress(q.known.Addresses[i])
	}
	for _, k := range keys {
		if r, ok := q.rows[k]; ok {
			b.Add(r.Row)
		}
	}
	return b
}

// readRivals reads the other campaigns that the values asked for call.
func (q *question) readRivals(ctx context.Context, asked []evidence.Key, values map[evidence.Key]campaign.Value, n int) error {
	own := make(map[evidence.Key]campaign.Value, len(asked))
	for _, k := range asked {
		if v, ok := values[k]; ok {
			own[k] = v
		}
	}
	list, err := q.st.Remembered(ctx, []int64{}, campaign.Callers(own, n))
	for i := range list {
		id := list[i].Profile.Campaign
		if !slices.ContainsFunc(q.campaigns, func(c campaign.Remembered) bool { return c.Profile.Campaign == id }) {
			q.campaigns = append(q.campaigns, list[i])
		}
	}
	return err
}

// spread returns n keys at equal distances, ascending; all if there are not as many.
func spread(keys []int64, n int) []int64 {
	return campaign.Sample(slices.Sorted(slices.Values(keys)), n)
}
