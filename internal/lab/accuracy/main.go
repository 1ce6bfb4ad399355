// Command accuracy measures how right the campaigns are: it makes worlds of mail whose true
// campaigns are known (internal/lab/world), runs import and correlator over each on a private
// PostgreSQL, and prints for each grade of difficulty how the campaigns found compare with
// the true ones, beside what simple ways of grouping reach on the same mail.
//
//	go run ./internal/lab/accuracy                                  two worlds a grade
//	go run ./internal/lab/accuracy -grade hard -seeds 6 -from 101   six hard worlds, seeds 101 to 106
//	go run ./internal/lab/accuracy -enrich                          asks each world's registries and DNS too
//
// Worlds answer on loopback; nobody else is asked. The tables are Markdown, for
// docs/accuracy.md; what is measured is described there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"spoor/internal/cluster"
	"spoor/internal/lab/world"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are what to measure.
type options struct {
	grades   []world.Grade
	seeds    int
	from     uint64
	messages int
	style    int
	enrich   bool
	json     bool
}

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
	all, err := measureAll(ctx, o, stderr)
	if err == nil && o.json {
		err = writeJSON(stdout, all)
	} else if err == nil {
		err = writeTables(stdout, all)
	}
	if err != nil {
		fmt.Fprintln(stderr, "accuracy:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	grades := flags.String("grade", "easy,medium,hard,mixture", "grades, separated by commas")
	flags.IntVar(&o.seeds, "seeds", 2, "worlds of each grade")
	flags.Uint64Var(&o.from, "from", 1, "seed of the first")
	flags.IntVar(&o.messages, "n", 3000, "about how many messages a world has")
	flags.IntVar(&o.style, "style", 0, fmt.Sprintf("1 to %d; 0 leaves it to the seed", world.Styles))
	flags.BoolVar(&o.enrich, "enrich", false, "ask the worlds' registries and DNS, and correlate once more")
	flags.BoolVar(&o.json, "json", false, "print every world's figures as JSON")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 || o.seeds < 1 || o.messages < 1 || o.style < 0 || o.style > world.Styles {
		return o, errors.New("-seeds and -n take numbers from 1, -style one of the styles, and nothing else is read; see -h")
	}
	for name := range strings.SplitSeq(*grades, ",") {
		g := world.Grade(strings.TrimSpace(name))
		if !slices.Contains(world.Grades(), g) {
			return o, fmt.Errorf("no grade %q; there are %v", name, world.Grades())
		}
		o.grades = append(o.grades, g)
	}
	return o, nil
}

// measureAll measures world after world, so that one at a time is in memory.
func measureAll(ctx context.Context, o options, stderr io.Writer) ([]measured, error) {
	var all []measured
	for _, g := range o.grades {
		for i := range o.seeds {
			w := world.New(world.Options{Grade: g, Seed: o.from + uint64(i), Messages: o.messages, Style: o.style})
			begun := time.Now()
			m, err := measureAlone(ctx, w, o.enrich)
			if err != nil {
				return nil, fmt.Errorf("%s world %d: %w", g, w.Options.Seed, err)
			}
			fmt.Fprintf(stderr, "%-7s %4d  %s  %.0f s\n", g, w.Options.Seed, m.line(), time.Since(begun).Seconds())
			all = append(all, m)
		}
	}
	return all, nil
}

// measureAlone measures a world on a PostgreSQL of its own that goes away.
func measureAlone(ctx context.Context, w *world.World, enriched bool) (m measured, err error) {
	dir, err := os.MkdirTemp("", "spoor-accuracy-")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the server may run as another user
		return m, err
	}
	c, err := cluster.Open(ctx, cluster.Options{Home: filepath.Join(dir, "home"), Create: true})
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, c.Close()) }() // before its folder goes
	return measure(ctx, c.URL(), dir, w, enriched)
}
