package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"spoor/enrich/asking"
	"spoor/internal/cli"
)

// configCommand defines config, and config check below it.
func configCommand(env *cli.Env) *cobra.Command {
	c := &cobra.Command{
		Use:     "config",
		Short:   "the configuration that commands go by",
		Example: "  collector config check",
	}
	c.AddCommand(&cobra.Command{
		Use:     "check",
		Short:   "show every setting and where it comes from",
		Example: "  collector config check\n  SPOOR_OFFLINE=1 collector config check --json",
		Long: "Prints each setting with its source: a flag, an environment variable, a line of the configuration file, or the default, in this order of precedence. " +
			"A line of the file that is wrong is named, with the nearest key, and the exit code is 2. Nothing is opened or asked. " +
			"The file is the first of $SPOOR_HOME/config, $XDG_CONFIG_HOME/spoor/config (~/.config/spoor/config), and config in the private database's home.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return checkConfig(env) },
	})
	return c
}

// defaults describes the values of unset keys.
//
// A key without an entry is shown as "none".
//
// The wording is for people. A program sees null, and where the value comes
// from.
var defaults = map[string]string{
	"resolver":       "those of the system",
	"whois":          "the registries' own servers",
	"rdap":           "the registries' own servers",
	"rdap-bootstrap": "the files that ship with Spoor",
	"asn-zone":       "asn.cymru.com",
	"netblocks":      "no table",
	"sources":        "all",
	"rate":           "one for each kind of server (docs/enrichment.md)",
	"referrals-to":   "public servers only",
	"in-flight":      "by the limits of each server",
	"lease":          "by the number of servers",
	"timeout":        "one for each source",
	"offline":        "false",
}

// configJSON is the output of config check.
type configJSON struct {
	File     *string       `json:"file"` // null: there is no file
	Settings []settingJSON `json:"settings"`
}

// settingJSON is one setting with its source. A key that may be repeated has
// one for each line.
type settingJSON struct {
	Key   string  `json:"key"`
	Value *string `json:"value"` // null: the default
	From  string  `json:"from"`  // flag, environment, file, default
	Where string  `json:"where"` // "--db", "SPOOR_OFFLINE", "line 3", or a description of the default
}

// checkConfig prints the settings. A wrong key or value stops it before
// anything is printed.
//
// A wrong line is exit code 2, as a service should not start with it.
func checkConfig(env *cli.Env) error {
	config, err := env.Config()
	if err != nil {
		return err
	}
	if _, err := settingsIn(config); err != nil {
		return err
	}
	out := configJSON{Settings: []settingJSON{storeSetting(env)}}
	if config.Name != "" {
		out.File = &config.Name
	}
	for _, key := range asking.Keys() {
		out.Settings = append(out.Settings, settingsOf(env, config, key)...)
	}
	if env.ForPrograms() {
		return env.Result(out)
	}
	return printConfig(env, &out)
}

// storeSetting returns the place of the store, and the source of that setting.
//
// The order is that of env.OpenStore: the flag, DATABASE_URL, libpq's
// variables, SPOOR_HOME, the default. Passwords are not part of the name.
func storeSetting(env *cli.Env) settingJSON {
	if name, ok := env.ExternalName(); ok {
		where, from := "PG* variables", "environment"
		switch {
		case env.Flag("db") != "":
			where, from = "--db", "flag"
		case env.Getenv("DATABASE_URL") != "":
			where = "DATABASE_URL"
		}
		return settingJSON{"store", &name, from, where}
	}
	o, err := env.ClusterOptions(cli.Read)
	home := env.Tilde(o.Home)
	switch {
	case err != nil:
		return settingJSON{"store", nil, "default", "no place: set SPOOR_HOME"}
	case env.Getenv("SPOOR_HOME") != "":
		return settingJSON{"store", &home, "environment", "SPOOR_HOME"}
	}
	return settingJSON{"store", nil, "default", home + ", a private PostgreSQL"}
}

// settingsOf lists the settings of one key of the file.
//
// Values of the file are listed in its order.
func settingsOf(env *cli.Env, config cli.Config, key string) (out []settingJSON) {
	if v := env.Getenv("SPOOR_OFFLINE"); key == "offline" && v != "" && v != "0" {
		yes := "true"
		return []settingJSON{{key, &yes, "environment", "SPOOR_OFFLINE"}}
	}
	// Values are pointers into the configuration, which outlives the result.
	for i := range config.Lines {
		if l := &config.Lines[i]; l.Key == key {
			out = append(out, settingJSON{key, &l.Value, "file", fmt.Sprintf("line %d", l.Number)})
		}
	}
	if out == nil {
		out = []settingJSON{{key, nil, "default", cmp.Or(defaults[key], "none")}}
	}
	return out
}

// printConfig prints the settings as a table, those with a value first.
func printConfig(env *cli.Env, c *configJSON) error {
	head := "There is no configuration file.\n\n"
	if c.File != nil {
		set := 0
		for _, s := range c.Settings {
			if s.From == "file" {
				set++
			}
		}
		head = fmt.Sprintf("%s: %s, all understood.\n\n", env.Text(*c.File), cli.Count(set, "setting", ""))
	}
	if err := env.Printf("%s", head); err != nil {
		return err
	}
	slices.SortStableFunc(c.Settings, func(a, b settingJSON) int { return strings.Compare(order(a), order(b)) })
	t := env.Table(cli.Column{Title: "setting"}, cli.Column{Title: "value", Flex: true}, cli.Column{Title: "from"})
	for _, s := range c.Settings {
		if s.Value == nil {
			t.Row(s.Key, s.Where, s.From)
		} else {
			t.Row(s.Key, *s.Value, strings.TrimPrefix(s.From+" ", "flag ")+s.Where)
		}
	}
	return t.Print()
}

// order sorts settings before defaults.
func order(s settingJSON) string {
	if s.Value == nil {
		return "1"
	}
	return "0"
}
