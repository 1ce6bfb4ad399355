// Command makeworld writes a labelled world into a folder (spam.mbox, truth.tsv
// and, if the source has registries, world.json) and prints how to import it.
//
//	go run ./internal/lab/makeworld -grade hard -seed 7 -n 3000 -out DIR
//	go run ./internal/lab/makeworld -source rented -grade sparse -out DIR
//	go run ./internal/lab/makeworld -source parts -corpora MAIL,MORE -grade tough -out DIR
//
// With -serve it also runs the world's DNS, WHOIS and RDAP servers on loopback
// until it is interrupted. It writes DIR/config, which directs "collector
// enrich" to them:
//
//	go run ./internal/lab/makeworld -grade hard -out DIR -serve &
//	export SPOOR_HOME=DIR; collector import DIR/spam.mbox; collector enrich
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"spoor/internal/lab/simnet"
	"spoor/internal/lab/sources"
	"spoor/internal/lab/world"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options select a world and the folder.
type options struct {
	source   sources.Source
	grade    string
	seed     uint64
	messages int
	out      string
	serve    bool
}

// run is main without its process; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "makeworld:", err)
		return 2
	}
	w, err := write(o)
	if err == nil {
		fmt.Fprintf(stdout, "%d messages in %s\ncollector import --own-mx '%s'", len(w.Labels), o.out, strings.Join(w.OwnMX, ","))
		for _, x := range w.MX {
			fmt.Fprintf(stdout, " --mx %s", x)
		}
		fmt.Fprintf(stdout, " %s\n", w.Mail)
	}
	if err == nil && o.serve {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		err = answer(ctx, w, o.out, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "makeworld:", err)
		return 1
	}
	return 0
}

// parse reads the flags.
func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("makeworld", flag.ContinueOnError)
	flags.SetOutput(stderr)
	source := flags.String("source", "own", "own, rented or parts")
	corpora := flags.String("corpora", os.Getenv("SPOOR_CORPORA"), "folders of real mail for -source parts, separated by commas")
	flags.StringVar(&o.grade, "grade", "", "grade of the source; the second of them if left out")
	flags.Uint64Var(&o.seed, "seed", 1, "which world")
	flags.IntVar(&o.messages, "n", 3000, "about how many messages")
	style := flags.Int("style", 0, fmt.Sprintf("1 to %d, of -source own; 0 leaves it to the seed", world.Styles))
	flags.BoolVar(&o.serve, "serve", false, "answer for the world's DNS, WHOIS and RDAP until interrupted")
	flags.StringVar(&o.out, "out", "", "folder to write to")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch *source {
	case "own":
		o.source = sources.Own(*style)
	case "rented":
		o.source = sources.Rented()
	case "parts":
		if *corpora == "" {
			return o, fmt.Errorf("-source parts needs -corpora or SPOOR_CORPORA")
		}
		o.source = sources.Parts(strings.Split(*corpora, ","))
	default:
		return o, fmt.Errorf("no source %q; there are own, rented and parts", *source)
	}
	if o.grade == "" {
		o.grade = o.source.Grades[1]
	}
	if o.out == "" || flags.NArg() > 0 || !slices.Contains(o.source.Grades, o.grade) {
		return o, fmt.Errorf("give -out DIR and a grade of %s (%s); see -h", *source, strings.Join(o.source.Grades, ", "))
	}
	return o, nil
}

// write generates the world in the folder.
func write(o options) (*sources.World, error) {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return nil, err
	}
	return o.source.Open(o.out, o.grade, o.seed, o.messages)
}

// answer runs the world's servers. It writes the configuration atomically,
// since other programs wait for it.
func answer(ctx context.Context, w *sources.World, dir string, stdout io.Writer) error {
	n, err := simnet.Start(ctx, *w.Net)
	if err != nil {
		return err
	}
	defer n.Close()
	path := filepath.Join(dir, "config")
	config := fmt.Sprintf("resolver %s\nwhois %s\nrdap off\n", n.DNS(), n.WHOIS(""))
	if err := os.WriteFile(path+".new", []byte(config), 0o644); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "answering; %s tells collector enrich whom to ask\n", path)
	<-ctx.Done()
	return nil
}
