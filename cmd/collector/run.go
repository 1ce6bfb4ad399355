package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spoor/enrich/replay"
	"spoor/graph/correlation"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/list"
	"spoor/internal/report/runs"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/logs"
)

// runCommand defines run. Flags of look-ups work but are hidden, except
// --replay.
func runCommand(env *cli.Env) *cobra.Command {
	var f importFlags
	var ask enrichFlags
	c := &cobra.Command{
		Use:   "run PATH...",
		Short: "import mail, enrich it, find the campaigns, list them",
		Example: "  collector run ~/spam\n" +
			"  collector run examples/spambin\n" +
			"  collector run --own-mx '*.example.org' spam.mbox",
		Long: "The whole job in one command: collector import, collector enrich for two minutes at most (--for), then correlate. " +
			"The flags are those of import, and those of enrich that choose servers. " +
			"Where a folder of recorded answers stands beside a PATH under the name \"answers\", as in examples/, it is asked instead of the network. " +
			"Without a network, or with --offline, look-ups are left for later.",
		Args: somePaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withImport(cmd.Context(), env, &f, args, func(s *cli.Session, done *imported) error {
				return correlate(cmd.Context(), env, s, done, &ask, args)
			})
		},
	}
	f.add(c)
	flags := c.Flags()
	flags.BoolVar(&ask.Offline, "offline", false, "ask nobody: leave look-ups for later")
	flags.DurationVar(&ask.length, "for", runFor, "`TIME` ask for this time at most")
	inner := pflag.NewFlagSet("", pflag.ContinueOnError)
	addAskFlags(&ask.Settings, inner)
	inner.VisitAll(func(f *pflag.Flag) {
		f.Hidden = f.Name != "replay" // the short help has no room; see enrich -h
		flags.AddFlag(f)
	})
	return c
}

// runFor is the time of run's look-ups, so that the campaigns are printed soon;
// enrich does the rest.
const runFor = 2 * time.Minute

// askForRun looks up the names of the import, as far as network and flags
// allow.
func askForRun(ctx context.Context, env *cli.Env, s *cli.Session, ask *enrichFlags, paths []string) (*enriched, error) {
	// Explicit servers and recordings have precedence over answers found beside
	// the mail.
	if !ask.Offline && ask.Replay == "" && !ask.Named() {
		ask.Replay = answersBeside(paths)
	}
	if err := loadSettings(env, &ask.Settings); err != nil {
		return nil, err
	}
	return enrichSession(ctx, env, s, ask)
}

// answersBeside finds recorded answers beside a path, or beside its folder. The
// examples have them, so that they work without a network.
func answersBeside(paths []string) string {
	for _, p := range paths {
		if p == "-" {
			continue
		}
		p, err := filepath.Abs(p)
		if err != nil {
			continue
		}
		for _, dir := range []string{filepath.Dir(p), filepath.Dir(filepath.Dir(p))} {
			if dir = filepath.Join(dir, "answers"); replay.Holds(dir) {
				return dir
			}
		}
	}
	return ""
}

// correlate continues after an import: it prints the summary, looks up the new
// names, and finds the campaigns. After a signal it prints the steps that were
// done.
//
// For programs the steps are collected into one object, printed at the end. For
// people each step is printed when it is done, since look-ups take minutes.
func correlate(ctx context.Context, env *cli.Env, s *cli.Session, done *imported, ask *enrichFlags, paths []string) error {
	if !env.ForPrograms() {
		if err := done.print(env, ""); err != nil {
			return err
		}
		if err := env.Printf("\n"); err != nil {
			return err
		}
	}
	if done.stopped {
		if env.ForPrograms() {
			return env.Result(runJSON{Import: done.json()})
		}
		return nil
	}
	looked, err := askForRun(ctx, env, s, ask, paths)
	if err != nil {
		return err
	}
	if !env.ForPrograms() {
		if err := looked.print(env); err != nil {
			return err
		}
		if err := env.Printf("\n"); err != nil {
			return err
		}
	}
	if looked.stopped {
		if env.ForPrograms() {
			asked := looked.json()
			return env.Result(runJSON{Import: done.json(), Enrich: &asked})
		}
		return cli.Silent(cli.Stopped)
	}
	env.Memory(0, correlation.GCPercent)
	_, err = correlation.Run(ctx, campaigns.New(s.DB), correlation.Options{Now: env.Now, Program: env.Version})
	boundDerivation(env)
	if err == nil {
		_, err = logs.New(s.DB).Derive(ctx)
	}
	if err != nil {
		if ctx.Err() != nil {
			return cli.Silent(cli.Stopped)
		}
		return env.StoreError(err, s.Where)
	}
	if env.ForPrograms() {
		return writeRunJSON(ctx, env, s, done, looked)
	}
	if err := printList(ctx, env, s, findings.ListOptions{}); err != nil || len(done.logs.files()) == 0 {
		return err
	}
	return printRuns(ctx, env, s)
}

// listedRuns is how many spamruns follow the campaigns.
const listedRuns = 8

// printRuns prints the largest spamruns, of which logs show more than the mail
// does.
func printRuns(ctx context.Context, env *cli.Env, s *cli.Session) error {
	found, err := findings.ReadRuns(ctx, env, campaigns.New(s.DB), findings.RunsOptions{Limit: listedRuns})
	if err != nil || len(found.List) == 0 {
		return err
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	return runs.Print(env, found)
}

// printList prints the campaigns. An empty list is no error here, because the
// import succeeded.
func printList(ctx context.Context, env *cli.Env, s *cli.Session, o findings.ListOptions) error {
	found, err := findings.ReadList(ctx, campaigns.New(s.DB), o)
	if err != nil {
		return err
	}
	err = list.Print(env, found)
	if s, ok := errors.AsType[cli.Silent](err); ok && s == cli.NoneFound {
		return nil
	}
	return err
}

// runJSON is the output of run; parts that were not reached are missing.
type runJSON struct {
	Import    importJSON     `json:"import"`
	Enrich    *enrichJSON    `json:"enrich,omitempty"`
	Campaigns *list.Document `json:"correlate,omitempty"` // output of correlate list --json
	Spamruns  *runs.Document `json:"runs,omitempty"`      // output of correlate runs --json, if logs were imported
}

// writeRunJSON prints one object with the results of import, correlate list and, if logs
// were imported, correlate runs.
func writeRunJSON(ctx context.Context, env *cli.Env, s *cli.Session, done *imported, looked *enriched) error {
	found, err := findings.ReadList(ctx, campaigns.New(s.DB), findings.ListOptions{All: true})
	if err != nil {
		return err
	}
	asked, listed := looked.json(), list.DocumentOf(found)
	out := runJSON{Import: done.json(), Enrich: &asked, Campaigns: &listed}
	if len(done.logs.files()) > 0 {
		found, err := findings.ReadRuns(ctx, env, campaigns.New(s.DB), findings.RunsOptions{All: true})
		if err != nil {
			return err
		}
		bursts := runs.DocumentOf(found)
		out.Spamruns = &bursts
	}
	return env.Result(out)
}
