package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/export"
	"spoor/internal/findings"
	"spoor/internal/mask"
	"spoor/internal/naming"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
)

// addHandOver adds the commands that hand campaigns on to others, or take
// others' sightings in.
func addHandOver(root *cobra.Command, env *cli.Env) {
	const group = "hand"
	root.AddGroup(&cobra.Group{ID: group, Title: "Hand on"})
	for _, c := range []*cobra.Command{abuseReports(env), exportCampaigns(env), packCampaign(env), reportCommand(env), serveCommand(env), importSightings(env)} {
		c.GroupID = group
		root.AddCommand(c)
	}
}

// exportFlags are the flags of export.
type exportFlags struct {
	format, out string
	days        int
	force       []string
	explain     bool
	all         bool
}

// exportCampaigns defines export. All arguments are checked before the store is
// opened.
//
// Usage errors are exit code 2, a file that cannot be written 3, and no
// campaign 1. --explain needs no format.
func exportCampaigns(env *cli.Env) *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export ID...|--all",
		Short: "write campaigns for other programs: STIX, MISP, tables, block lists",
		Example: `  correlate export c2 --format stix --out c2.json
  correlate export c2 c9 --format postfix --out /etc/postfix/spoor
  correlate export --all --format rpz --out spoor.zone
  correlate export c2 --format rpz --explain`,
		Long: exportHelp(),
		Args: func(c *cobra.Command, args []string) error {
			format, ok := export.FormatOf(f.format)
			switch {
			case !ok && !(f.explain && f.format == ""):
				return cli.Usage("--format takes one of %s", strings.Join(export.Names(), ", "))
			// Ten years: a longer block would outlive every registration.
			case f.days < 1 || f.days > 3650:
				return cli.Usage("--days takes 1 to 3650")
			case f.all && len(args) > 0:
				return cli.Usage("--all is every campaign: name none beside it")
			case format.Directory() && f.out == "" && !f.explain:
				return cli.Usage("%s is several files: --out names the folder for them", f.format)
			}
			if f.all {
				return nil
			}
			return someIDs(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) (err error) {
				if f.all {
					if args, err = allIDs(ctx, env, s); err != nil {
						return err
					}
				}
				campaigns, err := readDossiers(ctx, env, s, args)
				if err != nil {
					return err
				}
				return f.run(env, campaigns)
			})
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().BoolVar(&f.all, "all", false, "every campaign of the last run, largest first")
	c.Flags().StringVar(&f.format, "format", "", "`FORMAT`: "+strings.Join(export.Names(), ", "))
	c.Flags().StringVar(&f.out, "out", "", "write to `PATH` instead of standard output; a folder for formats of several files")
	c.Flags().IntVar(&f.days, "days", 30, "entries of block lists hold for `N` days")
	c.Flags().StringArrayVar(&f.force, "force", nil, "block `INDICATOR` against its verdict; may be repeated")
	c.Flags().BoolVar(&f.explain, "explain", false, "write nothing; say for each indicator whether it may be blocked, and why")
	return c
}

// exportHelp lists the formats in the help.
//
// The list is made from the formats themselves, so that help and program agree.
func exportHelp() string {
	var b strings.Builder
	for _, f := range export.Formats() {
		fmt.Fprintf(&b, "  %-13s %s\n", f.Name, f.Purpose)
	}
	return `Formats:
` + b.String() + `
A block list never holds shared hosts, content networks, shorteners, platforms, mailing lists, providers' relays, our own servers and domains, or indicators of wanted mail. --force adds one indicator all the same. Each entry says its campaign, reason and end.

A file takes its name only when all of it is on the disk and was counted again. Addresses of our own recipients are masked.`
}

// someIDs requires one campaign's id or more.
func someIDs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return oneID(c, args)
	}
	for _, a := range args {
		if err := oneID(c, []string{a}); err != nil {
			return err
		}
	}
	return nil
}

// allIDs lists the campaigns, largest first; exit code 1 if there are none.
func allIDs(ctx context.Context, env *cli.Env, s *cli.Session) (ids []string, err error) {
	list, err := campaigns.New(s.DB).List(ctx, 0, 0, 1)
	if err != nil {
		return nil, err
	}
	for i := range list {
		ids = append(ids, naming.ID(list[i].ID))
	}
	if len(ids) == 0 {
		return nil, env.Nothing("There is no campaign to export.")
	}
	return ids, nil
}

