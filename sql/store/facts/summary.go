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

var (
	summarySQL       = sql.Query("summary")
	importSummarySQL = sql.Query("import_summary")
	topSendersSQL    = sql.Query("import_senders")
	defectTallySQL   = sql.Query("import_defects")
	anomalyTallySQL  = sql.Query("import_anomalies")
	failureTallySQL  = sql.Query("import_failures")
)

// Summary is what "collector status" shows of the store.
type Summary struct {
	Schema        int64  // number of the last migration
	Server        string // PostgreSQL version
	Messages      int64
	Spam, Ham     int64
	RawMessages   int64
	OldExtractor  int64 // messages whose facts an older extractor derived
	Places        int64
	Sources       int64
	Imports       int64
	LastImport    time.Time // zero if none
	Failures      int64     // unresolved
	First, Last   time.Time // span of received_at; zero if unknown
	DatabaseBytes int64
}

// Summary counts what is stored.
func (s *Store) Summary(ctx context.Context) (Summary, error) {
	var y Summary
	var lastImport, first, last *time.Time
	err := s.db.Pool.QueryRow(ctx, summarySQL, ingest.ExtractorVersion).Scan(&y.Schema, &y.Server, &y.Messages, &y.Ham,
		&y.RawMessages, &y.OldExtractor, &y.Places, &y.Sources, &y.Imports, &lastImport, &y.Failures, &first, &last, &y.DatabaseBytes)
	if err != nil {
		return Summary{}, store.Failed("count what is stored", err)
	}
	y.Spam = y.Messages - y.Ham
	y.LastImport, y.First, y.Last = known(lastImport), known(first), known(last)
	return y, nil
}

// known makes the zero time of NULL.
func known(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// Sender is a sender address and how many messages came from it.
type Sender struct {
	Addr        netip.Addr
	ReverseName string // the one most often recorded; "" for none
	HELO        string // the one most often given
	Messages    int64
}

// Tally is a code and in how many messages it was met.
type Tally struct {
	Code     string
	Messages int64
}

// ImportSummary is what one import brought: of the messages that it was the first to store.
type ImportSummary struct {
	Counts      ingest.Counts
	First, Last time.Time // span of received_at; zero if unknown
	NoReceived  int64     // messages without a trusted time
	DateOff     int64     // Date more than 7 days from received_at
	NoDate      int64     // no Date, or one that is not a date
	Senders     int64     // distinct sender addresses
	Hops        int64     // distinct addresses in hops
	LinkHosts   int64     // distinct
	FromDomains int64     // distinct
	Top         []Sender  // most messages first
	Defects     []Tally
	Anomalies   []Tally
	Failures    []Tally
}

// ImportSummary sums up one import, with its top senders.
func (s *Store) ImportSummary(ctx context.Context, importID int64, top int) (ImportSummary, error) {
	y, err := s.importSummary(ctx, importID, top)
	return y, store.Failed(fmt.Sprintf("sum up import %d", importID), err)
}

func (s *Store) importSummary(ctx context.Context, importID int64, top int) (ImportSummary, error) {
	var y ImportSummary
	var first, last *time.Time
	err := s.db.Pool.QueryRow(ctx, importSummarySQL, importID).Scan(&y.Counts.Read, &y.Counts.New, &y.Counts.Known, &y.Counts.Failed, &y.Counts.Bytes,
		&first, &last, &y.NoReceived, &y.DateOff, &y.NoDate, &y.Senders, &y.Hops, &y.LinkHosts, &y.FromDomains)
	if err != nil {
		return y, err
	}
	y.First, y.Last = known(first), known(last)
	rows, err := s.db.Pool.Query(ctx, topSendersSQL, importID, top)
	if err != nil {
		return y, err
	}
	if y.Top, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Sender]); err != nil {
		return y, err
	}
	for statement, tally := range map[string]*[]Tally{defectTallySQL: &y.Defects, anomalyTallySQL: &y.Anomalies, failureTallySQL: &y.Failures} {
		rows, err := s.db.Pool.Query(ctx, statement, importID)
		if err != nil {
			return y, err
		}
		if *tally, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Tally]); err != nil {
			return y, err
		}
	}
	return y, nil
}
