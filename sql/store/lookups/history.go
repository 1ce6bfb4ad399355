package lookups

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/enrich"
	"spoor/sql"
	"spoor/sql/store"
)

// The statements of histories.
var (
	historySQL       = sql.Query("enrich_history")
	valuesHistorySQL = sql.Query("enrich_values_history")
)

// History stores observations of others over a period (LastSeen is set):
// passive DNS and certificates. Unlike an answer of our own, such an
// observation does not end another one of its source. Storing it again changes
// nothing.
func (s *Store) History(ctx context.Context, observations []enrich.Observation) error {
	rows, values := historyRows(observations)
	return store.Failed("store histories", s.db.Transaction(ctx, func(tx pgx.Tx) error {
		if err := rows.write(ctx, tx); err != nil {
			return err
		}
		return values.write(ctx, tx)
	}))
}

// historyColumns holds rows of observations by column.
type historyColumns struct {
	subjects, kinds, sources, servers []string
	first, last                       []time.Time
	hashes                            [][]byte
	parsed                            []string
}

// write stores the rows.
func (c *historyColumns) write(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, historySQL, c.subjects, c.kinds, c.sources, c.servers, c.first, c.last, c.hashes, c.parsed)
	return err
}

// span is a value of a subject with the period in which it was seen.
type span struct {
	subject, source string
	value
	first, last time.Time
}

// spans is a list of values with their periods.
type spans []span

// historyRows converts observations to table columns. A statement accepts each
// key once, so equal ones are joined.
//
// Items without a parsed value, and those that end before they begin, are
// dropped: nothing could be found by them.
func historyRows(observations []enrich.Observation) (*historyColumns, spans) {
	type key struct {
		seriesKey
		first time.Time
	}
	var c historyColumns
	var all spans
	at := map[key]int{}
	now := time.Now()
	for i := range observations {
		o := &observations[i]
		p := prepare(o, now)
		last := microseconds(o.LastSeen, p.askedAt)
		if p.parsed == nil || last.Before(p.askedAt) {
			continue
		}
		for _, v := range valuesOf(p.of) {
			all = append(all, span{p.subject, p.source, v, p.askedAt, last})
		}
		k := key{p.key(), p.askedAt}
		if j, ok := at[k]; ok {
			c.last[j] = latest(c.last[j], last)
			continue
		}
		at[k] = len(c.subjects)
		c.subjects, c.kinds, c.sources, c.servers = append(c.subjects, p.subject), append(c.kinds, p.kind), append(c.sources, p.source), append(c.servers, p.server)
		c.first, c.last = append(c.first, p.askedAt), append(c.last, last)
		c.hashes, c.parsed = append(c.hashes, p.content), append(c.parsed, string(p.parsed))
	}
	return &c, all.joined()
}

// latest returns the later of two times.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// joined merges the periods of equal values.
func (s spans) joined() spans {
	slices.SortFunc(s, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.source, b.source), cmp.Compare(a.field, b.field),
			cmp.Compare(a.value.value, b.value.value), a.first.Compare(b.first))
	})
	out := s[:0]
	for _, v := range s {
		if n := len(out); n > 0 && out[n-1].subject == v.subject && out[n-1].source == v.source && out[n-1].value == v.value {
			out[n-1].last = latest(out[n-1].last, v.last)
			continue
		}
		out = append(out, v)
	}
	return out
}

// write stores the values. The statement joins them with stored periods.
func (s spans) write(ctx context.Context, tx pgx.Tx) error {
	var subjects, sources, fields, values []string
	var first, last []time.Time
	for _, v := range s {
		subjects, sources = append(subjects, v.subject), append(sources, v.source)
		fields, values = append(fields, v.field), append(values, v.value.value)
		first, last = append(first, v.first), append(last, v.last)
	}
	_, err := tx.Exec(ctx, valuesHistorySQL, subjects, sources, first, last, fields, values)
	return err
}
