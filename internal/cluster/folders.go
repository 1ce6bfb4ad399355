package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// closedTo returns the first directory on the path to dir that an account may
// not enter, or "". It evaluates mode bits and no ACLs, which are rare.
//
// Of owner, group and others exactly one set of bits applies, as in the kernel:
// an owner without the bit is refused even if others have it.
func closedTo(who account, dir string) (string, error) {
	path := string(filepath.Separator)
	for _, name := range append([]string{""}, strings.Split(strings.Trim(dir, "/"), "/")...) {
		path = filepath.Join(path, name)
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		st := info.Sys().(*syscall.Stat_t)
		bit := os.FileMode(0o001)
		switch {
		case int(st.Uid) == who.uid:
			bit = 0o100
		case int(st.Gid) == who.gid:
			bit = 0o010
		}
		if info.Mode().Perm()&bit == 0 {
			return path, nil
		}
	}
	return "", nil
}

// makeOwn creates directories of the home that only commands use.
func (p *place) makeOwn(names ...string) error {
	for _, name := range names {
		err := p.root.Mkdir(name, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil && p.drop {
			err = p.root.Lchown(name, p.owner.uid, p.owner.gid)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// makeServers creates a directory of the base that only the server's user may
// enter.
func (p *place) makeServers(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err == nil && p.drop {
		return os.Lchown(dir, p.server.uid, p.server.gid)
	}
	return checkPrivate(dir, p.server)
}

// checkPrivate refuses a directory that others can enter or that another
// account owns.
func checkPrivate(dir string, who account) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || int(st.Uid) != who.uid || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s must be a directory of user %s that nobody else may enter (it is %v of user %s): "+
			"remove it or set it right", dir, who.name, info.Mode(), accountOf(int(st.Uid), int(st.Gid)).name)
	}
	return nil
}

// openOwn opens a file of the home that is private to its owner.
func (p *place) openOwn(name string, flag int) (*os.File, error) {
	// Without O_NONBLOCK a pipe in the place of the file would block the
	// command for good.
	f, err := p.root.OpenFile(name, flag|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	if p.drop && !p.owner.isRoot() {
		if err := f.Chown(p.owner.uid, p.owner.gid); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

// writeOwn writes a small file of the home.
func (p *place) writeOwn(name, text string) error {
	f, err := p.openOwn(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
