package store

import "context"

// Spamruns lets a test do what a run of the correlator does with spamruns: find them,
// write them and say which message is in which.
func (c *Correlating) Spamruns(ctx context.Context, run int64) (map[int64]int64, error) {
	found, err := c.spamruns(ctx)
	if err != nil {
		return nil, err
	}
	return found.of, c.writeSpamruns(ctx, found, run)
}

// Commit ends the transaction of a test.
func (c *Correlating) Commit(ctx context.Context) error { return c.tx.Commit(ctx) }
