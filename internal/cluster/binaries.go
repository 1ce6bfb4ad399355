package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldestMajor is the oldest PostgreSQL version whose features the SQL needs.
const oldestMajor = 13

// binaries are the server programs of one PostgreSQL version.
type binaries struct {
	dir          string
	major, minor int
}

func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }
func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }

// usualFolders are patterns of the directories in which distributions install
// the server programs.
func usualFolders() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",                // Debian, Ubuntu
		"/usr/pgsql-*/bin",                         // Red Hat, packages of the PostgreSQL project
		"/usr/bin",                                 // Red Hat, Fedora, Arch, openSUSE
		"/usr/libexec/postgresql*",                 // Alpine
		"/usr/lib/postgresql*/bin",                 // openSUSE, Gentoo
		"/opt/homebrew/opt/postgresql*/bin",        // Homebrew on Apple silicon
		"/usr/local/opt/postgresql*/bin",           // Homebrew on Intel
		"/home/linuxbrew/.linuxbrew/opt/*sql*/bin", // Homebrew on Linux
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/opt/local/lib/postgresql*/bin", // MacPorts
		"/usr/local/pgsql/bin",           // built from source
		"/usr/local/bin",                 // the BSDs
		"/opt/pgsql*/bin",
	}
}

// findBinaries selects the server programs of the major version want, or the
// newest if want is 0. The order of the directories, PATH first, decides ties.
//
// Data of one major version cannot be read by another, so want is never traded
// for something newer.
func (p *place) findBinaries(ctx context.Context, want int) (binaries, error) {
	found, passed, err := p.inspect(ctx, p.candidates())
	if err == nil && choose(found, want) == nil {
		// pg_config comes last: on Debian it is a slow Perl script, and where
		// it is in PATH the programs usually are as well.
		var more []binaries
		more, _, err = p.inspect(ctx, p.askPGConfig(ctx))
		found = append(found, more...)
	}
	if err != nil {
		return binaries{}, err
	}
	if best := choose(found, want); best != nil {
		return *best, nil
	}
	if len(found) == 0 && passed != nil {
		return binaries{}, fmt.Errorf("%w (passed over: %w)", ErrNoBinaries, passed)
	}
	if len(found) == 0 {
		return binaries{}, ErrNoBinaries
	}
	var majors []int
	for _, b := range found {
		majors = append(majors, b.major)
	}
	slices.Sort(majors)
	return binaries{}, &VersionError{Dir: p.db(), Need: want, Found: slices.Compact(majors)}
}

// choose returns the newest binaries of the wanted major version (0: any), or
// nil.
//
// Of equal versions the first is kept, which is the one that PATH names.
func choose(found []binaries, want int) *binaries {
	var best *binaries
	for i, b := range found {
		if want != 0 && b.major != want {
			continue
		}
		if best == nil || b.major > best.major || b.major == best.major && b.minor > best.minor {
			best = &found[i]
		}
	}
	return best
}

// candidates lists the directories with both postgres and initdb, each once.
func (p *place) candidates() []string {
	var dirs []string
	for _, dir := range filepath.SplitList(p.Getenv("PATH")) {
		dirs = append(dirs, realFolder(dir))
	}
	for _, pattern := range append(slices.Clone(p.binDirs), filepath.Join(p.fetchedDir(), "*", "bin")) {
		matches, _ := filepath.Glob(pattern) // the patterns are constants and well-formed
		for _, dir := range matches {
			dirs = append(dirs, realFolder(dir))
		}
	}
	var once []string
	for _, dir := range dirs {
		if dir != "" && !slices.Contains(once, dir) {
			once = append(once, dir)
		}
	}
	return once
}

// realFolder follows a link such as /usr/local/bin/postgres to the directory
// with the complete set, or returns "".
func realFolder(dir string) string {
	if !filepath.IsAbs(dir) {
		return "" // "." in PATH: never run programs from the present directory
	}
	if program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
		if real := filepath.Dir(program); hasServer(real) {
			return real
		}
	}
	if hasServer(dir) {
		return dir
	}
	return ""
}

