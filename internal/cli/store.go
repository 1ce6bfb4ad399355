package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"spoor/internal/cluster"
	"spoor/internal/connstring"
	"spoor/sql/store"
)

// Access is a command's intended use of the store.
//
// The order matters: each includes the right to do less.
type Access int

const (
	Read   Access = iota // look only: a store that is not there is not made
	Write                // change one that is there
	Create               // create the store if it is missing
	Fill                 // create the database if it is missing, without its schema: DB is nil
)

// Session is a store in use.
type Session struct {
	*store.DB
	Where   string // "~/.local/share/spoor", or the server's name
	Kind    string // "private PostgreSQL 15, no open port"
	URL     string // for connecting once more; holds the password that the user gave: never print it
	Private bool
	New     bool // made just now

	cluster *cluster.Cluster
}

// Close ends the use; the last user of the private cluster stops it.
//
// The connections are closed first, so that the server has no clients when it
// stops.
func (s *Session) Close() error {
	if s.DB != nil {
		s.DB.Close()
	}
	if s.cluster == nil {
		return nil
	}
	if err := s.cluster.Close(); err != nil {
		return fmt.Errorf("stop the private database: %w", err)
	}
	return nil
}

// Flag returns the value of a flag that every command has, "" if it was not
// given.
func (e *Env) Flag(name string) string {
	if f := e.running.Flags().Lookup(name); f != nil && f.Changed {
		return f.Value.String()
	}
	return ""
}

// URLOf is URL for another login of the private server.
func (s *Session) URLOf(login string) string {
	if s.cluster == nil {
		return s.URL
	}
	return s.cluster.URLOf(login)
}

// External returns the connection string of the database that the user names: --db, else
// DATABASE_URL, else libpq's variables. ok is false where the private cluster is meant.
func (e *Env) External() (dsn string, ok bool) {
	if e.store != "" {
		return e.store, true
	}
	if url := e.Getenv("DATABASE_URL"); url != "" {
		return url, true
	}
	// PGUSER, PGPASSWORD and others name no server; PGDATA is a setting of the
	// server.
	for _, name := range []string{"PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGDATABASE"} {
		if e.Getenv(name) != "" {
			return "", true
		}
	}
	return "", false
}

// ExternalName names the database that the user named, without its password.
func (e *Env) ExternalName() (name string, ok bool) {
	dsn, ok := e.External()
	if !ok {
		return "", false
	}
	return serverName(dsn, e.Getenv), true
}

// ClusterOptions are those of the private cluster.
//
// Only commands that may create a store may download PostgreSQL for it.
func (e *Env) ClusterOptions(a Access) (cluster.Options, error) {
	home, err := cluster.DefaultHome(e.Getenv)
	if err != nil {
		return cluster.Options{}, &Error{Code: NoStore, Message: "no place for the store", Hint: "Set SPOOR_HOME to a directory of yours.", Err: err}
	}
	return cluster.Options{
		Home: home, Create: a >= Create, Download: a >= Create && !e.noFetch,
		Getenv: e.Getenv, Log: slog.New(slog.DiscardHandler),
		Notice: func(s string) { e.Notef("%s\n", e.Text(s)) },
	}, nil
}

// OpenStore opens the store for the intended use.
func (e *Env) OpenStore(ctx context.Context, a Access) (*Session, error) {
	if dsn, ok := e.External(); ok {
		return e.openExternal(ctx, dsn, a)
	}
	return e.openPrivate(ctx, a)
}

// openExternal opens the store on the user's own server.
func (e *Env) openExternal(ctx context.Context, dsn string, a Access) (*Session, error) {
	// An invalid connection string may have half of a password in place of the
	// host. It is neither used nor printed.
	if _, _, err := connstring.Split(dsn); err != nil {
		return nil, e.StoreError(fmt.Errorf("%w: %w", store.ErrAddress, err), "")
	}
	s := &Session{Where: serverName(dsn, e.Getenv), Kind: "PostgreSQL", URL: dsn}
	return s, e.open(ctx, s, dsn, a)
}

// openPrivate starts the private server if needed and opens the store on it.
// Session.New tells whether this made it.
func (e *Env) openPrivate(ctx context.Context, a Access) (*Session, error) {
	o, err := e.ClusterOptions(a)
	if err != nil {
		return nil, err
	}
	s := &Session{Where: e.Tilde(o.Home), Private: true}
	if a >= Create {
		if info, err := cluster.Status(ctx, o); err != nil {
			s.New = errors.Is(err, cluster.ErrNoStore)
		} else {
			s.New = info.Version == ""
		}
	}
	s.cluster, err = cluster.Open(ctx, o)
	if err != nil {
		return nil, e.StoreError(err, s.Where)
	}
	s.URL = s.cluster.URL()
	major, _, _ := strings.Cut(s.cluster.Version(), ".")
	s.Kind = "private PostgreSQL " + major + ", no open port"
	if err := e.open(ctx, s, s.URL, a); err != nil {
		return nil, errors.Join(err, s.cluster.Close())
	}
	return s, nil
}

