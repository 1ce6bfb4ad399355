package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestLastList(t *testing.T) {
	env, _, _ := fakeEnv()
	dir := t.TempDir()
	env.set("XDG_CACHE_HOME", dir)
	if got := env.LastList("one"); got != nil {
		t.Errorf("before any list: %v", got)
	}
	env.RememberList("one", []string{"aa", "bb"})
	env.RememberList("two", []string{"cc"})
	env.RememberList("one", nil) // an empty list takes no number away
	if got := env.LastList("one"); !slices.Equal(got, []string{"aa", "bb"}) {
		t.Errorf("%v", got)
	}
	if got := env.LastList("two"); !slices.Equal(got, []string{"cc"}) {
		t.Errorf("of another store: %v", got)
	}
	left, err := filepath.Glob(filepath.Join(dir, "spoor", ".list-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestLastListIsBounded(t *testing.T) {
	env, _, _ := fakeEnv()
	env.set("XDG_CACHE_HOME", t.TempDir())
	env.RememberList("x", slices.Repeat([]string{strings.Repeat("a", 64)}, maxListed+5))
	if n := len(env.LastList("x")); n != maxListed {
		t.Errorf("%d are kept, want %d", n, maxListed)
	}
	path, _ := env.lastList("x")
	if err := os.WriteFile(path, make([]byte, 4<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if env.LastList("x") != nil {
		t.Error("a file that is too large is read")
	}
}

// A home that can't be written, or none, costs nothing but the numbers.
func TestLastListWithoutHome(t *testing.T) {
	env, _, stderr := fakeEnv()
	env.RememberList("x", []string{"aa"})
	env.set("XDG_CACHE_HOME", "relative")
	env.set("HOME", "/dev/null")
	env.RememberList("x", []string{"aa"})
	if env.LastList("x") != nil || stderr.Len() > 0 {
		t.Errorf("%s", stderr)
	}
}
