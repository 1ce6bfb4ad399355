package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/export"
	"spoor/internal/findings"
	"spoor/internal/mask"
	"spoor/internal/naming"
	"spoor/internal/page"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
)

// reportFlags are the flags of report.
type reportFlags struct {
	out   string
	noWhy bool
}

// reportCommand defines report.
func reportCommand(env *cli.Env) *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report [ID...]",
		Short: "write campaigns as pages that open offline",
		Example: `  correlate report --out report.html        the largest campaigns, one file
  correlate report c2 c9 --out c2.html
  correlate report --out report/            a file for each, and for messages of each`,
		Long: `Pages are complete in themselves: a browser opens them from the disk and asks nobody for anything; they print on A4. Without an ID they tell of the 20 largest campaigns. A folder has pages of up to 10 messages of each campaign and a list of up to 500, too. --out names a file that ends in .html, or else a folder.

Addresses of our own recipients are masked. A file takes its name only when all of it is on the disk.`,
		Args: func(c *cobra.Command, args []string) error {
			if f.out == "" {
				return cli.Usage("%s takes --out FILE.html or --out FOLDER", c.CommandPath())
			}
			if len(args) == 0 {
				return nil
			}
			return someIDs(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error {
				return f.run(ctx, env, s, args)
			})
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().StringVar(&f.out, "out", "", "write to `PATH`: a file that ends in .html, or a folder")
	c.Flags().BoolVar(&f.noWhy, "no-why", false, "leave out the sums of evidence about messages")
	return c
}

// reported holds the results that a report prints. uses[i], letters[i] and
// members[i] are of pages[i].
//
// A report is read whole before the first file is written.
type reported struct {
	list      *findings.Listing // reduced to the campaigns of the report
	pages     []*findings.Page
	uses      []*findings.Infrastructure
	letters   [][]*findings.Letter       // of each campaign: the surest message, the least sure, others
	members   []*findings.Members        // of each, for a folder
	falls     map[string]*page.Waterfall // by message
	recipient *mask.Mask
}

// reportedRows limits the lines of each table about a campaign in a report.
const reportedRows = 25

// run writes one file if --out ends in .html, else a folder with a file for
// each campaign and an index.
//
// The index is written last: so whoever opens it finds all pages that it links
// to. Pages of an earlier report in the same folder are overwritten and never
// deleted.
func (f *reportFlags) run(ctx context.Context, env *cli.Env, s *cli.Session, args []string) error {
	r, err := readReport(ctx, env, campaigns.New(s.DB), dossiers.New(s.DB), args)
	if err != nil {
		return err
	}
	inOne := strings.EqualFold(filepath.Ext(f.out), ".html")
	if err := r.complete(ctx, env, s, !inOne, !f.noWhy); err != nil {
		return err
	}
	if !inOne {
		if err := r.writeFolder(env, f.out); err != nil {
			return err
		}
		return tellReport(env, filepath.Join(f.out, indexName), len(r.pages))
	}
	site := r.site(env, func(id int64) string { return "#" + naming.ID(id) }, "#")
	if err := r.write(f.out, site, page.Document{Title: r.title(), Here: "#", Bodies: r.bodies(site)}); err != nil {
		return err
	}
	return tellReport(env, f.out, len(r.pages))
}

// complete reads messages of the campaigns, weighs the evidence about them, and
// collects the addresses to mask.
func (r *reported) complete(ctx context.Context, env *cli.Env, s *cli.Session, whole, why bool) error {
	if err := r.readLetters(ctx, env, s, whole); err != nil {
		return err
	}
	if why {
		if err := r.weigh(ctx, env, s); err != nil {
			return err
		}
	}
	var ids []int64
	for _, p := range r.pages {
		ids = append(ids, p.State.ID)
	}
	readers, err := r.readers(ctx, campaigns.New(s.DB), ids)
	r.recipient = mask.New(readers)
	return err
}

