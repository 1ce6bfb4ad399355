package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/deciding"
	"spoor/internal/printable"
	"spoor/internal/report/decide"
	"spoor/sql/store/campaigns"
)

// groupDecide is the group of the commands for decisions in the help.
const groupDecide = "decide"

// addDecisions adds the commands that record a decision, or list or undo them.
//
// The order is that of the help: campaigns first, then words about them,
// evidence, messages, and the list of all.
func addDecisions(root *cobra.Command, env *cli.Env) {
	root.AddGroup(&cobra.Group{ID: groupDecide, Title: "You decide"})
	for _, c := range []*cobra.Command{
		mergeCommand(env), splitCommand(env), sameCommand(env, false), sameCommand(env, true), sayCommand(env, decision.Name), sayCommand(env, decision.Remark), sayCommand(env, decision.Tag), sayCommand(env, decision.Untag),
		weighCommand(env, decision.Ignore), weighCommand(env, decision.Trust),
		classCommand(env, "ham", "messages are ham: wanted mail"), classCommand(env, "spam", "messages are spam after all"), decisionsCommand(env), undoCommand(env),
	} {
		c.GroupID = groupDecide
		root.AddCommand(c)
	}
}

// kept is the sentence that the help of all these commands shares.
const kept = `The decision is kept with who made it and when, and honoured by every later run until correlate undo takes it back.`

// decideFlags defines the flags that all deciding commands take. --no-run
// exists where a run follows.
//
// --because is optional: a tag needs no reason.
func decideFlags(c *cobra.Command, o *deciding.Options, reruns bool) {
	c.Flags().StringVar(&o.Because, "because", "", "`TEXT` the reason, kept with the decision")
	c.Flags().StringVar(&o.By, "by", "", "`WHO` decides; else SPOOR_USER, else the user's name")
	if reruns {
		c.Flags().BoolVar(&o.NoRun, "no-run", false, "leave it to the next run to take effect")
	}
}

// decidingCommand completes a command that decides: flags, store, the call of
// f, and its result. If f fails after some decisions are stored, these are
// printed before the error.
func decidingCommand(env *cli.Env, c *cobra.Command, o *deciding.Options, reruns bool, f func(context.Context, *cli.Session, []string) (*deciding.Outcome, error)) *cobra.Command {
	decideFlags(c, o, reruns)
	c.RunE = func(c *cobra.Command, args []string) error {
		return withStore(c.Context(), env, cli.Write, func(ctx context.Context, s *cli.Session) error {
			out, err := f(ctx, s, args)
			if out != nil { // of several some may be done
				err = errors.Join(decide.Outcome(env, out), err)
			}
			return err
		})
	}
	if c.ValidArgsFunction == nil {
		c.ValidArgsFunction = completeID(env)
	}
	return c
}

// atLeast requires n arguments or more; the text names them.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return cli.Usage("%s takes %s; see %s -h", c.CommandPath(), what, c.CommandPath())
		}
		return nil
	}
}

// mergeCommand defines merge.
//
// Every argument is checked for its form before the number of them, so "merge
// c2 x" complains of x.
func mergeCommand(env *cli.Env) *cobra.Command {
	var o deciding.Options
	return decidingCommand(env, &cobra.Command{
		Use:     "merge ID ID [ID...]",
		Short:   "decide that campaigns are one",
		Example: "  correlate merge c2 c7 --because 'same phone number in the letters'",
		Long:    kept + ` The largest keeps its id and the others lead there; their names, notes and tags come along. Later runs go by messages that represent each campaign, so it holds while the campaigns grow.`,
		Args: func(c *cobra.Command, args []string) error {
			for _, a := range args {
				if err := oneID(c, []string{a}); err != nil {
					return err
				}
			}
			return atLeast(2, "two campaigns' IDs or more")(c, args)
		},
	}, &o, true, func(ctx context.Context, s *cli.Session, args []string) (*deciding.Outcome, error) {
		return deciding.Merge(ctx, env, campaigns.New(s.DB), o, args)
	})
}

