package mailbox

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// asNobody has f open files as a user without rights, also where the tests run as root.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread() // the identity for files is the thread's
	defer runtime.UnlockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setfsuid(0)
	f()
}

func TestDeniedFolderIsReportedOnce(t *testing.T) {
	dir := t.TempDir()
	for p := dir; p != "/"; p = filepath.Dir(p) {
		if info, err := os.Stat(p); err == nil && info.Mode().Perm()&0o005 != 0o005 && os.Geteuid() == 0 {
			if err := os.Chmod(p, info.Mode().Perm()|0o055); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "a.eml"), []byte("From: a@example.com\nSubject: a\n\nx\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "denied"), 0); err != nil {
		t.Fatal(err)
	}
	asNobody(t, func() {
		got := find(t, dir)
		if len(got.raws) != 1 || len(got.failures) != 1 || got.failures[0].Code != "permission" || got.failures[0].Place.Name != "denied" {
			t.Errorf("%d messages, failures %+v", len(got.raws), got.failures)
		}
	})
}
