package facts

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
)

// Summary is the data of "collector status".
type Summary struct {
	Schema        int64  // number of the last migration
	Server        string // PostgreSQL version
	Messages      int64
	Spam, Ham     int64
	RawMessages   int64
	OldExtractor  int64 // messages with facts of an older extractor
	Places        int64
	Sources       int64
	Imports       int64
	LastImport    time.Time // zero if there is none
	Failures      int64     // unresolved
	First, Last   time.Time // range of received_at; zero if unknown
	DatabaseBytes int64
}

// Summary counts messages, places, imports and failures.
func (s *Store) Summary(ctx context.Context) (Summary, error) {
	list, err := store.Collect[Summary](ctx, s.db, "summary", ingest.ExtractorVersion)
	if err != nil {
		return Summary{}, err
	}
	// The statement returns exactly one row.
	return list[0], nil
}

// Sender is a sender address with its number of messages.
type Sender struct {
	Addr        netip.Addr
	ReverseName string // the most frequent one; "" for none
	HELO        string // the most frequent one
	Messages    int64
}

// Tally is a code with its number of messages.
type Tally struct {
	Code     string
	Messages int64
}

// ImportSummary describes the messages that one import stored first.
//
// Messages that an earlier import stored are not in it, even if this one met
// them again.
type ImportSummary struct {
	Counts      ingest.Counts
	First, Last time.Time // range of received_at; zero if unknown
	NoReceived  int64     // messages without a trusted time
	DateOff     int64     // Date over 7 days from received_at
	NoDate      int64     // Date missing or invalid
	Senders     int64     // distinct sender addresses
	Hops        int64     // distinct addresses in hops
	LinkHosts   int64     // distinct
	FromDomains int64     // distinct
	Top         []Sender  // most messages first
	Defects     []Tally
	Anomalies   []Tally
	Failures    []Tally
}

// ImportSummary summarises one import with its top senders.
func (s *Store) ImportSummary(ctx context.Context, importID int64, top int) (ImportSummary, error) {
	y, err := s.importSummary(ctx, importID, top)
	return y, store.Failed(fmt.Sprintf("sum up import %d", importID), err)
}

// importSummary reads the row of the import and the lists below it.
func (s *Store) importSummary(ctx context.Context, importID int64, top int) (ImportSummary, error) {
	type row struct {
		ingest.Counts
		ImportSummary
	}
	rows, _ := s.db.Pool.Query(ctx, sql.Query("import_summary"), importID)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByNameLax[row])
	if err != nil {
		return ImportSummary{}, err
	}
	y := r.ImportSummary
	y.Counts = r.Counts
	if y.Top, err = store.Collect[Sender](ctx, s.db, "import_senders", importID, top); err != nil {
		return y, err
	}
	for query, tally := range map[string]*[]Tally{"import_defects": &y.Defects, "import_anomalies": &y.Anomalies, "import_failures": &y.Failures} {
		if *tally, err = store.Collect[Tally](ctx, s.db, query, importID); err != nil {
			return y, err
		}
	}
	return y, nil
}
