package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestParseConfig(t *testing.T) {
	c, err := ParseConfig("config", []byte("# mine\nresolver 127.0.0.1:5353\n\nwhois = de=127.0.0.1:4343 # near\n  sources\twhois,dns\n"))
	if err != nil || len(c.Lines) != 3 || c.Lines[1] != (ConfigLine{4, "whois", "de=127.0.0.1:4343"}) || c.Lines[2] != (ConfigLine{5, "sources", "whois,dns"}) {
		t.Errorf("%+v, %v", c, err)
	}
	for text, want := range map[string]string{
		"\nresolvr 1.2.3.4": `config, line 2: unknown key "resolvr"; did you mean "resolver"?`,
		"colour blue":       `config, line 1: unknown key "colour"`,
		"resolver":          `line 1: "resolver" has no value`,
		"root:$6$secret:1:": `line 1: "a line" has no value`,
		"whois bad":         "config, line 1: whois: not so",
	} {
		c, err := ParseConfig("config", []byte(text))
		if err == nil {
			err = c.Each([]string{"resolver", "whois"}, func(_, _ string) error { return errors.New("not so") })
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A FIFO in the place of the file would be waited for without end.
func TestConfigIsARegularFile(t *testing.T) {
	home := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(home, "config"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, _, _ := fakeEnv()
	e.set("SPOOR_HOME", home)
	if _, err := e.Config(); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a FIFO: %v", err)
	}
	if err := os.Remove(filepath.Join(home, "config")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "config"), []byte("rate x=1/s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := e.Config(); err != nil || len(c.Lines) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestConfigOfAnother: a user who can write the file, or replace it by a link,
// chooses our servers; and root would print the target of another user's link.
func TestConfigOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file to another user")
	}
	for name, make := range map[string]func(path string) error{
		"another user": func(path string) error {
			return os.Symlink(filepath.Join(filepath.Dir(path), "real"), path)
		},
		"all users may write": func(path string) error {
			return errors.Join(os.WriteFile(path, []byte("resolver 192.0.2.1\n"), 0o600), os.Chmod(path, 0o666))
		},
	} {
		home := t.TempDir()
		if err := os.WriteFile(filepath.Join(home, "real"), []byte("root:$6$secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(home, "config")
		if err := errors.Join(make(path), os.Lchown(path, 65534, 65534)); err != nil {
			t.Fatal(err)
		}
		e, _, _ := fakeEnv()
		e.set("SPOOR_HOME", home)
		if c, err := e.Config(); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

// TestConfigThroughAnOwnLink: people keep their settings elsewhere and link to them.
func TestConfigThroughAnOwnLink(t *testing.T) {
	home := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(home, "real"), []byte("rate x=1/s\n"), 0o600), os.Symlink("real", filepath.Join(home, "config"))); err != nil {
		t.Fatal(err)
	}
	e, _, _ := fakeEnv()
	e.set("SPOOR_HOME", home)
	if c, err := e.Config(); err != nil || len(c.Lines) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}
