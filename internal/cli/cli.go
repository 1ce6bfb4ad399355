// Package cli is the command-line plumbing that collector and correlate share: what a
// command sees of the outside (Env), how it ends (Error, exit codes), how it is helped
// and corrected (Execute), how it reaches the store (OpenStore), how numbers, tables and
// progress look, and how programs get its results (Prints, Result; internal/format).
//
// It knows no command and no SQL. What foreign mail says goes through internal/printable
// before it is shown: Env's printing and its tables see to that.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"spoor/internal/format"
	"spoor/internal/printable"
)

// Exit codes, the same for every command. UX: a script can tell them apart.
const (
	Done       = 0   // done, or found
	NoneFound  = 1   // nothing found
	Misused    = 2   // the command line makes no sense
	InPart     = 3   // part of the input, or of the output, failed
	NoStore    = 4   // the store is missing, locked or not to be reached
	Unfinished = 5   // done in part, and the rest would be done by the same command later
	Stopped    = 130 // stopped by a signal
)

// Env is the outside of a command. Tests swap its fields.
type Env struct {
	Args   []string // without the program's name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	Now    func() time.Time

	Version   string // of the program, as "version" prints it
	StdinTTY  bool
	StdoutTTY bool
	StderrTTY bool
	Size      int // columns of the terminal, 0 if there is none

	ascii   bool // --ascii was given
	noFetch bool // --no-download was given
	store   string

	form    format.Form                       // of results
	shapes  map[*cobra.Command][]format.Shape // what commands print
	running *cobra.Command
}

// System is the Env of a real process.
func System() *Env {
	e := &Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: &pipe{w: os.Stdout}, Stderr: os.Stderr,
		Getenv: os.Getenv, Now: time.Now, Version: version(),
		StdinTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		StdoutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		StderrTTY: term.IsTerminal(int(os.Stderr.Fd())),
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && e.Size == 0 {
			e.Size = w
		}
	}
	return e
}

// Bounds of the width that screens are laid out for.
const (
	minColumns, defaultColumns, maxColumns = 40, 80, 300
)

// Columns is the width to lay out for: COLUMNS, else the terminal's, else 80.
func (e *Env) Columns() int {
	n, err := strconv.Atoi(e.Getenv("COLUMNS"))
	if err != nil || n <= 0 {
		n = e.Size
	}
	if n <= 0 {
		n = defaultColumns
	}
	return min(max(n, minColumns), maxColumns)
}

// ASCII reports whether only plain ASCII may be printed: by --ascii, on a dumb terminal,
// or where the locale is not UTF-8.
func (e *Env) ASCII() bool {
	if e.ascii || e.Getenv("TERM") == "dumb" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(e.Getenv(name)); v != "" {
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return false // no locale at all: a bare container, whose terminal is nowadays UTF-8
}

// Accessible reports whether nothing may be redrawn: one fact a line, for screen readers.
func (e *Env) Accessible() bool {
	v := e.Getenv("ACCESSIBLE")
	return v != "" && v != "0"
}

// Redraws reports whether a line on stderr may be replaced in place.
func (e *Env) Redraws() bool {
	return e.StderrTTY && e.Getenv("TERM") != "dumb" && !e.Accessible()
}

// Nothing ends a command that looked for something in vain, with a sentence that says so.
func (e *Env) Nothing(format string, args ...any) error {
	return &Error{Code: NoneFound, Message: fmt.Sprintf(format, args...), sentence: true}
}

// Bold marks s on a terminal that has colours and wants them.
func (e *Env) Bold(s string) string {
	if !e.StdoutTTY || e.Getenv("NO_COLOR") != "" || e.Getenv("TERM") == "dumb" || e.ASCII() {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// Text makes foreign text safe for this terminal.
func (e *Env) Text(s string) string {
	if e.ASCII() {
		return printable.ASCII(s)
	}
	return printable.Clean(s)
}

// Cut is Text cut to n cells.
func (e *Env) Cut(s string, n int) string { return e.Text(printable.Cut(s, n)) }

// Printf prints a result. Foreign text among the arguments goes through Text first.
func (e *Env) Printf(format string, args ...any) error {
	_, err := fmt.Fprintf(e.Stdout, format, args...)
	return err
}

// Notef prints what is not a result: notices, warnings, progress. A program that asked for
// JSON gets each as a line of JSON, like the error that may follow.
func (e *Env) Notef(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if e.form.Objects() && !e.StderrTTY {
		e.notes(text)
		return
	}
	// Nothing can be done, nor told, when stderr is gone.
	_, _ = io.WriteString(e.Stderr, text)
}

// Error is an end that the user should understand: what happened and what to do.
type Error struct {
	Code    int
	Message string // one line, in words
	Hint    string // what to do next; may be ""
	Err     error  // the cause, told only if it says more; may be nil

	sentence bool // stands by itself: no command's name goes in front
}

func (e *Error) Error() string {
	s := e.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Usage is an Error for a command line that makes no sense.
func Usage(format string, args ...any) *Error {
	return &Error{Code: Misused, Message: fmt.Sprintf(format, args...)}
}

// Silent ends a command with a code after it has said everything itself.
type Silent int

func (s Silent) Error() string { return "exit " + strconv.Itoa(int(s)) }

// exitCode is the code that err ends the program with.
func exitCode(err error) int {
	if err == nil {
		return Done
	}
	if s, ok := errors.AsType[Silent](err); ok {
		return int(s)
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return InPart
}
