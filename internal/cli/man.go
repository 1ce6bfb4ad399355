package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manCommand writes the manual of a tree of commands. It is hidden: it is run
// once, by packagers and users that build from source.
func manCommand(env *Env, root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "write a man page for each command",
		Example: "  " + root.Name() + " man ~/.local/share/man/man1",
		Long:    "The pages say the same as --help. Their date is SOURCE_DATE_EPOCH, if that is set.",
		Args:    cobra.ExactArgs(1),
		Hidden:  true,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return &Error{Code: InPart, Message: "the manual cannot be written", Err: err}
			}
			pages := manPages(env, root)
			for name, text := range pages {
				if err := os.WriteFile(filepath.Join(args[0], name), []byte(text), 0o644); err != nil {
					return &Error{Code: InPart, Message: "the manual cannot be written", Err: err}
				}
			}
			return env.Printf("%s in %s\n", Count(len(pages), "page", ""), env.Text(args[0]))
		},
	}
}

// manPages makes the pages of c and of all below it, by the names of their files.
//
// They come out of the tables that the help is made of. cobra/doc would take our texts for
// Markdown, in which the stars of '*.example.org' vanish, and has no exit codes.
func manPages(env *Env, c *cobra.Command) map[string]string {
	pages := map[string]string{manName(c) + ".1": manPage(env, c)}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			for name, text := range manPages(env, sub) {
				pages[name] = text
			}
		}
	}
	return pages
}

// manName is "collector-import".
func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage returns the manual page of a command in roff.
//
// Sections and their order are those of man-pages(7).
func manPage(env *Env, c *cobra.Command) string {
	m := new(manual)
	fmt.Fprintf(m, ".TH %s 1 \"%s\" \"Spoor %s\" \"Spoor\"\n", strings.ToUpper(roff(manName(c))), manDate(env), roff(env.Version))
	m.section("NAME", roff(manName(c))+` \- `+roff(c.Short))
	m.section("SYNOPSIS", ".nh\n"+roff(usageLine(c)))
	m.section("DESCRIPTION", roffParagraphs(c.Long))
	if c.HasAvailableSubCommands() {
		m.section("COMMANDS", "")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				m.item(roff(sub.Name()), sub.Short)
			}
		}
	}
	if flags := c.LocalNonPersistentFlags(); flags.HasAvailableFlags() {
		m.section("OPTIONS", "")
		m.flags(flags)
	}
	m.section("OPTIONS OF EVERY COMMAND", "")
	m.flags(c.Root().PersistentFlags())
	if c.Example != "" {
		m.section("EXAMPLES", ".nf\n"+roff(strings.TrimRight(c.Example, "\n"))+"\n.fi")
	}
	m.section("EXIT STATUS", "")
	for _, e := range exitCodes {
		m.item(strconv.Itoa(e.code), e.meaning)
	}
	m.section("ENVIRONMENT", "")
	for _, v := range environment {
		m.item(roff(v.names), v.meaning)
	}
	m.section("FILES", "")
	m.item("~/.local/share/spoor", "the private database, unless SPOOR_HOME names another place")
	m.item("~/.config/spoor/config, "+systemConfig, "the configuration; the first that exists is read")
	m.section("SEE ALSO", manRelatives(c))
	return m.String()
}

// manDate is empty unless the builder fixed it: two builds of one source are the same.
func manDate(env *Env) string {
	seconds, err := strconv.ParseInt(env.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly)
}

// manRelatives names the page above and those below, and of a program the other.
func manRelatives(c *cobra.Command) string {
	var names []string
	if c.HasParent() {
		names = append(names, manName(c.Parent()))
	} else {
		names = append(names, map[string]string{"collector": "correlate", "correlate": "collector"}[c.Name()])
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, manName(sub))
		}
	}
	var out []string
	for _, name := range names {
		if name != "" {
			out = append(out, `\fB`+roff(name)+`\fR(1)`)
		}
	}
	return strings.Join(append(out, `\fBspoor\fR(7)`), ",\n")
}

// manual is a page under way, in the man macros of roff.
type manual struct{ strings.Builder }

// section begins a section; an empty description is left out.
func (m *manual) section(title, text string) {
	if text == "" && title == "DESCRIPTION" {
		return
	}
	fmt.Fprintf(m, ".SH %s\n", title)
	if text != "" {
		fmt.Fprintf(m, "%s\n", text)
	}
}

// item writes a label and its text as a tagged paragraph.
func (m *manual) item(label, text string) {
	fmt.Fprintf(m, ".TP\n\\fB%s\\fR\n%s\n", label, roff(text))
}

// flags writes an item for each visible flag. A help text of two lines becomes
// two sentences.
func (m *manual) flags(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name, usage := flagWords(f)
		label := roff("--" + f.Name)
		if f.Shorthand != "" {
			label = roff("-"+f.Shorthand) + `\fR, \fB` + label
		}
		if name != "" {
			label += `\fR \fI` + roff(name)
		}
		if short, rest, more := strings.Cut(usage, "\n"); more {
			usage = strings.TrimRight(short, ".") + ".\n" + rest
		}
		m.item(label, usage)
	})
}

// roffParagraphs escapes a text for roff and keeps its paragraphs and tables.
func roffParagraphs(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "":
			out = append(out, ".PP")
		case strings.HasPrefix(line, "  "): // a table: each line stays one
			out = append(out, ".br", roff(line))
		default:
			out = append(out, roff(line))
		}
	}
	return strings.Join(out, "\n")
}

// roff escapes plain text for roff. A hyphen must become a minus, so that
// commands copied from the page work.
//
// A dot or an apostrophe at the start of a line would be a request; the
// apostrophe is replaced everywhere.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "~", `\(ti`, "^", `\(ha`, "`", `\(ga`, "'", `\(aq`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
