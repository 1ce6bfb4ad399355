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
)

func dbCommand(env *cli.Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "the database behind the store",
		Example: "  collector db psql                               ask in SQL\n" +
			"  collector db psql -- -c 'select * from campaigns_v'\n" +
			"  psql \"$(collector db url)\"                      while it is up: db start",
		Long: "Without --db, DATABASE_URL or PG* variables Spoor runs a PostgreSQL of its own, on a Unix socket in " +
			"its home directory, while a command uses it. No TCP port is opened.",
	}
	c.AddCommand(dbPsql(env), dbURL(env), dbStart(env), dbStop(env), dbStatus(env))
	return c
}

func dbPsql(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "psql [-- ARGS]",
		Short: "open psql on the store",
		Example: "  collector db psql\n" +
			"  collector db psql -- -c '\\d+ messages_v'\n" +
			"  collector db psql -- -Atc 'select count(*) from messages_v'",
		RunE: func(cmd *cobra.Command, args []string) error { return psql(cmd.Context(), env, args) },
	}
}

// psql runs psql as a child: the private database has to stay up while it runs.
func psql(ctx context.Context, env *cli.Env, args []string) (err error) {
	program, target, vars := "psql", []string(nil), os.Environ()
	if dsn, ok := env.External(); ok {
		if dsn != "" {
			target = []string{dsn}
		}
	} else {
		c, e := openCluster(ctx, env)
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, c.Close()) }()
		// libpq's variables are another server's: even an empty PGSERVICE is looked up.
		vars = slices.DeleteFunc(vars, func(v string) bool { return strings.HasPrefix(v, "PG") })
		if path, args, ok := c.PSQL(); ok {
			program, target = path, args
		} else {
			target = []string{c.URL()}
		}
	}
	path, e := exec.LookPath(program)
	if e != nil {
		return &cli.Error{Code: cli.InPart, Message: "psql is not installed", Hint: "Debian: apt install postgresql-client. Any other client can use: collector db url"}
	}
	// Ctrl-C goes to psql, which has the terminal and ends a query by it, as often as the
	// user likes: it must end neither psql nor us.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	child := exec.CommandContext(context.WithoutCancel(ctx), path, append(target, args...)...)
	child.Env = vars
	child.Stdin, child.Stdout, child.Stderr = env.Stdin, os.Stdout, os.Stderr
	if e := child.Run(); e != nil {
		if exit, ok := errors.AsType[*exec.ExitError](e); ok {
			return cli.Silent(max(1, exit.ExitCode()))
		}
		return fmt.Errorf("run psql: %w", e)
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

func dbURL(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "url",
		Short:   "print the connection string",
		Example: "  psql \"$(collector db url)\"      after: collector db start",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dsn, ok := env.External()
			if ok && dsn == "" {
				return &cli.Error{Code: cli.Misused, Message: "the database is named by PG* variables; libpq programs read them too"}
			}
			if !ok {
				c, err := openCluster(cmd.Context(), env)
				if err != nil {
					return err
				}
				dsn = c.URL()
				if err := c.Close(); err != nil {
					return err
				}
			}
			if env.JSON() {
				return env.WriteJSON(map[string]string{"command": "db url", "url": dsn})
			}
			return env.Printf("%s\n", env.Text(dsn))
		},
	}
}

func dbStart(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "start",
		Short:   "start the private database and leave it up",
		Example: "  collector db start",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := privateOptions(env, cli.Create)
			if err != nil {
				return err
			}
			info, err := cluster.Start(cmd.Context(), o)
			if err != nil {
				return env.StoreError(err, env.Tilde(o.Home))
			}
			return showCluster(env, "db start", info)
		},
	}
}

func dbStop(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "stop",
		Short:   "stop the private database",
		Example: "  collector db stop",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := privateOptions(env, cli.Read)
			if err != nil {
				return err
			}
			err = cluster.Stop(cmd.Context(), o)
			if busy, ok := errors.AsType[*cluster.BusyError](err); ok {
				return &cli.Error{Code: cli.NoStore, Message: busy.Error()}
			}
			was := !errors.Is(err, cluster.ErrNotRunning)
			if err != nil && was {
				return env.StoreError(err, env.Tilde(o.Home))
			}
			if env.JSON() {
				return env.WriteJSON(map[string]any{"command": "db stop", "was_running": was})
			}
			if !was {
				return env.Printf("It was not running.\n")
			}
			return env.Printf("Stopped.\n")
		},
	}
}

func dbStatus(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "how the private database is",
		Example: "  collector db status --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := privateOptions(env, cli.Read)
			if err != nil {
				return err
			}
			info, err := cluster.Status(cmd.Context(), o)
			if err != nil {
				return env.StoreError(err, env.Tilde(o.Home))
			}
			return showCluster(env, "db status", info)
		},
	}
}

// privateOptions refuses where the user named a server of his own.
func privateOptions(env *cli.Env, a cli.Access) (cluster.Options, error) {
	if where, ok := env.ExternalName(); ok {
		return cluster.Options{}, cli.Usage("the store is at %s, a server that Spoor neither starts nor stops", where)
	}
	return env.ClusterOptions(a)
}

func showCluster(env *cli.Env, command string, info cluster.Info) error {
	if env.JSON() {
		return env.WriteJSON(struct {
			Command string `json:"command"`
			Home    string `json:"home"`
			Data    string `json:"data_directory"`
			Log     string `json:"log"`
			Running bool   `json:"running"`
			Kept    bool   `json:"kept_up"`
			PID     int    `json:"pid,omitempty"`
			URL     string `json:"url,omitempty"`
			Version string `json:"version"`
			Bytes   int64  `json:"bytes"`
			Users   []int  `json:"used_by"`
		}{command, info.Home, info.Dir, info.Log, info.Running, info.Kept, info.PID, info.URL, info.Version, info.Size, append([]int{}, info.Users...)})
	}
	state := "down; a command that needs it starts it"
	switch {
	case info.Running && info.Kept:
		state = fmt.Sprintf("up, process %d, until: collector db stop", info.PID)
	case info.Running:
		state = fmt.Sprintf("up, process %d, until its last user ends", info.PID)
	}
	t := env.Table(cli.Column{}, cli.Column{}) // nothing is cut: people copy from it
	t.Row("PostgreSQL", info.Version)
	t.Row("state", state)
	t.Row("data", env.Tilde(info.Dir)+"   "+cli.Bytes(info.Size))
	t.Row("log", env.Tilde(info.Log))
	if info.URL != "" {
		t.Row("url", info.URL)
	}
	if len(info.Users) > 0 {
		t.Row("used by", "process "+strings.Trim(fmt.Sprint(info.Users), "[]"))
	}
	return t.Print()
}
