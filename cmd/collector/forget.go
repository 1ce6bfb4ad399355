package main

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/sql/store/facts"
	"spoor/sql/store/forget"
)

// forgetFlags choose the messages to forget.
type forgetFlags struct {
	recipient, before, campaign, source string
	dry                                 bool
}

// forgetCommand defines forget.
//
// Nothing is asked back: --dry-run counts, and a script must not hang.
func forgetCommand(env *cli.Env) *cobra.Command {
	var f forgetFlags
	c := &cobra.Command{
		Use:   "forget [MESSAGE...]",
		Short: "erase messages for good",
		Example: "  collector forget --dry-run --recipient anna@example.org\n" +
			"  collector forget --before 2020-01-01\n" +
			"  collector forget 3fa91c02 'some-id@mail.example.com'",
		Long: "Erases the facts and the bytes of messages, the evidence drawn from them, and registries' answers about names that occur nowhere else. " +
			"A MESSAGE is a SHA-256 or its first 8 digits or more, or a Message-ID. Flags narrow each other down. " +
			"A keyed hash stays, so that importing a message again does not bring it back. Run correlate afterwards.",
		RunE: func(cmd *cobra.Command, args []string) error { return forgetMessages(cmd.Context(), env, &f, args) },
	}
	flags := c.Flags()
	flags.BoolVar(&f.dry, "dry-run", false, "only count, erase nothing")
	flags.StringVar(&f.recipient, "recipient", "", "`ADDRESS` mail to this address\nIn the envelope as our own servers noted it, or in To and Cc.")
	flags.StringVar(&f.before, "before", "", "`DATE` mail that came before that day\nBy our own server's time; where there is none, by its Date. Mail with neither stays.")
	flags.StringVar(&f.campaign, "campaign", "", "`ID` mail of a campaign, such as c12")
	flags.StringVar(&f.source, "source", "", "`PATH` mail read from this source or folder alone\nMail that was seen elsewhere, too, stays.")
	return c
}

// forgetMessages erases the chosen messages, or counts them with --dry-run. The
// vacuum afterwards lets PostgreSQL overwrite the deleted rows.
//
// Words and flags narrow each other: a message must be named and fit all flags.
func forgetMessages(ctx context.Context, env *cli.Env, f *forgetFlags, words []string) (err error) {
	choice, err := f.choice(env)
	if err != nil {
		return err
	}
	// An empty choice must not mean every message.
	if choice.Empty() && len(words) == 0 {
		return cli.Usage("nothing says which messages; for example: collector forget --dry-run --recipient anna@example.org")
	}
	s, err := env.OpenStore(ctx, cli.Write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if len(words) > 0 {
		named, err := findings.StoredMessages(ctx, facts.New(s.DB), words)
		if err != nil {
			return err
		}
		for i := range named {
			choice.Hashes = append(choice.Hashes, named[i].Hash[:])
		}
	}
	done, err := forget.Forget(ctx, s.DB, choice, f.dry)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	// PostgreSQL keeps deleted rows in its files until they are vacuumed.
	// Erased mail should not be found there.
	if !f.dry && done.Messages > 0 {
		if err := forget.Vacuum(ctx, s.DB); err != nil {
			return env.StoreError(err, s.Where)
		}
	}
	return showForgotten(env, done, f.dry)
}

// choice checks the flags before the store is opened.
//
// A day begins at midnight UTC.
func (f *forgetFlags) choice(env *cli.Env) (c forget.Choice, err error) {
	c.Recipient = f.recipient
	if f.source != "" {
		// Paths are stored as given to import: absolute, or relative to its
		// working directory.
		c.Sources = []string{f.source, filepath.Clean(f.source)}
		if full, err := filepath.Abs(f.source); err == nil {
			c.Sources = append(c.Sources, full)
		}
	}
	if f.before != "" {
		if c.Before, err = time.Parse(time.DateOnly, f.before); err != nil {
			return c, cli.Usage("--before %q is no date such as 2020-01-31", f.before)
		}
		if c.Before.After(env.Now()) {
			return c, cli.Usage("--before %s is in the future", f.before)
		}
	}
	if f.campaign != "" {
		id, ok := strings.CutPrefix(f.campaign, "c")
		if c.Campaign, err = strconv.ParseInt(id, 10, 64); err != nil || !ok || c.Campaign <= 0 {
			return c, cli.Usage("--campaign %q is no campaign such as c12", f.campaign)
		}
	}
	return c, nil
}

// forgetJSON counts the erased rows. Names are those whose answers went with
// them.
type forgetJSON struct {
	DryRun    bool  `json:"dry_run"`
	Messages  int64 `json:"messages"`
	Raw       int64 `json:"raw"`
	Places    int64 `json:"places"`
	Campaigns int64 `json:"campaigns"`
	Names     int64 `json:"names"`
}

// showForgotten prints the counts, and the next step if campaigns lost
// messages.
func showForgotten(env *cli.Env, e forget.Erased, dry bool) error {
	if env.ForPrograms() {
		err := env.Result(forgetJSON{dry, e.Messages, e.Raw, e.Places, e.Campaigns, e.Names})
		return errors.Join(err, noneForgotten(e))
	}
	if e.Messages == 0 {
		env.Notef("No message is meant by that.\n")
		return noneForgotten(e)
	}
	verb := "Forgotten"
	if dry {
		verb = "Would be forgotten"
	}
	err := env.Printf("%s: %s (%s kept as they came), %s, answers about %s that nothing else names.\n", verb,
		cli.Count(e.Messages, "message", ""), cli.Number(e.Raw), cli.Count(e.Places, "place", ""), cli.Count(e.Names, "name", ""))
	switch {
	// The number of campaigns matters only after the fact: a run mends them.
	case err != nil || dry:
		return err
	case e.Campaigns > 0:
		return env.Printf("%s lost messages. Next: correlate\n", cli.Count(e.Campaigns, "campaign", ""))
	}
	return nil
}

// noneForgotten is exit code 1 if no message was chosen.
func noneForgotten(e forget.Erased) error {
	if e.Messages == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return nil
}
