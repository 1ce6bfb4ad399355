package main

import (
	"context"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/publishers"
	"spoor/sql/store/campaigns"
)

// publishersCommand defines publishers.
//
// A domain covers its addresses, not its subdomains.
func publishersCommand(env *cli.Env) *cobra.Command {
	var o findings.PublishersOptions
	c := &cobra.Command{
		Use:   "publishers [NAME]",
		Short: "list the newsletters that are set aside from campaigns",
		Example: `  correlate publishers                    those of most messages
  correlate publishers news@shop.example  the messages of one`,
		Long: `Issues of a newsletter share sender, program and links by nature, which is no campaign. So a run sets them aside. A publisher is recognised by one From address and one network with about one text a day, on two days if nearly all of it is list mail, else on four. An address that several clusters share belongs to a platform: mail of its customers stays in campaigns.

NAME is an address of the list, or a domain for all addresses there.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.Name = strings.TrimSpace(strings.Join(args, ""))
			o.All = o.All || env.ForPrograms() && o.Limit == 0
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				found, err := findings.ReadPublishers(ctx, env, campaigns.New(s.DB), o)
				if err != nil {
					return err
				}
				if !env.ForPrograms() && found.Issues != nil {
					env.RememberList(s.Where, hashesOf(found.Issues))
				}
				return publishers.Print(env, found)
			})
		},
		ValidArgsFunction: completePublisher(env),
	}
	c.Flags().BoolVar(&o.All, "all", false, "list all, not only the largest 20")
	c.Flags().IntVarP(&o.Limit, "limit", "n", 0, "list the first `N`")
	return c
}

// plainAddress matches addresses that a shell completes as they are. Others were written to
// be typed by nobody.
var plainAddress = regexp.MustCompile(`^[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+$`)

// completePublisher offers the largest publishers.
func completePublisher(env *cli.Env) cobra.CompletionFunc {
	return offer(env, cobra.ShellCompDirectiveDefault, func(ctx context.Context, st *campaigns.Store) (out []string, err error) {
		list, err := st.Publishers(ctx, "", offered)
		for i := range list {
			if plainAddress.MatchString(list[i].Name) {
				out = append(out, list[i].Name)
			}
		}
		return out, err
	})
}
