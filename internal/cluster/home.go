package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// systemHome is root's default home, because the server's user has no access to
// /root.
const systemHome = "/var/lib/spoor"

// elsewhereFile is a file in a home without access for the server's user. It
// contains the path of the directory that is used instead.
const elsewhereFile = "elsewhere"

// DefaultHome returns $SPOOR_HOME, else "spoor" in the user's data directory
// ($XDG_DATA_HOME, or ~/.local/share). Root's is /var/lib/spoor, because no
// other user can enter /root.
func DefaultHome(getenv func(string) string) (string, error) {
	if dir := getenv("SPOOR_HOME"); dir != "" {
		return filepath.Abs(dir)
	}
	// The XDG specification demands that relative paths are ignored.
	if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "spoor"), nil
	}
	home := getenv("HOME")
	if os.Geteuid() == 0 && (home == "" || home == "/" || home == "/root") {
		return systemHome, nil
	}
	if !filepath.IsAbs(home) {
		return "", errors.New("neither SPOOR_HOME nor HOME says where the store is: set SPOOR_HOME to a directory")
	}
	return filepath.Join(home, ".local", "share", "spoor"), nil
}

// place is a home with all decisions made: the paths of its parts and their
// owners.
//
// base differs from home only for root's homes behind a closed directory.
// Everything that commands write is below home and opened through root;
// everything of the server is below base.
type place struct {
	Options
	home   string          // Options.Home with links resolved
	base   string          // directory of db and socket; the home, unless the server's user has no access to it
	root   *os.Root        // the home, opened so that no link in it leads outside
	owner  account         // owner of the home and of files that commands write there
	server account         // user that runs PostgreSQL and owns its data
	drop   bool            // this process is root and the server must not be
	listen *netip.AddrPort // address to listen at from now on; nil: the one in keepFile
}

func (p *place) db() string     { return filepath.Join(p.base, "db") }
func (p *place) log() string    { return filepath.Join(p.home, "log", "server.log") }
func (p *place) socket() string { return filepath.Join(p.base, "socket") }

func (p *place) close() { p.root.Close() }

// settle finds the home, or creates it if permitted.
func settle(o Options) (*place, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	self := accountOf(os.Geteuid(), os.Getegid())
	p := &place{Options: o, home: o.Home, owner: self, server: self, drop: self.isRoot()}
	if p.drop {
		if err := p.chooseAccounts(); err != nil {
			return nil, err
		}
	}
	if err := p.openHome(); err != nil {
		return nil, p.advise(err)
	}
	if err := p.settleBase(); err != nil {
		p.close()
		return nil, p.advise(err)
	}
	return p, nil
}

// openHome opens the home, and creates it if permitted.
//
// Links on the way are resolved once, so that two spellings of one home share
// their locks.
func (p *place) openHome() error {
	_, err := os.Stat(p.home)
	if errors.Is(err, fs.ErrNotExist) {
		if !p.Create {
			return fmt.Errorf("%w in %s", ErrNoStore, p.home)
		}
		err = p.makeHome()
	}
	if err != nil {
		return err
	}
	if p.home, err = filepath.EvalSymlinks(p.home); err != nil {
		return err
	}
	p.base = p.home
	if p.root, err = os.OpenRoot(p.home); err != nil {
		return err
	}
	if err := p.checkHome(); err != nil {
		p.close()
		return err
	}
	return nil
}

// checkHome refuses a home in which another user could replace the database:
// one that belongs to somebody else (unless this process is root and acts for
// that user), or one that others may write to. If a home contains only the
// program's files, it removes the access of others instead.
func (p *place) checkHome() error {
	info, err := p.root.Stat(".")
	if err != nil {
		return err
	}
	st := info.Sys().(*syscall.Stat_t)
	mode := info.Mode().Perm()
	switch {
	case !p.drop && int(st.Uid) != p.owner.uid:
		return fmt.Errorf("%s belongs to user %s: choose a directory of your own with SPOOR_HOME", p.home, accountOf(int(st.Uid), int(st.Gid)).name)
	case mode&0o022 == 0:
		return nil
	case p.Create && p.isOurs():
		return p.root.Chmod(".", mode&^0o022)
	}
	return fmt.Errorf("other users may write to %s (%v): chmod go-w %[1]s, or choose another directory with SPOOR_HOME", p.home, info.Mode())
}

