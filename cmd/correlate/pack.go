package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/export"
	"spoor/internal/naming"
	"spoor/internal/pack"
	"spoor/sql"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
)

// packFlags are the file to write and the file of the signing key.
type packFlags struct{ out, key string }

// packCampaign defines pack.
//
// Reading needs no right to write: a pack can be made with a reader's login.
func packCampaign(env *cli.Env) *cobra.Command {
	var f packFlags
	c := &cobra.Command{
		Use:   "pack ID",
		Short: "pack the evidence of a campaign for another Spoor",
		Example: `  correlate pack c2 --out c2.spoor
  correlate pack c2 --out c2.spoor --key desk.pem
  collector import c2.spoor              at the other end`,
		Long: `A pack holds the messages as they came, the answers of registries and DNS about their names and addresses, the figures, their SQL statements, and a manifest with the hash of each. The same evidence gives the same bytes. collector import checks all of it and stores the same facts, and the campaign's name and notes.

--key signs the manifest. A key: openssl genpkey -algorithm ed25519 -out desk.pem

Nothing is masked: a pack names your recipients. To hand on without them use correlate export or correlate abuse.`,
		Args: func(c *cobra.Command, args []string) error {
			if f.out == "" {
				return cli.Usage("--out names the file to write")
			}
			return oneID(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			id, _ := naming.ParseID(args[0]) // oneID has looked
			return withStore(c.Context(), env, cli.Read, func(ctx context.Context, s *cli.Session) error { return f.run(ctx, env, s, id) })
		},
		ValidArgsFunction: completeID(env),
	}
	c.Flags().StringVar(&f.out, "out", "", "the `FILE` to write")
	c.Flags().StringVar(&f.key, "key", "", "sign with the ed25519 key in `FILE` (PEM)")
	return c
}

// run writes the pack of one campaign. The file has its name only once it is
// complete.
//
// The key is read first: a wrong path must not cost the reading of a large
// campaign.
func (f *packFlags) run(ctx context.Context, env *cli.Env, s *cli.Session, id int64) error {
	key, err := f.readKey()
	if err != nil {
		return err
	}
	st := dossiers.New(s.DB)
	d, err := readDossier(ctx, env, st, id)
	if err != nil {
		return err
	}
	m, err := manifestOf(ctx, s, d)
	if err != nil {
		return err
	}
	c := packed{ctx: ctx, st: st, d: d, kept: make(map[string]string)}
	names, err := c.names()
	if err != nil {
		return err
	}
	// The manifest counts the missing messages, and is covered by the
	// signature.
	m.Missing = m.Members - len(c.kept)
	// Only its owner may read it: the messages name recipients.
	err = export.Replace(f.out, 0o600, func(t *os.File) error { return pack.Write(t, m, names, c.read, key) })
	if err != nil {
		return &cli.Error{Code: cli.InPart, Message: err.Error()}
	}
	signed := "not signed"
	if key != nil {
		signed = "signed by " + pack.KeyName(key.Public().(ed25519.PublicKey))
	}
	env.Notef("%s  %s of %s, %s; %s\n", env.Text(f.out), cli.Count(len(c.kept), "message", ""), d.Label(), cli.Count(c.observed, "observation", ""), signed)
	if m.Missing > 0 {
		env.Notef("%s were not kept, so that only figures tell of them.\n", cli.Count(m.Missing, "message", ""))
	}
	return nil
}

// readKey reads the signing key; nil without --key.
//
// The file holds a PKCS #8 key in PEM. Its content is never printed.
func (f *packFlags) readKey() (ed25519.PrivateKey, error) {
	if f.key == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.key)
	if err != nil {
		return nil, cli.Usage("--key: %v", err)
	}
	key, err := pack.ReadKey(text)
	if err != nil {
		return nil, cli.Usage("--key %s: %v", f.key, err)
	}
	return key, nil
}

// manifestOf collects the data about a campaign that its files do not hold: own
// servers, and name and notes that people gave it.
//
// Times are in UTC and lists never null, as the bytes of the manifest are
// signed and compared.
func manifestOf(ctx context.Context, s *cli.Session, d *dossiers.Dossier) (pack.Manifest, error) {
	m := pack.Manifest{Campaign: d.Label(), Key: d.Key, Name: d.Name, AsOf: d.AsOf.UTC(), Members: int(d.Members), Story: []pack.Note{},
		Own: pack.Own{Names: d.Own.Names, MX: d.Own.MX, Inferred: d.Own.Inferred, Networks: []string{}}}
	for _, p := range d.Own.Networks {
		m.Own.Networks = append(m.Own.Networks, p.String())
	}
	all, err := decision.ReadSaid(ctx, campaigns.New(s.DB))
	if err != nil {
		return m, err
	}
	if said := all[d.ID]; said != nil {
		m.Name = said.Name
		for _, n := range said.Notes {
			m.Story = append(m.Story, pack.Note{At: n.At.UTC(), By: n.By, Text: n.Text})
		}
	}
	return m, nil
}

// packed reads the members of a pack. Messages are read when they are written: together
// they may be larger than memory.
//
// fixed holds the members that are made here, by name. observed counts the
// lines of one of them.
type packed struct {
	ctx      context.Context
	st       *dossiers.Store
	d        *dossiers.Dossier
	kept     map[string]string // name of the member to the message
	fixed    map[string][]byte
	observed int
}

// names prepares the small members and lists all, in a fixed order: the same
// evidence must give the same bytes. Messages without stored bytes are left
// out.
func (c *packed) names() ([]string, error) {
	observations, err := c.st.Observations(c.ctx, &c.d.Campaign)
	if err != nil {
		return nil, err
	}
	var lines, figures bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for i := range observations {
		if err := encoder.Encode(&observations[i]); err != nil {
			return nil, err
		}
	}
	c.observed = len(observations)
	format, _ := export.FormatOf("jsonl")
	if _, err := format.Stream(&figures, []dossier.Campaign{c.d.Campaign}, export.Options{}); err != nil {
		return nil, err
	}
	queries, err := statements()
	if err != nil {
		return nil, err
	}
	c.fixed = map[string][]byte{pack.Observations: lines.Bytes(), pack.Figures: figures.Bytes(), pack.Queries: queries}
	names := []string{pack.Observations, pack.Figures, pack.Queries}
	for i := range c.d.Messages {
		sum := c.d.Messages[i].SHA256
		// Read here to know whether it was kept, and once more when it is
		// written, so that one message is in memory at a time.
		raw, err := c.st.Raw(c.ctx, sum)
		if err != nil {
			return nil, err
		}
		if raw != nil {
			c.kept[pack.MessageName(sum)] = sum
			names = append(names, pack.MessageName(sum))
		}
	}
	return names, nil
}

// read returns the content of a member.
func (c *packed) read(name string) ([]byte, error) {
	if sum, ok := c.kept[name]; ok {
		return c.st.Raw(c.ctx, sum)
	}
	return c.fixed[name], nil
}

// statements returns the SQL of the figures, for repeating the queries.
//
// The files come in the order of their names (fs.Glob sorts).
func statements() ([]byte, error) {
	files, err := fs.Glob(sql.Queries, "queries/dossier_*.sql")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, f := range files {
		text, err := fs.ReadFile(sql.Queries, f)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "-- %s\n%s;\n\n", strings.TrimPrefix(f, "queries/"), strings.TrimSpace(string(text)))
	}
	return b.Bytes(), nil
}
