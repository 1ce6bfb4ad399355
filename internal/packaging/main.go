// Command packaging builds Spoor's Debian package: the two programs, their man pages,
// completions, the manual, the examples and units of systemd.
//
//	go run ./internal/packaging                      # dist/spoor_VERSION_ARCH.deb
//	go run ./internal/packaging --version 1.2 --out /tmp
//
// The same commit makes the same bytes: every time in the package is SOURCE_DATE_EPOCH, or
// else the time of the commit. nfpm writes the archive; it runs at one exact version, and
// is no part of the module.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// nfpm is the module that writes the archive. Its hundred dependencies stay out of go.mod.
const nfpm = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2"

// main builds the package that the flags describe.
func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "packaging:", err)
		os.Exit(1)
	}
}

// build is one package under way.
type build struct {
	root    string // of the repository
	stage   string // directory with the package's files
	out     string // folder of the package
	version string
	arch    string
	owner   string // "Name <address>"
	when    time.Time
	files   []entry
}

// run is main with its error.
func run() error {
	b := build{}
	flag.StringVar(&b.version, "version", "", "version of the package; from git without it")
	flag.StringVar(&b.out, "out", "dist", "folder for the package")
	flag.StringVar(&b.arch, "arch", runtime.GOARCH, "architecture, as Go and Debian both name it")
	flag.StringVar(&b.owner, "maintainer", "The authors of Spoor <spoor@localhost>", "who answers for the package")
	flag.Parse()
	path, err := b.make()
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}

// make builds everything and returns the path of the package.
func (b *build) make() (path string, err error) {
	if b.root, err = output("", "go", "list", "-m", "-f", "{{.Dir}}"); err != nil {
		return "", err
	}
	if err := b.identify(); err != nil {
		return "", err
	}
	if b.stage, err = os.MkdirTemp("", "spoor-packaging-"); err != nil {
		return "", err
	}
	defer os.RemoveAll(b.stage)
	if b.out, err = filepath.Abs(b.out); err != nil {
		return "", err
	}
	if err := os.MkdirAll(b.out, 0o755); err != nil {
		return "", err
	}
	for _, step := range []func() error{b.programs, b.manual, b.completions, b.documents, b.examples, b.services, b.scripts} {
		if err := step(); err != nil {
			return "", err
		}
	}
	return b.archive()
}

// identify finds out the version and the time.
func (b *build) identify() error {
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	var err error
	if seconds == "" {
		if seconds, err = output(b.root, "git", "log", "-1", "--format=%ct"); err != nil {
			return fmt.Errorf("no time for the package; set SOURCE_DATE_EPOCH: %w", err)
		}
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	b.when = time.Unix(n, 0).UTC()
	if b.version != "" {
		return nil
	}
	// Below every release to come, and in the order of the commits.
	commit, err := output(b.root, "git", "rev-parse", "--short=10", "HEAD")
	if err != nil {
		return fmt.Errorf("no version for the package; give --version: %w", err)
	}
	b.version = "0~git" + b.when.Format("20060102150405") + "." + commit
	return nil
}

// archive has nfpm write the package.
func (b *build) archive() (string, error) {
	text, err := b.fill("nfpm.yaml")
	if err != nil {
		return "", err
	}
	config := filepath.Join(b.stage, "nfpm.yaml")
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return "", err
	}
	path := filepath.Join(b.out, fmt.Sprintf("spoor_%s_%s.deb", b.version, b.arch))
	cmd := exec.Command("go", "run", nfpm, "package", "--config", config, "--packager", "deb", "--target", path)
	cmd.Dir = b.stage // outside of the module, whose versions would else be mixed in
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(b.when.Unix(), 10))
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("nfpm: %w\n%s", err, text)
	}
	return path, nil
}

// output runs a program in dir and returns its output.
func output(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if e, ok := err.(*exec.ExitError); ok {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, e.Stderr)
	}
	return strings.TrimSpace(string(out)), err
}
