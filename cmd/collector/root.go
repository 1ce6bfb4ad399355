package main

import (
	"errors"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/cluster"
)

// groupKeep groups the commands for maintenance of the store.
const groupKeep = "keep"

// root is the tree of commands.
//
// It is made anew for each call, as tests run many commands in one process.
func root(env *cli.Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "collector",
		Short: "stores spam, and shows which messages belong to one campaign",
		Example: "  collector run ~/spam                 import, enrich, print the campaigns\n" +
			"  collector import --as ham ~/Maildir  wanted mail, for comparison",
		RunE: func(cmd *cobra.Command, _ []string) error { return teach(cmd, env) },
	}
	c.AddCommand(
		runCommand(env), importCommand(env), watchCommand(env), enrichCommand(env), lookupCommand(env), importObservationsCommand(env), reparseCommand(env), failuresCommand(env),
		showCommand(env), statusCommand(env), configCommand(env), dbCommand(env),
	)
	c.AddGroup(&cobra.Group{ID: groupKeep, Title: "You keep"})
	for _, sub := range []*cobra.Command{ownMX(env), ownDomain(env), forgetCommand(env), backupCommand(env), restoreCommand(env), destroyCommand(env)} {
		sub.GroupID = groupKeep
		c.AddCommand(sub)
	}
	declare(env, c)
	return c
}

// placeJSON is the output of the bare command.
type placeJSON struct {
	Store string `json:"store"`
	Found bool   `json:"found"`
}

// teach prints the introduction of the bare command. It changes nothing.
//
// The text is fixed. Lines fit 80 columns, and commands are listed in the order
// in which a new user needs them.
func teach(cmd *cobra.Command, env *cli.Env) error {
	where, found := storePlace(cmd, env)
	if env.ForPrograms() {
		return env.Result(placeJSON{where, found})
	}
	err := env.Printf("%s", `Spoor stores spam and shows which messages belong to one campaign.

  collector run PATH...         import, enrich, find the campaigns, list them
  collector import PATH...      mbox, Maildir, MH, .eml, archives, "-"
  collector import --as ham P   wanted mail: compared, never in a campaign
  collector enrich              ask registries and DNS about what the mail names
  collector lookup NAME|IP      ask about one, now
  correlate                     campaigns, largest first
  correlate find INDICATOR      any host, address, IP, URL, Message-ID

  collector  run  import  enrich  lookup  reparse  forget  failures  status
             show  own-mx  own-domain  backup  restore  destroy  db  version
  correlate  run  list  show  members  find

`)
	if err != nil {
		return err
	}
	if found {
		err = env.Printf("Store at %s; see collector status.\n", env.Text(where))
	} else {
		err = env.Printf("No store yet; the first import makes it at %s\n", env.Text(where))
	}
	if err != nil {
		return err
	}
	return env.Printf("Help: collector import -h      Only run, enrich and lookup use the network.\n")
}

// storePlace returns the place of the store, and whether it exists.
//
// It starts no server: the bare command must be quick, and works without any
// store.
func storePlace(cmd *cobra.Command, env *cli.Env) (where string, found bool) {
	if where, ok := env.ExternalName(); ok {
		return where, true // whether it holds a store is not worth a connection here
	}
	o, err := env.ClusterOptions(cli.Read)
	if err != nil {
		return "SPOOR_HOME", false
	}
	_, err = cluster.Status(cmd.Context(), o)
	return env.Tilde(o.Home), err == nil || !errors.Is(err, cluster.ErrNoStore)
}
