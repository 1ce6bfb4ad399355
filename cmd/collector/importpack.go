package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/graph/decision"
	"spoor/ingest/received"
	"spoor/internal/cli"
	"spoor/internal/pack"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/dossiers"
	"spoor/sql/store/lookups"
)

// openPack reads and checks a pack that is the only path; nil if there is none.
// A pack brings the settings of its origin, so flags that contradict them are
// refused.
func openPack(f *importFlags, paths []string) (*pack.Pack, error) {
	for _, path := range paths {
		p, err := readPack(path)
		switch {
		case errors.Is(err, pack.ErrNoPack):
			continue
		case err != nil:
			return nil, &cli.Error{Code: cli.InPart, Message: "the pack " + path + " was changed after it was made, or is damaged", Hint: "Nothing of it was stored. Ask for another copy.", Err: err}
		// Another path would get the pack's own servers.
		case len(paths) > 1:
			return nil, cli.Usage("%s is a pack of evidence: import it by itself", path)
		case len(f.own)+len(f.mx) > 0 || f.noRaw || f.forwarded || f.class != "spam":
			return nil, cli.Usage("%s is a pack of evidence: it brings its own servers and class, and takes no other", path)
		}
		return p, nil
	}
	return nil, nil
}

// packMagic is the magic number of a zstd frame (RFC 8878, section 3.1.1), with
// which every pack begins.
var packMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// readPack opens a file that begins as a pack does. Any other file gives
// pack.ErrNoPack and is left to the import.
func readPack(path string) (*pack.Pack, error) {
	// A pipe cannot be read twice, so a pack has to be a file.
	if i, err := os.Stat(path); path == "-" || err != nil || !i.Mode().IsRegular() {
		return nil, pack.ErrNoPack // mail, or an error that the import reports
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, pack.ErrNoPack
	}
	defer file.Close()
	head := make([]byte, len(packMagic))
	if _, err := io.ReadFull(file, head); err != nil || !bytes.Equal(head, packMagic) {
		return nil, pack.ErrNoPack
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return pack.Open(file)
}

// ownOf returns the own servers of the pack's origin. Its trusted hops must be
// trusted here too, or the facts would differ.
func ownOf(p *pack.Pack) (received.Own, error) {
	own, err := received.ParseOwn(slices.Concat(p.Own.Names, p.Own.Networks))
	for _, s := range p.Own.MX {
		x, mxErr := received.ParseMX(s)
		err = errors.Join(err, mxErr)
		own.MX = append(own.MX, x)
	}
	own.Inferred = p.Own.Inferred
	if err != nil {
		return own, &cli.Error{Code: cli.InPart, Message: "the pack names servers that cannot be", Err: err}
	}
	return own, nil
}

// observedAtOnce is the number of observations per transaction.
const observedAtOnce = 200

// adopt stores the parts of a pack beside its messages: observations, name and
// notes. It says whether the pack is signed, since anybody can make one.
//
// Messages were imported before, so that remarks find them.
func adopt(ctx context.Context, env *cli.Env, s *cli.Session, p *pack.Pack) error {
	observations, err := observationsOf(p.Observations)
	if err != nil {
		return err
	}
	st := lookups.New(s.DB)
	for chunk := range slices.Chunk(observations, observedAtOnce) {
		if err := st.Observe(ctx, chunk); err != nil {
			return env.StoreError(err, s.Where)
		}
	}
	by := "pack of " + p.Campaign
	if p.Signer != nil {
		by += " signed by " + pack.KeyName(p.Signer)
	}
	f := campaigns.Foreign{Name: p.Name, By: by}
	for _, n := range p.Story {
		f.Notes = append(f.Notes, decision.Note{At: n.At, By: n.By, Text: n.Text})
	}
	for i := range p.Files {
		// Only files named by their own hash are messages; the others are parts
		// of the pack.
		if p.Files[i].Name == pack.MessageName(p.Files[i].SHA256) {
			f.SHA256 = append(f.SHA256, p.Files[i].SHA256)
		}
	}
	said, err := campaigns.New(s.DB).Adopt(ctx, f, env.Now())
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	signed := "It is not signed: that it is unchanged is only known of itself."
	if p.Signer != nil {
		signed = "It is signed by the key " + pack.KeyName(p.Signer) + "; compare it with the maker's."
	}
	env.Notef("Pack of %s: %s, %s taken over. %s\n", env.Text(p.Campaign), cli.Count(len(observations), "observation", ""), cli.Count(said, "remark", ""), signed)
	return nil
}

// observationsOf reads the observations of a pack, by time. A confirmed one
// counts twice, at its first and last time, so that the span through which it
// held is kept.
func observationsOf(text []byte) ([]enrich.Observation, error) {
	var out []enrich.Observation
	d := json.NewDecoder(bytes.NewReader(text))
	for n := 1; ; n++ {
		var o dossiers.Observation
		if err := d.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("observation %d of the pack cannot be read: %w", n, err)
		}
		e, err := observationOf(&o)
		if err != nil {
			return nil, fmt.Errorf("observation %d of the pack: %w", n, err)
		}
		out = append(out, e)
		if o.ConfirmedAt.After(o.AskedAt) {
			e.AskedAt, e.Took = o.ConfirmedAt, 0
			out = append(out, e)
		}
	}
	// In the order of time, since the store keeps histories of changes.
	slices.SortStableFunc(out, func(a, b enrich.Observation) int { return a.AskedAt.Compare(b.AskedAt) })
	return out, nil
}

// observationOf checks an observation of a pack, which a stranger may have
// made: kinds that we know, names in normal form, and answers no larger than we
// would accept from a server.
func observationOf(o *dossiers.Observation) (enrich.Observation, error) {
	e := enrich.Observation{Subject: enrich.Subject{Kind: enrich.Kind(o.Kind), Name: o.Subject}, Source: enrich.Source(o.Source), Server: o.Server, AskedAt: o.AskedAt,
		Took: min(max(o.Took, 0), time.Hour), Outcome: enrich.Outcome(o.Outcome), Detail: o.Detail, Raw: o.Answer, Expires: o.FreshUntil}
	switch {
	case e.Kind != enrich.Domain && e.Kind != enrich.Host && e.Kind != enrich.Address:
		return e, fmt.Errorf("kind %q is not known", o.Kind)
	case e.Name == "" || e.Name != strings.ToLower(e.Name) || len(e.Name) > 255:
		return e, fmt.Errorf("subject %.80q is no name", o.Subject)
	case len(e.Raw) > guard.MaxAnswer:
		return e, fmt.Errorf("an answer of %d bytes", len(e.Raw))
	}
	if len(o.Parsed) == 0 || string(o.Parsed) == "null" {
		return e, nil
	}
	var err error
	e.Parsed, err = lookups.Parsed(e.Source, o.Parsed)
	return e, err
}
