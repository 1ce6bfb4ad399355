package main

import (
	"context"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/runs"
	"spoor/sql/store/campaigns"
)

func runsCommand(env *cli.Env) *cobra.Command {
	var o findings.RunsOptions
	var campaign string
	c := &cobra.Command{
		Use:   "runs",
		Short: "list the spamruns: one sender's bursts of mail",
		Example: `  correlate runs                     the largest
  correlate runs --sender 192.0.2.0/24
  correlate runs --campaign c2 --all`,
		Long: `A spamrun is a burst of at least two messages from one address, by their arrival at our own servers, as of the last complete run. It goes on while the next message comes within eight times its mean gap (ten minutes at least, four hours at most) and for a day at most.

"To" is where its recipients are, "MX" which of our own servers took it, after its priority where the import was told (collector import --mx). Times are in the zone that our own servers write if all listed share one, else in UTC. "broken" counts recipients that look damaged, by their form alone.`,
		Args: noWords,
		RunE: func(c *cobra.Command, _ []string) error {
			if campaign != "" {
				id, ok := naming.ParseID(campaign)
				if !ok {
					return cli.Usage("--campaign %q is no campaign's ID, such as c2; see correlate list", printable.Cut(campaign, 40))
				}
				o.Campaign = id
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				found, err := findings.ReadRuns(ctx, env, campaigns.New(s.DB), o)
				if err != nil {
					return err
				}
				return runs.Print(env, found)
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	f := c.Flags()
	f.StringVar(&o.Sender, "sender", "", "only those from this `ADDRESS` or network")
	f.StringVar(&campaign, "campaign", "", "only those with messages of campaign `ID`")
	f.BoolVar(&o.All, "all", false, "list all, not only the largest 20")
	f.IntVarP(&o.Limit, "limit", "n", 0, "list the `N` largest")
	return c
}
