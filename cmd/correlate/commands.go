package main

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/find"
	"spoor/internal/report/list"
	"spoor/internal/report/show"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
	"spoor/sql/store/messages"
)

// listCommand defines list.
//
// An empty list is exit code 1.
func listCommand(env *cli.Env) *cobra.Command {
	var o findings.ListOptions
	c := &cobra.Command{
		Use:   "list",
		Short: "list the campaigns of the last run",
		Example: `  correlate list --all               every campaign
  correlate list -n 5 --json         the five largest, for programs`,
		Long: `The list is that of the last complete run; it says how many messages came since. "Weak" is the strength of the weakest link that holds a campaign together, in bits.`,
		Args: noWords,
		RunE: func(c *cobra.Command, _ []string) error {
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				return printList(ctx, env, s, o)
			})
		},
	}
	listFlags(c, &o)
	return c
}

// showCommand defines show. The printed messages are remembered by number, so
// that collector show 3 can refer to them.
//
// An operation has an id of its own (o1). It is tried first, since a campaign's
// id is a "c" and a number and the two never overlap.
func showCommand(env *cli.Env) *cobra.Command {
	var o findings.ShowOptions
	var how show.Options
	c := &cobra.Command{
		Use:   "show ID",
		Short: "report on one campaign, or one operation",
		Example: `  correlate show c2                  its evidence, senders, links and mail
  correlate show c2 --markdown       to paste into a mail or ticket
  correlate show o1                  an operation: campaigns of the same people`,
		Long: `"in" counts its members, "elsewhere" other spam, "ham" wanted mail with the same trait. Bits are the evidence of sharing the trait; within one group of evidence only the best counts.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				if _, ok := naming.ParseOperation(args[0]); ok {
					return nil
				}
			}
			return oneID(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if id, ok := naming.ParseOperation(args[0]); ok {
				return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
					found, err := findings.ReadOperation(ctx, env, campaigns.New(s.DB), id)
					if err != nil {
						return err
					}
					return show.Operation(env, found, how)
				})
			}
			id, _ := naming.ParseID(args[0]) // Args has looked
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				o.All, o.Dossiers, o.Messages = how.All, dossiers.New(s.DB), messages.New(s.DB)
				page, err := findings.ReadPage(ctx, env, campaigns.New(s.DB), id, o)
				if err != nil {
					return err
				}
				if !env.ForPrograms() {
					// For people only: a program has the whole hashes.
					env.RememberList(s.Where, hashesOf(page.Messages))
				}
				return show.Print(env, page, how)
			})
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().BoolVar(&how.All, "all", false, "every line of every table")
	c.Flags().BoolVar(&how.Markdown, "markdown", false, "print Markdown to paste, our own recipients left out")
	c.Flags().BoolVar(&how.WhyBlock, "why-block", false, "list the grounds of each \"Block?\"")
	c.Flags().IntVarP(&o.Limit, "limit", "n", 0, "show `N` lines of each table")
	return c
}

// membersCommand defines members. An id that was merged into another campaign
// leads there.
//
// The members are a stream, as those of a large store need not fit in memory.
// Their numbers are remembered although printing may have failed in between, as
// the lines that were printed are good.
func membersCommand(env *cli.Env) *cobra.Command {
	var tsv bool
	c := &cobra.Command{
		Use:   "members [ID]",
		Short: "list the messages that are in campaigns",
		Example: `  correlate members --tsv            Message-ID, tab, campaign: one a line
  correlate members c2               those of one campaign`,
		Args: func(c *cobra.Command, args []string) error {
			if tsv && env.ForPrograms() {
				return cli.Usage("--tsv and --format exclude each other")
			}
			if len(args) == 0 {
				return nil
			}
			return oneID(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			only := int64(0)
			if len(args) == 1 {
				only, _ = naming.ParseID(args[0])
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				if only != 0 {
					state, err := findings.Current(ctx, env, campaigns.New(s.DB), only)
					if err != nil {
						return err
					}
					only = state.ID
				}
				listed, err := list.Members(env, campaigns.New(s.DB).Members(ctx), only, tsv)
				env.RememberList(s.Where, listed)
				return err
			})
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().BoolVar(&tsv, "tsv", false, "print Message-ID, tab, campaign")
	return c
}

// findCommand defines find. Several words are joined by spaces: subjects need
// no quotes.
//
// Nothing found is exit code 1. A list on standard input is answered for people
// and programs alike with a line for each indicator, in the order of the input.
func findCommand(env *cli.Env) *cobra.Command {
	var o find.Options
	var text bool
	c := &cobra.Command{
		Use:   "find WHAT|-",
		Short: "tell where anything that a screen prints stands",
		Example: `  correlate find hxxp://www.shop[.]example
  correlate find 888-763-2497
  correlate find --text verify your account
  correlate find - <seen.txt         a list, one a line`,
		Long: `WHAT is a host or domain, an IP address or network, a URL, a mail address, a phone number in any writing, a Message-ID in its brackets, the beginning of a SHA-256 of a message or attachment, the number or name of an autonomous system, a wallet, a registrant, an id in a link, a queue id, an id of ours (c2, o1, r17), or a trait as list, show and why print it. Defanged forms are understood. The answer begins with how it was read. For "-" a list of indicators is read from standard input, and answered with a line each.

--text looks for words: mail that has all of them in its subject or text, in any order.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cli.Usage("correlate find takes something to look for; see correlate find -h")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" && !text {
				return findMany(c.Context(), env)
			}
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				look := findings.Find
				if text {
					look = findings.FindText
				}
				found, err := look(ctx, campaigns.New(s.DB), strings.Join(args, " "), findings.Whole)
				if err != nil {
					return err
				}
				if !env.ForPrograms() {
					env.RememberList(s.Where, find.Newest(found))
				}
				return find.Print(env, found, o)
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().BoolVar(&text, "text", false, "look for mail with all of these words")
	c.Flags().BoolVar(&o.All, "all", false, "every line of the answer")
	c.Flags().IntVarP(&o.Limit, "limit", "n", 0, "print the first `N` lines")
	return c
}

