package forget

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// maxRounds limits how far answers are followed from name to name, for example
// from a domain to its name server and on to its address.
const maxRounds = 4

// names erases the answers about names that no remaining mail or answer
// mentions, and corrects the counts of the others.
func (w *eraser) names(ctx context.Context, named []string) error {
	for round := 0; round < maxRounds && len(named) > 0; round++ {
		gone, err := w.texts(ctx, "forget_unnamed", named)
		if err != nil {
			return fmt.Errorf("names: %w", err)
		}
		if round == 0 {
			if err := w.recount(ctx, named); err != nil {
				return err
			}
		}
		if len(gone) == 0 {
			return nil
		}
		w.sum.Names += int64(len(gone))
		if named, err = w.texts(ctx, "forget_said", gone); err != nil {
			return fmt.Errorf("answers: %w", err)
		}
		if err := w.answers(ctx, gone); err != nil {
			return err
		}
	}
	return nil
}

// recount corrects the numbers of messages of names that remain.
func (w *eraser) recount(ctx context.Context, names []string) error {
	for _, name := range []string{"recount_domains", "recount_lookups"} {
		if _, err := w.tx.Exec(ctx, sql.Query(name), names); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// answers erases the look-ups and answers of names.
func (w *eraser) answers(ctx context.Context, names []string) error {
	rows, err := w.tx.Query(ctx, sql.Query("forget_observations"), names)
	if err != nil {
		return err
	}
	hashes, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return fmt.Errorf("observations: %w", err)
	}
	if _, err := w.tx.Exec(ctx, sql.Query("forget_answers"), hashes); err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	for _, statement := range []string{
		sql.Query("forget_hosting"),
		"DELETE FROM observed_values WHERE subject = ANY ($1)",
		"DELETE FROM domains WHERE domain = ANY ($1)",
		"DELETE FROM name_servers WHERE host = ANY ($1)",
		"DELETE FROM lookups WHERE name = ANY ($1) OR domain = ANY ($1)",
	} {
		if _, err := w.tx.Exec(ctx, statement, names); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// texts runs a statement with an array parameter and returns its column of
// strings.
func (w *eraser) texts(ctx context.Context, name string, arg any) ([]string, error) {
	rows, err := w.tx.Query(ctx, sql.Query(name), arg)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
