package campaigns

import (
	"context"

	"spoor/graph/campaign"
)

// Spamruns lets a test do what a run of the correlator does with spamruns: find them,
// write them and say which message is in which.
func (c *Run) Spamruns(ctx context.Context, run int64) (map[int64]int64, error) {
	var b campaign.Builder
	if err := c.Incidence(ctx, b.Add); err != nil {
		return nil, err
	}
	found := b.Index(campaign.Options{}).Cluster().Spamruns
	return spamrunOf(found), c.writeSpamruns(ctx, found, run)
}

// Commit ends the transaction of a test.
func (c *Run) Commit(ctx context.Context) error { return c.tx.Commit(ctx) }
