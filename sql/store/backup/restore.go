package backup

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"spoor/sql"
	"spoor/sql/store"
)

// Errors that callers distinguish.
var (
	// ErrNotEmpty reports that the target store is not empty.
	ErrNotEmpty = errors.New("the store is not empty")
	// ErrDamaged reports that a file is not a complete backup.
	ErrDamaged = errors.New("the file is no whole backup")
)

// Limits for untrusted files.
const (
	maxMember = 64 << 20 // bytes; one row may be larger than a piece
	maxTables = 1000
)

// Restore fills an empty database. It keeps nothing of an incomplete file. The
// schema has the version of the file; opening the store migrates it.
func Restore(ctx context.Context, connString string, r io.Reader) (sum Sum, err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return sum, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer z.Close()
	in := tar.NewReader(z)
	var h head
	if err := readJSON(in, headName, &h); err != nil {
		return sum, err
	}
	if h.Format != format || len(h.Tables) > maxTables {
		return sum, fmt.Errorf("%w: it is of format %d, this program knows %d", ErrDamaged, h.Format, format)
	}
	db, err := store.OpenAt(ctx, connString, h.Schema)
	if err != nil {
		return sum, err
	}
	defer db.Close()
	err = db.Transaction(ctx, func(tx pgx.Tx) error {
		sum, err = fill(ctx, tx, &reader{in: in, packed: z}, &h)
		return err
	})
	if err != nil && !errors.Is(err, ErrNotEmpty) && !errors.Is(err, ErrDamaged) {
		err = store.Failed("restore the store", err)
	}
	return sum, err
}

// fill copies the tables in the order of the head. It refuses a store with rows
// and a table that this program does not know. Any error undoes all, as it runs
// in one transaction.
func fill(ctx context.Context, tx pgx.Tx, p *reader, h *head) (sum Sum, err error) {
	ours, err := tables(ctx, tx)
	if err != nil {
		return sum, err
	}
	known := map[string]bool{}
	for _, t := range ours {
		known[t.Name] = true
		var filled bool
		if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+t.Name+")").Scan(&filled); err != nil {
			return sum, err
		}
		if filled {
			return sum, ErrNotEmpty
		}
	}
	if err := p.next(); err != nil {
		return sum, err
	}
	got := map[string]int64{}
	for _, t := range h.Tables {
		// The names go into a statement, so only those of our own tables and
		// plain columns pass.
		if !known[t.Name] || !t.plain() {
			return sum, fmt.Errorf("%w: it holds a table %.100q", ErrDamaged, t.Name)
		}
		p.table = t.Name
		tag, err := tx.Conn().PgConn().CopyFrom(ctx, p, "COPY "+t.Name+" ("+t.columns()+") FROM STDIN")
		if err != nil {
			return sum, fmt.Errorf("table %s: %w", t.Name, errors.Join(p.err, err))
		}
		got[t.Name] = tag.RowsAffected()
		sum.add(t.Name, tag.RowsAffected())
	}
	if err := p.atEnd(got); err != nil {
		return sum, err
	}
	return sum, numberOn(ctx, tx)
}

// plainName matches identifiers that need no quotes.
var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// plain refuses names that are more than an identifier, since the file may come
// from anybody.
func (t *table) plain() bool {
	for _, c := range t.Columns {
		if !plainName.MatchString(strings.Trim(c, `"`)) {
			return false
		}
	}
	return len(t.Columns) > 0
}

// reader passes the pieces of one table to COPY.
type reader struct {
	in     *tar.Reader
	packed io.Reader // source of in
	table  string
	name   string // of the present member
	err    error
}

// next moves to the next member.
func (p *reader) next() error {
	h, err := p.in.Next()
	switch {
	case err != nil:
		p.err = fmt.Errorf("%w: %w", ErrDamaged, err)
	case h.Size > maxMember:
		p.err = fmt.Errorf("%w: a member of %d bytes", ErrDamaged, h.Size)
	default:
		p.name = h.Name
	}
	return p.err
}

// Read returns the rows of the present table, and EOF at the first member of
// another one.
func (p *reader) Read(b []byte) (int, error) {
	for p.err == nil && strings.HasPrefix(p.name, p.table+"/") {
		n, err := p.in.Read(b)
		if n > 0 {
			return n, nil
		}
		if err != io.EOF {
			p.err = fmt.Errorf("%w: %w", ErrDamaged, err)
			break
		}
		if p.next() != nil {
			break
		}
	}
	if p.err != nil {
		return 0, p.err
	}
	return 0, io.EOF
}

// atEnd compares the numbers of rows with those in the file.
func (p *reader) atEnd(got map[string]int64) error {
	var e end
	if p.name != endName {
		return fmt.Errorf("%w: a member %.100q where the end belongs", ErrDamaged, p.name)
	}
	if err := decode(p.in, &e); err != nil {
		return err
	}
	for name, n := range got {
		if e.Rows[name] != n {
			return fmt.Errorf("%w: %d rows of %s, and %d were written", ErrDamaged, n, name, e.Rows[name])
		}
	}
	if _, err := p.in.Next(); err != io.EOF {
		return fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	return p.checksum()
}

// maxPadding limits the padding after the last member, in bytes.
const maxPadding = 1 << 20

// checksum reads to the end of the compressed stream, where its checksum is.
func (p *reader) checksum() error {
	n, err := io.Copy(io.Discard, io.LimitReader(p.packed, maxPadding))
	if err != nil || n == maxPadding {
		return fmt.Errorf("%w: %w", ErrDamaged, errors.Join(err, errors.New("its checksum does not fit")))
	}
	return nil
}

// readJSON reads the member of a name, which must be the next.
func readJSON(in *tar.Reader, name string, v any) error {
	h, err := in.Next()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if h.Name != name {
		return fmt.Errorf("%w: it begins with %.100q", ErrDamaged, h.Name)
	}
	return decode(in, v)
}

// decode parses JSON of bounded size.
func decode(in io.Reader, v any) error {
	if err := json.NewDecoder(io.LimitReader(in, maxMember)).Decode(v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// numberOn sets the sequences after the restored numbers.
func numberOn(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, sql.Query("backup_numbers"))
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, text := range statements {
		if _, err := tx.Exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}
