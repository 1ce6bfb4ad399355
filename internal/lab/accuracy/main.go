// Command accuracy measures the quality of the campaigns. It takes worlds of mail
// whose true campaigns are known, runs import and correlator over each on a
// private PostgreSQL, and prints a comparison for each source and grade.
//
//	go run ./internal/lab/accuracy                                  own and rented worlds, two seeds a grade
//	go run ./internal/lab/accuracy -corpora MAIL,MORE               worlds of parts of real mail, too
//	go run ./internal/lab/accuracy -sources "" -worlds DIR,DIR      worlds of others: DIR/GRADE-SEED
//	go run ./internal/lab/accuracy -grade hard -seeds 6 -from 101   hard worlds, seeds 101 to 106
//	go run ./internal/lab/accuracy -enrich                          asks each world's registries and DNS too
//	go run ./internal/lab/accuracy -simple                          simple ways of grouping beside the correlator
//	go run ./internal/lab/accuracy -pairs PAIRS.tsv -mail FOLDER    pairs of real mail that people have judged
//	go run ./internal/lab/accuracy -cache DIR ...                   keeps the parsed mail for the next time
//
// The worlds' registries and DNS answer on loopback; there are no other network
// requests. The tables are Markdown; docs/accuracy.md explains the figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"spoor/internal/lab/sources"
	"spoor/internal/lab/world"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are what to measure.
type options struct {
	sources  []sources.Source
	grades   []string
	seeds    int
	from     uint64
	messages int
	enrich   bool
	simple   bool
	json     bool
	pairs    []string
	mail     string
	ownMX    []string
	cache    string
}

// run is main without its process; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(stderr, "accuracy:", err)
		}
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(o.pairs) > 0 {
		err = comparePairs(ctx, o, stdout)
	} else {
		err = compareWorlds(ctx, o, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "accuracy:", err)
		return 1
	}
	return 0
}

// parse reads the flags and opens the sources.
//
// Every mistake of the command line is found here, as a run takes hours.
func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	names := flags.String("sources", "own,rented,parts", "generators, separated by commas; parts is left out without -corpora")
	corpora := flags.String("corpora", os.Getenv("SPOOR_CORPORA"), "folders of real mail that worlds are built of, separated by commas")
	folders := flags.String("worlds", "", "folders of labelled worlds named GRADE-SEED, separated by commas")
	grades := flags.String("grade", "", "grades, separated by commas; all if left out")
	style := flags.Int("style", 0, fmt.Sprintf("1 to %d, of the source own; 0 leaves it to the seed", world.Styles))
	flags.IntVar(&o.seeds, "seeds", 2, "worlds of each grade")
	flags.Uint64Var(&o.from, "from", 1, "seed of the first")
	flags.IntVar(&o.messages, "n", 3000, "about how many messages a generated world has")
	flags.BoolVar(&o.enrich, "enrich", false, "ask the worlds' registries and DNS, and correlate once more")
	flags.BoolVar(&o.simple, "simple", false, "compare with simple ways of grouping")
	flags.BoolVar(&o.json, "json", false, "print every world's figures as JSON")
	pairs := flags.String("pairs", "", "files of judged pairs, separated by commas: left, right, verdict, ...; need -mail")
	flags.StringVar(&o.mail, "mail", "", "folder of the mail that -pairs names")
	flags.StringVar(&o.cache, "cache", "", "folder that keeps what was read of the mail; a change of package ingest makes it stale")
	own := flags.String("own-mx", "", "patterns of own servers for -mail, separated by commas; found by survey if left out")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.grades, o.ownMX, o.pairs = fields(*grades), fields(*own), fields(*pairs)
	switch {
	case flags.NArg() > 0 || o.seeds < 1 || o.messages < 1 || *style < 0 || *style > world.Styles:
		return o, errors.New("-seeds and -n take numbers from 1, -style one of the styles, and nothing else is read; see -h")
	case (len(o.pairs) == 0) != (o.mail == ""):
		return o, errors.New("-pairs and -mail need one another")
	case len(o.pairs) > 0:
		return o, nil
	}
	if o.sources, err = choose(fields(*names), fields(*corpora), fields(*folders), *style); err != nil {
		return o, err
	}
	return o, checkGrades(o)
}

// fields splits at commas; "" gives none.
func fields(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// choose returns the named generators and the folders of finished worlds.
func choose(names, corpora, folders []string, style int) (all []sources.Source, err error) {
	for _, name := range names {
		switch {
		case name == "own":
			all = append(all, sources.Own(style))
		case name == "rented":
			all = append(all, sources.Rented())
		case name == "parts" && len(corpora) > 0:
			all = append(all, sources.Parts(corpora))
		case name != "parts":
			return nil, fmt.Errorf("no source %q; there are own, rented and parts", name)
		}
	}
	for _, root := range folders {
		s, err := sources.Folder(root)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, errors.New("no source is left: parts needs -corpora or SPOOR_CORPORA")
	}
	return all, nil
}

// checkGrades finds a misspelt grade before hours have gone by.
func checkGrades(o options) error {
	for _, g := range o.grades {
		if !slices.ContainsFunc(o.sources, func(s sources.Source) bool { return slices.Contains(s.Grades, g) }) {
			return fmt.Errorf("no source has a grade %q", g)
		}
	}
	return nil
}

// compareWorlds measures world after world, so that one at a time is in memory.
//
// Each world's line goes to standard error as it is done. The tables come at
// the end, from all of them.
func compareWorlds(ctx context.Context, o options, stdout, stderr io.Writer) error {
	var all []measured
	err := sources.Each(ctx, o.sources, o.grades, o.from, o.seeds, o.messages, func(_ string, w *sources.World) error {
		begun := time.Now()
		m, err := measure(ctx, w, o, func(m mail) (*corpus, error) { return cached(ctx, o.cache, m) })
		if err != nil {
			return err
		}
		fmt.Fprintf(stderr, "%-8s %-9s %4d  %s  %.0f s\n", w.Source, w.Grade, w.Seed, m.line(), time.Since(begun).Seconds())
		all = append(all, m)
		return nil
	})
	if err != nil {
		return err
	}
	if o.json {
		return writeJSON(stdout, all)
	}
	return writeTables(stdout, all)
}
