package cluster

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// nonBlock keeps an open from blocking on a pipe that somebody put in the place
// of a file.
const nonBlock = syscall.O_NONBLOCK

// postmaster is the content of postmaster.pid.
type postmaster struct {
	pid       int
	port      int
	socketDir string
	status    string // "starting", "ready", "stopping", "standby"; "" while it is written
}

// readPostmaster reads postmaster.pid. It returns nil if there is none.
//
// An empty or garbled file gives a postmaster without a process id. That is
// different from none: PostgreSQL refuses to start over it.
func (p *place) readPostmaster() (*postmaster, error) {
	root, err := os.OpenRoot(p.db())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	text, err := readSmall(root, "postmaster.pid")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, io.EOF) {
		return &postmaster{}, nil // created but not yet written, or truncated by a full disk
	}
	if err != nil {
		return nil, err
	}
	return parsePostmaster(text), nil
}

// parsePostmaster parses the lines of postmaster.pid: process id, data
// directory, start time, port, socket directory, listen address, shared memory,
// status.
func parsePostmaster(text string) *postmaster {
	lines := strings.Split(text, "\n")
	line := func(n int) string {
		if n < len(lines) {
			return strings.TrimSpace(lines[n])
		}
		return ""
	}
	pid, err := strconv.Atoi(line(0))
	if err != nil || pid < 2 { // kill(2) takes 0 and -1 for groups
		return &postmaster{}
	}
	port, err := strconv.Atoi(line(3))
	if err != nil || port < 1 || port > 1<<16-1 {
		port = socketPort
	}
	return &postmaster{pid: pid, port: port, socketDir: line(4), status: line(7)}
}

func (pm *postmaster) socket() string { return socketPath(pm.socketDir, pm.port) }

// alive reports whether the process exists and is this cluster's postmaster.
// After a reboot or in a container, the id may belong to any process.
func (p *place) alive(pm *postmaster) bool {
	if pm == nil || pm.pid == 0 {
		return false
	}
	if err := syscall.Kill(pm.pid, 0); errors.Is(err, syscall.ESRCH) {
		return false
	}
	args, known := commandLine(pm.pid)
	return !known || p.isPostmaster(args)
}

// isPostmaster recognises the command line "…/postgres -D DIR". A zombie has no
// command line.
func (p *place) isPostmaster(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if base := filepath.Base(args[0]); base != "postgres" && base != "postmaster" {
		return false
	}
	for i, arg := range args[:len(args)-1] {
		if arg == "-D" {
			dir, err := filepath.EvalSymlinks(args[i+1])
			return err != nil || dir == p.db()
		}
	}
	return true // started in another way; PostgreSQL will report a conflict
}

// commandLine returns the arguments of a process from /proc, or else from ps.
func commandLine(pid int) (args []string, known bool) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	if err == nil {
		if raw = bytes.TrimRight(raw, "\x00"); len(raw) == 0 {
			return nil, true
		}
		return strings.Split(string(raw), "\x00"), true
	}
	if _, err := os.Stat("/proc/self"); err == nil {
		return nil, errors.Is(err, fs.ErrNotExist)
	}
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil, false
	}
	return strings.Fields(string(out)), true
}

// clearStale removes lock files of a dead postmaster that PostgreSQL would not
// remove: empty ones, truncated by a crash, and those whose id now belongs to
// another process. PostgreSQL takes any live process of the same user for the
// owner and refuses to start.
func (p *place) clearStale(pm *postmaster, socket string) error {
	err := p.clearLock(filepath.Dir(socket), filepath.Base(socket)+".lock")
	if pm == nil {
		return err
	}
	if pm.socketDir != "" && pm.socket() != socket {
		err = errors.Join(err, p.clearLock(pm.socketDir, filepath.Base(pm.socket())+".lock"))
	}
	return errors.Join(err, p.clearLock(p.db(), "postmaster.pid"))
}

// clearLock removes a lock file, unless it is missing, names a postmaster of
// these data, or names no process, which PostgreSQL handles itself.
func (p *place) clearLock(dir, name string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return ignoreMissing(err)
	}
	defer root.Close()
	text, err := readSmall(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	pm := parsePostmaster(text)
	if pm.pid != 0 && (p.alive(pm) || errors.Is(syscall.Kill(pm.pid, 0), syscall.ESRCH)) {
		return nil
	}
	p.Log.Info("removing the lock file of a dead server", "file", filepath.Join(dir, name), "pid", pm.pid)
	return ignoreMissing(root.Remove(name))
}

// ignoreMissing returns nil for a file that does not exist, which is no error
// when it is removed.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
