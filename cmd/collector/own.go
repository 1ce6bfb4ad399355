package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"spoor/ingest/received"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

// ownCommand defines own-mx or own-domain, with add, remove and list. kind is
// the kind of setting that their patterns make.
//
// Both commands list both kinds, as they work together: a message's own hops
// follow from all settings.
func ownCommand(env *cli.Env, use, kind, what, example string) *cobra.Command {
	c := &cobra.Command{
		Use:     use,
		Short:   what,
		Example: "  collector " + use + " add " + example + "\n  collector " + use + " list",
		Long: "These settings apply to all mail in the store, also to mail imported before, and replace the servers that imports inferred: " +
			"the hops of the messages concerned are derived again at once. Run correlate afterwards. import --own-mx and --mx are remembered here, too.",
	}
	c.AddCommand(
		&cobra.Command{
			Use: "add PATTERN...", Short: "name some", Example: "  collector " + use + " add " + example, Args: somePatterns,
			RunE: func(cmd *cobra.Command, args []string) error {
				return changeOwn(cmd.Context(), env, kind, args, (*facts.Store).AddOwn)
			},
		},
		&cobra.Command{
			Use: "remove PATTERN...", Short: "take some back", Example: "  collector " + use + " remove " + example, Args: somePatterns,
			RunE: func(cmd *cobra.Command, args []string) error {
				return changeOwn(cmd.Context(), env, kind, args, (*facts.Store).RemoveOwn)
			},
		},
		&cobra.Command{
			Use: "list", Short: "list the settings", Example: "  collector " + use + " list", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return listOwn(cmd.Context(), env) },
		})
	return c
}

// ownMX defines own-mx.
func ownMX(env *cli.Env) *cobra.Command {
	return ownCommand(env, "own-mx", facts.OwnServer, "our own servers, whose Received fields are believed", "'*.example.org' 192.0.2.0/24")
}

// ownDomain defines own-domain.
func ownDomain(env *cli.Env) *cobra.Command {
	return ownCommand(env, "own-domain", facts.OwnDomain, "domains whose servers and addresses are our own", "example.org")
}

// somePatterns requires one argument or more, and shows an example otherwise.
func somePatterns(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cli.Usage("no PATTERN given; for example: %s mx.example.org", cmd.CommandPath())
	}
	return nil
}

// ownSettings reads patterns; NAME=PRIORITY names an exchanger. All are checked
// before any is stored.
func ownSettings(kind string, patterns []string) (list facts.OwnSettings, err error) {
	for _, p := range patterns {
		s := facts.OwnSetting{Kind: kind, Pattern: p}
		if x, err := received.ParseMX(p); err == nil {
			s = facts.OwnSetting{Kind: facts.OwnExchanger, Pattern: x.String()}
		}
		if _, err := (facts.OwnSettings{s}).Own(); err != nil {
			return nil, cli.Usage("%v", err)
		}
		list = append(list, s)
	}
	return list, nil
}

// ownChange is the effect of a changed setting on stored mail.
//
// bare messages were imported with --no-raw, and keep the hops of their import.
type ownChange struct {
	changed facts.OwnSettings
	again   reparsed
	bare    int64 // messages that it concerns and that kept no bytes to derive from
}

