package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"net/netip"
	"time"

	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/sql"
)

var (
	rawMessagesSQL    = sql.Query("messages_raw")
	settleFailuresSQL = sql.Query("failures_settle")
	failuresSQL       = sql.Query("failures_list")
	summarySQL        = sql.Query("summary")
	importSummarySQL  = sql.Query("import_summary")
	topSendersSQL     = sql.Query("import_senders")
	defectTallySQL    = sql.Query("import_defects")
	anomalyTallySQL   = sql.Query("import_anomalies")
	failureTallySQL   = sql.Query("import_failures")
)

// RawMessage is a stored message, for deriving its facts anew.
type RawMessage struct {
	Key       int64
	Hash      ingest.Hash
	Class     ingest.Class
	Size      int64
	Extractor int
	Data      []byte // zstd
	Cut       bool
	Own       received.Own // of the import that stored it
}

// rawBytes bounds what RawMessages holds at once, whatever its limit.
const rawBytes = 32 << 20

// RawMessages returns up to limit messages whose facts are of an extractor older than
// olderThan and that are kept raw, in the order of their keys, after the key after
// (math.MinInt64 to begin with). It returns fewer where they are large, and none only
// when there are no more.
func (s *Store) RawMessages(ctx context.Context, after int64, olderThan, limit int) ([]RawMessage, error) {
	rows, err := s.pool.Query(ctx, rawMessagesSQL, after, olderThan, limit)
	if err != nil {
		return nil, failed("read raw messages", err)
	}
	defer rows.Close()
	var list []RawMessage
	for size := 0; size < rawBytes && rows.Next(); {
		m, err := scanRaw(rows)
		if err != nil {
			return nil, failed("read raw messages", err)
		}
		list = append(list, m)
		size += len(m.Data)
	}
	rows.Close()
	return list, failed("read raw messages", rows.Err())
}

func scanRaw(rows pgx.Rows) (RawMessage, error) {
	var m RawMessage
	var hash []byte
	var ham bool
	var exchangers []string
	err := rows.Scan(&m.Key, &hash, &ham, &m.Size, &m.Extractor, &m.Data, &m.Cut, &m.Own.Names, &m.Own.Addrs, &m.Own.Inferred, &exchangers)
	if err != nil {
		return m, err
	}
	for _, s := range exchangers {
		x, err := received.ParseMX(s)
		if err != nil {
			return m, fmt.Errorf("own_mx of the import: %w", err)
		}
		m.Own.MX = append(m.Own.MX, x)
	}
	m.Hash, m.Class = ingest.Hash(hash), ingest.Spam
	if ham {
		m.Class = ingest.Ham
	}
	return m, nil
}

// Failure is an item that could not be read as a message.
type Failure struct {
	ID                      int64
	Path, Name              string
	Offset, Length          int64
	Code, Reason            string
	FirstImport, LastImport int64
	ResolvedImport          int64        // 0 while it stands
	Class                   ingest.Class // of the import that met it last
}

// Settle marks, of failures whose places an import read again from end to end, those as
// resolved that it did not meet again.
func (s *Store) Settle(ctx context.Context, importID int64, ids []int64) error {
	_, err := s.pool.Exec(ctx, settleFailuresSQL, importID, ids)
	return failed("settle failures", err)
}

// FailureFilter chooses among failures.
type FailureFilter struct {
	Import   int64 // seen first or last by this import; 0 for any
	Resolved bool  // include those that a later import could read
	Limit    int   // 0 for no limit
}

// Failures lists what could not be read, by path and offset.
func (s *Store) Failures(ctx context.Context, f FailureFilter) ([]Failure, error) {
	rows, err := s.pool.Query(ctx, failuresSQL, f.Import, f.Resolved, f.Limit)
	if err != nil {
		return nil, failed("read failures", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Failure])
	return list, failed("read failures", err)
}

// ResolveFailure marks a failure as read after all by an import. Storing a message that
// stands at the very place of a failure does this by itself.
func (s *Store) ResolveFailure(ctx context.Context, id, importID int64) error {
	tag, err := s.pool.Exec(ctx, "UPDATE failures SET resolved_import = $2 WHERE failure_id = $1", id, importID)
	if err == nil && tag.RowsAffected() == 0 {
		return fmt.Errorf("resolve failure %d: there is none", id)
	}
	return failed(fmt.Sprintf("resolve failure %d", id), err)
}

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
	err := s.pool.QueryRow(ctx, summarySQL, ingest.ExtractorVersion).Scan(&y.Schema, &y.Server, &y.Messages, &y.Ham,
		&y.RawMessages, &y.OldExtractor, &y.Places, &y.Sources, &y.Imports, &lastImport, &y.Failures, &first, &last, &y.DatabaseBytes)
	if err != nil {
		return Summary{}, failed("count what is stored", err)
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
	return y, failed(fmt.Sprintf("sum up import %d", importID), err)
}

func (s *Store) importSummary(ctx context.Context, importID int64, top int) (ImportSummary, error) {
	var y ImportSummary
	var first, last *time.Time
	err := s.pool.QueryRow(ctx, importSummarySQL, importID).Scan(&y.Counts.Read, &y.Counts.New, &y.Counts.Known, &y.Counts.Failed, &y.Counts.Bytes,
		&first, &last, &y.NoReceived, &y.DateOff, &y.NoDate, &y.Senders, &y.Hops, &y.LinkHosts, &y.FromDomains)
	if err != nil {
		return y, err
	}
	y.First, y.Last = known(first), known(last)
	rows, err := s.pool.Query(ctx, topSendersSQL, importID, top)
	if err != nil {
		return y, err
	}
	if y.Top, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Sender]); err != nil {
		return y, err
	}
	for statement, tally := range map[string]*[]Tally{defectTallySQL: &y.Defects, anomalyTallySQL: &y.Anomalies, failureTallySQL: &y.Failures} {
		rows, err := s.pool.Query(ctx, statement, importID)
		if err != nil {
			return y, err
		}
		if *tally, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Tally]); err != nil {
			return y, err
		}
	}
	return y, nil
}