// splitCommand defines split, which takes messages, or a feature that they
// share.
//
// --with and messages exclude each other: it is not clear which set would be
// meant.
func splitCommand(env *cli.Env) *cobra.Command {
	var o deciding.Options
	var with string
	c := &cobra.Command{
		Use:   "split ID MESSAGE...",
		Short: "take messages out of a campaign",
		Example: `  correlate split c2 1f0c3a9e '<id@mail.example>'
  correlate split c2 --with 'link domain shop.example'`,
		Long: `The messages become a campaign of their own, or stand alone if it is one. ` + kept + `
MESSAGE is a Message-ID or the beginning of a SHA-256, as correlate show prints them.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return oneID(c, args)
			}
			if (len(args) > 1) == (with != "") {
				return cli.Usage("%s takes a campaign's ID, and either messages or --with FEATURE", c.CommandPath())
			}
			return oneID(c, args[:1])
		},
	}
	c.Flags().StringVar(&with, "with", "", "`FEATURE` take out those that have it\nWritten as for correlate ignore.")
	return decidingCommand(env, c, &o, true, func(ctx context.Context, s *cli.Session, args []string) (*deciding.Outcome, error) {
		return deciding.Split(ctx, env, campaigns.New(s.DB), o, args[0], args[1:], with)
	})
}

// sameCommand defines same or, with not, not-same.
//
// Both sides may be a message or a campaign. A campaign stands for the messages
// that represent it, as for merge.
func sameCommand(env *cli.Env, not bool) *cobra.Command {
	var o deciding.Options
	c := &cobra.Command{
		Use:     "same A B",
		Short:   "decide that two messages or campaigns belong together",
		Example: "  correlate same 1f0c3a9e c2",
		Long:    kept + ` A and B are campaigns or messages: a Message-ID, or the beginning of a SHA-256.`,
		Args:    exactly(2, "two messages or campaigns"),
	}
	if not {
		c.Use = "not-same A B"
		c.Short = "decide that two messages or campaigns do not belong together"
		c.Example = "  correlate not-same c2 c7 --because 'two affiliates of one shop'"
	}
	return decidingCommand(env, c, &o, true, func(ctx context.Context, s *cli.Session, args []string) (*deciding.Outcome, error) {
		return deciding.Same(ctx, env, campaigns.New(s.DB), o, not, [2]string(args))
	})
}

// exactly requires n arguments; the text names them.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return cli.Usage("%s takes %s, but was given %q too", c.CommandPath(), what, printable.Cut(args[n], 40))
		}
		return atLeast(n, what)(c, args)
	}
}

// sayCommand defines name, note, tag or untag. They change no campaign, so no
// run follows.
//
// All words after the id are one text, so it needs no quotes.
func sayCommand(env *cli.Env, kind decision.Kind) *cobra.Command {
	var o deciding.Options
	c := &cobra.Command{
		Args: func(c *cobra.Command, args []string) error {
			if err := atLeast(2, "a campaign's ID and a "+strings.TrimPrefix(string(kind), "un"))(c, args); err != nil {
				return err
			}
			return oneID(c, args[:1])
		},
		Long: `It stays with the campaign from run to run, goes along if that goes into another, and comes back if it comes out again.`,
	}
	switch kind {
	case decision.Name:
		c.Use, c.Short, c.Example = "name ID NAME", "give a campaign a name", "  correlate name c2 'toner gang'"
		c.Long += ` The last name holds; correlate undo brings the one before back.`
	case decision.Remark:
		c.Use, c.Short, c.Example = "note ID TEXT", "write a note on a campaign", "  correlate note c2 'reported to the registrar, ticket 4711'"
	case decision.Tag:
		c.Use, c.Short, c.Example = "tag ID TAG", "put a tag on a campaign", "  correlate tag c2 pharmacy"
	case decision.Untag:
		c.Use, c.Short, c.Example = "untag ID TAG", "take a tag off a campaign", "  correlate untag c2 pharmacy"
	}
	return decidingCommand(env, c, &o, false, func(ctx context.Context, s *cli.Session, args []string) (*deciding.Outcome, error) {
		return deciding.Say(ctx, env, campaigns.New(s.DB), o, kind, args[0], strings.Join(args[1:], " "))
	})
}

// weighCommand defines ignore or trust, which change the weight of a feature.
//
// A feature without a kind may be several: a host is a link host and a sender's
// name. Each becomes a decision, with an id to undo it by.
func weighCommand(env *cli.Env, kind decision.Kind) *cobra.Command {
	var o deciding.Options
	c := &cobra.Command{
		Use:   string(kind) + " FEATURE",
		Short: "decide that something common to messages is no evidence",
		Example: `  correlate ignore lists.example.com
  correlate ignore link domain example.com
  correlate ignore 'subject:delivery status'`,
		Args:              atLeast(1, "a FEATURE"),
		ValidArgsFunction: completeKind,
	}
	if kind == decision.Trust {
		c.Short = "decide that something common to messages is good evidence"
		c.Example = strings.ReplaceAll(c.Example, "ignore", string(kind))
	}
	c.Long = kept + ` Ignored, a feature is worth nothing; trusted, it is worth as much as its kind can be, however many have it.
FEATURE is a kind of evidence and a value, as the screens show them, or a host, address, mail address, phone number, URL or hash by itself: then it is read as every kind in which messages have it, and each is a decision of its own. One that no message has is refused without --force.
Kinds: ` + strings.Join(evidence.Names(nil), ", ") + "."
	c.Flags().BoolVar(&o.Force, "force", false, "keep it though no message has the feature yet")
	return decidingCommand(env, c, &o, true, func(ctx context.Context, s *cli.Session, args []string) (*deciding.Outcome, error) {
		return deciding.Weigh(ctx, env, campaigns.New(s.DB), o, kind, strings.Join(args, " "))
	})
}

// completeKind offers the kinds of evidence for the first word.
//
// The kinds come from graph/evidence, so a new one is offered without a change
// here.
func completeKind(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, k := range evidence.Names(nil) {
		if len(args) == 0 && strings.HasPrefix(strings.ToLower(k), strings.ToLower(typed)) {
			out = append(out, k)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// decisionsCommand defines decisions.
func decisionsCommand(env *cli.Env) *cobra.Command {
	var o deciding.ListOptions
	var kind string
	c := &cobra.Command{
		Use:   "decisions [ID]",
		Short: "list decisions, with author, time and reason",
		Example: `  correlate decisions c2 --all       also undone ones
  correlate decisions --kind ignore`,
		Args: func(c *cobra.Command, args []string) error {
			if o.Kind = decision.Kind(kind); kind != "" && !slices.Contains(decision.Kinds(), o.Kind) {
				var names []string
				for _, k := range decision.Kinds() {
					names = append(names, string(k))
				}
				return cli.Usage("--kind %q is none of %s", printable.Cut(kind, 40), strings.Join(names, ", "))
			}
			if len(args) > 1 {
				return cli.Usage("%s takes one ID at most", c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.About = strings.Join(args, "")
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				list, err := deciding.List(ctx, env, campaigns.New(s.DB), o)
				if err != nil {
					return err
				}
				return decide.Decisions(env, list, o.All)
			})
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().BoolVar(&o.All, "all", false, "also those that were undone")
	c.Flags().StringVar(&kind, "kind", "", "`KIND` only merge, split, same, not-same, name, note, tag, untag, ignore or trust")
	return c
}

// undoCommand defines undo.
//
// Undoing is itself recorded with author and time. Several are undone one after
// the other; those done before an error stay undone.
func undoCommand(env *cli.Env) *cobra.Command {
	var o deciding.Options
	c := decidingCommand(env, &cobra.Command{
		Use:               "undo DECISION...",
		Short:             "take decisions back",
		Example:           "  correlate undo d3",
		Long:              `The decision no longer holds; a run follows if it had changed the campaigns. A campaign that a merge had ended gets its id back. correlate decisions --all keeps the author and time of the undoing.`,
		Args:              atLeast(1, "a decision, such as d3"),
		ValidArgsFunction: cobra.NoFileCompletions,
	}, &o, true, func(ctx context.Context, s *cli.Session, args []string) (*deciding.Outcome, error) {
		return deciding.Undo(ctx, env, campaigns.New(s.DB), o, args)
	})
	return c
}
