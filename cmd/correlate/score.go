package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/score"
	"spoor/sql/store/campaigns"
)

// scoreCommand defines score. The truth is opened before the store, so that a
// misspelt name fails at once.
func scoreCommand(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "score TRUTH.tsv",
		Short: "measure the campaigns against a truth",
		Example: `  correlate score truth.tsv          all figures, and the worst cases
  correlate score truth.tsv --json
  correlate members --tsv >yesterday.tsv; correlate score yesterday.tsv`,
		Long: `TRUTH.tsv ("-": standard input) has a line a message: Message-ID, tab, campaign, and perhaps tab, operation; "-" or nothing for a campaign says that the message is one of its own. In place of the Message-ID, with or without its brackets, a line may have the SHA-256 of the message. A first line of titles is skipped, further columns are not read. All stored messages that bear a Message-ID count.

It compares with the campaigns of the last run. A message that no campaign holds is a cluster of its own. Precision falls where strangers are together, recall where a campaign is in pieces; docs/scoring.md defines each figure.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usage("correlate score takes one file, such as truth.tsv; see correlate score -h")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			file, closeFile, err := openTruth(c.Context(), env, args[0])
			if err != nil {
				return &cli.Error{Code: cli.InPart, Message: "the truth cannot be read", Err: err}
			}
			defer closeFile()
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				m, err := findings.ReadMatch(ctx, env, campaigns.New(s.DB), args[0], file)
				if err != nil {
					return err
				}
				return score.Print(env, m)
			})
		},
	}
}

// openTruth opens a file, or standard input for "-". The second result closes
// it.
//
// Reading stops when ctx ends, also from a terminal that sends nothing.
func openTruth(ctx context.Context, env *cli.Env, name string) (io.Reader, func() error, error) {
	if name == "-" {
		return cli.UntilDone(ctx, env.Stdin), func() error { return nil }, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return cli.UntilDone(ctx, f), f.Close, nil
}
