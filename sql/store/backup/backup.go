// Package backup writes a store into one file and makes a store of such a file.
//
// In and out goes a tar archive packed by zstd: what it is, then the rows of each table
// in pieces, as COPY writes them, then how many there were. It needs no program of
// PostgreSQL's, and a file of one version of the server can be read by another. Tables,
// views and logins of people's own are not in it.
package backup

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"spoor/sql"
	"spoor/sql/store"
)

// The archive's members.
const (
	headName = "spoor-backup.json"
	endName  = "end.json"
	format   = 1
)

// pieceSize is how much of a table one member holds: tar wants sizes beforehand.
const pieceSize = 4 << 20

// head says what the archive holds.
type head struct {
	Format int       `json:"spoor_backup"`
	Schema int64     `json:"schema"`
	Made   time.Time `json:"made"`
	Tables []table   `json:"tables"`
}

type table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// end says what must have come.
type end struct {
	Rows map[string]int64 `json:"rows"`
}

// Sum is what was written or read.
type Sum struct {
	Tables   int
	Rows     int64
	Messages int64
}

// Write writes the store as it is at one moment; others may go on using it.
func Write(ctx context.Context, db *store.DB, w io.Writer) (sum Sum, err error) {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return sum, fmt.Errorf("start compression: %w", err)
	}
	out := tar.NewWriter(z)
	moment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, db.Pool, moment, func(tx pgx.Tx) error {
		sum, err = write(ctx, tx, out)
		return err
	})
	return sum, errors.Join(store.Failed("back up the store", err), out.Close(), z.Close())
}

func write(ctx context.Context, tx pgx.Tx, out *tar.Writer) (sum Sum, err error) {
	h := head{Format: format, Made: time.Now().UTC()}
	if err := tx.QueryRow(ctx, "SELECT max(version_id) FROM spoor_migrations").Scan(&h.Schema); err != nil {
		return sum, err
	}
	if h.Tables, err = tables(ctx, tx); err != nil {
		return sum, err
	}
	if err := writeJSON(out, headName, h); err != nil {
		return sum, err
	}
	e := end{Rows: map[string]int64{}}
	for _, t := range h.Tables {
		p := &pieces{out: out, table: t.Name}
		tag, err := tx.Conn().PgConn().CopyTo(ctx, p, "COPY "+t.Name+" ("+t.columns()+") TO STDOUT")
		if err == nil {
			err = p.flush()
		}
		if err != nil {
			return sum, fmt.Errorf("table %s: %w", t.Name, err)
		}
		e.Rows[t.Name] = tag.RowsAffected()
		sum.add(t.Name, tag.RowsAffected())
	}
	return sum, writeJSON(out, endName, e)
}

func (s *Sum) add(table string, rows int64) {
	s.Tables++
	s.Rows += rows
	if table == "messages" {
		s.Messages = rows
	}
}

// tables lists our tables and their columns: those that bear a comment, as all of ours do.
func tables(ctx context.Context, tx pgx.Tx) ([]table, error) {
	rows, err := tx.Query(ctx, sql.Query("backup_tables"))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[table])
}

func (t *table) columns() string {
	out := ""
	for n, c := range t.Columns {
		if n > 0 {
			out += ", "
		}
		out += c
	}
	return out
}

func writeJSON(out *tar.Writer, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return member(out, name, text)
}

func member(out *tar.Writer, name string, data []byte) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := out.Write(data)
	return err
}

// pieces cuts what COPY writes into members.
type pieces struct {
	out   *tar.Writer
	table string
	n     int
	buf   []byte
}

func (p *pieces) Write(b []byte) (int, error) {
	p.buf = append(p.buf, b...)
	if len(p.buf) < pieceSize {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *pieces) flush() error {
	if len(p.buf) == 0 {
		return nil
	}
	p.n++
	err := member(p.out, fmt.Sprintf("%s/%06d", p.table, p.n), p.buf)
	p.buf = p.buf[:0]
	return err
}
