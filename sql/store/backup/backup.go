// Package backup writes a store into one file and restores it.
//
// The format is a tar archive compressed with zstd: a head, the rows of each
// table in pieces of COPY output, and their numbers. It needs no program of
// PostgreSQL, and a file from one server version can be restored on another.
// Tables, views and logins of users are not included.
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

// Names of the members.
const (
	headName = "spoor-backup.json"
	endName  = "end.json"
	format   = 1
)

// pieceSize is the size of a member in bytes: tar needs sizes in advance, so a
// table is written in pieces.
const pieceSize = 4 << 20

// head describes the content of the archive.
type head struct {
	Format int       `json:"spoor_backup"`
	Schema int64     `json:"schema"`
	Made   time.Time `json:"made"`
	Tables []table   `json:"tables"`
}

// table is a table with its columns in the order of its rows.
type table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// end holds the numbers of rows that must have been read.
type end struct {
	Rows map[string]int64 `json:"rows"`
}

// Sum counts the tables, rows and messages written or read.
type Sum struct {
	Tables   int
	Rows     int64
	Messages int64
}

// Write writes a consistent snapshot of the store. Other commands may use it
// meanwhile.
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

// write writes the members: the head, each table, the end. The number of rows
// at the end shows that the file is complete.
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

// add counts a table.
func (s *Sum) add(table string, rows int64) {
	s.Tables++
	s.Rows += rows
	if table == "messages" {
		s.Messages = rows
	}
}

// tables lists our tables with their columns. It recognises them by their
// comment.
func tables(ctx context.Context, tx pgx.Tx) ([]table, error) {
	rows, err := tx.Query(ctx, sql.Query("backup_tables"))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[table])
}

// columns returns the list of columns for COPY. backup_tables quotes the names.
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

// writeJSON writes a member with a value in JSON.
func writeJSON(out *tar.Writer, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return member(out, name, text)
}

// member writes one member of the archive. Only the owner may read it when
// unpacked: it has mail.
func member(out *tar.Writer, name string, data []byte) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := out.Write(data)
	return err
}

// pieces splits the output of COPY into members.
type pieces struct {
	out   *tar.Writer
	table string
	n     int
	buf   []byte
}

// Write collects output of COPY and writes a member when a piece is full.
func (p *pieces) Write(b []byte) (int, error) {
	p.buf = append(p.buf, b...)
	if len(p.buf) < pieceSize {
		return len(b), nil
	}
	return len(b), p.flush()
}

// flush writes the collected bytes as a member. Its number keeps the order.
func (p *pieces) flush() error {
	if len(p.buf) == 0 {
		return nil
	}
	p.n++
	err := member(p.out, fmt.Sprintf("%s/%06d", p.table, p.n), p.buf)
	p.buf = p.buf[:0]
	return err
}
