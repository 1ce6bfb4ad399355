// Command makelog writes mail logs of a generated world to a folder, for
// measurements: a file for each server, and a list of the existing users. Days
// are written one after another, so that memory does not grow with their number.
//
//	go run ./internal/lab/makelog -days 30 -mail 50000 -style bazaar -out DIR
package main

import (
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"spoor/internal/lab/logworld"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main without its process; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	o := logworld.Options{LongIDs: true, RFC3339: true}
	flags := flag.NewFlagSet("makelog", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Uint64Var(&o.Seed, "seed", 1, "of the first day")
	flags.IntVar(&o.Mail, "mail", 20000, "ordinary mails a day")
	flags.IntVar(&o.Users, "users", 2000, "of the domain")
	flags.Var((*style)(&o.Style), "style", "of senders: steady, contacts, offices, relays, night, bazaar, campus, workshop, hosting, bureau, town, platform, hospital, school, village, biller, drawn, agents")
	flags.BoolVar(&o.Filter, "filter", false, "the first MX has a content filter, so that each mail takes twice the lines")
	packed := flags.Bool("gzip", false, "compress the files")
	exim := flags.Bool("exim", false, "logs of Exim instead of Postfix")
	days := flags.Int("days", 1, "to write")
	runs := flags.Int("runs", 10, "spamruns of each kind a day")
	out := flags.String("out", "", "folder")
	if err := flags.Parse(args); err != nil || *out == "" || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "makelog: -out DIR is needed")
		return 2
	}
	o.Server = logworld.Postfix
	if *exim {
		o.Server = logworld.Exim
	}
	n := *runs
	o.Mixture = logworld.Mixture{Plain: n, RefusedOnly: n, Paired: n, Slow: n, Hijacked: n, Coordinated: n, Greylisted: n}
	lines, err := write(o, *days, *out, *packed)
	if err != nil {
		fmt.Fprintln(stderr, "makelog:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%d lines in %s\n", lines, *out)
	return 0
}

// style is the flag -style.
type style logworld.Style

func (s *style) String() string { return string(*s) }

// Set accepts the names of styles.
func (s *style) Set(text string) error {
	*s = style(text)
	if text == "steady" {
		*s = style(logworld.Steady)
	}
	if !logworld.Style(*s).Known() {
		return fmt.Errorf("is no style")
	}
	return nil
}

// write appends the logs of each day and returns the number of lines.
func write(o logworld.Options, days int, dir string, packed bool) (lines int, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	files := map[string]io.WriteCloser{}
	for day := range days {
		o.Days, o.Day = 1, day
		w := logworld.New(o)
		for _, server := range w.Servers() {
			if files[server] == nil {
				if files[server], err = create(filepath.Join(dir, server+".log"), packed); err != nil {
					return lines, err
				}
			}
			log := w.Log(server)
			lines += strings.Count(log, "\n")
			if _, err := io.WriteString(files[server], log); err != nil {
				return lines, err
			}
		}
		if day == 0 {
			if err := os.WriteFile(filepath.Join(dir, "users"), []byte(strings.Join(w.UserList(), "\n")+"\n"), 0o644); err != nil {
				return lines, err
			}
		}
		o.Seed++
	}
	for _, f := range files {
		if err := f.Close(); err != nil {
			return lines, err
		}
	}
	return lines, nil
}

// create creates a file, or a compressed one.
func create(path string, packed bool) (io.WriteCloser, error) {
	if !packed {
		return os.Create(path)
	}
	f, err := os.Create(path + ".gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	return packedFile{z, f}, err
}

// packedFile closes the compressor and then the file.
type packedFile struct {
	*gzip.Writer
	file *os.File
}

// Close ends the compressed stream.
func (p packedFile) Close() error { return errors.Join(p.Writer.Close(), p.file.Close()) }
