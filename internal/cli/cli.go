// Package cli is the command-line framework of collector and correlate: the
// environment (Env), errors and exit codes (Error), help and correction of
// mistakes (Execute), access to the store (OpenStore), the format of numbers,
// tables and progress, and results for programs (Prints, Result;
// internal/format).
//
// It contains no command and no SQL. Text from mail passes through
// internal/printable before it is printed: Env's printing functions and tables
// do that.
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

// Exit codes, the same for every command, so that a script can distinguish the
// outcomes.
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
//
// Nothing in the programs reads the process's environment, clock or terminal in
// another way. Fields below ascii are set by the flags that all commands share.
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
	Size      int // columns of the terminal, 0 without a terminal

	ascii   bool // --ascii was given
	noFetch bool // --no-download was given
	store   string

	form    format.Form                       // of results
	shapes  map[*cobra.Command][]format.Shape // declared results of the commands
	running *cobra.Command
}

// System is the Env of a real process.
//
// The width is that of standard output, or of standard error if output goes
// into a pipe: notes are still read on the terminal.
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
	// Below 40 columns no table can be read. Above 300 a screen's width is more
	// likely a mistake in COLUMNS.
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

// ASCII reports whether to print plain ASCII only: with --ascii, on a dumb
// terminal, or in a locale other than UTF-8.
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

// Nothing returns the error of a search without results; the message is a full
// sentence.
func (e *Env) Nothing(format string, args ...any) error {
	return &Error{Code: NoneFound, Message: fmt.Sprintf(format, args...), sentence: true}
}

// Bold marks s on a terminal that has colours and wants them.
//
// NO_COLOR (no-color.org) counts if it has any value.
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
//
// Its error is that of a closed or full output. Callers return it at once;
// Execute turns a closed pipe into success.
func (e *Env) Printf(format string, args ...any) error {
	_, err := fmt.Fprintf(e.Stdout, format, args...)
	return err
}

// Notef prints notices, warnings and progress to standard error. If the caller
// asked for JSON, each is a line of JSON, as the error that may follow.
func (e *Env) Notef(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if e.form.Objects() && !e.StderrTTY {
		e.notes(text)
		return
	}
	// If stderr is closed, there is no other place to report to.
	_, _ = io.WriteString(e.Stderr, text)
}

// Error is the error of a command in words for the user: the problem and the
// remedy.
//
// An error that reaches the user is one of these, or a Silent one. Any other is
// shown as it stands, with the code InPart.
type Error struct {
	Code    int
	Message string // one line, in words
	Hint    string // what to do next; may be ""
	Err     error  // the cause, printed only if it adds information; may be nil

	sentence bool // complete as it stands: printed without the command's name
}

// Error returns the message with the cause. The hint is printed on a line of
// its own.
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
