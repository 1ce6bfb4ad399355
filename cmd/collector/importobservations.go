package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"spoor/enrich"
	"spoor/enrich/history"
	"spoor/enrich/whois"
	"spoor/internal/cli"
	"spoor/sql/store/lookups"
)

// importObservationsCommand defines import-observations.
//
// A file can be imported twice: the store merges repetitions.
func importObservationsCommand(env *cli.Env) *cobra.Command {
	var seen string
	c := &cobra.Command{
		Use:   "import-observations FILE...",
		Short: "store DNS, WHOIS and certificates of the past",
		Example: "  collector import-observations pdns.jsonl\n" +
			"  collector import-observations --seen-at 2019-05-01 whois-dump.jsonl",
		Long: "Reads JSON lines, or one JSON array, of passive DNS (the Common Output Format), WHOIS answers (\"domain\" and \"raw\"), " +
			"RDAP answers, and certificate transparency (as crt.sh and Cert Spotter give it); \"-\" is standard input. " +
			"Each item keeps the times at which it was first and last seen. Unusable items are counted, and the first few named. No server is asked.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cli.Usage("needs a FILE; for example: collector import-observations pdns.jsonl")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return importObservations(cmd.Context(), env, args, seen)
		},
	}
	c.Flags().StringVar(&seen, "seen-at", "", "`TIME` of items without one, as 2019-05-01\nWithout it, they are left out.")
	return c
}

// observationImport counts the items of an import.
//
// Sources counts stored items, including repetitions that the store merges.
type observationImport struct {
	Sources map[enrich.Source]int64
	Refused int64
	First   []string // of the reasons
}

// listedReasons limits the unusable items that are named.
const listedReasons = 5

// importObservations reads the files in turn. Items that cannot be used do not
// stop it; a file that cannot be read to its end does.
//
// Exit code 3 if an item was refused. A file that cannot be read to its end
// leaves the batches before it in the store.
func importObservations(ctx context.Context, env *cli.Env, files []string, seen string) (err error) {
	var at time.Time
	if seen != "" {
		var ok bool
		if at, ok = whois.ParseDate(seen); !ok {
			return cli.Usage("--seen-at: %q is not a time like 2019-05-01", seen)
		}
	}
	session, err := env.OpenStore(ctx, cli.Create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	done := &observationImport{Sources: map[enrich.Source]int64{}}
	for _, name := range files {
		if err := done.file(ctx, env, session, name, at); err != nil {
			return err
		}
	}
	return done.print(env)
}

// file imports one file, or standard input, 500 observations to a transaction.
func (d *observationImport) file(ctx context.Context, env *cli.Env, session *cli.Session, name string, at time.Time) error {
	in, label := io.Reader(cli.UntilDone(ctx, env.Stdin)), "stdin"
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return cli.Usage("%v", err)
		}
		defer f.Close()
		in, label = f, filepath.Base(name)
	}
	const batch = 500
	var list []enrich.Observation
	// Errors of single items are yielded between the items, and the reading
	// goes on.
	for o, err := range history.Read(in, history.Options{Name: label, SeenAt: at}) {
		if bad, ok := errors.AsType[*history.ItemError](err); ok {
			d.refuse(label, bad)
			continue
		} else if err != nil {
			return &cli.Error{Code: cli.InPart, Message: label + " cannot be read to its end", Err: err}
		}
		// Batches bound memory: a dump of passive DNS may have a hundred
		// million lines.
		if list = append(list, o); len(list) == batch {
			if err := d.store(ctx, env, session, list); err != nil {
				return err
			}
			list = list[:0]
		}
	}
	return d.store(ctx, env, session, list)
}

// refuse counts an unusable item and keeps the reason of the first few.
func (d *observationImport) refuse(label string, bad *history.ItemError) {
	d.Refused++
	if len(d.First) < listedReasons {
		d.First = append(d.First, label+", "+bad.Error())
	}
}

// store keeps answers as if we had asked. Passive DNS and certificates are
// spans of time, not answers, and go to the histories.
func (d *observationImport) store(ctx context.Context, env *cli.Env, session *cli.Session, list []enrich.Observation) error {
	var answers, spans []enrich.Observation
	for _, o := range list {
		d.Sources[o.Source]++
		if o.Source == enrich.PassiveDNS || o.Source == enrich.CertificateLog {
			spans = append(spans, o)
		} else {
			answers = append(answers, o)
		}
	}
	s := lookups.New(session.DB)
	if len(spans) > 0 {
		if err := s.History(ctx, spans); err != nil {
			return env.StoreError(err, session.Where)
		}
	}
	if len(answers) > 0 {
		if err := s.Observe(ctx, answers); err != nil {
			return env.StoreError(err, session.Where)
		}
	}
	return nil
}

// observationsJSON is the output of import-observations; counts are by source.
type observationsJSON struct {
	Stored  map[enrich.Source]int64 `json:"observations"`
	Refused int64                   `json:"refused"`
	Reasons []string                `json:"reasons,omitempty"` // of the first that were refused
}

// print prints the counts and the first reasons.
func (d *observationImport) print(env *cli.Env) error {
	if env.ForPrograms() {
		if err := env.Result(observationsJSON{d.Sources, d.Refused, d.First}); err != nil {
			return err
		}
		return d.end()
	}
	var lines [][2]string
	for _, s := range []enrich.Source{enrich.PassiveDNS, enrich.WHOIS, enrich.RDAP, enrich.CertificateLog} {
		if n := d.Sources[s]; n > 0 {
			lines = append(lines, [2]string{string(s), cli.Count(n, "observation", "")})
		}
	}
	if len(lines) == 0 {
		lines = append(lines, [2]string{"stored", "nothing"})
	}
	if d.Refused > 0 {
		lines = append(lines, [2]string{"left out", cli.Count(d.Refused, "item", "")})
	}
	if err := labelled(env, lines); err != nil {
		return err
	}
	for _, reason := range d.First {
		if err := env.Printf("%s", cli.Wrap("    "+env.Text(reason), env.Columns(), 6)); err != nil {
			return err
		}
	}
	return d.end()
}

// end returns the exit code: an unusable item is a part that failed.
func (d *observationImport) end() error {
	if d.Refused > 0 {
		return cli.Silent(cli.InPart)
	}
	return nil
}
