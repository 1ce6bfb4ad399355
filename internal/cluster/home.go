package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// systemHome is where root's store is by default: /root is closed to the user that the server runs as.
const systemHome = "/var/lib/spoor"

// elsewhereFile holds, in a home that the server's user cannot reach, the path of the directory that it can.
const elsewhereFile = "elsewhere"

// DefaultHome returns $SPOOR_HOME, else "spoor" in the user's data directory
// ($XDG_DATA_HOME, or ~/.local/share). Root's is /var/lib/spoor, because no
// other user can enter /root.
func DefaultHome(getenv func(string) string) (string, error) {
	if dir := getenv("SPOOR_HOME"); dir != "" {
		return filepath.Abs(dir)
	}
	// The XDG specification wants relative paths ignored.
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

// account is a user of the operating system.
type account struct {
	name     string
	uid, gid int
}

func (a account) isRoot() bool { return a.uid == 0 }

func accountOf(uid, gid int) account {
	a := account{name: strconv.Itoa(uid), uid: uid, gid: gid}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		a.name = u.Username
		if n, err := strconv.Atoi(u.Gid); err == nil {
			a.gid = n
		}
	}
	return a
}

// place is a home with everything decided: where its parts are and who owns them.
type place struct {
	Options
	home   string          // Options.Home with links resolved
	base   string          // holds db and socket; the home, unless the server's user can't reach it
	root   *os.Root        // the home, so that no link in it leads outside
	owner  account         // of the home and what the commands write there
	server account         // runs PostgreSQL and owns its data
	drop   bool            // we are root, the server must not be
	listen *netip.AddrPort // where the server is about to listen; nil: where keepFile says
}

func (p *place) db() string     { return filepath.Join(p.base, "db") }
func (p *place) log() string    { return filepath.Join(p.home, "log", "server.log") }
func (p *place) socket() string { return filepath.Join(p.base, "socket") }

func (p *place) close() { p.root.Close() }

// settle finds the home, or makes it when that is allowed.
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

// chooseAccounts says who owns the files and who runs the server when we are root.
func (p *place) chooseAccounts() error {
	uid, gid, err := ownerOfNearest(p.home)
	if err != nil {
		return err
	}
	if uid != 0 {
		// The home of an ordinary user: leave nothing in it that he can't use himself.
		p.owner = accountOf(uid, gid)
		p.server = p.owner
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		p.server = account{name, uid, gid}
		return nil
	}
	return errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody: " +
		"run the command as an ordinary user")
}

// ownerOfNearest returns the owner of a directory, or of the nearest one above it that exists.
func ownerOfNearest(dir string) (uid, gid int, err error) {
	for {
		info, err := os.Stat(dir)
		if err == nil {
			st := info.Sys().(*syscall.Stat_t)
			return int(st.Uid), int(st.Gid), nil
		}
		if parent := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && parent != dir {
			dir = parent
			continue
		}
		return 0, 0, err
	}
}

// openHome opens the home, and makes it first when that is allowed.
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

// checkHome refuses a home in which others could put a database of theirs in the place of
// ours: one of another user, unless we are root and act for him, and one that others may
// write to. A home that holds nothing but Spoor's things is closed to them instead.
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

// makeHome makes the home and the directories above it. Root leaves its own
// home passable, because the server's user has to get through to the data.
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
			if err := os.Chmod(missing[i], mode); err != nil { // whatever the umask says
				return err
			}
		}
	}
	return nil
}

// settleBase finds where the data are, or decides where they will be, and makes the directories for them.
func (p *place) settleBase() error {
	elsewhere, err := p.root.ReadFile(elsewhereFile)
	switch {
	case err == nil && p.drop && p.owner.isRoot():
		p.base = strings.TrimSpace(string(elsewhere))
		if _, err := os.Stat(p.base); err != nil {
			// A disk that is not mounted, perhaps: a new store in its place would hide the old one.
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

// initialised says whether there are data. The directory gets its name only when it is complete.
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

// adoptServer makes the owner of existing data the user that the server runs as.
func (p *place) adoptServer() error {
	info, err := os.Lstat(p.db())
	if err != nil {
		return err
	}
	st := info.Sys().(*syscall.Stat_t)
	owner := accountOf(int(st.Uid), int(st.Gid))
	switch {
	case owner.uid == p.server.uid:
		return nil
	case !p.drop:
		return fmt.Errorf("the store in %s belongs to user %s: run the command as that user or as root, "+
			"or choose another directory with SPOOR_HOME", p.home, owner.name)
	case owner.isRoot():
		return fmt.Errorf("%s belongs to root, and PostgreSQL does not run as root: chown -R %s %s",
			p.db(), p.server.name, p.db())
	}
	p.server = owner
	return nil
}

// reach makes sure that the server's user can get to the base. A home of our own
// is made passable; where a directory above it is closed (/root, or a folder of
// mktemp -d) the data go to a directory under /var/lib, and the home says where.
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

// isOurs says whether a home holds nothing but what Spoor puts there, so that its mode may be changed.
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

// moveBase gives a home whose path is closed a base of its own under /var/lib/spoor.
func (p *place) moveBase(closed string) error {
	above := p.varLib
	for _, name := range []string{"spoor", "homes"} {
		above = filepath.Join(above, name)
		err := os.Mkdir(above, 0o711)
		if err == nil {
			err = os.Chmod(above, 0o711) // whatever the umask says
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("user %s, whom PostgreSQL runs as, can't enter %s: %w", p.server.name, closed, err)
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
		return errors.Join(fmt.Errorf("user %s, whom PostgreSQL runs as, can enter neither %s nor %s: "+
			"choose a directory that it reaches with SPOOR_HOME", p.server.name, closed, still), err)
	}
	p.Notice(fmt.Sprintf("User %s, whom PostgreSQL runs as, can't enter %s: the data go to %s",
		p.server.name, closed, base))
	if err := p.writeOwn(elsewhereFile, base+"\n"); err != nil {
		return err
	}
	p.base = base
	return nil
}

// closedTo returns the first directory on the way to dir that an account may
// not enter, or "". It goes by the mode bits, which is what is there nearly always.
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

// makeOwn makes directories of the home that only the commands use.
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

// makeServers makes a directory of the base that only the server's user may enter.
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

// checkPrivate refuses a directory that others can enter or that is not a directory of the account.
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

// openOwn opens a file of the home, private to its owner.
func (p *place) openOwn(name string, flag int) (*os.File, error) {
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
