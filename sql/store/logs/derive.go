package logs

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/sql/store"
)

// Derived is the result of interpreting the logs.
type Derived struct {
	Joined int64          // transactions whose message is stored
	Runs   int64          // spamruns, without wanted ones
	Zones  map[string]int // by file: seconds east of UTC, found by joined messages in this call
}

// Derive joins transactions with messages, explains the recipients and finds
// the spamruns, from all stored data. All steps are in one database
// transaction, so that readers see runs and recipients of the same state.
//
// It may be called at any time and gives the same result for the same data.
// Nothing changes if it fails.
func (s *Store) Derive(ctx context.Context) (out Derived, err error) {
	err = s.locked(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockCorrelation); err != nil {
			return err // a run of the correlator writes spamruns too
		}
		var err error
		if out.Zones, err = join(ctx, tx); err != nil {
			return err
		}
		if len(out.Zones) > 0 { // with the right time, messages without ids are found too
			if _, err := join(ctx, tx); err != nil {
				return err
			}
		}
		if err := explain(ctx, tx); err != nil {
			return err
		}
		if out.Runs, err = findRuns(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT count(*) FROM deliveries WHERE message_key IS NOT NULL").Scan(&out.Joined)
	})
	return out, store.Failed("join logs and mail", err)
}
