package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/cluster"
)

// dbCommand defines db, the group of commands for the database server.
func dbCommand(env *cli.Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "the database behind the store",
		Example: "  collector db psql                               ask in SQL\n" +
			"  collector db psql -- -c 'select * from campaigns_v'\n" +
			"  psql \"$(collector db url)\"                      while it is up: db start\n" +
			"  collector db grant grafana                      a login that only reads",
		Long: "Without --db, DATABASE_URL or PG* variables Spoor runs a PostgreSQL of its own, on a Unix socket in " +
			"its home directory, while a command uses it. No TCP port is opened unless db start --listen asks for one.",
	}
	c.AddCommand(dbPsql(env), dbURL(env), dbStart(env), dbStop(env), dbStatus(env), dbGrant(env), dbRevoke(env), dbGrants(env))
	return c
}

// dbStart defines db start. A server in use cannot be restarted to listen, so
// the error names the processes that use it.
//
// It keeps the server up after the command.
func dbStart(env *cli.Env) *cobra.Command {
	listen := ""
	c := &cobra.Command{
		Use:   "start",
		Short: "start the private database and leave it up",
		Example: "  collector db start\n" +
			"  collector db start --listen 127.0.0.1:5433   for Grafana: db grant",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := privateOptions(env, cli.Create)
			if err != nil {
				return err
			}
			o.Listen = listen
			info, err := cluster.Start(cmd.Context(), o)
			switch busy, ok := errors.AsType[*cluster.BusyError](err); {
			case errors.Is(err, cluster.ErrAddress):
				return cli.Usage("--listen %v", err)
			case ok:
				// PostgreSQL reads listen_addresses only at its start.
				return &cli.Error{Code: cli.NoStore, Message: busy.Error() + "; to listen it has to be started again when they are done"}
			case err != nil:
				return env.StoreError(err, env.Tilde(o.Home))
			}
			// Tools that connect by themselves get a login that cannot change
			// anything.
			if err := makeReader(cmd.Context(), info.URL); err != nil {
				return env.StoreError(err, env.Tilde(o.Home))
			}
			warnOfListening(env, info.Listen)
			return showCluster(env, info)
		},
	}
	c.Flags().StringVar(&listen, "listen", "", "`ADDR` take connections over TCP, too\nAn IP address, with a port behind it if it is not 5432. Only logins made by collector db grant get in, each by its password (SCRAM), and only to read. It ends with db stop.")
	return c
}

// warnOfListening warns about the hosts that can now reach the store, and that
// connections are not encrypted.
//
// It goes to standard error, so that a script that reads the URL is not
// disturbed.
func warnOfListening(env *cli.Env, listen string) {
	at, err := netip.ParseAddrPort(listen)
	switch {
	case err != nil:
	case at.Addr().IsLoopback():
		env.Notef("Warning: every user of this machine can now connect to %s; a login and its password are asked for (collector db grant NAME).\n", listen)
	default:
		env.Notef("Warning: everybody who reaches %s can now connect; a login and its password are asked for (collector db grant NAME). "+
			"The connection is not encrypted: across a network, listen at 127.0.0.1 and use an SSH tunnel.\n", listen)
	}
}

// stoppedJSON is the output of db stop.
type stoppedJSON struct {
	Was bool `json:"was_running"`
}

// dbStop defines db stop. It succeeds if the server was not running, so that
// scripts may call it twice.
//
// A server in use is left alone, and stops by itself afterwards.
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
				return &cli.Error{Code: cli.NoStore, Message: busy.Error() + "; it stops when they are done"}
			}
			was := !errors.Is(err, cluster.ErrNotRunning)
			if err != nil && was {
				return env.StoreError(err, env.Tilde(o.Home))
			}
			if env.ForPrograms() {
				return env.Result(stoppedJSON{was})
			}
			if !was {
				return env.Printf("It was not running.\n")
			}
			return env.Printf("Stopped.\n")
		},
	}
}

// dbStatus defines db status, which starts nothing.
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
			return showCluster(env, info)
		},
	}
}

// privateOptions refuses if the user configured another server.
func privateOptions(env *cli.Env, a cli.Access) (cluster.Options, error) {
	if where, ok := env.ExternalName(); ok {
		return cluster.Options{}, cli.Usage("the store is at %s, a server that Spoor neither starts nor stops", where)
	}
	return env.ClusterOptions(a)
}

// clusterJSON describes the private server. URL and PID are there only while it
// runs.
//
// used_by has the process ids of commands that use it. bytes is the size on the
// disk.
type clusterJSON struct {
	Home    string `json:"home"`
	Data    string `json:"data_directory"`
	Log     string `json:"log"`
	Running bool   `json:"running"`
	Kept    bool   `json:"kept_up"`
	PID     int    `json:"pid,omitempty"`
	URL     string `json:"url,omitempty"`
	Listen  string `json:"listen,omitempty"`
	Version string `json:"version"`
	Bytes   int64  `json:"bytes"`
	Users   []int  `json:"used_by"`
}

// showCluster prints the state of the private server; its size is in bytes.
//
// The URL is that of the reading login. db url --write names the other.
func showCluster(env *cli.Env, info cluster.Info) error {
	if env.ForPrograms() {
		return env.Result(clusterJSON{info.Home, info.Dir, info.Log, info.Running, info.Kept, info.PID, info.ReadURL, info.Listen, info.Version, info.Size, info.Users})
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
	if info.ReadURL != "" {
		t.Row("url", info.ReadURL)
	}
	if info.Listen != "" {
		t.Row("listens at", info.Listen)
	}
	if len(info.Users) > 0 {
		t.Row("used by", "process "+strings.Trim(fmt.Sprint(info.Users), "[]"))
	}
	return t.Print()
}
