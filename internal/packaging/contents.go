package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// templates are the hand-written files; @words@ in them are replaced.
//
//go:embed nfpm.yaml debian
var templates embed.FS

// entry is one file of the package.
type entry struct {
	source string // present path
	target string // path after installation
	mode   fs.FileMode
	config bool // dpkg asks before it overwrites the administrator's changes
}

// fill reads a template.
func (b *build) fill(name string) (string, error) {
	text, err := templates.ReadFile(name)
	if err != nil {
		return "", err
	}
	hardening, err := templates.ReadFile("debian/hardening.conf")
	if err != nil {
		return "", err
	}
	var contents strings.Builder
	for _, e := range b.files {
		fmt.Fprintf(&contents, "  - src: %s\n    dst: %s\n    file_info: {mode: 0%o, owner: root, group: root, mtime: %s}\n", e.source, e.target, e.mode, b.when.Format("2006-01-02T15:04:05Z"))
		if e.config {
			contents.WriteString("    type: config\n")
		}
	}
	return strings.NewReplacer(
		"@version@", b.version, "@arch@", b.arch, "@maintainer@", b.owner, "@stage@", b.stage,
		"@mtime@", b.when.Format("2006-01-02T15:04:05Z"), "@date@", b.when.Format("Mon, 02 Jan 2006 15:04:05 +0000"),
		"@hardening@\n", string(hardening), "@contents@\n", contents.String(),
	).Replace(string(text)), nil
}

// add puts text into the package.
func (b *build) add(target string, text []byte, mode fs.FileMode) error {
	source := filepath.Join(b.stage, "root", target)
	if err := os.MkdirAll(filepath.Dir(source), 0o755); err != nil {
		return err
	}
	b.files = append(b.files, entry{source: source, target: target, mode: mode})
	return os.WriteFile(source, text, mode)
}

// addPacked puts text in as policy wants manuals: by gzip, with neither name nor time.
func (b *build) addPacked(target string, text []byte) error {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return b.add(target+".gz", out.Bytes(), 0o644)
}

// programs builds the two binaries. Without cgo they do not depend on a C
// library.
func (b *build) programs() error {
	for _, name := range []string{"collector", "correlate"} {
		path := filepath.Join(b.stage, "bin", name)
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X spoor/internal/cli.release="+b.version, "-o", path, "./cmd/"+name)
		cmd.Dir = b.root
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+b.arch)
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", name, err, text)
		}
		b.files = append(b.files, entry{source: path, target: "/usr/bin/" + name, mode: 0o755})
	}
	return nil
}

// ours runs one of the programs, with the time of the package. That of another
// architecture cannot run here: it is built once more.
func (b *build) ours(program string, args ...string) ([]byte, error) {
	cmd := exec.Command(filepath.Join(b.stage, "bin", program), args...)
	if b.arch != runtime.GOARCH || runtime.GOOS != "linux" {
		cmd = exec.Command("go", append([]string{"run", "-buildvcs=false", "-ldflags", "-X spoor/internal/cli.release=" + b.version, "./cmd/" + program}, args...)...)
	}
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(b.when.Unix(), 10), "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if e, ok := err.(*exec.ExitError); ok {
		return nil, fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, e.Stderr)
	}
	return out, err
}

// manual writes the man pages.
func (b *build) manual() error {
	dir := filepath.Join(b.stage, "man")
	for _, program := range []string{"collector", "correlate"} {
		if _, err := b.ours(program, "man", dir); err != nil {
			return err
		}
	}
	pages, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(dir, page.Name()))
		if err != nil {
			return err
		}
		if err := b.addPacked("/usr/share/man/man1/"+page.Name(), text); err != nil {
			return err
		}
	}
	text, err := b.fill("debian/spoor.7")
	return errors.Join(err, b.addPacked("/usr/share/man/man7/spoor.7", []byte(text)))
}

// completions writes the completion scripts to the places where Debian's shells
// look.
func (b *build) completions() error {
	for _, program := range []string{"collector", "correlate"} {
		for shell, target := range map[string]string{
			"bash": "/usr/share/bash-completion/completions/" + program,
			"zsh":  "/usr/share/zsh/vendor-completions/_" + program,
			"fish": "/usr/share/fish/vendor_completions.d/" + program + ".fish",
		} {
			text, err := b.ours(program, "completion", shell)
			if err != nil {
				return err
			}
			if err := b.add(target, text, 0o644); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(b.files, func(a, b entry) int { return strings.Compare(a.target, b.target) })
	return nil
}

// docFolder is where Debian's users look for manuals.
const docFolder = "/usr/share/doc/spoor/"

// documents adds the manual, the changes and the licences.
func (b *build) documents() error {
	pages, err := filepath.Glob(filepath.Join(b.root, "docs", "*.md"))
	if err != nil {
		return err
	}
	for source, target := range map[string]string{"README.md": "README.md", "CHANGELOG.md": "changes.md"} {
		text, err := os.ReadFile(filepath.Join(b.root, source))
		if err != nil {
			return err
		}
		if source == "CHANGELOG.md" {
			err = b.addPacked(docFolder+target, text)
		} else {
			err = b.add(docFolder+target, text, 0o644)
		}
		if err != nil {
			return err
		}
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		// Not packed: they link to one another.
		if err := b.add(docFolder+"docs/"+filepath.Base(page), text, 0o644); err != nil {
			return err
		}
	}
	licences, err := b.licences()
	if err != nil {
		return err
	}
	changelog, err := b.fill("debian/changelog")
	if err != nil {
		return err
	}
	copyright, err := b.fill("debian/copyright")
	return errors.Join(err, b.addPacked(docFolder+"licences", licences),
		b.addPacked(docFolder+"changelog", []byte(changelog)), b.add(docFolder+"copyright", []byte(copyright), 0o644))
}

// examples adds the example mailbox and its recorded answers, side by side.
func (b *build) examples() error {
	top := filepath.Join(b.root, "examples")
	return filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		return errors.Join(err, b.add(docFolder+"examples/"+filepath.ToSlash(name), text, 0o644))
	})
}

// services adds the systemd units and their configuration.
func (b *build) services() error {
	units, err := fs.Glob(templates, "debian/spoor-*.*")
	if err != nil {
		return err
	}
	for _, unit := range units {
		text, err := b.fill(unit)
		if err != nil {
			return err
		}
		if err := b.add("/lib/systemd/system/"+filepath.Base(unit), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for source, target := range map[string]string{
		"debian/default": "/etc/default/spoor", "debian/config": "/etc/spoor/config", "debian/lintian-overrides": "/usr/share/lintian/overrides/spoor",
	} {
		text, err := b.fill(source)
		if err != nil {
			return err
		}
		if err := b.add(target, []byte(text), 0o644); err != nil {
			return err
		}
		b.files[len(b.files)-1].config = strings.HasPrefix(target, "/etc/")
	}
	return nil
}

// scripts puts the maintainer's scripts where nfpm finds them.
func (b *build) scripts() error {
	for _, name := range []string{"postinst", "prerm", "postrm"} {
		text, err := b.fill("debian/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(b.stage, name), []byte(text), 0o755); err != nil {
			return err
		}
	}
	slices.SortFunc(b.files, func(a, b entry) int { return strings.Compare(a.target, b.target) })
	return nil
}
