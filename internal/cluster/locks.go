package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// poll is the interval for checking a lock, file or process. A start takes 90
// ms, so 5 ms lose little; a check costs microseconds.
const poll = 5 * time.Millisecond

// gateWait limits the wait for a command that starts, stops or downloads the
// server. After gateTell the user is informed.
const (
	gateWait = 20 * time.Minute
	gateTell = 2 * time.Second
)

// Files of the locks, below the home: the gate is held while a server starts or
// stops; keep marks a server that stays up; each user process has a file of its
// own.
const (
	runDir     = "run"
	gateFile   = "run/gate"
	keepFile   = "run/keep"
	userPrefix = "user-"
)

// fileLock is a flock(2) on an open file, which the kernel releases whenever
// the process ends.
type fileLock struct{ file *os.File }

// tryLock takes the exclusive lock of a file; ok is false if another process
// holds it.
//
// flock(2) and not fcntl(2): the latter is released when any descriptor of the
// file is closed in the process.
func tryLock(f *os.File) (ok bool, err error) {
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, syscall.EINTR):
			return false, fmt.Errorf("locking %s: %w", f.Name(), err)
		}
	}
}

// release unlocks before it closes. A child between fork and exec still has a
// copy of the descriptor, so closing alone would not release the lock.
func (l *fileLock) release() {
	syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN)
	l.file.Close()
}

// lockGate waits until no other command starts or stops the server.
func (p *place) lockGate(ctx context.Context) (*fileLock, error) {
	f, err := p.openOwn(gateFile, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, gateWait, errGateStuck)
	defer cancel()
	tell := time.Now().Add(gateTell)
	for {
		ok, err := tryLock(f)
		if err == nil && ok {
			return &fileLock{f}, nil
		}
		if err == nil && !tell.IsZero() && time.Now().After(tell) {
			tell = time.Time{}
			p.Notice("Waiting for another command that starts or stops the private PostgreSQL")
		}
		if err == nil {
			err = pause(ctx, poll)
		}
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("waiting for another command to start or stop the server: %w", err)
		}
	}
}

// errGateStuck is a process that holds the gate for longer than starting or
// stopping takes.
var errGateStuck = fmt.Errorf("it has not finished in %v", gateWait)

// pause sleeps, or returns the error of the context.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// userLock is one use of the cluster: a file that stays locked during the use.
type userLock struct {
	fileLock
	place *place
	name  string
}

// enrol records a use. The caller holds the gate, so that nobody takes the file
// for a dead one before it is locked.
func (p *place) enrol() (*userLock, error) {
	name := path.Join(runDir, fmt.Sprintf("%s%d-%s", userPrefix, os.Getpid(), rand.Text()))
	f, err := p.openOwn(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return nil, err
	}
	if ok, err := tryLock(f); err != nil || !ok {
		f.Close()
		return nil, fmt.Errorf("locking the new file %s: %w", name, errors.Join(err, p.root.Remove(name)))
	}
	return &userLock{fileLock{f}, p, name}, nil
}

// release ends the use. If the file cannot be removed, it is unlocked, and
// users removes it later.
func (u *userLock) release() {
	u.place.root.Remove(u.name)
	u.fileLock.release()
}

// users lists the processes that use the cluster and removes the files of dead
// ones. The caller holds the gate.
func (p *place) users() ([]int, error) {
	entries, err := fs.ReadDir(p.root.FS(), runDir)
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), userPrefix)
		if !ok || !e.Type().IsRegular() {
			continue
		}
		used, err := p.inUse(path.Join(runDir, e.Name()))
		if err != nil {
			return nil, err
		}
		if used {
			pid, _, _ := strings.Cut(rest, "-")
			n, _ := strconv.Atoi(pid) // our own names; 0 for a foreign file
			pids = append(pids, n)
		}
	}
	slices.Sort(pids)
	return pids, nil
}

// inUse reports whether the file of a user is locked, and removes it otherwise.
func (p *place) inUse(name string) (bool, error) {
	f, err := p.root.OpenFile(name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // released after the directory was listed
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	free, err := tryLock(f)
	if err != nil || !free {
		return true, err
	}
	return false, p.root.Remove(name)
}

// leave ends a use and stops the server after the last one. The caller holds
// the gate.
func (p *place) leave(use *userLock) error {
	use.release()
	users, err := p.users()
	if err != nil || len(users) > 0 || p.kept() {
		return err
	}
	err = p.down(context.Background())
	if errors.Is(err, ErrNotRunning) {
		return nil
	}
	return err
}

// kept reports whether `db start` made the server permanent.
func (p *place) kept() bool {
	_, err := p.root.Lstat(keepFile)
	return err == nil
}
