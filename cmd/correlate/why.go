package main

import (
	"context"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/report/why"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
)

// whyCommand defines why. Two arguments compare messages; one campaign is shown
// with the traits that hold it together.
//
// explain.Ask returns a pair or a holding, never both. Weights are those of the
// last run.
func whyCommand(env *cli.Env) *cobra.Command {
	var o explain.Options
	c := &cobra.Command{
		Use:   "why A [B]",
		Short: "tell why messages belong together",
		Example: `  correlate why 8a7f3c21 1c9e88d0    two messages: each piece of evidence
  correlate why shop.example c2      the strongest pair between the two
  correlate why c2                   its shared traits, its weakest bridge
  correlate why c2 --without registration`,
		Long: `A and B are each a message (the beginning of its SHA-256, or its Message-ID), a host or domain (the messages that link to it), an address or network (those that came from it too), a campaign such as c2, or an operation such as o1. Of several messages, those two are compared that the evidence links most; of very many a sample is looked at. One message alone is compared with its campaign.

The table begins with what any two messages start from and adds up, line by line, to the total. Bits are powers of two: +3 makes it eight times likelier. "seen" counts the stored messages that have it. Within one group of evidence only the strongest line counts, for it implies the others, which stand in brackets. All is weighed by the numbers of the last run.

--without leaves evidence out: a value, as KIND:VALUE (correlate ignore --help lists the kinds), a kind, or a group: content, links, registration, hosting, sending, mailer.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return cli.Usage("correlate why takes two messages, hosts or campaigns, or one campaign, such as c2; see correlate why -h")
			}
			if o.Words && env.ForPrograms() {
				return cli.Usage("--words and --json exclude each other")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				pair, holding, err := explain.Ask(ctx, env, campaigns.New(s.DB), lookups.New(s.DB), args, o)
				switch {
				case err != nil:
					return err
				case holding != nil:
					return why.Holding(env, holding)
				}
				return why.Pair(env, pair)
			})
		},
		ValidArgsFunction: completeID(env),
	}
	f := c.Flags()
	f.StringArrayVar(&o.Without, "without", nil, "leave `FEATURE` out, to see the effect\nCan be given several times.")
	f.BoolVar(&o.Raw, "raw", false, "show every line that the evidence rests on")
	f.BoolVar(&o.Words, "words", false, "say it in sentences")
	return c
}
