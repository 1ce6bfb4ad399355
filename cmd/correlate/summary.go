package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/summary"
	"spoor/sql/store/campaigns"
)

// aDay is the default period of a summary: it is meant for a daily mail.
const aDay = "1d"

// summaryCommand defines summary.
//
// No change is still exit code 0: a daily mail of one line is news, too.
func summaryCommand(env *cli.Env) *cobra.Command {
	var o summary.Options
	var since string
	c := &cobra.Command{
		Use:   "summary",
		Short: "list changes: campaigns new, grown, merged, split, gone quiet",
		Example: `  correlate summary                  since this time yesterday
  correlate summary --since 7d --markdown
  correlate --since 1d               find campaigns first: for a daily mail`,
		Long: `It covers the runs that ended since WHEN, and mail stored since. Without changes it is one line. The same after a run: correlate --since WHEN.`,
		Args: noWords,
		RunE: func(c *cobra.Command, _ []string) error {
			from, err := sinceWhen(env, since)
			if err != nil {
				return err
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				return printSummary(ctx, env, s, from, o)
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().StringVar(&since, "since", aDay, "print changes since `WHEN`: 2h, 3d, 2006-01-05")
	c.Flags().BoolVar(&o.Markdown, "markdown", false, "print Markdown to paste")
	c.Flags().BoolVar(&o.All, "all", false, "every campaign that changed")
	return c
}

// printSummary reads and prints the changes since a time.
func printSummary(ctx context.Context, env *cli.Env, s *cli.Session, since time.Time, o summary.Options) error {
	found, err := findings.ReadSummary(ctx, campaigns.New(s.DB), since)
	if err != nil {
		return err
	}
	return summary.Print(env, found, o)
}
