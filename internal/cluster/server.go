package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// startWait limits a start without progress. Recovery after a crash is
	// progress: it replays up to max_wal_size, which takes minutes on a slow
	// disk.
	startWait    = time.Minute
	recoveryWait = 30 * time.Minute
	stopWait     = time.Minute
	// recoveryTell is the length of a recovery from which the user is told.
	// Most take less than a second.
	recoveryTell = 3 * time.Second
	// orphanWait is the time for which processes of a killed postmaster may
	// hold its shared memory. One that writes to a busy disk notices late: 20
	// seconds were once too few.
	orphanWait = 2 * time.Minute
	// emptyWait is the time for which postmaster.pid may be empty. After it, a
	// crash has truncated the file.
	emptyWait = time.Second
	logMax    = 4 << 20
)

// server is a running server.
type server struct {
	pid       int
	port      int
	socketDir string
	version   string
}

// up joins the running server or starts one. The caller holds the gate.
func (p *place) up(ctx context.Context) (server, error) {
	srv, err := p.join(ctx)
	if err == nil {
		err = p.retire(ctx, srv)
	}
	if !errors.Is(err, ErrNotRunning) {
		return srv, err
	}
	if err := p.sweepHalfMade(); err != nil {
		return server{}, err
	}
	b, err := p.programs(ctx)
	if err != nil {
		return server{}, err
	}
	exists, err := p.initialised()
	if err != nil {
		return server{}, err
	}
	if !exists {
		if err := p.initialise(ctx, b); err != nil {
			return server{}, err
		}
	}
	return p.start(ctx, b)
}

// join returns the running server, or ErrNotRunning.
func (p *place) join(ctx context.Context) (server, error) {
	pm, err := p.readPostmaster()
	if err != nil {
		return server{}, err
	}
	if pm == nil || pm.status != "ready" || pm.socketDir == "" {
		return server{}, ErrNotRunning
	}
	version, err := p.greet(ctx, pm.socket())
	if isRefusal(err) && !notYet(err) {
		return server{}, err
	}
	if err != nil {
		p.Log.Debug("the server does not answer", "pid", pm.pid, "err", err)
		return server{}, ErrNotRunning
	}
	return server{pm.pid, pm.port, pm.socketDir, version}, nil
}

// launch is one attempt to start a postmaster.
type launch struct {
	cmd    *exec.Cmd
	exited chan error
	logAt  int64 // offset of its messages in the log
}

// start starts the postmaster and waits until it answers. If another postmaster
// has the same data, left by a killed command, it waits for that one and joins
// it.
func (p *place) start(ctx context.Context, b binaries) (server, error) {
	dir, err := p.socketDir()
	if err != nil {
		return server{}, err
	}
	at, err := p.listening()
	if err == nil {
		err = p.writeConf(p.db(), b.major, dir, at)
	}
	if err != nil {
		return server{}, err
	}
	s := &starter{place: p, b: b, socket: socketPath(dir, portOf(at)), began: time.Now()}
	srv, err := s.run(ctx)
	if err != nil {
		s.abandon()
	}
	return srv, err
}

// starter is the state of start between two checks.
type starter struct {
	*place
	b      binaries
	socket string
	began  time.Time
	own    *launch
	told   bool
}

// run waits until the server accepts connections. It starts the server first if
// none is running.
func (s *starter) run(ctx context.Context) (server, error) {
	for {
		srv, err := s.join(ctx)
		if !errors.Is(err, ErrNotRunning) {
			return srv, err
		}
		if err := s.step(); err != nil {
			return server{}, err
		}
		if err := pause(ctx, poll); err != nil {
			return server{}, err
		}
	}
}

// abandon stops the server of an interrupted start, so that none remains
// without a user.
//
// SIGINT is PostgreSQL's fast shutdown: it disconnects clients and writes
// everything. SIGTERM would wait for clients.
func (s *starter) abandon() {
	if s.own == nil {
		return
	}
	syscall.Kill(s.own.cmd.Process.Pid, syscall.SIGINT)
	select {
	case <-s.own.exited:
	case <-time.After(stopWait):
	}
}

// step reacts to the state of the postmaster without waiting.
func (s *starter) step() error {
	pm, err := s.readPostmaster()
	if err != nil {
		return err
	}
	if s.own != nil {
		select {
		case exit := <-s.own.exited:
			return s.afterExit(exit, pm)
		default:
			return s.patience(pm)
		}
	}
	if s.alive(pm) {
		return s.patience(pm)
	}
	if pm != nil && pm.pid == 0 && time.Since(s.began) < emptyWait {
		return nil // perhaps a postmaster is writing it at the moment
	}
	if err := s.clearStale(pm, s.socket); err != nil {
		return err
	}
	s.own, err = s.launch()
	return err
}

