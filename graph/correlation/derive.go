package correlation

import (
	"context"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
)

// page is how many messages' facts are in memory at once. A message of 400 links can make
// half a megabyte of them.
const page = 1000

// Derive stores what messages offer as evidence, of all that have none stored, or by older
// rules, or whose facts were derived anew since. Pages of it are transactions of their own: a
// run that is killed leaves the pages that are done, and the next goes on from there. progress
// is told how many are done and how many there are to do; it may be nil. Derive returns how
// many it did.
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

// RowOf returns what a message offers as evidence.
func RowOf(m *evidence.Message) campaign.Row {
	r := campaign.Row{Key: m.Key, Sender: m.Sender, Background: m.Background, Newsletter: evidence.Newsletter(m),
		Features: evidence.Keys(evidence.Of(m)), Sketch: m.Sketch}
	if !m.ReceivedAt.IsZero() {
		r.At = m.ReceivedAt.Unix()
	}
	return r
}
