package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/cluster"
	"spoor/internal/connstring"
	"spoor/sql/store/access"
)

// writeFlag is the one way to a connection that can change a store.
func writeFlag(c *cobra.Command, write *bool) {
	c.Flags().BoolVar(write, "write", false, "connect with the right to change everything\nA deleted row is gone: collector backup FILE first.")
}

// dbPsql defines db psql.
func dbPsql(env *cli.Env) *cobra.Command {
	write := false
	c := &cobra.Command{
		Use:   "psql [-- ARGS]",
		Short: "open psql on the store, to read",
		Example: "  collector db psql\n" +
			"  collector db psql -- -c '\\d+ messages_v'\n" +
			"  collector db psql -- -Atc 'select count(*) from messages_v'",
		RunE: func(cmd *cobra.Command, args []string) error { return psql(cmd.Context(), env, args, write) },
	}
	writeFlag(c, &write)
	return c
}

// psqlCall is a call of psql: its program, the connection string of its target
// ("" if the environment has it), and its environment.
type psqlCall struct {
	program, target string
	vars            []string
}

// psql runs psql as a child: the private database has to stay up while it runs.
func psql(ctx context.Context, env *cli.Env, args []string, write bool) (err error) {
	var call psqlCall
	if dsn, ok := env.External(); ok {
		if call, err = externalPsql(dsn, os.Environ(), write); err != nil {
			return cli.Usage("%v", err)
		}
	} else {
		c, e := openCluster(ctx, env)
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, c.Close()) }()
		if call.target, err = privateURL(ctx, c, write); err != nil {
			return err
		}
		// libpq's variables are another server's: even an empty PGSERVICE is looked up.
		call.vars = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") })
		call.program = "psql"
		if path, ok := c.PSQL(); ok {
			call.program = path
		}
	}
	return call.run(ctx, env, args)
}

// externalPsql connects to the user's own server. The password is in the
// environment, which only the user can read; arguments are visible to
// everybody. Without write, the session is read-only, to prevent mistakes.
func externalPsql(dsn string, vars []string, write bool) (psqlCall, error) {
	clean, password, err := connstring.Split(dsn)
	if err != nil {
		return psqlCall{}, err
	}
	call := psqlCall{"psql", clean, vars}
	if password != "" {
		call.set("PGPASSWORD", password)
	}
	if !write {
		options := ""
		for _, v := range vars {
			if value, ok := strings.CutPrefix(v, "PGOPTIONS="); ok {
				options = value + " "
			}
		}
		call.set("PGOPTIONS", options+"-c default_transaction_read_only=on")
	}
	return call, nil
}

// set sets an environment variable of the call. It copies the list, which may
// be the caller's.
func (p *psqlCall) set(name, value string) {
	p.vars = append(slices.DeleteFunc(slices.Clone(p.vars), func(v string) bool { return strings.HasPrefix(v, name+"=") }), name+"="+value)
}

// run runs psql on the terminal and passes its exit code on.
//
// Standard output is the process's own and not env's: psql asks the terminal
// for its width and pages by it.
func (p *psqlCall) run(ctx context.Context, env *cli.Env, args []string) error {
	path, err := exec.LookPath(p.program)
	if err != nil {
		return &cli.Error{Code: cli.InPart, Message: "psql is not installed", Hint: "Debian: apt install postgresql-client. Any other client can use: collector db url"}
	}
	// Ctrl-C goes to psql, which has the terminal and ends a query by it, as often as the
	// user likes: it must end neither psql nor us.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	// The target goes first: psql takes the first word that is no option as the
	// database.
	if p.target != "" {
		args = append([]string{p.target}, args...)
	}
	// The end of ctx must not kill psql, which handles the signal itself.
	child := exec.CommandContext(context.WithoutCancel(ctx), path, args...)
	child.Env = p.vars
	child.Stdin, child.Stdout, child.Stderr = env.Stdin, os.Stdout, os.Stderr
	if err := child.Run(); err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return cli.Silent(max(1, exit.ExitCode()))
		}
		return fmt.Errorf("run psql: %w", err)
	}
	return nil
}

// openCluster joins the private cluster without making one.
func openCluster(ctx context.Context, env *cli.Env) (*cluster.Cluster, error) {
	o, err := env.ClusterOptions(cli.Read)
	if err != nil {
		return nil, err
	}
	c, err := cluster.Open(ctx, o)
	if err != nil {
		return nil, env.StoreError(err, env.Tilde(o.Home))
	}
	return c, nil
}

// privateURL names the private database for a login that reads, or for the superuser.
func privateURL(ctx context.Context, c *cluster.Cluster, write bool) (string, error) {
	if write {
		return c.URL(), nil
	}
	return c.URLOf(access.Login), makeReader(ctx, c.URL())
}

// makeReader makes the login that only reads, if it is not there.
func makeReader(ctx context.Context, superuser string) error {
	admin, err := access.Open(ctx, superuser)
	if err != nil {
		return err
	}
	return errors.Join(admin.Reader(ctx), admin.Close(ctx))
}

// urlJSON is the output of db url.
type urlJSON struct {
	URL string `json:"url"`
}

// dbURL defines db url.
func dbURL(env *cli.Env) *cobra.Command {
	write := false
	c := &cobra.Command{
		Use:     "url",
		Short:   "print the connection string, without its password",
		Example: "  psql \"$(collector db url)\"      after: collector db start",
		Long: "The private database is named with a login that only reads. Of a server of your own the string is yours, without the password: " +
			"libpq takes that from PGPASSWORD or ~/.pgpass.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dsn, err := storeURL(cmd.Context(), env, write)
			if err != nil {
				return err
			}
			if env.ForPrograms() {
				return env.Result(urlJSON{dsn})
			}
			return env.Printf("%s\n", env.Text(dsn))
		},
	}
	writeFlag(c, &write)
	return c
}

// storeURL returns the connection string without its password: it is printed,
// and would stay in a shell's history.
//
// The private server is started for the answer if necessary, and stops again
// unless db start keeps it up.
func storeURL(ctx context.Context, env *cli.Env, write bool) (dsn string, err error) {
	dsn, ok := env.External()
	if ok && dsn == "" {
		return "", &cli.Error{Code: cli.Misused, Message: "the database is named by PG* variables; libpq programs read them too"}
	}
	if ok {
		clean, password, err := connstring.Split(dsn)
		if err != nil {
			return "", cli.Usage("%v", err)
		}
		if password != "" {
			env.Notef("The password is left out; programs take it from PGPASSWORD or ~/.pgpass.\n")
		}
		return clean, nil
	}
	c, err := openCluster(ctx, env)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return privateURL(ctx, c, write)
}
