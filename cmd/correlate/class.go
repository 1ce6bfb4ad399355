package main

import (
	"context"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/sql/store/facts"
)

// classCommand defines ham or spam, which set the class of stored messages.
//
// It takes effect in two steps. The class is stored at once and leaves its
// campaign, but the weights of evidence, which count ham, change with the next
// run.
func classCommand(env *cli.Env, class, what string) *cobra.Command {
	return &cobra.Command{
		Use:     class + " MESSAGE...",
		Short:   what,
		Example: "  correlate " + class + " 3fa91c02\n  correlate " + class + " some-id@mail.example.com",
		Long: "A MESSAGE is a SHA-256 or its first 8 digits or more, or a Message-ID. Ham leaves its campaign at once; " +
			"the next run of correlate weighs everything anew.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd.Context(), env, cli.Write, func(ctx context.Context, s *cli.Session) error {
				return reclassify(ctx, env, facts.New(s.DB), class, args)
			})
		},
	}
}

// classJSON counts the named messages, and those whose class was another
// before.
type classJSON struct {
	Messages int   `json:"messages"`
	Changed  int64 `json:"changed"`
}

// reclassify changes all given messages, or none if a word matches nothing.
//
// A message that has the class already is counted as named and not as changed.
func reclassify(ctx context.Context, env *cli.Env, st *facts.Store, class string, words []string) error {
	found, err := findings.StoredMessages(ctx, st, words)
	if err != nil {
		return err
	}
	var keys []int64
	for _, f := range found {
		keys = append(keys, f.Key)
	}
	changed, err := st.Reclassify(ctx, keys, class == "ham")
	if err != nil {
		return err
	}
	if env.ForPrograms() {
		return env.Result(classJSON{len(keys), changed})
	}
	return env.Printf("%s now %s, %s before. Next: correlate\n", cli.Count(len(keys), "message is", "messages are"), class, cli.Count(changed, "was not", "were not"))
}
