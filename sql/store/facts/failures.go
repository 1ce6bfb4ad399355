package facts

import (
	"context"
	"fmt"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
)

var settleFailuresSQL = sql.Query("failures_settle")

// Failure is an item that could not be read as a message.
type Failure struct {
	ID                      int64
	Path, Name              string
	Offset, Length          int64
	Code, Reason            string
	FirstImport, LastImport int64
	ResolvedImport          int64        // 0 while it stands
	Class                   ingest.Class // of the import that met it last
	Items                   int64        // that it stands for
}

// Settle marks, of failures whose places an import read again from end to end, those as
// resolved that it did not meet again.
func (s *Store) Settle(ctx context.Context, importID int64, ids []int64) error {
	_, err := s.db.Pool.Exec(ctx, settleFailuresSQL, importID, ids)
	return store.Failed("settle failures", err)
}

// FailureFilter chooses among failures.
type FailureFilter struct {
	Import   int64 // seen first or last by this import; 0 for any
	Resolved bool  // include those that a later import could read
	Limit    int   // 0 for no limit
}

// Failures lists what could not be read, by path and offset.
func (s *Store) Failures(ctx context.Context, f FailureFilter) ([]Failure, error) {
	return store.Collect[Failure](ctx, s.db, "failures_list", f.Import, f.Resolved, f.Limit)
}

// ResolveFailure marks a failure as read after all by an import. Storing a message that
// stands at the very place of a failure does this by itself.
func (s *Store) ResolveFailure(ctx context.Context, id, importID int64) error {
	tag, err := s.db.Pool.Exec(ctx, "UPDATE failures SET resolved_import = $2 WHERE failure_id = $1", id, importID)
	if err == nil && tag.RowsAffected() == 0 {
		return fmt.Errorf("resolve failure %d: there is none", id)
	}
	return store.Failed(fmt.Sprintf("resolve failure %d", id), err)
}
