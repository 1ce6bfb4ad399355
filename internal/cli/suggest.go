package cli

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// unknownWord returns an error with the command nearest to an unknown word.
func unknownWord(c *cobra.Command, word string) error {
	e := Usage("unknown command %q", word)
	if near := nearest(word, names(c)); near != "" {
		e.Message += "; did you mean \"" + near + "\"?"
	} else {
		e.Message += "; see " + c.CommandPath() + " -h"
	}
	return e
}

// names lists the commands under c that people may type.
func names(c *cobra.Command) []string {
	var out []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			out = append(out, sub.Name())
		}
	}
	return out
}

// flagError turns pflag's errors into ours.
//
// Errors are recognised by type, so that a new wording of pflag changes
// nothing.
func flagError(c *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		given := e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			return Usage("unknown flag -%s in -%s; see %s -h", given, e.GetSpecifiedShortnames(), c.CommandPath())
		}
		if near := nearest(given, flagNames(c)); near != "" {
			return Usage("unknown flag --%s; did you mean --%s?", given, near)
		}
		return Usage("unknown flag --%s; see %s -h", given, c.CommandPath())
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return Usage("--%s needs a value; see %s -h", e.GetSpecifiedName(), c.CommandPath())
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		// pflag wraps our own Set errors; the innermost one states the problem.
		cause := e.Unwrap()
		if n, ok := errors.AsType[*strconv.NumError](cause); ok {
			return Usage("--%s %q: %s", e.GetFlag().Name, e.GetValue(), notNumber(n))
		}
		return Usage("--%s %q: %v", e.GetFlag().Name, e.GetValue(), cause)
	}
	return Usage("%v", err)
}

// notNumber describes an invalid number without the wording of the Go library.
func notNumber(e *strconv.NumError) string {
	if errors.Is(e, strconv.ErrRange) {
		return "too large"
	}
	return "not a whole number"
}

// flagNames lists the visible flags of a command.
func flagNames(c *cobra.Command) []string {
	var out []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			out = append(out, f.Name)
		}
	})
	return out
}

// misuse converts an error of cobra, whose argument checks concern usage.
//
// Cobra's errors have no types. Any other text is a failure of the command
// itself.
func misuse(err error) *Error {
	text := err.Error()
	for _, said := range []string{"arg(s)", "required flag", "flags in the group", "unknown command", "invalid argument"} {
		if strings.Contains(text, said) {
			return &Error{Code: Misused, Message: text}
		}
	}
	return &Error{Code: InPart, Message: text}
}

// nearest returns the word closest to the given one, "" if none is close: at
// most one typo per three letters, or a prefix of only one word.
func nearest(given string, words []string) string {
	given = strings.ToLower(given)
	best, distance := "", len(given)/3+1
	// Longer than any word that we know; the comparison takes the product of
	// the lengths.
	if len(given) > 40 {
		return ""
	}
	for _, w := range words {
		if d := slips(given, w); d < distance || d == distance && best == "" {
			best, distance = w, d
		}
	}
	if best != "" || len(given) < 2 {
		return best
	}
	for _, w := range words {
		if strings.HasPrefix(w, given) {
			if best != "" {
				return ""
			}
			best = w
		}
	}
	return best
}

// slips counts the letters to insert, delete, replace or swap with their neighbour to
// get from a to b (optimal string alignment).
func slips(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
