// Command makeworld writes a labelled world to a folder: DIR/mail.mbox and DIR/truth.tsv
// (message-id, campaign, operation), and prints how to import it.
//
//	go run ./internal/world/makeworld -grade hard -seed 7 -n 3000 -out DIR
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"spoor/internal/world"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("makeworld", flag.ContinueOnError)
	flags.SetOutput(stderr)
	grade := flags.String("grade", "medium", "easy, medium, hard or mixture")
	seed := flags.Uint64("seed", 1, "which world")
	n := flags.Int("n", 3000, "about how many messages")
	style := flags.Int("style", 0, fmt.Sprintf("1 to %d; 0 leaves it to the seed", world.Styles))
	out := flags.String("out", "", "folder to write to")
	if flags.Parse(args) != nil || *out == "" || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "makeworld: give -out DIR; see -h")
		return 2
	}
	w := world.New(world.Options{Grade: world.Grade(*grade), Seed: *seed, Messages: *n, Style: *style})
	if err := write(w, *out); err != nil {
		fmt.Fprintln(stderr, "makeworld:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%d messages in %s\ncollector import --own-mx '%s' --mx %s %s\n", len(w.Messages), *out,
		strings.Join(w.OwnMX, ","), strings.Join(w.MX, " --mx "), filepath.Join(*out, "mail.mbox"))
	return 0
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
