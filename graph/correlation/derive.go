package correlation

import (
	"context"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
)

// page is the number of messages whose facts are in memory at once. A message
// with 400 links can have half a megabyte of them.
const page = 1000

// Derive stores the evidence of all messages that have none, or whose evidence
// has an older version, or whose facts are newer. Each page is a transaction: a
// run that is killed keeps the finished pages, and the next continues. progress
// receives the number of messages done and of all; it may be nil. Derive
// returns the number of messages done.
func Derive(ctx context.Context, st Store, progress func(done, all int64)) (done int64, err error) {
	missing, err := st.Underived(ctx, evidence.Version)
	if err != nil {
		return 0, err
	}
	for keys := range slices.Chunk(missing, page) {
		if err := st.StoreRows(ctx, keys, evidence.Version, RowOf); err != nil {
			return done, err
		}
		if done += int64(len(keys)); progress != nil {
			progress(done, int64(len(missing)))
		}
	}
	return done, nil
}

// RowOf returns the evidence of a message as a row.
func RowOf(m *evidence.Message) campaign.Row {
	r := campaign.Row{Key: m.Key, Sender: m.Sender, Ham: m.Ham, Newsletter: evidence.Newsletter(m),
		Features: evidence.Keys(evidence.Of(m)), Sketch: m.Sketch}
	if !m.ReceivedAt.IsZero() {
		r.At = m.ReceivedAt.Unix()
	}
	return r
}
