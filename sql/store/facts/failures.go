package facts

import (
	"context"
	"fmt"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
)

// settleFailuresSQL resolves failures by their ids.
var settleFailuresSQL = sql.Query("failures_settle")

// Failure is an item that could not be read as a message.
type Failure struct {
	ID                      int64
	Path, Name              string
	Offset, Length          int64
	Code, Reason            string
	FirstImport, LastImport int64
	ResolvedImport          int64        // 0 while it is unresolved
	Class                   ingest.Class // class of the last import that met it
	Items                   int64        // number of items that it counts
}

// Settle resolves failures that an import did not meet again, although it read
// their places from beginning to end.
//
// A repaired archive has no message at the place of the failure, hence the
// explicit call.
func (s *Store) Settle(ctx context.Context, importID int64, ids []int64) error {
	_, err := s.db.Pool.Exec(ctx, settleFailuresSQL, importID, ids)
	return store.Failed("settle failures", err)
}

// FailureFilter selects failures.
type FailureFilter struct {
	Import   int64 // first or last seen by this import; 0 for any
	Resolved bool  // include those that a later import could read
	Limit    int   // 0 for no limit
}

// Failures lists failures by path and offset.
func (s *Store) Failures(ctx context.Context, f FailureFilter) ([]Failure, error) {
	return store.Collect[Failure](ctx, s.db, "failures_list", f.Import, f.Resolved, f.Limit)
}

// ResolveFailure marks a failure as read by an import. Storing a message at the
// place of a failure does so by itself.
func (s *Store) ResolveFailure(ctx context.Context, id, importID int64) error {
	tag, err := s.db.Pool.Exec(ctx, "UPDATE failures SET resolved_import = $2 WHERE failure_id = $1", id, importID)
	if err == nil && tag.RowsAffected() == 0 {
		return fmt.Errorf("resolve failure %d: there is none", id)
	}
	return store.Failed(fmt.Sprintf("resolve failure %d", id), err)
}
