package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"spoor/graph/correlation"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/list"
	"spoor/internal/report/runs"
	"spoor/internal/report/summary"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/logs"
)

// root defines the tree of commands. Without a subcommand, correlate runs.
//
// The tree is made anew for each call, as tests run many commands in one
// process.
func root(env *cli.Env) *cobra.Command {
	var o findings.ListOptions
	var since string
	var markdown, again bool
	c := &cobra.Command{
		Use:   "correlate",
		Short: "find the campaigns among the stored messages and list them",
		Example: `  correlate                          find campaigns, list the largest
  correlate show c2                  one of them`,
		Long: `Without a command it reads the facts of every message, groups the spam into campaigns, replaces those of the last run, and lists them. Campaigns keep their ids from run to run; the id of one that was merged leads to the other. Wanted mail (collector import --as ham) is counted but never in a campaign.

With --since it prints the changes instead of the list, as correlate summary does: a daily mail is correlate --since 1d --markdown.

If nothing is new since the last run (no mail, decision, answer of a registry or version of this program), its campaigns stand, and --again finds them anew all the same. A run that is stopped, or killed, changes nothing: the campaigns of the last complete run stand.`,
		RunE: func(c *cobra.Command, _ []string) error {
			print := func(ctx context.Context, s *cli.Session) error { return printList(ctx, env, s, o) }
			switch {
			case since != "":
				from, err := sinceWhen(env, since)
				if err != nil {
					return err
				}
				print = func(ctx context.Context, s *cli.Session) error {
					return printSummary(ctx, env, s, from, summary.Options{Markdown: markdown, All: o.All})
				}
			case markdown:
				return cli.Usage("--markdown goes with --since; one campaign: correlate show ID --markdown")
			}
			return withStore(c.Context(), env, cli.Write, func(ctx context.Context, s *cli.Session) error {
				return correlate(ctx, env, s, again, print)
			})
		},
	}
	c.Flags().StringVar(&since, "since", "", "then print changes since `WHEN`, not the list: 1d")
	c.Flags().BoolVar(&markdown, "markdown", false, "print that as Markdown")
	c.Flags().BoolVar(&again, "again", false, "find campaigns again, though nothing is new")
	cli.Seldom(c.Flags(), "markdown")
	cli.Seldom(c.Flags(), "again")
	listFlags(c, &o)
	cli.Seldom(c.Flags(), "all")
	if err := c.Flags().MarkHidden("limit"); err != nil { // correlate list -h shows it; here the commands need the room
		panic(err)
	}
	c.AddCommand(listCommand(env), showCommand(env), findCommand(env), summaryCommand(env), runsCommand(env), whyCommand(env))
	const closer = "closer"
	c.AddGroup(&cobra.Group{ID: closer, Title: "Look closer"})
	for _, sub := range []*cobra.Command{askCommand(env), grepCommand(env), publishersCommand(env), membersCommand(env), runShowCommand(env), scoreCommand(env)} {
		sub.GroupID = closer
		c.AddCommand(sub)
	}
	addDecisions(c, env)
	addHandOver(c, env)
	declare(env, c)
	return c
}

// listFlags defines the flags that the bare command and list share.
func listFlags(c *cobra.Command, o *findings.ListOptions) {
	c.Flags().BoolVar(&o.All, "all", false, "list all campaigns, not only the largest 20")
	c.Flags().IntVarP(&o.Limit, "limit", "n", 0, "list the `N` largest campaigns")
}

// correlate runs the correlator, derives the spamruns, and then calls print. A
// store without messages is explained instead.
//
// Progress is drawn by another goroutine, hence the atomic value.
func correlate(ctx context.Context, env *cli.Env, s *cli.Session, again bool, print func(context.Context, *cli.Session) error) error {
	last, err := campaigns.New(s.DB).LastRun(ctx)
	if err != nil {
		return err
	}
	stored := last.Stored + last.StoredHam
	if stored == 0 {
		return logsOnly(ctx, env, s)
	}
	var step atomic.Value // of correlation.Step
	step.Store(correlation.Step{})
	progress := env.StartProgress(func(time.Duration) string { return wording.Progress(step.Load().(correlation.Step)) })
	env.Memory(0, correlation.GCPercent)
	sum, err := correlation.Run(ctx, campaigns.New(s.DB), correlation.Options{Now: env.Now, Program: env.Version, Again: again,
		Progress: func(s correlation.Step) { step.Store(s) }})
	if err == nil {
		_, err = logs.New(s.DB).Derive(ctx)
	}
	progress.Stop()
	if err != nil {
		return err
	}
	if sum.Unchanged && !env.ForPrograms() {
		env.Notef("Nothing is new since the last run; its campaigns stand. To find them again all the same: correlate --again\n")
	}
	return print(ctx, s)
}

// printList prints the campaigns, largest first.
//
// Programs get all campaigns unless they ask for a number.
func printList(ctx context.Context, env *cli.Env, s *cli.Session, o findings.ListOptions) error {
	o.All = o.All || env.ForPrograms() && o.Limit == 0
	found, err := findings.ReadList(ctx, campaigns.New(s.DB), o)
	if err != nil {
		return err
	}
	return list.Print(env, found)
}

// logsOnly lists the spamruns of a store that holds logs and no messages:
// campaigns need the content of messages.
//
// A store of logs alone is useful: spamruns need no content.
func logsOnly(ctx context.Context, env *cli.Env, s *cli.Session) error {
	kept := logs.New(s.DB)
	n, err := kept.Count(ctx)
	if err != nil {
		return err
	}
	if n == 0 || env.ForPrograms() {
		return teach(env, s.Where)
	}
	if _, err := kept.Derive(ctx); err != nil {
		return err
	}
	found, err := findings.ReadRuns(ctx, env, campaigns.New(s.DB), findings.RunsOptions{})
	if err != nil {
		return err
	}
	if err := env.Printf("The store holds %s of logs and no messages. Campaigns need messages; these are the spamruns.\n\n", cli.Count(n, "delivery", "deliveries")); err != nil {
		return err
	}
	return runs.Print(env, found)
}

// teach prints the first steps to a user with an empty store.
//
// A program gets an empty document with the exit code 0, as nothing went wrong.
func teach(env *cli.Env, where string) error {
	if env.ForPrograms() {
		return env.Result(list.Document{})
	}
	return env.Printf(`The store at %s holds no messages yet.

  collector import PATH...      mbox, Maildir, single messages, archives
  correlate                     then: the campaigns, largest first

Help: correlate -h
`, env.Text(where))
}

// withStore opens the store for f and translates its errors. An error of
// closing is a note only, since the results are printed by then.
//
// It is the only place where a command opens a store, and so the only one where
// its errors get words.
func withStore(ctx context.Context, env *cli.Env, a cli.Access, f func(context.Context, *cli.Session) error) error {
	s, err := env.OpenStore(ctx, a)
	if err != nil {
		return err
	}
	err = f(ctx, s)
	if closing := s.Close(); err == nil && closing != nil {
		env.Notef("%s\n", env.Text(closing.Error()))
	}
	return inWords(env, err, s.Where)
}
