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
)

// Execute runs a tree of commands with the habits that all of ours share and returns the
// exit code: -h is short and --help full, after any arguments, on stdout; a wrong word
// gets one line with the nearest right one; a reader that closes our output ends us
// quietly; the first SIGINT, SIGTERM or SIGHUP ends ctx, so that a command can finish
// what it began, and the second kills.
func Execute(ctx context.Context, env *Env, root *cobra.Command) int {
	prepare(env, root)
	ctx, stop := drain(ctx)
	defer stop()

	if full, ok := wantsHelp(env.Args); ok {
		return report(env, root, help(env, root, env.Args, full))
	}
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = broken(env.Stdout)
	}
	if err != nil && ctx.Err() != nil && exitCode(err) == InPart {
		// Whatever went wrong went wrong because the user stopped it.
		return Stopped
	}
	return report(env, cmd, err)
}

// prepare takes cobra's own voice away: what it would print is printed by us.
func prepare(env *Env, root *cobra.Command) {
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.DisableSuggestions = true
	root.CompletionOptions.HiddenDefaultCmd = false
	flags := root.PersistentFlags()
	flags.BoolVar(&env.asJSON, "json", false, "print results as JSON")
	flags.BoolVar(&env.ascii, "ascii", false, "print plain ASCII only")
	flags.StringVar(&env.store, "db", "", "`URL` use this PostgreSQL\nIn place of the private database; else DATABASE_URL, else libpq's PG* variables, if set. Others on this machine can read a command's arguments: give a password by PGPASSWORD or ~/.pgpass.")
	flags.BoolVar(&env.noFetch, "no-download", false, "never fetch PostgreSQL's programs\nWithout it they are fetched once, with notice, where they are not installed.")
	root.SetFlagErrorFunc(flagError)
	root.InitDefaultCompletionCmd(env.Args...)
	root.SetHelpCommand(helpCommand(env, root))
	root.AddCommand(manCommand(env, root))
	for _, c := range root.Commands() {
		wordsOf(c)
	}
	wordsOf(root)
}

// wordsOf makes a command that only groups others refuse words that it does not know.
func wordsOf(c *cobra.Command) {
	for _, sub := range c.Commands() {
		wordsOf(sub)
	}
	if c.HasAvailableSubCommands() && c.Args == nil {
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
	// Without a handler the next signal does what it does by default.
	context.AfterFunc(ctx, stop)
	// Else the runtime kills us on a closed pipe, and nobody stops the private database.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	return ctx, func() { stop(); signal.Stop(pipes) }
}

// report tells how a command ended.
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
	text := cmd.CommandPath() + ": " + e.Error()
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

func (p *pipe) Write(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.w.Write(b)
	p.err = err
	return n, err
}

// broken returns the error that output ran into.
func broken(w io.Writer) error {
	p, ok := w.(*pipe)
	if !ok || p.err == nil || errors.Is(p.err, syscall.EPIPE) {
		return nil
	}
	return &Error{Code: InPart, Message: "the results could not be printed", Err: p.err}
}
