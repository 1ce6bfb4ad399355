package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spoor/internal/printable"
)

// wantsHelp looks for -h and --help anywhere before "--", also in a line with
// mistakes: a request for help should not be answered with a correction.
func wantsHelp(args []string) (full, ok bool) {
	if len(args) > 0 && strings.HasPrefix(args[0], "__complete") {
		return false, false
	}
	for _, a := range args {
		switch a {
		case "--":
			return full, ok
		case "-h":
			ok = true
		case "--help":
			full, ok = true, true
		}
	}
	return full, ok
}

// help prints the help of the command that args name.
//
// Words that name no command are passed over, and so are flags: the line may be
// wrong, which is why help was asked for.
func help(env *Env, root *cobra.Command, args []string, full bool) error {
	c := root
	for _, a := range args {
		if a == "--" {
			break
		}
		for _, sub := range c.Commands() {
			if sub.Name() == a || sub.HasAlias(a) {
				c = sub
				break
			}
		}
	}
	if full {
		return env.Printf("%s", fullHelp(env, c))
	}
	return env.Printf("%s", shortHelp(env, c))
}

// helpCommand is "help [COMMAND]", the same as COMMAND --help.
func helpCommand(env *Env, root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "all about a command",
		Example: "  " + root.Name() + " help " + root.Commands()[0].Name(),
		RunE: func(_ *cobra.Command, args []string) error {
			if c, rest, err := root.Find(args); err == nil && len(rest) > 0 {
				return unknownWord(c, rest[0])
			}
			return help(env, root, args, true)
		},
	}
}

// shortHelp fits a screen of 24 lines: examples, usage, one line a flag.
func shortHelp(env *Env, c *cobra.Command) string {
	var b strings.Builder
	width := min(env.Columns(), defaultColumns)
	heading(&b, c)
	fmt.Fprintf(&b, "Usage: %s\n", usageLine(c))
	writeCommands(&b, c, width, false)
	if flags := c.LocalNonPersistentFlags(); flags.HasAvailableFlags() {
		b.WriteByte('\n')
		writeFlags(&b, flags, width, false)
	}
	fmt.Fprintf(&b, "\n%sMore: %s --help\n", Wrap("Also: "+everywhere(c), width, 6), c.CommandPath())
	return b.String()
}

// Seldom marks flags for which a screen has no room: the short help only names them.
func Seldom(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		flags.Lookup(name).Annotations = map[string][]string{seldomUsed: nil}
	}
}

// seldomUsed marks flags that only --help shows, not -h.
const seldomUsed = "seldom"

func seldom(f *pflag.Flag) bool { _, is := f.Annotations[seldomUsed]; return is }

// everywhere names the flags that all commands take, and those of this one that are seldom
// used.
//
// Flags without room for an explanation are at least named.
func everywhere(c *cobra.Command) string {
	var out []string
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if seldom(f) && !f.Hidden {
			out = append(out, "--"+f.Name)
		}
	})
	c.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		name, _ := pflag.UnquoteUsage(f)
		out = append(out, strings.TrimSpace("--"+f.Name+" "+name))
	})
	return strings.Join(out, "  ")
}

// fullHelp returns the complete help of a command.
func fullHelp(env *Env, c *cobra.Command) string {
	var b strings.Builder
	width := min(env.Columns(), 100)
	heading(&b, c)
	fmt.Fprintf(&b, "Usage: %s\n", usageLine(c))
	if c.Long != "" {
		b.WriteByte('\n')
		for line := range strings.Lines(c.Long) {
			b.WriteString(Wrap(strings.TrimRight(line, "\n"), width, 0))
		}
	}
	writeCommands(&b, c, width, true)
	if flags := c.LocalNonPersistentFlags(); flags.HasAvailableFlags() {
		b.WriteString("\nFlags\n")
		writeFlags(&b, flags, width, true)
	}
	b.WriteString("\nFlags of every command\n")
	writeFlags(&b, c.Root().PersistentFlags(), width, true)
	b.WriteString("\nExit codes\n")
	for _, c := range exitCodes {
		fmt.Fprintf(&b, "  %d  %s\n", c.code, c.meaning)
	}
	b.WriteString("\nEnvironment\n")
	for _, v := range environment {
		fmt.Fprintf(&b, "  %-17s  %s\n", v.names, v.meaning)
	}
	return b.String()
}

