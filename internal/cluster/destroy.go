package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Destroy stops the cluster and removes its data permanently. If other commands
// use it, it returns *BusyError and changes nothing. Downloaded programs and
// foreign files in the home stay.
func Destroy(ctx context.Context, o Options) error {
	p, gate, err := lockExisting(ctx, o)
	if err != nil {
		return err
	}
	defer p.close()
	defer gate.release()
	users, err := p.users()
	if err == nil && len(users) > 0 {
		err = &BusyError{users}
	}
	if err == nil {
		err = p.down(ctx)
	}
	if err != nil && !errors.Is(err, ErrNotRunning) {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
	if err := p.remove(); err != nil {
		return fmt.Errorf("private PostgreSQL: %w", p.advise(err))
	}
	return nil
}

// remove first renames the data, so that a killed command never leaves a
// partial store under its name. The next start removes the rest.
func (p *place) remove() error {
	// The prefix makes the next start sweep it away.
	temp := filepath.Join(p.base, halfMade+"gone")
	if err := errors.Join(os.RemoveAll(temp), os.Rename(p.db(), temp), os.RemoveAll(temp), os.RemoveAll(p.socket())); err != nil {
		return err
	}
	err := errors.Join(ignoreMissing(p.root.Remove(keepFile)), p.root.RemoveAll("log"))
	if p.base != p.home {
		err = errors.Join(err, os.Remove(p.base), ignoreMissing(p.root.Remove(elsewhereFile)))
	}
	return err
}
