package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/sql/store/access"
)

// dbGrant defines db grant, which makes a login that can only read.
//
// Raw mail is apart from the rest, as most readers need the facts only.
func dbGrant(env *cli.Env) *cobra.Command {
	raw := false
	c := &cobra.Command{
		Use:   "grant NAME",
		Short: "a login that reads, for a colleague or a program",
		Example: "  collector db grant grafana         views and functions\n" +
			"  collector db grant --raw anna      the messages themselves, too",
		Long: "Prints the password once; granting again makes a new one and sets the rights anew. The login reads everything but mail as it came (table raw), " +
			"and that with --raw. The private database takes its connections while it listens: collector db start --listen 127.0.0.1:5433.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withAccess(cmd.Context(), env, func(a *access.Admin) error {
				password, err := a.Grant(cmd.Context(), args[0], raw)
				if err != nil {
					return err
				}
				return showGrant(env, args[0], password, raw)
			})
		},
	}
	c.Flags().BoolVar(&raw, "raw", false, "mail as it came, too")
	return c
}

// grantJSON is the output of db grant.
//
// Without a password the login existed, and keeps the one it has.
type grantJSON struct {
	Name     string `json:"name"`
	Password string `json:"password,omitempty"` // of a login that was made just now
	Raw      bool   `json:"raw"`
}

// showGrant prints the password of a new login. It is stored nowhere else:
// PostgreSQL keeps a hash of it.
func showGrant(env *cli.Env, name, password string, raw bool) error {
	if env.ForPrograms() {
		return env.Result(grantJSON{name, password, raw})
	}
	what := "everything but mail as it came"
	if raw {
		what = "everything, mail as it came too"
	}
	if err := env.Printf("%s may read %s.\n", name, what); err != nil {
		return err
	}
	if password == "" {
		return env.Printf("The login was there before: its password stays.\n")
	}
	return env.Printf("Password, shown this once: %s\n", password)
}

// revokeJSON is the output of db revoke.
type revokeJSON struct {
	Name string `json:"name"`
}

// dbRevoke defines db revoke.
func dbRevoke(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke NAME",
		Short:   "end a login's right to read",
		Example: "  collector db revoke grafana",
		Long:    "A login that db grant made is dropped and its connections end; one that was there before only loses its rights on the store.",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withAccess(cmd.Context(), env, func(a *access.Admin) error {
				if err := a.Revoke(cmd.Context(), args[0]); err != nil {
					return err
				}
				if env.ForPrograms() {
					return env.Result(revokeJSON{args[0]})
				}
				return env.Printf("%s may read no more.\n", args[0])
			})
		},
	}
}

// dbGrants defines db grants.
func dbGrants(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "grants",
		Aliases: []string{"list"},
		Short:   "who may read the store",
		Example: "  collector db grants --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withAccess(cmd.Context(), env, func(a *access.Admin) error {
				granted, err := a.List(cmd.Context())
				if err != nil {
					return err
				}
				return showGrants(env, granted)
			})
		},
	}
}

// grantsJSON is the output of db grants.
type grantsJSON struct {
	Logins []loginJSON `json:"logins"`
}

// loginJSON is a login; raw allows it to read the bytes of messages.
type loginJSON struct {
	Name string `json:"name"`
	Raw  bool   `json:"raw"`
}

// showGrants lists the logins that may read. None is exit code 1 for people, an
// empty list for programs.
func showGrants(env *cli.Env, granted []access.Granted) error {
	if env.ForPrograms() {
		var out grantsJSON
		for _, g := range granted {
			out.Logins = append(out.Logins, loginJSON{g.Name, g.Raw})
		}
		return env.Result(out)
	}
	if len(granted) == 0 {
		env.Notef("Nobody but you: collector db grant NAME\n")
		return cli.Silent(cli.NoneFound)
	}
	t := env.Table(cli.Column{Title: "login"}, cli.Column{Title: "reads"})
	for _, g := range granted {
		what := "everything but raw mail"
		if g.Raw {
			what = "everything"
		}
		t.Row(g.Name, what)
	}
	return t.Print()
}

// withAccess connects with the right to create logins: as superuser of the
// private database, or as the user of the given connection string. It gives
// errors of do their exit code.
//
// Closing gets a context of its own, so that Ctrl-C does not leave the
// connection to a timeout.
func withAccess(ctx context.Context, env *cli.Env, do func(*access.Admin) error) (err error) {
	s, err := env.OpenStore(ctx, cli.Write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	a, err := access.Open(ctx, s.URL)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	defer func() { err = errors.Join(err, a.Close(context.WithoutCancel(ctx))) }()
	switch err = do(a); {
	case errors.Is(err, access.ErrName), errors.Is(err, access.ErrNoLogin):
		return cli.Usage("%v", err)
	case errors.Is(err, access.ErrMayNot):
		return &cli.Error{Code: cli.NoStore, Message: err.Error()}
	}
	return err
}
