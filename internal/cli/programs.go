package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spoor/internal/format"
	"spoor/internal/printable"
)

// Prints declares the shapes of c's results for programs and returns c. A
// command without any does not support --format.
func (e *Env) Prints(c *cobra.Command, shapes ...format.Shape) *cobra.Command {
	if e.shapes == nil {
		e.shapes = map[*cobra.Command][]format.Shape{}
	}
	e.shapes[c] = shapes
	return c
}

// Declare is Prints for the commands of a tree by their names, such as "db status". A name
// that no command has is the programmer's mistake.
func (e *Env) Declare(root *cobra.Command, prints map[string][]format.Shape) {
	for c := range commands(root) {
		if shapes, ok := prints[commandName(c)]; ok {
			e.Prints(c, shapes...)
			delete(prints, commandName(c))
		}
	}
	if len(prints) > 0 {
		panic(fmt.Sprintf("declared for no command: %v", slices.Collect(maps.Keys(prints))))
	}
}

// Shapes returns the declared results of c.
func (e *Env) Shapes(c *cobra.Command) []format.Shape { return e.shapes[c] }

// ForPrograms reports whether results are for programs: as JSON, CSV and the like.
func (e *Env) ForPrograms() bool { return e.form != "" && e.form != format.Text }

// RowsOnly reports whether the format has only rows, without the fields beside
// the list.
func (e *Env) RowsOnly() bool { return e.ForPrograms() && e.form != format.JSON }

// Result writes a result for programs. The running command has declared its shape.
//
// A type that was not declared is the programmer's mistake, and an error rather
// than a panic: the work is done already.
func (e *Env) Result(v any) error {
	for _, s := range e.shapes[e.running] {
		if s.Fits(v) {
			return s.Write(e.Stdout, e.form, commandName(e.running), v)
		}
	}
	return fmt.Errorf("a result of type %T was not declared", v)
}

// commandName returns the name of c in documents: "list", "db status", or the
// program's.
func commandName(c *cobra.Command) string {
	if _, rest, ok := strings.Cut(c.CommandPath(), " "); ok {
		return rest
	}
	return c.Name()
}

// formFlags adds --format and --json.
func (e *Env) formFlags(flags *pflag.FlagSet) {
	flags.Var(&e.form, "format", "results as text, json, jsonl, csv or tsv\nWhat each command prints as JSON: the command schema. JSON lines, CSV and TSV have a line for each row of its list.")
	flags.BoolFunc("json", "the same as --format json\nErrors and notes are then JSON, too, a line each on standard error.", func(s string) error {
		yes, err := strconv.ParseBool(s)
		if err == nil && yes {
			e.form = format.JSON
		}
		return err
	})
}

// formGiven finds the format in an unparsed command line, so that errors of the
// line itself are printed in that format.
func formGiven(args []string) (f format.Form) {
	for i, a := range args {
		value, given := strings.CutPrefix(a, "--format=")
		switch {
		case a == "--":
			return f
		case a == "--json":
			f = format.JSON
		case given:
			_ = f.Set(value) // the parser reports the error
		case a == "--format" && i+1 < len(args):
			_ = f.Set(args[i+1])
		}
	}
	return f
}

// checkForm refuses a format that does not fit the results of c. A command with
// a --format flag of its own writes that.
//
// It runs before the command, so that no work is done for a result that cannot
// be written.
func (e *Env) checkForm(c *cobra.Command) error {
	if own := c.Flags().Lookup("format"); own != nil && own.Value != pflag.Value(&e.form) {
		if e.form = format.Text; c.Flags().Changed("json") {
			e.form = format.JSON
		}
		return nil
	}
	if f := c.Flags(); f.Changed("json") && f.Changed("format") && e.form != format.JSON {
		return Usage("--json and --format %s exclude each other", e.form)
	}
	writes := func(s format.Shape) bool { return s.Writes(e.form) }
	if e.RowsOnly() && !slices.ContainsFunc(e.shapes[c], writes) {
		return Usage("%s has no result that --format %s could write", c.CommandPath(), e.form)
	}
	return nil
}

// noteJSON is a note on standard error, for programs.
type noteJSON struct {
	Format  int    `json:"spoor_format"`
	Command string `json:"command"`
	Note    string `json:"note"`
}

// ErrorJSON is the JSON form of an error.
type ErrorJSON struct {
	Format  int      `json:"spoor_format"`
	Command string   `json:"command"`
	Error   endsJSON `json:"error"`
}

// endsJSON is an error on standard error, for programs.
type endsJSON struct {
	Code    int    `json:"code"` // the exit code
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// notes writes a line of JSON for each line of text.
func (e *Env) notes(text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name := ""
		if e.running != nil {
			name = commandName(e.running)
		}
		writeLine(e.Stderr, noteJSON{format.Version, name, line})
	}
}

// writeLine writes v as one line of JSON.
func writeLine(w io.Writer, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		return // strings and numbers alone have no error
	}
	// If stderr is closed, there is no other place to report to.
	_, _ = w.Write(append(printable.JSON(text), '\n'))
}

// Time returns t for JSON: RFC 3339 in UTC, null if unknown.
func Time(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
