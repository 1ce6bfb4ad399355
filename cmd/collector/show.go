package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/message"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/messages"
)

// showCommand defines show.
//
// With a number, the list of this store that was printed last counts.
func showCommand(env *cli.Env) *cobra.Command {
	var raw, all bool
	c := &cobra.Command{
		Use:   "show MESSAGE",
		Short: "read one message: header, way, text, links, attachments",
		Example: "  collector show fb3648c0             by the hash that screens print\n" +
			"  collector show 3                    the third of the list printed last\n" +
			"  collector show fb3648c0 --raw >m.eml",
		Long: "MESSAGE is a SHA-256 or its first 6 digits or more, a Message-ID, or a number of the list of messages that was printed last (correlate show, members, find). " +
			"The way is drawn with the boundary between the fields of our own servers and the claims of strangers. Links are written so that nobody clicks them; HTML is shown as text, and nothing is loaded.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usage("needs one MESSAGE; for example: collector show fb3648c0")
			}
			if raw && env.ForPrograms() {
				return cli.Usage("--raw and --json exclude each other")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			s, err := env.OpenStore(cmd.Context(), cli.Read)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.Close()) }()
			l, err := findings.ReadLetter(cmd.Context(), env, campaigns.New(s.DB), messages.New(s.DB), args[0], s.Where)
			if _, silent := errors.AsType[cli.Silent](err); silent {
				return err
			}
			if err != nil {
				return env.StoreError(err, s.Where)
			}
			if raw {
				return printRaw(env, l)
			}
			return message.Print(env, l, all)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().BoolVar(&raw, "raw", false, "its bytes as they came, not to a terminal")
	c.Flags().BoolVar(&all, "all", false, "nothing cut: every field, line, link and Received field")
	return c
}

// printRaw writes the bytes of a message. It refuses a terminal, which would
// interpret control characters.
//
// An error of writing is returned, since half a message is no message.
func printRaw(env *cli.Env, l *findings.Letter) error {
	id := wording.Head(l.SHA256, 12)
	switch {
	case l.Raw == nil:
		return env.Nothing("The bytes of %s are not kept: it was imported with --no-raw.", id)
	case env.StdoutTTY:
		return &cli.Error{Code: cli.Misused, Message: "mail may hold control sequences, so its bytes are not written to a terminal", Hint: "collector show " + id + " --raw >message.eml"}
	}
	// The bytes go out unchanged and unformatted; a cut message is said to be
	// one by the exit code.
	if n, err := env.Stdout.Write(l.Raw); err != nil || n < len(l.Raw) {
		return errors.Join(err, io.ErrShortWrite)
	}
	if l.Cut {
		return &cli.Error{Code: cli.InPart, Message: "only the first part of " + id + " is kept: it was over the size limit of its import"}
	}
	return nil
}
