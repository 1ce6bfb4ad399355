package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func sample() *build {
	return &build{version: "1.2", arch: "amd64", owner: "A <a@b.example>", stage: "/stage", when: time.Unix(1700000000, 0).UTC()}
}

// No word of a template may be left unfilled.
func TestTemplatesAreFilled(t *testing.T) {
	b := sample()
	word := regexp.MustCompile(`@[a-z]+@`)
	n := 0
	err := fs.WalkDir(templates, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		text, err := b.fill(path)
		if left := word.FindString(text); left != "" {
			t.Errorf("%s: %s is not filled", path, left)
		}
		return err
	})
	if err != nil || n < 10 {
		t.Errorf("%d templates, %v", n, err)
	}
}

// Each unit runs as its own user, without access to anything else.
func TestUnitsAreHardened(t *testing.T) {
	b := sample()
	units, err := fs.Glob(templates, "debian/*.service")
	if err != nil || len(units) == 0 {
		t.Fatal(units, err)
	}
	dir := t.TempDir()
	for _, name := range units {
		text, err := b.fill(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"\nUser=spoor\n", "\nStateDirectory=spoor\n", "\nNoNewPrivileges=yes\n", "\nProtectSystem=strict\n", "\nRestrictAddressFamilies=AF_UNIX"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
		// A further command would truncate the file again: the summary was empty.
		if strings.Contains(text, "\nStandardOutput=truncate") {
			t.Errorf("%s lets systemd write the file", name)
		}
		path := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		// systemd rates 20 of 100 and less as OK or better.
		if out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", path).CombinedOutput(); err != nil {
			if _, missing := exec.LookPath("systemd-analyze"); missing != nil {
				t.Log("systemd-analyze is not installed: the exposure is not measured")
				continue
			}
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestScriptsAreShell(t *testing.T) {
	for _, name := range []string{"debian/postinst", "debian/prerm", "debian/postrm", "try-clean-root"} {
		if out, err := exec.Command("sh", "-n", name).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// The same commit makes the same version, and a later one a greater.
func TestVersionComesFromTheCommit(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	b := &build{version: "2.0"}
	if err := b.identify(); err != nil || b.version != "2.0" || b.when.Format(time.RFC3339) != "2023-11-14T22:13:20Z" {
		t.Errorf("%q at %v, %v", b.version, b.when, err)
	}
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if err := b.identify(); err == nil {
		t.Error("a time that is none is taken")
	}
}

// Each file of the archive is listed with its mode; files of the administrator
// are not replaced.
func TestContents(t *testing.T) {
	b := sample()
	b.stage = t.TempDir()
	for _, step := range []func() error{b.services, b.scripts} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := b.fill("nfpm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"    dst: /etc/default/spoor\n    file_info: {mode: 0644, owner: root, group: root, mtime: 2023-11-14T22:13:20Z}\n    type: config\n",
		"    dst: /lib/systemd/system/spoor-enrich.service\n", "  - postgresql\n", "version: 1.2\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if info, err := os.Stat(filepath.Join(b.stage, "postinst")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("postinst: %v, %v", info, err)
	}
}
