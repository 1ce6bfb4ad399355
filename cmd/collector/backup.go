package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/cluster"
	"spoor/sql/store"
	"spoor/sql/store/backup"
)

// backupCommand defines backup, which writes all of Spoor's tables to a file or
// to standard output.
func backupCommand(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "write the store into one file",
		Example: "  collector backup spoor.bak\n" +
			"  collector backup - | ssh elsewhere 'cat >spoor.bak'",
		Long: "Everything in the store as it is at that moment, raw mail included; others may go on working. FILE must not be there yet, " +
			"and can be read by its owner alone. Tables and logins of your own are not in it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return backUp(cmd.Context(), env, args[0]) },
	}
}

// backUp writes a backup. The file must not exist, and only its owner may read
// it: raw mail is in it. It is synced before success is reported.
//
// It reads one snapshot of the database, and holds up nobody.
func backUp(ctx context.Context, env *cli.Env, name string) (err error) {
	s, err := env.OpenStore(ctx, cli.Read)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// A pipe cannot be taken back. A reader finds a part of a backup by the
	// checksum at its end.
	if name == "-" {
		_, err := backup.Write(ctx, s.DB, env.Stdout)
		return env.StoreError(err, s.Where)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return cli.Usage("%s is there already; nothing was written", name)
	}
	if err != nil {
		return cli.Usage("%v", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	sum, err := backup.Write(ctx, s.DB, w)
	if err == nil {
		err = errors.Join(w.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		// Half a backup must not pass for one.
		return errors.Join(env.StoreError(err, s.Where), os.Remove(name))
	}
	return showSum(env, "Backed up", name, sum)
}

// backupJSON is the output of backup and restore.
//
// File is "-" for standard output, and the place of the store for restore.
type backupJSON struct {
	File     string `json:"file"`
	Messages int64  `json:"messages"`
	Tables   int    `json:"tables"`
	Rows     int64  `json:"rows"`
}

// destroyJSON is the output of destroy.
type destroyJSON struct {
	Home string `json:"home"`
}

// showSum prints how much a backup or a restore wrote.
func showSum(env *cli.Env, verb, name string, sum backup.Sum) error {
	if env.ForPrograms() {
		return env.Result(backupJSON{name, sum.Messages, sum.Tables, sum.Rows})
	}
	return env.Printf("%s %s, %s in %s: %s\n", verb, cli.Count(sum.Messages, "message", ""), cli.Count(sum.Rows, "row", ""),
		cli.Count(sum.Tables, "table", ""), env.Text(name))
}

// restoreCommand defines restore, which fills an empty store from a backup.
func restoreCommand(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "make a store from a backup",
		Example: "  SPOOR_HOME=~/restored collector restore spoor.bak\n" +
			"  collector restore - <spoor.bak",
		Long: "Fills a store that is not there yet or holds nothing, all of it or none. A backup of an older version is brought up to date. " +
			"Try it now and then in a SPOOR_HOME of its own.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return restore(cmd.Context(), env, args[0]) },
	}
}

// restore reads a backup into an empty store, in one transaction. store.Open
// then applies the migrations that are newer than the backup.
//
// After an error the store is as empty as before.
func restore(ctx context.Context, env *cli.Env, name string) (err error) {
	var in io.Reader = env.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return cli.Usage("%v", err)
		}
		defer f.Close()
		in = f
	}
	s, err := env.OpenStore(ctx, cli.Fill)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// 1 MiB a read: a backup is read from front to back, often over a network.
	sum, err := backup.Restore(ctx, s.URL, bufio.NewReaderSize(in, 1<<20))
	switch {
	case errors.Is(err, backup.ErrNotEmpty):
		return &cli.Error{Code: cli.NoStore, Message: fmt.Sprintf("the store at %s holds something; nothing was changed", s.Where), Hint: "Name another with SPOOR_HOME or --db, or: collector destroy --yes"}
	case errors.Is(err, backup.ErrDamaged):
		return &cli.Error{Code: cli.InPart, Message: err.Error(), Hint: "Nothing of it was kept."}
	case err != nil:
		return env.StoreError(err, s.Where)
	}
	// Opening applies the migrations, so the first command after a restore
	// finds the present schema.
	db, err := store.Open(ctx, s.URL, store.Options{Program: "spoor"})
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	db.Close()
	return showSum(env, "Restored", s.Where, sum)
}

// destroyCommand defines destroy, which deletes the private store. A database
// on the user's own server is left to its administrator.
//
// There is no question at the terminal: --yes is the answer, for people and
// scripts alike.
func destroyCommand(env *cli.Env) *cobra.Command {
	yes := false
	c := &cobra.Command{
		Use:     "destroy --yes",
		Short:   "remove the private store and all that is in it",
		Example: "  collector backup spoor.bak && collector destroy --yes",
		Long:    "Stops the private database and deletes its data, its log and its socket. Fetched programs of PostgreSQL stay. A database on a server of your own is dropped by its administrator.",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := privateOptions(env, cli.Read)
			if err != nil {
				return err
			}
			if !yes {
				return cli.Usage("this deletes everything in %s for good; with --yes it is done", env.Tilde(o.Home))
			}
			err = cluster.Destroy(cmd.Context(), o)
			if busy, ok := errors.AsType[*cluster.BusyError](err); ok {
				return &cli.Error{Code: cli.NoStore, Message: busy.Error() + "; nothing was changed"}
			}
			if err != nil {
				return env.StoreError(err, env.Tilde(o.Home))
			}
			if env.ForPrograms() {
				return env.Result(destroyJSON{o.Home})
			}
			return env.Printf("The store at %s is gone.\n", env.Text(env.Tilde(o.Home)))
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "really")
	return c
}