// open connects to the database with the given access. Fill connects to
// nothing: the caller fills an empty database itself.
//
// Reading never changes the schema: an older one is an error that names the
// command to run.
func (e *Env) open(ctx context.Context, s *Session, dsn string, a Access) (err error) {
	if a == Fill {
		return nil
	}
	if a == Write {
		// A command that changes an existing store must not create a missing
		// one, so look first.
		probe, err := store.Open(ctx, dsn, store.Options{ReadOnly: true, Program: "spoor", MaxConns: 1})
		switch {
		case err == nil:
			probe.Close()
		case !errors.Is(err, store.ErrOldSchema): // a command that writes brings it up to date
			return e.StoreError(err, s.Where)
		}
	}
	s.DB, err = store.Open(ctx, dsn, store.Options{ReadOnly: a == Read, Program: "spoor"})
	if err != nil {
		return e.StoreError(err, s.Where)
	}
	return nil
}

// serverName names a server without its password.
//
// Both forms of libpq are understood, URLs and keywords. A string in neither
// form is not shown, as it may hold a password.
func serverName(dsn string, getenv func(string) string) string {
	dsn, _, err := connstring.Split(dsn)
	if err != nil {
		return "the database that --db or DATABASE_URL names"
	}
	if u, err := url.Parse(dsn); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		return cmp.Or(u.Hostname(), u.Query().Get("host")) + u.Path // the folder of a socket is in the query
	}
	host, db := getenv("PGHOST"), getenv("PGDATABASE")
	for word := range strings.FieldsSeq(dsn) {
		switch key, value, _ := strings.Cut(word, "="); key {
		case "host":
			host = value
		case "dbname":
			db = value
		}
	}
	if host == "" {
		host = "localhost"
	}
	return strings.TrimSuffix(host+"/"+db, "/")
}

// Tilde shortens the user's home directory to ~.
func (e *Env) Tilde(path string) string {
	home := e.Getenv("HOME")
	if rest, ok := strings.CutPrefix(path, home+string(filepath.Separator)); ok && home != "" && home != "/" {
		return "~" + string(os.PathSeparator) + rest
	}
	return path
}

// StoreError puts an error of the store or its cluster into words with a way out.
//
// nil stays nil, and an *Error stays as it is: inner code knows better what to
// do. where is shown without secrets.
func (e *Env) StoreError(err error, where string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	out := &Error{Code: NoStore, Err: err}
	if v, ok := errors.AsType[*cluster.VersionError](err); ok {
		return &Error{Code: NoStore, Message: v.Error()}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &Error{Code: Stopped, Message: "stopped"}
	case errors.Is(err, cluster.ErrNoStore), errors.Is(err, store.ErrNoSchema):
		out.Message, out.Err = fmt.Sprintf("no store at %s; run collector import", where), nil
	case errors.Is(err, store.ErrAddress):
		out.Code, out.Message = Misused, "the database is named by no URL and no libpq keywords"
		out.Hint = "For example: --db postgres://spoor@db.example.com/spoor, with the password in PGPASSWORD or ~/.pgpass."
	case errors.Is(err, store.ErrNewerSchema):
		out.Message, out.Err = fmt.Sprintf("the store at %s was written by a newer Spoor", where), nil
		out.Hint = "Use that version, or a later one. Nothing was changed."
	case errors.Is(err, store.ErrFull):
		out.Message, out.Err = fmt.Sprintf("no disk space left for the store at %s", where), nil
		out.Hint = "Data stored so far are safe; make room and run the same command again."
	case errors.Is(err, cluster.ErrNoBinaries):
		text := strings.TrimPrefix(err.Error(), "private PostgreSQL: ")
		out.Message, out.Hint, _ = strings.Cut(text, "\n") // it says itself what to install
		out.Err = nil
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, cluster.ErrNotRunning):
		out.Message = fmt.Sprintf("the database at %s cannot be reached", where)
		out.Hint = "Data stored so far are safe; run the same command again when it is back."
	default:
		out.Message = fmt.Sprintf("the store at %s failed", where)
	}
	return out
}
