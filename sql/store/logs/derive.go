package logs

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
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
// Nothing changes if it fails, or if a store without logs has no new mail.
func (s *Store) Derive(ctx context.Context) (out Derived, err error) {
	err = s.locked(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockCorrelation); err != nil {
			return err // a run of the correlator writes spamruns too
		}
		in, err := inputOf(ctx, tx)
		if err != nil {
			return err
		}
		if in.Same {
			return tx.QueryRow(ctx, "SELECT count(*) FROM spamruns WHERE NOT wanted").Scan(&out.Runs)
		}
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
		if err := in.note(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT count(*) FROM deliveries WHERE message_key IS NOT NULL").Scan(&out.Joined)
	})
	return out, store.Failed("join logs and mail", err)
}

// input is the state of the store at the start of Derive.
type input struct {
	Run    int64 // of the correlator; 0: there was none
	Logged bool  // there are logs
	Print  int64 // fingerprint of the mail
	Same   bool  // the spamruns were found in the same, and without logs
}

func inputOf(ctx context.Context, tx pgx.Tx) (input, error) {
	rows, _ := tx.Query(ctx, sql.Query("logs_input"))
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[input])
}

// note stores the fingerprint with the run. The next run begins without one.
func (in *input) note(ctx context.Context, tx pgx.Tx) error {
	if in.Logged {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE correlations SET spamruns_input = $1 WHERE run_id = $2", in.Print, in.Run)
	return err
}
