package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"spoor/internal/abuse"
	"spoor/internal/cli"
	"spoor/internal/export"
	"spoor/internal/mask"
	"spoor/internal/naming"
	"spoor/internal/wellformed"
	"spoor/sql/store/dossiers"
	"spoor/sql/store/ledger"
)

// abuseFlags are the flags of abuse: the folder to write to, the reporter, and
// whether to check earlier reports instead.
type abuseFlags struct {
	out, from  string
	stillAlive bool
}

// abuseReports defines abuse. The store is opened for writing only with --out,
// which notes the reports in the ledger.
//
// With --out the exit code is 3 if a folder could not be written; reports made
// before it stand, in the ledger too.
func abuseReports(env *cli.Env) *cobra.Command {
	var f abuseFlags
	c := &cobra.Command{
		Use:   "abuse ID",
		Short: "make reports for those who can stop a campaign",
		Example: `  correlate abuse c2                           the contacts, and the sources each would get
  correlate abuse c2 --out reports --from 'Example Desk <abuse@example.org>'
  correlate abuse c2 --still-alive             mail and names since the reports`,
		Long: `A report goes to one contact: the holder of a netblock that sent, the host or registrar of a linked domain, or the platform that the mail uses. --out PATH makes a folder for each, with a text (report.txt), X-ARF v4 reports and ARF messages (RFC 5965). Our own recipients are masked in all of them. The ledger records each report and its contact.

Spoor sends nothing.`,
		Args: func(c *cobra.Command, args []string) error {
			if f.out != "" {
				if _, err := reporterOf(f.from); err != nil {
					return err
				}
			}
			return oneID(c, args)
		},
		// A plain listing must work with a login that can only read.
		RunE: func(c *cobra.Command, args []string) error {
			access := cli.Read
			if f.out != "" {
				access = cli.Write
			}
			id, _ := naming.ParseID(args[0]) // oneID has looked
			return withStore(c.Context(), env, access, func(ctx context.Context, s *cli.Session) error {
				if f.stillAlive {
					return stillAlive(ctx, env, s, id)
				}
				return f.run(ctx, env, s, id)
			})
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().StringVar(&f.out, "out", "", "write a folder for each contact into the folder `PATH`")
	c.Flags().StringVar(&f.from, "from", "", "who reports: `'NAME <ADDRESS>'`")
	c.Flags().BoolVar(&f.stillAlive, "still-alive", false, "compare the reports with later observations")
	return c
}

// reporterOf reads 'NAME <ADDRESS>'. Both must be there, since every report
// names them.
//
// The domain is that of the address, since X-ARF asks for the reporter's. A
// display name without an address, or the reverse, is a usage error.
func reporterOf(from string) (abuse.Reporter, error) {
	name, rest, ok := strings.Cut(from, "<")
	address, after, closed := strings.Cut(rest, ">")
	address, fine := wellformed.Mail(strings.TrimSpace(address))
	if !ok || !closed || !fine || strings.TrimSpace(after) != "" || strings.TrimSpace(name) == "" {
		return abuse.Reporter{}, cli.Usage("--from names who reports, as 'Example Desk <abuse@example.org>'")
	}
	return abuse.Reporter{Org: strings.TrimSpace(name), Mail: address, Domain: address[strings.LastIndexByte(address, '@')+1:]}, nil
}

// run prepares the reports about a campaign, writes them with --out, and lists
// them. Our recipients are masked before any report is made.
//
// The ledger is read before anything is written, so that "made before" tells of
// earlier reports and not of this one.
func (f *abuseFlags) run(ctx context.Context, env *cli.Env, s *cli.Session, id int64) error {
	st := dossiers.New(s.DB)
	d, err := readDossier(ctx, env, st, id)
	if err != nil {
		return err
	}
	m := mask.New(d.Recipients)
	// Masked before any report exists: none can be written without.
	m.Campaign(&d.Campaign)
	who, _ := reporterOf(f.from) // Args has checked it; listing needs no reporter
	reports, unreachable := abuse.Reports(&d.Campaign, who, env.Now())
	before, err := ledger.New(s.DB).List(ctx, d.ID)
	if err != nil {
		return err
	}
	if f.out != "" {
		for i := range reports {
			if err := f.make(ctx, env, s, st, m, &reports[i]); err != nil {
				return err
			}
		}
	}
	return f.tell(env, d.Label(), reports, unreachable, before)
}

// make writes the report to one contact and notes it in the ledger. Evidence is
// the raw message, masked; where that is not possible the report says why.
//
// The files come first and the ledger after them: a report that is not on the
// disk is never noted. A crash between the two leaves files that the next call
// writes again.
func (f *abuseFlags) make(ctx context.Context, env *cli.Env, s *cli.Session, st *dossiers.Store, m *mask.Mask, r *abuse.Report) error {
	for _, w := range r.Wanted() {
		e := abuse.Evidence{Message: w}
		raw, err := st.Raw(ctx, w.SHA256)
		switch {
		case err != nil:
			return err
		// Imports with --no-raw keep facts only.
		case raw == nil:
			e.Why = "The message itself was not kept."
		default:
			if e.Raw, err = m.Message(raw); errors.Is(err, mask.ErrLeft) {
				e.Raw, e.Why = nil, "The message itself names our recipient in a form that cannot be masked."
			} else if err != nil {
				return err
			}
		}
		r.Evidence = append(r.Evidence, e)
	}
	if err := f.write(r); err != nil {
		return &cli.Error{Code: cli.InPart, Message: err.Error()}
	}
	l := ledger.New(s.DB)
	for i := range r.Sources {
		src := &r.Sources[i]
		err := l.Made(ctx, ledger.Entry{ID: r.ID(src), Campaign: r.Campaign.ID, Contact: r.Contact, Guessed: r.Guessed, Role: roleKey(src.Role), Source: src.Value,
			Messages: src.Messages, LastSeen: src.Last}, env.Now())
		if err != nil {
			return err
		}
	}
	return nil
}

// write makes the folder of one contact. The name comes from a well-formed
// address without "/", so it cannot lead out of the folder. Only its owner may
// read it.
//
// Every file is replaced as a whole, so a second call for the same campaign and
// contact updates the folder and leaves no half of a file.
func (f *abuseFlags) write(r *abuse.Report) error {
	dir := filepath.Join(f.out, r.Campaign.Label()+"-"+folderOf(r.Contact))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// The order of a map is random, which does not matter: no file depends on
	// another.
	files := map[string][]byte{"report.txt": []byte(r.Text())}
	xarf, err := r.XARF()
	if err != nil {
		return err
	}
	for i, text := range xarf {
		files[fmt.Sprintf("xarf-%d.json", i+1)] = text
	}
	for i, text := range r.ARF() {
		files[fmt.Sprintf("arf-%d.eml", i+1)] = text
	}
	for name, text := range files {
		err := export.Replace(filepath.Join(dir, name), 0o600, func(t *os.File) error {
			_, err := t.Write(text)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// folderOf keeps lower-case letters, digits, "@", "." and "-" of a contact, and
// replaces all else.
//
// A capital letter is replaced too. Two contacts would share a folder only if
// they differ in nothing but replaced bytes.
func folderOf(contact string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '@' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, contact)
}

// roleKey is the name of a role in the ledger and in JSON; names there must not
// change.
func roleKey(r abuse.Role) string {
	switch r {
	case abuse.Netblock:
		return "netblock"
	case abuse.Host:
		return "host"
	case abuse.Registrar:
		return "registrar"
	}
	return "platform"
}

// tell lists the reports by contact, with the date of an earlier one about the
// same source, and the sources without a contact.
//
// Each line is one source, as the ledger counts by source: a contact with three
// netblocks has three lines.
func (f *abuseFlags) tell(env *cli.Env, label string, reports []abuse.Report, unreachable []abuse.Unreachable, before []ledger.Line) error {
	made := make(map[string]ledger.Line)
	for _, l := range before {
		made[l.ReportID] = l
	}
	if env.ForPrograms() {
		return env.Result(f.json(label, reports, unreachable, made))
	}
	t := env.Table(cli.Column{Title: "Contact", Flex: true}, cli.Column{Title: "role"}, cli.Column{Title: "about", Flex: true}, cli.Column{Title: "msgs", Right: true}, cli.Column{Title: "made before"})
	for i := range reports {
		r := &reports[i]
		for j := range r.Sources {
			s := &r.Sources[j]
			contact, again := r.Contact, ""
			if r.Guessed {
				contact += " (guess)"
			}
			if l, ok := made[r.ID(s)]; ok {
				again = cli.Date(l.LastMade)
			}
			t.Row(contact, roleKey(s.Role), s.Value, cli.Number(s.Messages), again)
		}
	}
	if err := t.Print(); err != nil {
		return err
	}
	for i := range unreachable {
		if i == 0 {
			if err := env.Printf("\nNobody can be told of:\n"); err != nil {
				return err
			}
		}
		u := &unreachable[i]
		if err := env.Printf("  %s (%s): %s\n", env.Text(u.Value), roleKey(u.Role), env.Text(u.Why)); err != nil {
			return err
		}
	}
	if f.out == "" {
		return env.Printf("\nNothing was written. To make the reports: --out FOLDER --from 'NAME <ADDRESS>'\n")
	}
	return env.Printf("\n%s in %s. Spoor sends nothing.\n", cli.Count(len(reports), "report", ""), env.Text(f.out))
}

// stillAlive lists the observations of each reported source that came after its
// report.
//
// A campaign without reports is exit code 1, as for every question without an
// answer.
func stillAlive(ctx context.Context, env *cli.Env, s *cli.Session, id int64) error {
	lines, err := ledger.New(s.DB).List(ctx, id)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		env.Notef("No report was made about %s; correlate abuse %s --out FOLDER makes them.\n", naming.ID(id), naming.ID(id))
		return cli.Silent(cli.NoneFound)
	}
	if env.ForPrograms() {
		return env.Result(aliveOf(naming.ID(id), lines))
	}
	t := env.Table(cli.Column{Title: "Reported"}, cli.Column{Title: "to", Flex: true}, cli.Column{Title: "about", Flex: true}, cli.Column{Title: "since then", Flex: true})
	for i := range lines {
		l := &lines[i]
		t.Row(cli.Date(l.MadeAt), l.Contact, l.Source, sinceThen(l))
	}
	return t.Print()
}

// sinceThen describes a source after its report: mail, registration, name. The
// last two are known only if they were looked up since.
//
// Mail is known from the store at no cost. A look-up is made only by collector
// lookup, so its absence is said together with the command that would make it.
func sinceThen(l *ledger.Line) string {
	var said []string
	if l.MessagesSince > 0 {
		said = append(said, fmt.Sprintf("alive: %s, last %s", cli.Count(l.MessagesSince, "message", ""), cli.Date(l.LastSince)))
	}
	switch {
	case l.State == "gone" || l.State == "none":
		said = append(said, "registration gone by "+cli.Date(l.StateAt))
	case l.State != "":
		said = append(said, "registered on "+cli.Date(l.StateAt))
	}
	switch l.Outcome {
	case "answered":
		said = append(said, "resolves on "+cli.Date(l.LookedAt))
	case "none":
		said = append(said, "no such name on "+cli.Date(l.LookedAt))
	}
	if len(said) > 0 {
		return strings.Join(said, "; ")
	}
	if l.Role == "host" || l.Role == "registrar" {
		return "no mail; not looked up: collector lookup " + l.Source
	}
	return "no mail"
}