// exitCodes lists the exit codes of all commands, for the help and the manual.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{Done, "done, or found"},
	{NoneFound, "nothing found"},
	{Misused, "the command line makes no sense"},
	{InPart, "part of the input could not be read, or of the output not be written"},
	{NoStore, "the store is missing, locked or not to be reached"},
	{Unfinished, "done in part; the same command, later, does the rest"},
	{Stopped, "stopped by a signal; data read so far are stored"},
}

// environment are the variables that all commands heed.
var environment = []struct{ names, meaning string }{
	{"SPOOR_HOME", "where the private database lives"},
	{"DATABASE_URL, PG*", "the database to use in its place"},
	{"COLUMNS, NO_COLOR, TERM=dumb, ACCESSIBLE=1, LC_ALL", "how the screen is written"},
}

// heading writes the name and purpose of a command, then its examples: readers
// copy those first.
func heading(b *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(b, "%s: %s\n\n", c.CommandPath(), c.Short)
	if c.Example != "" {
		fmt.Fprintf(b, "%s\n\n", strings.TrimRight(c.Example, "\n"))
	}
}

// usageLine is the command with its arguments, as the help shows it.
func usageLine(c *cobra.Command) string {
	use := c.CommandPath() + strings.TrimPrefix(c.Use, c.Name())
	if c.HasAvailableSubCommands() && !strings.Contains(c.Use, " ") {
		use += " COMMAND"
	}
	return use
}

// ofEveryProgram are commands that the short help has no room for.
var ofEveryProgram = []string{"completion", "schema", "version"}

// writeCommands lists the commands under c. Of those of a group the short help gives
// the names only: there are more than fit a screen.
func writeCommands(b *strings.Builder, c *cobra.Command, width int, full bool) {
	if !c.HasAvailableSubCommands() {
		return
	}
	b.WriteByte('\n')
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && (full || sub.GroupID == "" && !slices.Contains(ofEveryProgram, sub.Name())) {
			b.WriteString(Wrap(fmt.Sprintf("  %-11s %s", sub.Name(), sub.Short), width, 14))
		}
	}
	if full {
		return
	}
	for _, g := range c.Groups() {
		line := "  " + g.Title + ":"
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && sub.GroupID == g.ID {
				line += " " + sub.Name()
			}
		}
		b.WriteString(Wrap(line, width, 4))
	}
}

// writeFlags lists the flags in two columns. Short help omits the rarely used
// ones.
func writeFlags(b *strings.Builder, flags *pflag.FlagSet, width int, full bool) {
	// Most labels fit in front of it. A longer one moves its text to the right.
	const column = 22
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" || !full && seldom(f) {
			return
		}
		name, usage := flagWords(f)
		label := strings.TrimRight("  --"+f.Name+" "+name, " ")
		if len(label) > column-2 {
			label += "  "
		}
		short, rest, _ := strings.Cut(usage, "\n")
		b.WriteString(Wrap(fmt.Sprintf("%-*s%s", column, label, short), width, column))
		if full && rest != "" {
			b.WriteString(Wrap(strings.Repeat(" ", column)+strings.ReplaceAll(rest, "\n", " "), width, column))
		}
	})
}

// flagWords are the name of a flag's value and the text on it: one line, and perhaps more.
func flagWords(f *pflag.Flag) (name, usage string) {
	name, usage = pflag.UnquoteUsage(f)
	if strings.HasPrefix(f.Usage, "`") {
		// "`PATTERN` our own servers": the name is only for the label.
		usage = strings.TrimPrefix(usage, name+" ")
	}
	return name, usage
}

// Wrap breaks a line at blanks so that it fits; later lines are indented.
//
// A word longer than the width is left whole, as it is often a path or an
// address to copy.
func Wrap(line string, width, indent int) string {
	var b strings.Builder
	for printable.Width(line) > width {
		at := strings.LastIndexByte(line[:min(width+1, len(line))], ' ')
		if at <= indent {
			break
		}
		b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
		line = strings.Repeat(" ", indent) + strings.TrimLeft(line[at:], " ")
	}
	return b.String() + line + "\n"
}
