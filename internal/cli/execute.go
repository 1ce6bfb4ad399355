package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spoor/internal/format"
)

// Execute runs a tree of commands and returns the exit code. It adds the common
// behaviour: -h prints short and --help full help on stdout, wherever they
// stand; an unknown word gets one line with the nearest known one; a closed
// output ends the command quietly. The first SIGINT, SIGTERM or SIGHUP cancels
// ctx, so that a command can finish its present step; the second kills the
// process.
func Execute(ctx context.Context, env *Env, root *cobra.Command) int {
	// Before anything is parsed: an error of the command line is printed in the
	// form that it asks for.
	env.form, env.running = formGiven(env.Args), root
	prepare(env, root)
	ctx, stop := drain(ctx)
	defer stop()

	if wantsVersion(env.Args) {
		env.running = versionOf(root)
		return report(env, env.running, env.running.RunE(env.running, nil))
	}

	if full, ok := wantsHelp(env.Args); ok {
		return report(env, root, help(env, root, env.Args, full))
	}
	cmd, err := root.ExecuteContextC(ctx)
	env.running = cmd
	if err == nil {
		// The command ended well, but its last lines may not have reached
		// anybody.
		err = broken(env.Stdout)
	}
	if err != nil && ctx.Err() != nil && exitCode(err) == InPart {
		// The error is a consequence of the user's signal.
		return Stopped
	}
	return report(env, cmd, err)
}

// prepare turns off cobra's own output; this package prints all of it.
func prepare(env *Env, root *cobra.Command) {
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.DisableSuggestions = true
	root.CompletionOptions.HiddenDefaultCmd = false
	flags := root.PersistentFlags()
	env.formFlags(flags)
	flags.BoolVar(&env.ascii, "ascii", false, "print plain ASCII only")
	flags.StringVar(&env.store, "db", "", "`URL` use this PostgreSQL\nIn place of the private database; else DATABASE_URL, else libpq's PG* variables, if set. Others on this machine can read a command's arguments: give a password by PGPASSWORD or ~/.pgpass.")
	flags.BoolVar(&env.noFetch, "no-download", false, "never fetch PostgreSQL's programs\nWithout it they are fetched once, with notice, where they are not installed.")
	root.SetFlagErrorFunc(flagError)
	root.InitDefaultCompletionCmd(env.Args...)
	root.SetHelpCommand(helpCommand(env, root))
	Complete(env, root)
	wordsOf(root)
	begin(env, root)
}

// Complete adds the commands that both programs have, and returns root.
func Complete(env *Env, root *cobra.Command) *cobra.Command {
	root.AddCommand(schemaCommand(env, root), versionCommand(env), manCommand(env, root))
	return root
}

// begin has every command look at its flags before it does anything.
//
// It wraps RunE in place of cobra's PersistentPreRun, which a command's own
// hook would replace.
func begin(env *Env, c *cobra.Command) {
	for _, sub := range c.Commands() {
		begin(env, sub)
	}
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			env.running = c
			if err := errors.Join(env.checkForm(c), notNegative(c)); err != nil {
				return err
			}
			return run(c, args)
		}
	}
}

// notNegative refuses negative counts and durations, which no flag supports.
func notNegative(c *cobra.Command) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		switch f.Value.Type() {
		case "int", "int32", "int64", "duration", "float64":
			if strings.HasPrefix(f.Value.String(), "-") && err == nil {
				err = Usage("--%s %s: must not be negative", f.Name, f.Value)
			}
		}
	})
	return err
}

// wordsOf makes a command that only groups others refuse words that it does not know.
func wordsOf(c *cobra.Command) {
	for _, sub := range c.Commands() {
		wordsOf(sub)
	}
	// Cobra ignores Args on a command without Run.
	if c.HasAvailableSubCommands() && (c.Args == nil || !c.Runnable()) {
		c.Args = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownWord(c, args[0])
		}
		if c.Run == nil && c.RunE == nil {
			c.RunE = func(c *cobra.Command, args []string) error {
				return Usage("needs one of: %s", strings.Join(names(c), ", "))
			}
		}
	}
}

// drain ends the context at the first signal and lets the second one kill.
func drain(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// Once the handler is removed, the next signal has its default effect: it
	// kills.
	context.AfterFunc(ctx, stop)
	// Without a handler for SIGPIPE, the runtime would kill the process on a
	// closed pipe before it can stop the private database.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	return ctx, func() { stop(); signal.Stop(pipes) }
}

// report prints the error of a command, if any, and returns the exit code.
//
// A closed output is no failure: its reader has read enough, as "| head" does.
func report(env *Env, cmd *cobra.Command, err error) int {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return Done
	}
	code := exitCode(err)
	if _, silent := errors.AsType[Silent](err); silent {
		return code
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = misuse(err)
		code = e.Code
	}
	if env.form.Objects() {
		writeLine(env.Stderr, ErrorJSON{format.Version, commandName(cmd), endsJSON{code, e.Error(), e.Hint}})
		return code
	}
	text := e.Error()
	if !e.sentence && !strings.HasPrefix(text, cmd.CommandPath()+" ") { // a message may begin with the command's name
		text = cmd.CommandPath() + ": " + text
	}
	if e.Hint != "" {
		text += "\n" + e.Hint
	}
	for line := range strings.SplitSeq(text, "\n") {
		env.Notef("%s\n", env.Text(line))
	}
	return code
}

// pipe is standard output: it keeps the first error, so that a command whose last lines
// were lost does not end as if all were well.
type pipe struct {
	w   io.Writer
	err error
}

// Write passes output on and remembers the first error, which every command
// would otherwise have to check.
func (p *pipe) Write(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.w.Write(b)
	if err != nil {
		p.err = &Error{Code: InPart, Message: "could not write the results", Err: err}
	}
	return n, p.err
}

// broken returns the error that output ran into.
func broken(w io.Writer) error {
	p, ok := w.(*pipe)
	if !ok || errors.Is(p.err, syscall.EPIPE) {
		return nil
	}
	return p.err
}
