// Command whoisscore measures package enrich/whois on a folder of WHOIS answers
// with expected fields, in the layout of weppos' whois-parser:
// SERVER/…/CASE.txt beside CASE.expected.
//
//	go run ./internal/lab/whoisscore [-v] [-only FILE] DIR
//
// It prints a Markdown table: for each field, how many answers were read
// correctly, wrongly or not at all, among those whose expectation has the
// field. With -v it lists the misses.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"spoor/enrich/whois"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main without its process; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("whoisscore", flag.ContinueOnError)
	flags.SetOutput(stderr)
	verbose := flags.Bool("v", false, "list every miss")
	only := flags.String("only", "", "score only the servers listed in this `file`, one a line")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: whoisscore [-v] [-only FILE] DIR")
		return 2
	}
	servers, err := readServers(*only)
	if err != nil {
		fmt.Fprintln(stderr, "whoisscore:", err)
		return 1
	}
	var s sheet
	if err := s.folder(flags.Arg(0), servers); err != nil {
		fmt.Fprintln(stderr, "whoisscore:", err)
		return 1
	}
	s.print(stdout, *verbose)
	return 0
}

// readServers reads a list of servers; nil means all.
func readServers(file string) (map[string]bool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool)
	for _, s := range strings.Fields(string(text)) {
		out[s] = true
	}
	return out, nil
}

// folder scores every answer below dir that has expectations.
func (s *sheet) folder(dir string, servers map[string]bool) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		wants, isWant := strings.CutSuffix(path, ".expected")
		if !isWant {
			wants, isWant = strings.CutSuffix(path, ".expected.txt")
		}
		if !isWant {
			return nil
		}
		rel, _ := filepath.Rel(dir, wants)
		server, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		if servers != nil && !servers[server] {
			return nil
		}
		raw, err := os.ReadFile(wants + ".txt")
		if err != nil {
			return nil //nolint:nilerr // an expectation without its answer cannot be scored
		}
		want, err := readExpected(path)
		if err != nil {
			return err
		}
		s.answers++
		s.score(rel, want, whois.Parse(askedOf(want, raw), server, raw))
		return nil
	})
}

// expectation maps an attribute to its lines, such as ".name == \"x\"".
type expectation map[string][]string

// readExpected reads an .expected file: "#attribute" lines with indented lines
// below.
func readExpected(path string) (expectation, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := make(expectation)
	attr := ""
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		l := sc.Text()
		if i := strings.IndexByte(l, '#'); i >= 0 && !strings.HasPrefix(strings.TrimSpace(l), "%s") {
			attr = strings.TrimSpace(l[i+1:])
			continue
		}
		if rest, ok := strings.CutPrefix(strings.TrimSpace(l), "%s"); ok && attr != "" {
			out[attr] = append(out[attr], rest)
		}
	}
	return out, sc.Err()
}

// value returns the expected value of attr's member; known is false if there is
// none.
func (e expectation) value(attr, member string) (v string, known bool) {
	for _, l := range e[attr] {
		name, v, ok := strings.Cut(l, "==")
		if ok && strings.TrimSpace(name) == member {
			return unquote(strings.TrimSpace(v)), true
		}
	}
	return "", false
}

// braced returns the text in "%WORD{…}" of attr's lines.
func (e expectation) braced(attr, word string) (string, bool) {
	for _, l := range e[attr] {
		if _, rest, ok := strings.Cut(l, "%"+word+"{"); ok && strings.HasPrefix(strings.TrimSpace(l), "%") {
			v, _, _ := strings.Cut(rest, "}")
			return v, true
		}
	}
	return "", false
}

// unquote reads a value of the corpus, a Ruby literal.
func unquote(v string) string {
	if v == "nil" {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(v, `"`), `"`), `\"`, `"`))
}

// askedOf returns the expected domain, or "" if it is unknown.
func askedOf(e expectation, _ []byte) string {
	v, _ := e.value("domain", "")
	if strings.Contains(v, ".") {
		return v
	}
	return ""
}