// changeOwn adds or removes settings, with the method that change names, and
// prints the effect.
func changeOwn(ctx context.Context, env *cli.Env, kind string, patterns []string,
	change func(*facts.Store, context.Context, facts.OwnSettings) (facts.OwnSettings, error)) (err error) {
	list, err := ownSettings(kind, patterns)
	if err != nil {
		return err
	}
	s, err := env.OpenStore(ctx, cli.Create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	done, err := applyOwn(ctx, env, facts.New(s.DB), func(ctx context.Context, st *facts.Store) (facts.OwnSettings, error) {
		return change(st, ctx, list)
	})
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	return done.print(env)
}

// applyOwn changes settings and derives the concerned messages anew. If it is
// killed in between, the rest keep their old hops until reparse --all.
//
// Settings are stored first, so that an import at the same time uses them.
func applyOwn(ctx context.Context, env *cli.Env, st *facts.Store,
	change func(context.Context, *facts.Store) (facts.OwnSettings, error)) (*ownChange, error) {
	before, err := st.OwnSettings(ctx)
	if err != nil {
		return nil, err
	}
	d := new(ownChange)
	if d.changed, err = change(ctx, st); err != nil || len(d.changed) == 0 {
		return d, err
	}
	after, err := st.OwnSettings(ctx)
	if err != nil {
		return nil, err
	}
	// The first explicit setting replaces all inference, and the removal of the
	// last brings it back. Both concern every message.
	keys, err := st.Concerned(ctx, d.changed, before.Explicit() != after.Explicit())
	if err != nil {
		return nil, err
	}
	return d, d.derive(ctx, env, st, after, keys)
}

// derive derives the messages again, in batches by key. Messages without stored
// bytes are counted as bare and stay.
func (d *ownChange) derive(ctx context.Context, env *cli.Env, st *facts.Store, own facts.OwnSettings, keys []int64) error {
	d.again.own = own
	var met atomic.Int64
	progress := env.StartProgress(func(time.Duration) string {
		return fmt.Sprintf("deriving  %s of %s", cli.Number(met.Load()), cli.Number(len(keys)))
	})
	defer progress.Stop()
	total := int64(len(keys))
	for len(keys) > 0 && ctx.Err() == nil {
		batch := keys[:min(len(keys), reparseBatch)]
		raws, err := st.RawOf(ctx, batch)
		if err != nil {
			return err
		}
		next := len(batch)
		// RawOf returns fewer messages if they are large, and skips those
		// without bytes: the last key shows how far it came.
		if len(raws) > 0 {
			last, _ := slices.BinarySearch(keys, raws[len(raws)-1].Key)
			next = last + 1
		}
		if err := d.again.batch(context.WithoutCancel(ctx), env, st, raws); err != nil {
			return err
		}
		keys = keys[next:]
		met.Store(total - int64(len(keys)))
	}
	d.bare = total - d.again.read.Load()
	return ctx.Err()
}

// ownChangeJSON is the output of own-mx and own-domain.
type ownChangeJSON struct {
	Changed  []string `json:"changed"`
	Derived  int64    `json:"derived"`
	Failed   int64    `json:"failed"`
	KeptNone int64    `json:"kept_no_bytes"`
}

// print prints the effect as the result of a command.
func (d *ownChange) print(env *cli.Env) error {
	if env.ForPrograms() {
		var patterns []string
		for _, s := range d.changed {
			patterns = append(patterns, s.Pattern)
		}
		return env.Result(ownChangeJSON{patterns, d.again.derived.Load(), d.again.failed.Load(), d.bare})
	}
	if len(d.changed) == 0 {
		return env.Printf("Nothing changed.\n")
	}
	return d.tell(env, " Next: correlate")
}

// tell prints the effect on stored mail.
//
// next is the hint for the step after it; import gives its own.
func (d *ownChange) tell(env *cli.Env, next string) error {
	derived := d.again.derived.Load()
	if derived == 0 && d.bare == 0 {
		return env.Printf("Noted. No stored message is concerned.\n")
	}
	if err := env.Printf("Noted. The hops of %s were judged anew.%s\n", cli.Count(derived, "stored message", ""), next); err != nil || d.bare == 0 {
		return err
	}
	return env.Printf("%s kept no bytes and stay as they were: import them again.\n", cli.Count(d.bare, "message", ""))
}

// ownListJSON is the output of own-mx list.
type ownListJSON struct {
	Own []ownSettingJSON `json:"own"`
}

// ownSettingJSON is one setting.
type ownSettingJSON struct {
	Kind    string `json:"kind"`
	Pattern string `json:"pattern"`
}

// listOwn prints the settings of both kinds. None is exit code 1 for people.
func listOwn(ctx context.Context, env *cli.Env) (err error) {
	s, err := env.OpenStore(ctx, cli.Read)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	list, err := facts.New(s.DB).OwnSettings(ctx)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	if env.ForPrograms() {
		var out ownListJSON
		for _, o := range list {
			out.Own = append(out.Own, ownSettingJSON(o))
		}
		return env.Result(out)
	}
	if len(list) == 0 {
		env.Notef("There are no settings: each import infers our own servers from the mail.\n")
		return cli.Silent(cli.NoneFound)
	}
	t := env.Table(cli.Column{Title: "kind"}, cli.Column{Title: "pattern"})
	for _, o := range list {
		t.Row(o.Kind, env.Text(o.Pattern))
	}
	return t.Print()
}
