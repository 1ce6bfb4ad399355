package store

import (
	"context"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/graph/evidence"
	"spoor/sql"
)

// lockEvidence is the advisory lock between those who derive evidence from facts (alone)
// and those who replace the facts (together): what is stored is of the facts that stand.
const lockEvidence = 0x73706f6f72_03

// evidencePage is how many messages' facts are read at once. A message of 400 links can
// make half a megabyte of them.
const evidencePage = 1000

// DeriveEvidence stores what messages offer as evidence, of all that have none stored, or
// by older rules, or whose facts were derived anew since. It returns of how many. Pages of
// it are transactions of their own: a run that is killed leaves the pages that are done,
// and the next goes on from there. progress is told how many are done and how many there
// are to do; it may be nil.
func (s *Store) DeriveEvidence(ctx context.Context, progress func(done, all int64)) (int64, error) {
	missing, err := s.withoutEvidence(ctx)
	if err != nil {
		return 0, failed("look for messages without evidence", err)
	}
	done := int64(0)
	for keys := range slices.Chunk(missing, evidencePage) {
		err := s.transaction(ctx, func(tx pgx.Tx) error { return derive(ctx, tx, keys) })
		if err != nil {
			return done, failed("derive evidence", err)
		}
		if done += int64(len(keys)); progress != nil {
			progress(done, int64(len(missing)))
		}
	}
	return done, nil
}

// withoutEvidence reads which messages lack evidence by the rules of now. Where none does
// it costs a look at two indexes and one at the small rows of incidence.
func (s *Store) withoutEvidence(ctx context.Context) ([]int64, error) {
	rows, _ := s.pool.Query(ctx, sql.Query("incidence_missing"), evidence.Version)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// derive stores the evidence of messages, but for those whose it has become meanwhile.
func derive(ctx context.Context, tx pgx.Tx, keys []int64) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockEvidence)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM incidence WHERE message_key = ANY ($1) AND version <> $2", keys, evidence.Version); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, "SELECT message_key FROM incidence WHERE message_key = ANY ($1)", keys)
	there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if len(there) > 0 {
		keys = slices.DeleteFunc(slices.Clone(keys), func(k int64) bool { return slices.Contains(there, k) })
	}
	messages, err := factsOf(ctx, tx.Conn().PgConn(), keys)
	if err != nil {
		return err
	}
	r := newIncidenceRows()
	for i := range messages {
		m := &messages[i]
		r.add(m, evidence.Keys(evidence.Of(m)))
	}
	_, err = tx.Conn().PgConn().CopyFrom(ctx, r.stream(), incidenceCopySQL)
	return err
}

const incidenceColumns = "(message_key, at, version, ham, newsletter, sender, features, sketch)"

const incidenceCopySQL = "COPY incidence " + incidenceColumns + " FROM STDIN (FORMAT binary)"

// incidenceRows are rows of incidence in the form of COPY.
type incidenceRows struct{ rows }

func newIncidenceRows() *incidenceRows {
	return &incidenceRows{rows{buf: []byte(copyHeader)}}
}

func (r *incidenceRows) add(m *evidence.Message, keys []evidence.Key) {
	r.begin(8)
	r.bigint(m.Key)
	r.timestamp(m.ReceivedAt)
	r.integer(evidence.Version)
	r.boolean(m.Background)
	r.boolean(evidence.Newsletter(m))
	r.inet(m.Sender)
	features := make([]int64, len(keys))
	for i, k := range keys {
		features[i] = int64(min(k, math.MaxInt64)) // a kind never has the sign's bit
	}
	r.bigintArray(features)
	r.byteaOrNull(m.Sketch)
	r.end()
}
