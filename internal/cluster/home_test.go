package cluster

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestDefaultHome(t *testing.T) {
	root := os.Geteuid() == 0
	for _, c := range []struct {
		name       string
		env        map[string]string
		want       string
		wantAsRoot string
	}{
		{"SPOOR_HOME first", map[string]string{"SPOOR_HOME": "/srv/s", "XDG_DATA_HOME": "/x", "HOME": "/home/a"}, "/srv/s", "/srv/s"},
		{"XDG_DATA_HOME", map[string]string{"XDG_DATA_HOME": "/x", "HOME": "/home/a"}, "/x/spoor", "/x/spoor"},
		{"relative XDG_DATA_HOME counts for nothing", map[string]string{"XDG_DATA_HOME": "x", "HOME": "/home/a"},
			"/home/a/.local/share/spoor", "/home/a/.local/share/spoor"},
		{"root's home is closed", map[string]string{"HOME": "/root"}, "/root/.local/share/spoor", "/var/lib/spoor"},
		{"no HOME", nil, "", "/var/lib/spoor"},
	} {
		want := c.want
		if root {
			want = c.wantAsRoot
		}
		got, err := DefaultHome(func(name string) string { return c.env[name] })
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, want)
		}
	}
}

func TestRootGivesTheDataToAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // there is nothing to give away
	}
	home := emptyHome(t)
	if err := os.Mkdir(home, 0o700); err != nil { // as mktemp -d makes it: closed, but ours to open
		t.Fatal(err)
	}
	c := mustOpen(t, options(home))
	if owner := ownerOf(t, filepath.Join(home, "db")); owner == 0 {
		t.Error("the data belong to root")
	}
	if owner := ownerOf(t, home); owner != 0 {
		t.Errorf("the home belongs to user %d, who could change what root does in it", owner)
	}
	if owner := ownerOfProcess(t, c.server.pid); owner == 0 {
		t.Error("the server runs as root")
	}
	mustClose(t, c)
}

func TestRootInTheHomeOfAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	home := emptyHome(t)
	if err := os.Chown(filepath.Dir(home), nobody, nobody); err != nil {
		t.Fatal(err)
	}
	c := mustOpen(t, options(filepath.Join(home, "deep", "er")))
	t.Cleanup(func() { killServer(t, c.place.home) })
	if owner := ownerOfProcess(t, c.server.pid); owner != nobody {
		t.Errorf("the server runs as %d, want the owner of the home", owner)
	}
	mustClose(t, c)
	err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err == nil && ownerOf(t, path) != nobody {
			t.Errorf("%s is not the user's own", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestClosedPathMovesTheData(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	home := emptyHome(t)
	closed := filepath.Join(filepath.Dir(home), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	varLib := filepath.Dir(home)
	home = filepath.Join(closed, "home")
	t.Cleanup(func() { killServer(t, home) })
	var notices []string
	o := Options{Home: home, Create: true, varLib: varLib, noSync: true, Notice: func(s string) { notices = append(notices, s) }}
	c := mustOpen(t, o)
	db := c.place.db()
	if !strings.HasPrefix(db, varLib+"/spoor/homes/home-") {
		t.Errorf("data in %s", db)
	}
	if !strings.Contains(strings.Join(notices, "\n"), filepath.Dir(db)) {
		t.Errorf("notices %q do not say where the data are", notices)
	}
	sql(t, c, "CREATE TABLE here()")
	mustClose(t, c)

	again := mustOpen(t, o)
	if again.place.db() != db {
		t.Errorf("the second time in %s, not %s", again.place.db(), db)
	}
	sql(t, again, "DROP TABLE here")
	mustClose(t, again)

	if err := os.Rename(filepath.Dir(db), filepath.Dir(db)+"-unmounted"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), elsewhereFile) {
		t.Errorf("the data are missing: %v", err)
	}

	o.Home = filepath.Join(closed, "other")
	other, err := settle(o)
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	if other.db() == db {
		t.Error("two homes share their data")
	}
	if err := os.Remove(filepath.Join(home, elsewhereFile)); err != nil { // killServer would look there
		t.Fatal(err)
	}
}

// TestAsOrdinaryUser repeats the main tests as nobody when they run as root.
func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // they have run so already
	}
	needPostgres(t)
	dir, err := reachableDir()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "cluster.test")
	if out, err := exec.Command("install", "-m", "755", exe, program).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	foreign := filepath.Join(dir, "store of another user")
	if err := errors.Join(os.Mkdir(foreign, 0o711), os.Mkdir(filepath.Join(foreign, "db"), 0o700)); err != nil {
		t.Fatal(err)
	}

	cmd := exec.Command(program, "-test.v", "-test.run", "^(TestNewStore|TestSharedWithinOneProcess|TestKilledUserLeavesAServerToJoin|TestLongPath|TestMayNot)$")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME=/nonexistent", "USER=nobody", "SPOOR_CLUSTER_TEST_FOREIGN="+foreign)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "--- PASS") != 5 {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