// afterExit decides whether to retry after an attempt that ended.
func (s *starter) afterExit(exit error, pm *postmaster) error {
	said := s.logSince(s.own.logAt)
	s.own = nil
	if s.alive(pm) {
		return nil // another postmaster has the data; wait for it
	}
	// Processes of a killed postmaster notice its death and exit. Until then
	// they use its shared memory.
	if strings.Contains(said, "shared memory") && time.Since(s.began) < orphanWait {
		time.Sleep(10 * poll)
		return nil
	}
	return &serverError{doing: fmt.Sprintf("starting PostgreSQL %d (%v)", s.b.major, exit),
		said: lastLines(said, 10), log: s.log()}
}

// patience limits the wait for a postmaster that lives but does not answer yet.
func (s *starter) patience(pm *postmaster) error {
	waited := time.Since(s.began)
	bound := startWait
	if pm != nil && pm.status == "starting" {
		bound = recoveryWait
	}
	if waited > recoveryTell && !s.told && s.recovers() {
		s.told = true
		s.Notice("PostgreSQL is getting up again after it was cut off; this may take a while")
	}
	if waited > bound {
		return &serverError{doing: fmt.Sprintf("waiting %v for PostgreSQL to answer", bound),
			said: lastLines(s.logTail(), 10), log: s.log()}
	}
	return nil
}

// recovers reports whether the starting server was cut off before, by its log.
// A start on a busy machine is slow, too, and nothing to tell about.
func (s *starter) recovers() bool {
	said := s.logTail() // of another command's postmaster
	if s.own != nil {
		said = s.logSince(s.own.logAt)
	}
	return strings.Contains(said, "database system was interrupted")
}

// launch starts a postmaster that outlives this command.
func (s *starter) launch() (*launch, error) {
	log, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	at, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	cmd := s.command(context.Background(), s.b.postgres(), "-D", s.db())
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		if errors.Is(err, syscall.EPERM) && s.drop {
			return nil, s.cannotBecome(err)
		}
		return nil, err
	}
	l := &launch{cmd: cmd, exited: make(chan error, 1), logAt: at}
	go func() { l.exited <- cmd.Wait() }()
	s.Log.Info("server started", "pid", cmd.Process.Pid, "version", s.b.major)
	return l, nil
}

// openLog opens the server's log and starts a new one when it exceeds logMax.
//
// One older log is kept, so that both need at most twice logMax.
func (p *place) openLog() (*os.File, error) {
	const name = "log/server.log"
	if info, err := p.root.Stat(name); err == nil && info.Size() > logMax {
		if err := p.root.Rename(name, name+".1"); err != nil {
			return nil, err
		}
	}
	return p.openOwn(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
}

// logSince returns the log from an offset.
//
// 64 KiB hold the messages of a start. Errors give "", because the log only
// explains another error.
func (p *place) logSince(at int64) string {
	f, err := p.root.Open("log/server.log")
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.NewSectionReader(f, at, 64<<10))
	if err != nil {
		return ""
	}
	return string(text)
}

// logTail returns the last 8 KiB of the server's log.
func (p *place) logTail() string {
	info, err := p.root.Stat("log/server.log")
	if err != nil {
		return ""
	}
	return p.logSince(max(0, info.Size()-8<<10))
}

// down stops the server. Clients are disconnected, and all committed data are
// written. The caller holds the gate.
func (p *place) down(ctx context.Context) error {
	pm, err := p.readPostmaster()
	if err != nil {
		return err
	}
	if !p.alive(pm) {
		return ErrNotRunning
	}
	if err := syscall.Kill(pm.pid, syscall.SIGINT); err != nil {
		return fmt.Errorf("stopping PostgreSQL (process %d): %w", pm.pid, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, stopWait, fmt.Errorf("it still runs after %v; its log: %s", stopWait, p.log()))
	defer cancel()
	for {
		now, err := p.readPostmaster()
		if err != nil {
			return err
		}
		if now == nil || now.pid != pm.pid || !p.alive(now) {
			p.dropSocketDir(pm.socketDir)
			return nil
		}
		if err := pause(ctx, poll); err != nil {
			return fmt.Errorf("stopping PostgreSQL (process %d): %w", pm.pid, err)
		}
	}
}

// socketPath returns the name of PostgreSQL's socket.
func socketPath(dir string, port int) string {
	return filepath.Join(dir, ".s.PGSQL."+strconv.Itoa(port))
}