// readDossiers reads campaigns, each once, with verdicts on their indicators.
// Our recipients are masked in all of them.
func readDossiers(ctx context.Context, env *cli.Env, s *cli.Session, args []string) ([]dossier.Campaign, error) {
	st := dossiers.New(s.DB)
	var out []dossier.Campaign
	met := make(map[int64]bool)
	for _, a := range args {
		id, _ := naming.ParseID(a) // someIDs has looked
		d, err := readDossier(ctx, env, st, id)
		if err != nil {
			return nil, err
		}
		if met[d.ID] {
			continue
		}
		met[d.ID] = true
		indicators := len(d.Indicators)
		masked, joined := mask.New(d.Recipients).Campaign(&d.Campaign)
		env.Notef("%s  %s and %s in the store, all read", d.Label(), cli.Count(indicators, "indicator", ""), cli.Count(d.Members, "message", ""))
		if masked > 0 {
			env.Notef("; %s of our recipients masked, %s of these into one already there", cli.Count(masked, "name", ""), cli.Number(joined))
		}
		env.Notef("\n")
		out = append(out, d.Campaign)
	}
	return out, nil
}

// readDossier reads one campaign and judges its indicators. An id that was
// merged into another campaign leads there.
//
// The verdicts are those of today: d.Known is read from the store each time,
// since ham may have come that a block would hit.
func readDossier(ctx context.Context, env *cli.Env, st *dossiers.Store, id int64) (*dossiers.Dossier, error) {
	d, err := st.Read(ctx, id)
	if errors.Is(err, dossiers.ErrNone) {
		return nil, findings.NoCampaign(env, id)
	}
	if err != nil {
		return nil, err
	}
	if d.ID != id {
		env.Notef("%s is part of %s now.\n", naming.ID(id), d.Label())
	}
	d.Judge(d.Known)
	return d, nil
}

// run writes the campaigns to standard output or to --out, or explains the
// verdicts.
//
// Into a stream an error leaves a part of the output behind; the exit code
// tells. With --out the old file stays in that case.
func (f *exportFlags) run(env *cli.Env, campaigns []dossier.Campaign) error {
	format, _ := export.FormatOf(f.format) // Args has looked
	o := export.Options{Now: env.Now(), Valid: time.Duration(f.days) * 24 * time.Hour, Force: f.force}
	// Verdicts do not depend on the format, so --explain needs none.
	if f.explain {
		return explainVerdicts(env, campaigns)
	}
	if f.out == "" || f.out == "-" {
		w, err := format.Stream(env.Stdout, campaigns, o)
		if err != nil {
			return err
		}
		f.tell(env, format, campaigns, o, []export.Written{w})
		return nil
	}
	written, err := format.Save(f.out, campaigns, o)
	if err != nil {
		return &cli.Error{Code: cli.InPart, Message: err.Error()}
	}
	f.tell(env, format, campaigns, o, written)
	return nil
}

// tell reports the entries written. For a block list it counts the indicators
// left out by reason; listed and left out add up to all.
//
// It goes to standard error, as standard output may be the export itself.
func (f *exportFlags) tell(env *cli.Env, format export.Format, campaigns []dossier.Campaign, o export.Options, written []export.Written) {
	for _, w := range written {
		name := f.out
		if w.Name != "" {
			name = filepath.Join(f.out, w.Name)
		}
		if name == "" {
			name = "standard output"
		}
		env.Notef("%s  %s\n", env.Text(name), cli.Count(w.Entries, "entry", "entries"))
	}
	// Exchange formats hold every indicator: nothing is left out.
	if !format.Blocks {
		return
	}
	total, left := format.LeftOut(campaigns, o)
	sum := 0
	for _, l := range left {
		sum += l.Number
	}
	env.Notef("%s for this format: %s listed, %s left out\n", cli.Count(total, "indicator", ""), cli.Number(total-sum), cli.Number(sum))
	for _, l := range left {
		env.Notef("  %6s  %s\n", cli.Number(l.Number), l.Reason)
	}
}

// explainVerdicts lists the verdict on each indicator with its counts in the
// campaign, other spam and wanted mail.
func explainVerdicts(env *cli.Env, campaigns []dossier.Campaign) error {
	for i := range campaigns {
		c := &campaigns[i]
		if err := env.Printf("%s\n\n", env.Text(c.Title())); err != nil {
			return err
		}
		t := env.Table(cli.Column{Title: "Indicator", Flex: true}, cli.Column{Title: "kind"}, cli.Column{Title: "in " + c.Label(), Right: true}, cli.Column{Title: "spam", Right: true},
			cli.Column{Title: "ham", Right: true}, cli.Column{Title: "Block?"})
		for j := range c.Indicators {
			in := &c.Indicators[j]
			word := "no, "
			if in.Verdict.Block {
				word = "yes, "
			}
			t.Row(in.Value, string(in.Kind), cli.Number(in.Members), cli.Number(in.Spam), cli.Number(in.Ham), word+in.Verdict.Words())
		}
		if err := t.Print(); err != nil {
			return err
		}
	}
	return nil
}
