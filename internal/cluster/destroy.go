package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Destroy stops the cluster and removes its data for good. *BusyError while other
// commands use it, and nothing is touched. Fetched programs stay, and so does whatever
// in the home is not Spoor's.
func Destroy(ctx context.Context, o Options) error {
	p, err := settleExisting(o)
	if err != nil {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
	defer p.close()
	gate, err := p.lockGate(ctx)
	if err != nil {
		return fmt.Errorf("private PostgreSQL: %w", err)
	}
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

// remove takes the data away first by name, so that a kill leaves no half of a store that
// looks like one; what is left of it is swept by the next start.
func (p *place) remove() error {
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
