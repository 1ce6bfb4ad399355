package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// ErrNoStore reports that there is no cluster and that none may be created.
var ErrNoStore = errors.New("there is no store yet")

// ErrNoBinaries reports that PostgreSQL's server programs are not installed.
var ErrNoBinaries = errors.New("PostgreSQL's server programs (version 13 or newer) are not installed")

// ErrNotRunning reports that the cluster exists but does not run.
var ErrNotRunning = errors.New("the private PostgreSQL is not running")

// VersionError reports that the data need a major version that is not
// installed.
type VersionError struct {
	Dir   string // the data directory, which was not changed
	Need  int    // major version that wrote it
	Found []int  // installed major versions
}

// Error names both versions, the package to install, and the way to move the
// data.
func (e *VersionError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s was written by PostgreSQL %d, ", e.Dir, e.Need)
	switch len(e.Found) {
	case 0:
		b.WriteString("which is not installed")
	case 1:
		fmt.Fprintf(&b, "but PostgreSQL %d is installed", e.Found[0])
	default:
		fmt.Fprintf(&b, "but PostgreSQL %s are installed", joinInts(e.Found))
	}
	fmt.Fprintf(&b, "; nothing was changed. Install PostgreSQL %d beside it (%s). To move to another version, "+
		"run `collector db start` with PostgreSQL %d, save the data with pg_dump, "+
		"and load the dump into a new SPOOR_HOME", e.Need, packageFor(e.Need), e.Need)
	return b.String()
}

// BusyError reports that other commands use the cluster.
type BusyError struct{ PIDs []int }

func (e *BusyError) Error() string {
	return "in use by process " + joinInts(e.PIDs)
}

// joinInts joins numbers with commas.
func joinInts(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// serverError holds the output of a failed PostgreSQL program.
type serverError struct {
	doing string // the action that failed
	said  string // last lines of its output
	log   string // file with all of it; "" if said is complete
}

// Error quotes the server's own words and names its log.
func (e *serverError) Error() string {
	var b strings.Builder
	b.WriteString(e.doing + " failed")
	if e.said != "" {
		b.WriteString(":\n" + indent(e.said))
	}
	if e.log != "" {
		b.WriteString("\nthe whole log: " + e.log)
	}
	return b.String()
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// lastLines returns the last n lines of a program's output without control
// characters, which would reach the user's terminal.
func lastLines(s string, n int) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
	lines := strings.Split(strings.TrimSpace(clean), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// advise adds the remedy to errors that have one.
//
// The kernel's errors are recognised by value, those of PostgreSQL's programs
// by their text, which LC_ALL=C keeps in English.
func (p *place) advise(err error) error {
	text := err.Error()
	dir := p.base
	if dir == "" {
		dir = p.home
	}
	switch {
	case errors.Is(err, errNotThatUser):
		return err // contains its own advice
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT),
		strings.Contains(text, "No space left on device"), strings.Contains(text, "Disk quota exceeded"):
		return fmt.Errorf("%w\nThe disk of %s is full: make room and run the command again; nothing is lost", err, dir)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w\n%s cannot be written to: choose another directory with SPOOR_HOME", err, dir)
	case errors.Is(err, fs.ErrPermission), strings.Contains(text, "Permission denied"):
		return fmt.Errorf("%w\nUser %s may not use %s: give it to that user or choose another directory with SPOOR_HOME",
			err, p.server.name, dir)
	case strings.Contains(text, "could not look up effective user ID"):
		return fmt.Errorf("%w\nPostgreSQL wants a user with a name: give number %d one in /etc/passwd, or run as another user",
			err, p.server.uid)
	case strings.Contains(text, "Cannot allocate memory"):
		return fmt.Errorf("%w\nThere is too little memory for PostgreSQL (about 200 MB): stop something else, "+
			"or set less in %s/spoor-local.conf", err, p.db())
	}
	return err
}

// cannotBecome explains why root cannot run a program as another user: a
// container without CAP_SETUID, or without other users.
func (p *place) cannotBecome(err error) error {
	return fmt.Errorf("%w user %s here (%w): run the command as an ordinary user", errNotThatUser, p.server.name, err)
}

// errNotThatUser is a refusal of PostgreSQL to run as root, while this process
// may not change its user either.
var errNotThatUser = errors.New("PostgreSQL does not run as root, and we may not become")

// packageFor returns the command that installs the server; major 0 is any
// version.
func packageFor(major int) string {
	version := ""
	if major > 0 {
		version = strconv.Itoa(major)
	}
	dash := func(name, sep string) string {
		if version == "" {
			return name
		}
		return name + sep + version
	}
	if runtime.GOOS == "darwin" {
		if version == "" {
			version = strconv.Itoa(defaultMajor)
		}
		return "brew install postgresql@" + version
	}
	return "Debian, Ubuntu: apt install " + dash("postgresql", "-") +
		"; Fedora, Red Hat: dnf install postgresql" + version + "-server" +
		"; Alpine: apk add postgresql" + version +
		"; Arch: pacman -S postgresql" +
		"; macOS: brew install " + dash("postgresql", "@")
}
