package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is a user of the operating system.
//
// Numbers are ints as in package os; the kernel's are 32 bits without a sign.
type account struct {
	name     string
	uid, gid int
}

func (a account) isRoot() bool { return a.uid == 0 }

// accountOf returns the account of a user id. A container may lack an entry in
// its user database; the number then serves as the name.
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

// chooseAccounts selects the owner of the files and the account of the server
// if this process is root.
func (p *place) chooseAccounts() error {
	uid, gid, err := ownerOfNearest(p.home)
	if err != nil {
		return err
	}
	if uid != 0 {
		// In the home of an ordinary user, leave nothing that this user cannot
		// use.
		p.owner = accountOf(uid, gid)
		p.server = p.owner
		return nil
	}
	// Distributions make the user postgres with the package. Containers often
	// have nobody else.
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

// ownerOfNearest returns the owner of a directory or of its nearest existing
// parent.
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

// adoptServer makes the owner of existing data the user that runs the server.
//
// Existing data decide: PostgreSQL refuses a data directory that another user
// owns.
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
