package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/grep"
	"spoor/internal/report/runs"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/logs"
)

// runsCommand defines runs.
//
// All conditions are parts of one query. --since and --campaign are checked
// before the store is opened.
func runsCommand(env *cli.Env) *cobra.Command {
	var o findings.RunsOptions
	var campaign, since string
	c := &cobra.Command{
		Use:   "runs",
		Short: "list the spamruns: one sender's bursts of mail",
		Example: `  correlate runs                     the largest
  correlate runs --sender 192.0.2.0/24
  correlate runs --campaign c2 --all`,
		Long: `A spamrun is a burst of at least two mails from one address, by their arrival at our own servers, as of the last complete run. A silence ends it where two rates explain the arrivals better than one; a repeated attempt after a deferral belongs to its first try. Logs (collector import /var/log/mail.log) show refused mail, too: "Tried" counts recipients, "No" those that were refused or put off. Bursts that look like wanted mail are left out; --wanted lists them.

"To" is where its recipients are, "MX" which of our own servers took it, after its priority where the import was told (collector import --mx). Times are in the zone that our own servers write if all listed share one, else in UTC. "broken" counts damaged recipients; correlate run-show tells how.`,
		Args: noWords,
		RunE: func(c *cobra.Command, _ []string) error {
			if campaign != "" {
				id, ok := naming.ParseID(campaign)
				if !ok {
					return cli.Usage("--campaign %q is no campaign's ID, such as c2; see correlate list", printable.Cut(campaign, 40))
				}
				o.Campaign = id
			}
			if since != "" {
				var err error
				if o.Since, err = sinceWhen(env, since); err != nil {
					return err
				}
			}
			o.All = o.All || env.ForPrograms() && o.Limit == 0
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
	f.StringVar(&since, "since", "", "only those that ended since `WHEN`: 2h, 3d, 2006-01-05")
	f.StringVar(&o.Domain, "domain", "", "only those with recipients in `DOMAIN`")
	f.StringVar(&o.MX, "mx", "", "only those that came to our `SERVER`")
	f.BoolVar(&o.Wanted, "wanted", false, "instead, bursts that look like wanted mail: lists, relays, providers")
	f.BoolVar(&o.All, "all", false, "list all, not only the largest 20")
	f.IntVarP(&o.Limit, "limit", "n", 0, "list the `N` largest")
	return c
}

// sinceWhen reads "2h", "3d", a day, or a time of RFC 3339.
func sinceWhen(env *cli.Env, s string) (time.Time, error) { return env.Since("--since", s) }

// runShowCommand defines run-show. It also shows the spamruns that acted
// together with the one named.
func runShowCommand(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "run-show ID",
		Short: "show one spamrun: its timeline and recipients",
		Example: `  correlate runs --json | grep spamrun_id
  correlate run-show r4863223441777421176`,
		Long: `The timeline has a line for each verdict and a character for each piece of time. Recipients are listed by how they came to be: "valid", or the damage that was done to a real address. Bursts that correlate runs --wanted lists are shown, too.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usage("correlate run-show takes one spamrun's ID; see correlate runs")
			}
			if _, err := strconv.ParseInt(strings.TrimPrefix(args[0], "r"), 10, 64); err != nil {
				return cli.Usage("%q is no spamrun's ID; see correlate runs", printable.Cut(args[0], 40))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(strings.TrimPrefix(args[0], "r"), 10, 64)
			if err != nil {
				return err // Args has looked
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				one, err := readRun(ctx, s, id)
				if err != nil {
					return err
				}
				if one == nil {
					return env.Nothing("There is no spamrun r%d; correlate runs --all lists those there are.", id)
				}
				return runs.PrintOne(env, one)
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}

// readRun reads a spamrun, or a burst that looks like wanted mail; nil if there is none.
//
// An id is made from the sender and the start (graph/spamrun), so it keeps from
// run to run, but later mail may show a burst to be wanted; so both kinds are
// looked at. The query returns the companions, too.
func readRun(ctx context.Context, s *cli.Session, id int64) (*runs.One, error) {
	for _, wanted := range []bool{false, true} {
		found, err := campaigns.New(s.DB).Spamruns(ctx, campaigns.SpamrunFilter{Run: id, Wanted: wanted})
		if err != nil {
			return nil, err
		}
		one := &runs.One{}
		for _, r := range found {
			if r.ID == id {
				one.Spamrun = r
			} else {
				one.Companions = append(one.Companions, r)
			}
		}
		if one.ID == 0 {
			continue
		}
		one.Wanted = wanted
		one.Tries, err = logs.New(s.DB).Tries(ctx, id, wanted)
		return one, err
	}
	return nil, nil
}

// grepLines limits the lines of grep for people, unless --all is given.
//
// Some four screens, in which a person still finds something.
const grepLines = 200

// grepCommand defines grep.
//
// An address or network is also compared as such, so 192.0.2.0/24 finds the
// addresses in it. Everything else is a piece of text.
func grepCommand(env *cli.Env) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "grep PATTERN",
		Short: "list everything that mentions something, in logs and mail",
		Example: `  correlate grep 192.0.2.7
  correlate grep susan.nobody@example.com
  correlate grep 9C734BE9E3`,
		Long: `PATTERN is an address, a network, a domain, a host, a piece of a subject, a recipient, a queue id or a Message-ID; case does not matter. Each line is one recipient of one mail, in the order of time, with the campaign (c2) and the spamrun (r123) that it is in.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
				return cli.Usage("correlate grep takes one PATTERN; see correlate grep -h")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			limit := grepLines
			if all || env.ForPrograms() {
				limit = 0
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				found, err := logs.New(s.DB).Grep(ctx, args[0], limit)
				if err != nil {
					return err
				}
				return grep.Print(env, args[0], found)
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().BoolVar(&all, "all", false, "list all, not only the first 200")
	return c
}
