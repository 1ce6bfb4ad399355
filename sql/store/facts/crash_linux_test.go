package facts_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// TestFullDisk lets the disk fill up under an import: the tables lie in a small file
// system of their own.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount the small file system that this test fills")
	}
	want := cleanContent(t)
	home := reachableDir(t)
	server := startServer(t, home)
	admin := storetest.Open(t, server.URL())
	dir := smallFileSystem(t, storetest.Column(t, admin, "SELECT current_setting('data_directory')")[0])
	if err := storetest.Exec(admin, "CREATE TABLESPACE small LOCATION '"+dir+"'", "CREATE DATABASE small TABLESPACE small"); err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, strings.Replace(server.URL(), "/spoor?", "/small?", 1))
	leaveRoom(t, dir, 3<<20)
	added, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", childMessages, 50)
	if !errors.Is(err, store.ErrFull) {
		t.Fatalf("%d messages were stored, then: %v", added, err)
	}
	t.Logf("%d messages were stored, then: %v", added, err)
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM messages"); n[0] != strconv.Itoa(added) {
		t.Errorf("%s messages are there, %d were said to be stored", n[0], added)
	}
	if _, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", childMessages, 50); !errors.Is(err, store.ErrFull) {
		t.Errorf("still full: %v", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=400m"); err != nil {
		t.Fatal(err)
	}
	if _, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", childMessages, 50); err != nil {
		t.Fatal(err)
	}
	if got := content(t, s); got != want {
		t.Errorf("after the disk was full:\n%s\nafter one clean run:\n%s", got, want)
	}
}

// leaveRoom makes the file system so small that only n bytes are free.
func leaveRoom(t *testing.T, dir string, n int64) {
	t.Helper()
	var f syscall.Statfs_t
	if err := syscall.Statfs(dir, &f); err != nil {
		t.Fatal(err)
	}
	size := int64(f.Blocks-f.Bfree)*int64(f.Bsize) + n
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size="+strconv.FormatInt(size, 10)); err != nil {
		t.Fatal(err)
	}
}

// smallFileSystem mounts one that belongs to the owner of like.
func smallFileSystem(t *testing.T, like string) string {
	t.Helper()
	info, err := os.Stat(like)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	dir := reachableDir(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=100m,mode=0700"); err != nil {
		t.Skip("no file system may be mounted here: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
		t.Fatal(err)
	}
	return dir
}