// tellReport prints the path to open, and the number of campaigns.
func tellReport(env *cli.Env, path string, n int) error {
	return env.Printf("%s  %s\n", env.Text(path), cli.Count(n, "campaign", ""))
}

// readReport reads the campaigns that args name, or the largest.
//
// An id that leads to another campaign counts as that, and twice the same gives
// one page.
func readReport(ctx context.Context, env *cli.Env, st *campaigns.Store, judge *dossiers.Store, args []string) (*reported, error) {
	r := &reported{}
	var ids []int64
	for _, a := range args {
		id, _ := naming.ParseID(a) // Args has looked
		ids = append(ids, id)
	}
	if len(args) == 0 {
		list, err := findings.ReadList(ctx, st, findings.ListOptions{})
		if err != nil {
			return nil, err
		}
		for i := range list.Campaigns {
			ids = append(ids, list.Campaigns[i].ID)
		}
		if list.Last.Run == 0 || len(ids) == 0 {
			return nil, env.Nothing("There are no campaigns: run correlate.")
		}
	}
	met := make(map[int64]bool)
	for _, id := range ids {
		p, err := findings.ReadPage(ctx, env, st, id, findings.ShowOptions{Limit: reportedRows, NoRuns: true, Dossiers: judge})
		if err != nil {
			return nil, err
		}
		if met[p.State.ID] {
			continue
		}
		met[p.State.ID] = true
		in, err := findings.ReadInfrastructure(ctx, st, p, "")
		if err != nil {
			return nil, err
		}
		r.pages, r.uses = append(r.pages, p), append(r.uses, in)
	}
	there := slices.Collect(maps.Keys(met)) // ids may have led elsewhere
	var err error
	r.list, err = findings.ReadList(ctx, st, findings.ListOptions{IDs: there})
	return r, err
}

// title is the id of a single campaign, else "Campaigns".
func (r *reported) title() string {
	if len(r.pages) == 1 {
		return naming.ID(r.pages[0].State.ID)
	}
	return "Campaigns"
}

// site returns the links of a report's pages. They lead only to each other:
// there is no server that could answer.
//
// An empty path makes plain text of a link. So a campaign outside of the report
// is named and not linked.
func (r *reported) site(env *cli.Env, campaign func(int64) string, home string) *page.Site {
	there := make(map[int64]bool)
	for _, p := range r.pages {
		there[p.State.ID] = true
	}
	nowhere := func(string) string { return "" }
	return &page.Site{
		Paths: page.Paths{
			Campaign: func(id int64) string {
				if !there[id] {
					return ""
				}
				return campaign(id)
			},
			Members: func(int64, int) string { return "" },
			List:    func(int) string { return "" },
			Judge:   func(int64) string { return "" },
			Message: nowhere, Find: nowhere, Publisher: nowhere,
		},
		Nav:  []page.Ref{{Text: "Campaigns", Href: home}},
		Foot: fmt.Sprintf("Written by Spoor on %s, of run %d of %s. Addresses of our own recipients are masked.", cli.Date(env.Now()), r.list.Last.Run, cli.Date(r.list.Last.Finished)),
	}
}

// index is the list of campaigns.
func (r *reported) index(site *page.Site) page.Body { return site.List(r.list, 0) }

// bodies returns all screens, for a report in one file.
func (r *reported) bodies(site *page.Site) []page.Body {
	var out []page.Body
	if len(r.pages) > 1 {
		out = append(out, r.index(site))
	}
	for i, p := range r.pages {
		out = append(out, site.OneCampaign(p, r.uses[i], r.endsOf(i), ""))
	}
	return out
}

// write writes one file, its recipients masked as bytes: this catches them in
// any field.
func (r *reported) write(path string, site *page.Site, d page.Document) error {
	err := export.Replace(path, 0o644, func(w *os.File) error { return site.WriteMasked(w, d, r.recipient.Bytes) })
	if err != nil {
		return &cli.Error{Code: cli.InPart, Message: err.Error()}
	}
	return nil
}
