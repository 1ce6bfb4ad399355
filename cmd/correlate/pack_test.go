package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"spoor/sql/store/storetest"
)

// A pack is made by one command and read by the other, so this test builds that.
func TestPacks(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed: it makes the key that the pack is signed with")
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "collector"), "../collector").CombinedOutput(); err != nil {
		t.Fatalf("build the collector: %v\n%s", err, out)
	}
	storetest.URL(t) // keeps the server up
	testscript.Run(t, testscript.Params{
		Dir: "testdata/pack",
		Setup: func(e *testscript.Env) error {
			tb := e.T().(testing.TB)
			wd, err := os.Getwd()
			e.Setenv("EXAMPLES", wd+"/../../examples")
			e.Setenv("DATABASE_URL", storetest.URL(tb))
			e.Setenv("SECOND", storetest.URL(tb))
			e.Setenv("LC_ALL", "C.UTF-8")
			e.Setenv("PATH", bin+string(filepath.ListSeparator)+e.Getenv("PATH"))
			return err
		},
	})
}