// noWords refuses arguments and names the first.
func noWords(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return cli.Usage("%s takes no arguments, but was given %q", c.CommandPath(), printable.Cut(args[0], 40))
	}
	return nil
}

// oneID requires one campaign's id.
//
// It looks at the form only; the store tells whether such a campaign exists.
func oneID(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return cli.Usage("%s takes one campaign's ID, such as c2; see correlate list", c.CommandPath())
	}
	if _, ok := naming.ParseID(args[0]); !ok {
		return cli.Usage("%q is no campaign's ID, such as c2; see correlate list, or correlate find for anything else", printable.Cut(args[0], 40))
	}
	return nil
}

// completeID offers the ids of the largest campaigns.
func completeID(env *cli.Env) cobra.CompletionFunc {
	return offer(env, cobra.ShellCompDirectiveKeepOrder, func(ctx context.Context, st *campaigns.Store) (out []string, err error) {
		ids, err := st.IDs(ctx, offered)
		for _, id := range ids {
			out = append(out, naming.ID(id))
		}
		return out, err
	})
}

// offered limits the words that a shell is offered.
const offered = 200

// offer completes the first word of a command from the store. It offers nothing
// if the store does not open within a second, as a user waits for it.
//
// Errors are swallowed: a shell has no place for them while a user types.
func offer(env *cli.Env, order cobra.ShellCompDirective, words func(context.Context, *campaigns.Store) ([]string, error)) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		const none = cobra.ShellCompDirectiveNoFileComp
		if len(args) > 0 {
			return nil, none
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		s, err := env.OpenStore(ctx, cli.Read)
		if err != nil {
			return nil, none
		}
		all, err := words(ctx, campaigns.New(s.DB))
		if closing := s.Close(); err != nil || closing != nil {
			return nil, none
		}
		var out []cobra.Completion
		for _, w := range all {
			if strings.HasPrefix(strings.ToLower(w), strings.ToLower(typed)) {
				out = append(out, w)
			}
		}
		return out, none | order
	}
}

// inWords keeps errors with a hint and translates errors of the store.
//
// A reader that closed the pipe (head, less) is no error to report.
func inWords(env *cli.Env, err error, where string) error {
	if _, silent := errors.AsType[cli.Silent](err); err == nil || silent || errors.Is(err, syscall.EPIPE) {
		return err
	}
	return env.StoreError(err, where)
}

// hashesOf lists messages as they were numbered.
func hashesOf(list []campaigns.Message) (out []string) {
	for _, m := range list {
		out = append(out, m.SHA256)
	}
	return out
}