func TestMayNot(t *testing.T) {
	if os.Geteuid() == 0 {
		return // root may
	}
	homes := map[string]string{"directory of root": "/etc/spoor-test/home"}
	if foreign := os.Getenv("SPOOR_CLUSTER_TEST_FOREIGN"); foreign != "" {
		homes["store of another user"] = foreign
	}
	for name, home := range homes {
		_, err := Open(t.Context(), options(home))
		if !errors.Is(err, fs.ErrPermission) && err == nil || !strings.Contains(err.Error(), "SPOOR_HOME") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHijackedSocketDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	self := accountOf(os.Geteuid(), os.Getegid())
	for name, make := range map[string]func(path string) error{
		"open to others": func(path string) error {
			return errors.Join(os.Mkdir(path, 0o755), os.Chmod(path, 0o755))
		},
		"a link": func(path string) error { return os.Symlink(dir, path) },
		"a file": func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		path := filepath.Join(dir, name)
		if err := make(path); err != nil {
			t.Fatal(err)
		}
		p := &place{server: self}
		if err := p.makeServers(path); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func ownerOf(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

func ownerOfProcess(t *testing.T, pid int) int {
	t.Helper()
	out, err := exec.Command("ps", "-o", "uid=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := leadingInt(strings.TrimSpace(string(out)))
	return uid
}

// TestHomeOpenToOthers: they could put a database of theirs in the place of ours.
func TestHomeOpenToOthers(t *testing.T) {
	for _, c := range []struct {
		name  string
		mode  os.FileMode
		file  string
		fails bool
	}{
		{"empty, of a group", 0o775, "", false},
		{"empty, of all", 0o777, "", false},
		{"with things of others", 0o777, "theirs", true},
		{"with things of others, of a group", 0o770, "theirs", true},
		{"readable", 0o755, "theirs", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := emptyHome(t)
			if err := os.Mkdir(home, 0o755); err != nil {
				t.Fatal(err)
			}
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(home, c.file), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(home, c.mode); err != nil {
				t.Fatal(err)
			}
			p, err := settle(options(home))
			if c.fails {
				if err == nil || !strings.Contains(err.Error(), "chmod go-w") {
					t.Errorf("taken, or refused without a way out: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			p.close()
			if info, err := os.Stat(home); err != nil || info.Mode().Perm()&0o022 != 0 {
				t.Errorf("mode %v, %v: still open to others", info.Mode(), err)
			}
		})
	}
}

func TestHomeOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a home to another user")
	}
	home := emptyHome(t)
	if err := os.Mkdir(home, 0o777); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(home)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	// As an ordinary user sees it: the home is root's.
	p := &place{Options: Options{Create: true}, home: home, owner: account{"nobody", 65534, 65534}, root: root}
	if err := p.checkHome(); err == nil || !strings.Contains(err.Error(), "belongs to user root") {
		t.Errorf("a home of another user: %v", err)
	}
}
