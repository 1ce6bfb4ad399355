package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/report"
)

func runCommand(env *cli.Env) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "run PATH...",
		Short: "import mail, find the campaigns, list them",
		Example: "  collector run ~/spam\n" +
			"  collector run examples/spambin\n" +
			"  collector run --own-mx '*.example.org' spam.mbox",
		Long: "The whole job in one command: collector import, then correlate. The flags are those of import.",
		Args: somePaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withImport(cmd.Context(), env, &f, args, func(s *cli.Session, done *imported) error {
				return correlate(cmd.Context(), env, s, done)
			})
		},
	}
	f.add(c)
	return c
}

// correlate goes on after an import: what it brought is shown, then the campaigns.
func correlate(ctx context.Context, env *cli.Env, s *cli.Session, done *imported) error {
	if !env.JSON() {
		if err := done.print(env, ""); err != nil {
			return err
		}
		if err := env.Printf("\n"); err != nil {
			return err
		}
	}
	if done.stopped {
		if env.JSON() {
			return env.WriteJSON(runJSON{Command: "run", Import: done.json("import")})
		}
		return nil
	}
	if _, err := report.Correlate(ctx, s.Store, report.Options{Now: env.Now}); err != nil {
		if ctx.Err() != nil {
			return cli.Silent(cli.Stopped)
		}
		return env.StoreError(err, s.Where)
	}
	if env.JSON() {
		return writeRunJSON(ctx, env, s, done)
	}
	return found(report.List(ctx, env, s.Store, report.ListOptions{}))
}

// found takes "nothing found" for an answer: the import has done its work.
func found(err error) error {
	if s, ok := errors.AsType[cli.Silent](err); ok && s == cli.NoneFound {
		return nil
	}
	return err
}

type runJSON struct {
	Command   string          `json:"command"`
	Import    importJSON      `json:"import"`
	Campaigns json.RawMessage `json:"correlate,omitempty"` // what correlate list --json prints
}

// writeRunJSON prints one object that holds what import and correlate list print.
func writeRunJSON(ctx context.Context, env *cli.Env, s *cli.Session, done *imported) error {
	var list bytes.Buffer
	inner := *env
	inner.Stdout = &list
	if err := found(report.List(ctx, &inner, s.Store, report.ListOptions{All: true})); err != nil {
		return err
	}
	return env.WriteJSON(runJSON{"run", done.json("import"), list.Bytes()})
}
