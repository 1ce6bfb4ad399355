package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Info is the output of `collector db status`.
type Info struct {
	Home    string // the program's directory
	Dir     string // PostgreSQL's data directory
	Log     string // its log file
	Running bool
	Kept    bool   // started by Start, so it runs until Stop
	Listen  string // address and port for TCP; "" for none
	PID     int    // of the postmaster
	Socket  string // directory of the Unix socket; "" if it does not run
	URL     string // connection string of the superuser; "" if it does not run
	ReadURL string // the same for the owner's read-only login
	Version string // server version; if it does not run, the major version of the data
	Size    int64  // bytes in the data directory
	Users   []int  // process ids of the commands that use it
}

// Start starts the cluster and keeps it running until Stop. With o.Listen it
// accepts TCP connections. It returns *BusyError if that needs a restart and
// other commands use the cluster.
func Start(ctx context.Context, o Options) (Info, error) {
	at, err := parseAddress(o.Listen)
	if err != nil {
		return Info{}, err
	}
	c, err := Open(ctx, o)
	if err != nil {
		return Info{}, err
	}
	if err := c.keep(ctx, at); err != nil {
		return Info{}, errors.Join(fmt.Errorf("private PostgreSQL: %w", c.place.advise(err)), c.Close())
	}
	if err := c.Close(); err != nil {
		return Info{}, err
	}
	return Status(ctx, o)
}

// lockExisting opens the place of an existing cluster and takes its gate, so that
// nobody starts or stops the server meanwhile. The caller closes the place and
// releases the gate.
func lockExisting(ctx context.Context, o Options) (*place, *fileLock, error) {
	p, err := settleExisting(o)
	if err != nil {
		return nil, nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	gate, err := p.lockGate(ctx)
	if err != nil {
		p.close()
		return nil, nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return p, gate, nil
}

// Stop stops the cluster. If other commands use it, Stop returns *BusyError,
// and the last of them stops it. It returns ErrNotRunning if the cluster does
// not run.
func Stop(ctx context.Context, o Options) error {
	p, gate, err := lockExisting(ctx, o)
	if err != nil {
		return err
	}
	defer p.close()
	defer gate.release()
	if err := ignoreMissing(p.root.Remove(keepFile)); err != nil {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
	users, err := p.users()
	if err == nil && len(users) > 0 {
		err = &BusyError{users}
	}
	if err == nil {
		err = p.down(ctx)
	}
	if err != nil {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
	return nil
}

// Status describes the cluster without starting or creating anything.
//
// It takes the gate, so that a server that is just starting counts as running,
// and one that is stopping as stopped.
func Status(ctx context.Context, o Options) (Info, error) {
	p, err := settleExisting(o)
	if err != nil {
		return Info{}, fmt.Errorf("private PostgreSQL: %w", err)
	}
	defer p.close()
	gate, err := p.lockGate(ctx)
	if err != nil {
		return Info{}, fmt.Errorf("private PostgreSQL: %w", err)
	}
	defer gate.release()
	info, err := p.info(ctx)
	if err != nil {
		return info, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return info, nil
}

// settleExisting is settle for commands that must not create a store.
func settleExisting(o Options) (*place, error) {
	o.Create = false
	return settle(o)
}

// info describes the cluster. It joins a running server and starts none.
func (p *place) info(ctx context.Context) (Info, error) {
	info := Info{Home: p.home, Dir: p.db(), Log: p.log(), Kept: p.kept()}
	major, err := p.dataMajor()
	if err != nil {
		return info, err
	}
	info.Version = fmt.Sprint(major)
	if info.Size, err = sizeOf(p.db()); err != nil {
		return info, err
	}
	if info.Users, err = p.users(); err != nil {
		return info, err
	}
	srv, err := p.join(ctx)
	if errors.Is(err, ErrNotRunning) {
		return info, nil
	}
	if err != nil {
		return info, err
	}
	info.Running, info.PID, info.Version = true, srv.pid, srv.version
	info.Socket, info.URL, info.ReadURL = srv.socketDir, connectionURL(srv, roleName), connectionURL(srv, readerName)
	at, err := p.listening()
	if at.IsValid() {
		info.Listen = at.String()
	}
	return info, err
}

// sizeOf adds up the files of a directory. Some may appear or disappear
// meanwhile.
func sizeOf(dir string) (total int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err == nil && info.Mode()&os.ModeType == 0 {
			total += info.Size()
		}
		return ignoreMissing(err)
	})
	return total, err
}