// makeHome creates the home with its parents. Root keeps its own home passable,
// because the server's user needs access to the data.
func (p *place) makeHome() error {
	missing := []string{}
	for dir := p.home; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); err == nil {
			break
		}
		missing = append(missing, dir)
	}
	for i := len(missing) - 1; i >= 0; i-- {
		mode := os.FileMode(0o700)
		if p.drop && p.owner.isRoot() {
			mode = 0o711
		}
		if err := os.Mkdir(missing[i], mode); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if p.drop {
			if err := os.Lchown(missing[i], p.owner.uid, p.owner.gid); err != nil {
				return err
			}
			if err := os.Chmod(missing[i], mode); err != nil { // regardless of the umask
				return err
			}
		}
	}
	return nil
}

// settleBase finds or chooses the directory of the data, and creates the
// directories in it.
func (p *place) settleBase() error {
	elsewhere, err := p.root.ReadFile(elsewhereFile)
	switch {
	case err == nil && p.drop && p.owner.isRoot():
		p.base = strings.TrimSpace(string(elsewhere))
		if _, err := os.Stat(p.base); err != nil {
			// Possibly an unmounted disk: a new store in its place would hide
			// the old one.
			return fmt.Errorf("the data of %s are in %s: %w\nBring it back; or, if it is gone for good, remove %s to begin anew",
				p.home, p.base, err, filepath.Join(p.home, elsewhereFile))
		}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	exists, err := p.initialised()
	if err != nil {
		return err
	}
	if !exists && !p.Create {
		return fmt.Errorf("%w in %s", ErrNoStore, p.home)
	}
	if exists {
		err = p.adoptServer()
	} else if p.drop && p.base == p.home {
		err = p.reach()
	}
	if err != nil {
		return err
	}
	return p.makeOwn(runDir, "log")
}

// initialised reports whether there are data. The directory has its final name
// only if it is complete.
func (p *place) initialised() (bool, error) {
	_, err := os.Lstat(filepath.Join(p.db(), "PG_VERSION"))
	if errors.Is(err, fs.ErrPermission) && !p.drop {
		return false, fmt.Errorf("the store in %s belongs to another user: %w", p.home, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(p.db()); err == nil {
			return false, fmt.Errorf("%s exists but holds no PostgreSQL data (no PG_VERSION): "+
				"nothing was changed; move it away, or choose another directory with SPOOR_HOME", p.db())
		}
		return false, nil
	}
	return err == nil, err
}

// reach ensures that the server's user has access to the base. It makes our own
// home passable. If a parent is closed (/root, or a directory of mktemp -d),
// the data go to a directory below /var/lib, and the home refers to it.
func (p *place) reach() error {
	closed, err := closedTo(p.server, p.home)
	if err != nil {
		return err
	}
	if closed == p.home && p.owner.isRoot() && p.isOurs() {
		if err := p.root.Chmod(".", 0o711); err != nil {
			return err
		}
		closed = ""
	}
	if closed == "" {
		return nil
	}
	if !p.owner.isRoot() {
		return fmt.Errorf("user %s can't enter %s: choose another directory with SPOOR_HOME", p.server.name, closed)
	}
	return p.moveBase(closed)
}

// isOurs reports whether a home contains only the program's files, so that its
// mode may be changed.
func (p *place) isOurs() bool {
	entries, err := fs.ReadDir(p.root.FS(), ".")
	for _, e := range entries {
		switch e.Name() {
		case "db", "socket", "log", "run", "postgresql", "homes", elsewhereFile:
		default:
			return false
		}
	}
	return err == nil
}

// moveBase gives a home behind a closed directory a base of its own below
// /var/lib/spoor.
func (p *place) moveBase(closed string) error {
	above := p.varLib
	for _, name := range []string{"spoor", "homes"} {
		above = filepath.Join(above, name)
		err := os.Mkdir(above, 0o711)
		if err == nil {
			err = os.Chmod(above, 0o711) // regardless of the umask
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("PostgreSQL's user %s can't enter %s: %w", p.server.name, closed, err)
		}
	}
	base, err := os.MkdirTemp(above, filepath.Base(p.home)+"-")
	if err != nil {
		return err
	}
	if err := os.Chmod(base, 0o711); err != nil {
		return err
	}
	if still, err := closedTo(p.server, base); err != nil || still != "" {
		return errors.Join(fmt.Errorf("PostgreSQL's user %s can enter neither %s nor %s: "+
			"choose a directory that it reaches with SPOOR_HOME", p.server.name, closed, still), err)
	}
	p.Notice(fmt.Sprintf("PostgreSQL's user %s can't enter %s: the data go to %s",
		p.server.name, closed, base))
	if err := p.writeOwn(elsewhereFile, base+"\n"); err != nil {
		return err
	}
	p.base = base
	return nil
}
