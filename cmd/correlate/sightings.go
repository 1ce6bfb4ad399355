package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/ingest/date"
	"spoor/ingest/text"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/sql/store/ledger"
)

// importSightings defines import-sightings.
func importSightings(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "import-sightings FILE",
		Short: "attach others' sightings to campaigns",
		Example: `  correlate import-sightings nanas.tsv       DATE, SOURCE, VALUE, NOTE
  correlate import-sightings desk.jsonl      {"date","source","value","note"}
  ssh desk cat seen.csv | correlate import-sightings -`,
		Long: `Each line is a value that somebody saw at a time: a host, address or network, URL, mail address, phone number, Message-ID in its brackets, SHA-256 of an attachment, or else a subject. Columns are DATE, SOURCE, VALUE and perhaps NOTE, parted by tabs or commas; or an object of JSON a line. Defanged forms are understood.

Sightings are kept beside the facts and never become evidence by themselves. The view sightings_v lists the campaigns that have the value, and whether others saw it first.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usage("%s takes one FILE, or - for standard input", c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return withStore(c.Context(), env, cli.Write, func(ctx context.Context, s *cli.Session) error {
				return readSightings(ctx, env, ledger.New(s.DB), args[0])
			})
		},
	}
}

// maxSightings bounds the lines of a file, which is in memory until it is
// stored; maxSightingLine bounds the bytes of a line.
const (
	maxSightings    = 1_000_000
	maxSightingLine = 1 << 20
)

// readSightings stores the sightings of a file, and lists the campaigns that
// have them. A line that cannot be read does not stop it; the first five are
// named.
//
// A sighting that is there already is not stored again, so a list can be
// imported each day. Exit code 3 if a line failed or there was none.
func readSightings(ctx context.Context, env *cli.Env, l *ledger.Store, path string) error {
	in := env.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return cli.Usage("%v", err)
		}
		defer f.Close()
		in = f
	}
	var list []ledger.Sighting
	read, failed := 0, 0
	err := sightingLines(in, func(n int, fields []string, err error) {
		read++
		var s ledger.Sighting
		if err == nil {
			s, err = sightingOf(fields)
		}
		if err != nil {
			if failed++; failed <= 5 {
				env.Notef("line %d: %s\n", n, env.Cut(err.Error(), 120))
			}
			return
		}
		list = append(list, s)
	})
	if err != nil {
		return &cli.Error{Code: cli.InPart, Message: path + " cannot be read to its end", Err: err}
	}
	added, err := l.AddSightings(ctx, list, env.Now())
	if err != nil {
		return err
	}
	// Matches are counted over all sightings, earlier files included.
	met, err := l.Meet(ctx)
	if err != nil {
		return err
	}
	if err := tellSightings(env, read, int(added), failed, met); err != nil {
		return err
	}
	if failed > 0 || read == 0 {
		return cli.Silent(cli.InPart)
	}
	return nil
}

// sightingsJSON counts the lines, which add up to read, and lists the
// campaigns.
type sightingsJSON struct {
	Read      int          `json:"read"`
	New       int          `json:"new"`
	Known     int          `json:"known"`
	Failed    int          `json:"failed"`
	Campaigns []ledger.Met `json:"campaigns"`
}

// tellSightings prints the counts and the campaigns.
func tellSightings(env *cli.Env, read, added, failed int, met []ledger.Met) error {
	if env.ForPrograms() {
		return env.Result(sightingsJSON{read, added, read - added - failed, failed, met})
	}
	err := env.Printf("%s read: %d new, %d known, %d not readable\n", cli.Count(read, "sighting", ""), added, read-added-failed, failed)
	t := env.Table(cli.Column{Title: "Campaign"}, cli.Column{Title: "sightings", Right: true}, cli.Column{Title: "msgs", Right: true})
	for _, m := range met {
		name := m.CampaignID
		switch name {
		case "":
			name = "no mail of ours"
		case "-":
			name = "mail in none"
		}
		t.Row(name, cli.Number(m.Sightings), cli.Number(m.Messages))
	}
	return errors.Join(err, t.Print())
}

// sightingLines yields the fields of each line: of a table with tabs or commas,
// or of JSON objects. A first line that begins with "date" names the columns
// and is skipped.
//
// An empty line and one that begins with "#" are skipped, but count for the
// numbers, which are those of an editor.
func sightingLines(in io.Reader, yield func(n int, fields []string, err error)) error {
	s := bufio.NewScanner(in)
	s.Buffer(nil, maxSightingLine)
	for n := 1; s.Scan(); n++ {
		if n > maxSightings {
			return fmt.Errorf("it has more than %d lines; import it in pieces", maxSightings)
		}
		line := bytes.TrimSpace(s.Bytes())
		if len(line) == 0 || line[0] == '#' || n == 1 && bytes.HasPrefix(bytes.ToLower(line), []byte("date")) {
			continue
		}
		fields, err := fieldsOf(line)
		yield(n, fields, err)
	}
	return s.Err()
}

// fieldsOf splits a line. Quotes are read leniently, as others' tables are made
// by all kinds of programs.
//
// A line of JSON must be an object with string values; unknown keys are
// ignored.
func fieldsOf(line []byte) ([]string, error) {
	if line[0] == '{' {
		var o struct{ Date, Source, Value, Note string }
		err := json.Unmarshal(line, &o)
		return []string{o.Date, o.Source, o.Value, o.Note}, err
	}
	if bytes.IndexByte(line, '\t') >= 0 {
		return strings.Split(string(line), "\t"), nil
	}
	r := csv.NewReader(bytes.NewReader(line))
	r.LazyQuotes, r.TrimLeadingSpace = true, true
	return r.Read()
}

// sightingOf reads the columns of one sighting. A value that is no indicator is
// a subject.
func sightingOf(fields []string) (ledger.Sighting, error) {
	// NOTE is often missing, and the check below names the others.
	for len(fields) < 4 {
		fields = append(fields, "")
	}
	for i := range fields {
		fields[i] = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(fields[i]), "\x00", ""), "\uFFFD")
	}
	at, ok := dateOf(fields[0])
	switch {
	case !ok:
		return ledger.Sighting{}, fmt.Errorf("%q is no date", fields[0])
	case fields[1] == "" || fields[2] == "":
		return ledger.Sighting{}, errors.New("a sighting needs a date, a source and a value")
	}
	s := ledger.Sighting{SeenAt: at, Source: fields[1], Note: fields[3]}
	i, ok := naming.ParseIndicator(fields[2])
	// A word alone is a subject of one word rather than a host without a domain.
	word := i.Kind == "host" && !strings.Contains(i.Value, ".") || strings.Contains(fields[2], " ")
	if s.Kind, s.Value, s.Network = i.Kind, i.Value, i.Net; ok && !word {
		return s, nil
	}
	s.Kind, s.Value, s.Network = "text", text.SubjectKey(fields[2]), ledger.Sighting{}.Network
	if s.Value == "" {
		return s, fmt.Errorf("%q is nothing that mail could have", fields[2])
	}
	return s, nil
}

// dateOf reads an ISO time, or any form that a Date field may have.
//
// A time without a zone counts as UTC, since a list from elsewhere has no other
// that is known.
func dateOf(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), true
		}
	}
	d := date.Parse(s)
	return d.Time.UTC(), !d.Time.IsZero()
}
