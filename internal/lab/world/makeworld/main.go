// Command makeworld writes a labelled world to a folder: DIR/mail.mbox and DIR/truth.tsv
// (message-id, campaign, operation), and prints how to import it.
//
//	go run ./internal/lab/world/makeworld -grade hard -seed 7 -n 3000 -out DIR
//
// With -serve it also answers for the world's DNS, WHOIS and RDAP on loopback until it is
// interrupted, and writes DIR/config, which tells "collector enrich" whom to ask:
//
//	go run ./internal/lab/world/makeworld -grade hard -out DIR -serve &
//	export SPOOR_HOME=DIR; collector import DIR/mail.mbox; collector enrich
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
	"spoor/internal/lab/world"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("makeworld", flag.ContinueOnError)
	flags.SetOutput(stderr)
	grade := flags.String("grade", "medium", "easy, medium, hard or mixture")
	seed := flags.Uint64("seed", 1, "which world")
	n := flags.Int("n", 3000, "about how many messages")
	style := flags.Int("style", 0, fmt.Sprintf("1 to %d; 0 leaves it to the seed", world.Styles))
	serve := flags.Bool("serve", false, "answer for the world's DNS, WHOIS and RDAP until interrupted")
	out := flags.String("out", "", "folder to write to")
	if flags.Parse(args) != nil {
		return 2
	}
	if *out == "" || flags.NArg() > 0 || !slices.Contains(world.Grades(), world.Grade(*grade)) {
		fmt.Fprintln(stderr, "makeworld: give -out DIR and a grade; see -h")
		return 2
	}
	w := world.New(world.Options{Grade: world.Grade(*grade), Seed: *seed, Messages: *n, Style: *style})
	if err := write(w, *out); err != nil {
		fmt.Fprintln(stderr, "makeworld:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%d messages in %s\ncollector import --own-mx '%s' --mx %s %s\n", len(w.Messages), *out,
		strings.Join(w.OwnMX, ","), strings.Join(w.MX, " --mx "), filepath.Join(*out, "mail.mbox"))
	if *serve {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		if err := answer(ctx, w, *out, stdout); err != nil {
			fmt.Fprintln(stderr, "makeworld:", err)
			return 1
		}
	}
	return 0
}

// answer runs the world's servers. The configuration appears at once with all its lines,
// since others wait for it.
func answer(ctx context.Context, w *world.World, dir string, stdout io.Writer) error {
	n, err := simnet.Start(ctx, w.Net)
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

func write(w *world.World, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := create(filepath.Join(dir, "mail.mbox"), w.WriteMbox); err != nil {
		return err
	}
	return create(filepath.Join(dir, "truth.tsv"), w.WriteTruth)
}

func create(path string, fill func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := fill(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