// hasServer reports whether a folder holds the programs of a server; a folder
// of client programs does not.
func hasServer(dir string) bool {
	return isProgram(filepath.Join(dir, "postgres")) && isProgram(filepath.Join(dir, "initdb"))
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

// inspect asks each set for its version as the user who will run it. It omits
// sets that do not run or are too old; passed is the first such error.
func (p *place) inspect(ctx context.Context, dirs []string) (found []binaries, passed, err error) {
	for _, dir := range dirs {
		b, err := p.versionOf(ctx, dir)
		switch {
		case err == nil:
			found = append(found, b)
		case ctx.Err() != nil:
			return nil, nil, context.Cause(ctx)
		case p.drop && errors.Is(err, syscall.EPERM):
			return nil, nil, p.cannotBecome(err)
		default:
			p.Log.Info("server programs passed over", "dir", dir, "err", err)
			if passed == nil {
				passed = fmt.Errorf("%s: %w", dir, err)
			}
		}
	}
	return found, passed, nil
}

// versionOf runs postgres --version. The time limit is for a program on a
// hanging network disk.
func (p *place) versionOf(ctx context.Context, dir string) (binaries, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := p.command(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return binaries{}, err
	}
	major, minor, err := parseVersion(string(out))
	if err != nil {
		return binaries{}, err
	}
	if major < oldestMajor {
		return binaries{}, fmt.Errorf("version %d is older than %d", major, oldestMajor)
	}
	return binaries{dir, major, minor}, nil
}

// parseVersion parses "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)", and
// also "17beta1" and "18devel".
func parseVersion(s string) (major, minor int, err error) {
	_, s, ok := strings.Cut(s, "(PostgreSQL) ")
	if !ok {
		return 0, 0, fmt.Errorf("no version in %q", s)
	}
	major, rest := leadingInt(s)
	if strings.HasPrefix(rest, ".") {
		minor, _ = leadingInt(rest[1:])
	}
	if major == 0 {
		return 0, 0, fmt.Errorf("no version in %q", s)
	}
	return major, minor, nil
}

// leadingInt parses the digits at the start of s.
func leadingInt(s string) (int, string) {
	i := 0
	for i < len(s) && i < 6 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, _ := strconv.Atoi(s[:i]) // 0 without digits
	return n, s[i:]
}

// askPGConfig returns the directory that pg_config reports.
func (p *place) askPGConfig(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for _, dir := range filepath.SplitList(p.Getenv("PATH")) {
		program := filepath.Join(dir, "pg_config")
		if !filepath.IsAbs(dir) || !isProgram(program) {
			continue
		}
		out, err := p.command(ctx, program, "--bindir").Output()
		if dir := realFolder(strings.TrimSpace(string(out))); err == nil && dir != "" {
			return []string{dir}
		}
	}
	return nil
}

// findPSQL prefers the psql beside the newest server programs to the one in
// PATH.
func (p *place) findPSQL() (string, bool) {
	dirs := append(p.candidates(), filepath.SplitList(p.Getenv("PATH"))...)
	for _, dir := range dirs {
		if program := filepath.Join(dir, "psql"); filepath.IsAbs(dir) && isProgram(program) {
			return program, true
		}
	}
	return "", false
}

// command prepares a program to run as the server's user. Its own session keeps
// Ctrl-C in the terminal from it. When the context ends, it is killed with its
// children.
func (p *place) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/" // the server's user may not have access to the current directory
	cmd.Env = p.environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(p.server.uid), Gid: uint32(p.server.gid)}
	}
	// The child leads its session and therefore its process group: the negative
	// number reaches its children as well.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// environment passes on the variables for finding and linking programs, and
// nothing else. PG* variables would change the server, and secrets must not
// reach its user.
func (p *place) environment() []string {
	env := []string{"LC_ALL=C", "LANG=C"}
	names := []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "TZDIR", "LOCALE_ARCHIVE"}
	if !p.drop {
		names = append(names, "HOME", "USER", "LOGNAME", "TMPDIR")
	}
	for _, name := range names {
		if value := p.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
