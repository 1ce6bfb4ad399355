package main

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	neturl "net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/internal/cli"
	"spoor/internal/cli/clitest"
	"spoor/internal/export"
	"spoor/internal/lab/hostile"
	"spoor/internal/page/serve"
	"spoor/sql/questions"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
	"spoor/sql/store/wire"
)

var attacks = hostile.Attacks

// outputs are the ways in which every command is run on a spammer's text. A
// command without a line here fails the test: so does a new way out.
var outputs = map[string][][]string{
	"correlate":                  {{}, {"--all"}, {"--json"}},
	"correlate list":             {{}, {"--json"}},
	"correlate summary":          {{}, {"--markdown"}, {"--all", "--json"}},
	"correlate show":             {{"c1"}, {"c1", "--all"}, {"c1", "--json"}, {"c1", "--markdown"}, {"c1", "--why-block"}, {"o1"}},
	"correlate members":          {{}, {"--tsv"}, {"--json"}},
	"correlate find":             {{"--text", "cheap toner"}, {"evil.example", "--all"}, {"evil.example"}, {"evil.example", "--json"}, {attacks[0]}, {attacks[4]}},
	"correlate publishers":       {{}, {"--json"}, {"evil.example"}, {"evil.example", "--json"}},
	"correlate runs":             {{}, {"--json"}},
	"correlate score":            {{"truth.tsv"}, {"truth.tsv", "--json"}},
	"correlate why":              {{"c1"}, {"c1", "--json"}},
	"correlate export":           exports(),
	"correlate abuse":            {{"c1"}, {"c1", "--json"}, {"c1", "--out", "reports", "--from", "Desk <abuse@desk.example>"}, {"c1", "--still-alive"}, {"c1", "--still-alive", "--json"}},
	"correlate pack":             {{"c1", "--out", "c1.spoor"}},
	"correlate report":           {{"--out", "report.html"}, {"c1", "--out", "pages"}},
	"correlate serve":            {{"--listen", "192.0.2.1:1"}, {"--token", "truth.tsv"}}, // refused; its pages: assertPages
	"correlate import-sightings": {{"seen.tsv"}, {"seen.tsv", "--json"}},
	"correlate name":             {{"c1", attacks[0] + attacks[4]}},
	"correlate note":             {{"c1", attacks[0] + attacks[3]}},
	"correlate tag":              {{"c1", attacks[6]}},
	"correlate untag":            {{"c1", attacks[6]}},
	"correlate ignore":           {{"evil.example"}, {attacks[0]}},
	"correlate trust":            {{"evil.example"}, {attacks[0]}},
	"correlate merge":            {{"c1", "c2"}},
	"correlate same":             {{attacks[0], attacks[1]}},
	"correlate not-same":         {{attacks[0], attacks[1]}},
	"correlate split":            {{"c1", attacks[0]}},
	"correlate ham":              {{attacks[0]}, {attacks[4]}},
	"correlate spam":             {{attacks[1]}, {attacks[9]}},
	"correlate ask":              asks(),
	"correlate grep":             {{"evil"}, {"evil", "--json"}},
	"correlate run-show":         {{"r1"}, {"r1", "--json"}},
	"correlate undo":             {{"d1"}},
	"correlate decisions":        {{}, {"--json"}},
	"correlate completion":       nil, // our own words only
	"correlate help":             nil,
}

func exports() (out [][]string) {
	for _, f := range export.Formats() {
		out = append(out, []string{"c1", "--format", f.Name, "--out", "export-" + f.Name})
	}
	return append(out, []string{"--all", "--format", "csv", "--out", "export-all"}, []string{"c1", "--explain"})
}

// asks are all questions, about values in the store.
func asks() [][]string {
	out := [][]string{{}, {"--json"}}
	for _, q := range questions.All() {
		args := []string{q.Name}
		for _, p := range q.Parameters {
			switch p.Name {
			case "days":
				args = append(args, "days=100000")
			case "domain":
				args = append(args, "domain=evil.example")
			}
		}
		out = append(out, args, append(slices.Clone(args), "--json"), append(slices.Clone(args), "--format", "csv"))
	}
	return out
}

// A spammer's text does nothing in any output of any command.
func TestNothingEscapes(t *testing.T) {
	url := hostileStore(t)
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("truth.tsv", []byte("one@evil.example\ta\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var seen strings.Builder
	for _, a := range attacks {
		fmt.Fprintf(&seen, "2006-01-05\t%s\t%s\t%s\n%s\tx\tevil.example\n", a, a, a, a)
	}
	if err := os.WriteFile("seen.tsv", []byte(seen.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range clitest.Commands(root(&cli.Env{})) {
		ways, ok := outputs[path]
		if !ok {
			t.Errorf("%s: no line of outputs says how it is tried against hostile content", path)
		}
		if path != "correlate" {
			asIssues(t, url)
		}
		for _, way := range ways {
			args := append(strings.Fields(path)[1:], way...)
			var out, errs bytes.Buffer
			env := &cli.Env{Args: append([]string{"--db", url}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, Now: time.Now}
			run(t.Context(), env)
			hostile.AssertInert(t, strings.Join(args, " ")+" (stdout)", out.Bytes())
			hostile.AssertInert(t, strings.Join(args, " ")+" (stderr)", errs.Bytes())
			if out.Len()+errs.Len() == 0 {
				t.Errorf("%q says nothing", args)
			}
		}
	}
	assertFiles(t, dir)
	assertPages(t, url)
	if n := storetest.Column(t, storetest.Open(t, url), "SELECT count(*)::text FROM messages"); n[0] != fmt.Sprint(hostile.Messages) {
		t.Errorf("%s messages are left", n[0])
	}
	if _, err := os.Stat("/tmp/spoor-escaped"); err == nil {
		t.Error("a file was written where a spammer wanted it")
	}
}

// asIssues makes hostile publishers of messages, until the next run takes them away.
func asIssues(t *testing.T, url string) {
	t.Helper()
	db := storetest.Open(t, url)
	defer db.Close()
	for i, a := range attacks {
		err := storetest.Exec(db, fmt.Sprintf("INSERT INTO publishers VALUES (%d, convert_from('\\x%x', 'UTF8'), 1, 1, 1, 1) ON CONFLICT DO NOTHING", i+1, wire.WellFormed(a)+"@evil.example"),
			fmt.Sprintf("INSERT INTO publisher_issues SELECT message_key, %d FROM messages ORDER BY message_key LIMIT 1 OFFSET %d ON CONFLICT DO NOTHING", i+1, i))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := storetest.Exec(db, "UPDATE memberships SET campaign_id = NULL, confidence = NULL WHERE spamrun_id IS NOT NULL AND message_key IN (SELECT message_key FROM publisher_issues LIMIT 2)"); err != nil {
		t.Fatal(err)
	}
}

// binary are the files that nobody looks at.
func binary(path string) bool { return filepath.Ext(path) == ".spoor" }

// assertFiles checks the files written, and that they lie in the folder that
// was named.
func assertFiles(t *testing.T, dir string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || binary(path) || path == filepath.Join(dir, "seen.tsv") {
			return err
		}
		n++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// A message that is evidence keeps its bytes but for the recipients: it is data
		// inside of a report, not a text of ours.
		if filepath.Ext(path) == ".eml" {
			text, _, _ = bytes.Cut(text, []byte("Content-Type: message/rfc822"))
		}
		hostile.AssertInert(t, path, bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		return nil
	})
	if err != nil || n < len(export.Formats()) {
		t.Errorf("%d files, %v", n, err)
	}
	top, err := os.ReadDir(dir)
	for _, e := range top {
		if name := e.Name(); !strings.HasPrefix(name, "export-") && name != "reports" && name != "report.html" && name != "pages" && name != "c1.spoor" && name != "truth.tsv" && name != "seen.tsv" {
			t.Errorf("nobody asked for %q", name)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// pages are requests for pages that show a spammer's text, by the pattern that
// answers. A pattern without a line here fails the test: so does a new page.
var pages = map[string][]string{
	"GET /{$}":             {"/", "/?from=1"},
	"GET /c/{id}":          {"/c/c1", "/c/c1?judge=1&around=" + neturl.QueryEscape(attacks[4]), "/c/" + neturl.PathEscape(attacks[4])},
	"GET /c/{id}/messages": {"/c/c1/messages", "/c/c1/messages?from=" + neturl.QueryEscape(attacks[4])},
	"GET /m/{sha256}":      {"/m/" + neturl.PathEscape(attacks[9])},          // and all messages
	"GET /m/{sha256}/why":  {"/m/" + neturl.PathEscape(attacks[9]) + "/why"}, // and of one message
	"GET /ask":             {"/ask"},
	"GET /ask/{name}":      {"/ask/campaign-traits?campaign=c1", "/ask/campaign-domains?campaign=" + neturl.QueryEscape(attacks[4]), "/ask/" + neturl.PathEscape(attacks[5])},
	"GET /find":            {"/find?q=evil.example", "/find?q=203.0.113.5", "/find?q=" + neturl.QueryEscape(attacks[0]+attacks[5])},
	"GET /decisions":       {"/decisions"},
	"GET /publishers":      {"/publishers", "/publishers?name=" + neturl.QueryEscape(attacks[4])},
	"GET /changes":         {"/changes", "/changes?since=2000-01-01", "/changes?since=" + neturl.QueryEscape(attacks[0])},
	"POST /decide":         {"/decide"},
	"/":                    {"/" + neturl.PathEscape(attacks[4])},
}

// assertPages checks the answers of correlate serve.
func assertPages(t *testing.T, url string) {
	t.Helper()
	base := desk(t, url)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	read := func(what string, r *http.Response, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		if err := errors.Join(err, r.Body.Close()); err != nil || len(text) == 0 || r.StatusCode >= 500 {
			t.Fatalf("%s: %d, %d bytes, %v", what, r.StatusCode, len(text), err)
		}
		return text
	}
	r, err := client.Get(base + "/?token=" + deskToken)
	home := read("the first page", r, err)
	for _, pattern := range serve.Patterns() {
		paths, ok := pages[pattern]
		if !ok {
			t.Errorf("%s: no line of pages says how it is tried against hostile content", pattern)
		}
		for _, path := range paths {
			r, err := client.Get(base + path)
			hostile.AssertInert(t, path, read(path, r, err))
		}
	}
	for _, sha256 := range storetest.Column(t, storetest.Open(t, url), "SELECT encode(sha256, 'hex') FROM messages") {
		r, err := client.Get(base + "/m/" + sha256)
		hostile.AssertInert(t, "message "+sha256, read(sha256, r, err))
	}
	asReports(t, url)
	assertLinks(t, func(path string) []byte {
		r, err := client.Get(base + path)
		return read(path, r, err)
	})
	r, err = client.Get(base + "/c/c1")
	_, after, _ := bytes.Cut(read("a campaign", r, err), []byte(`name="token" value="`))
	token, _, _ := bytes.Cut(after, []byte(`"`))
	if len(token) == 0 {
		t.Fatalf("a campaign has no form: %.200s", home)
	}
	for _, what := range []string{"name", "note", "merge", "not-same", "split", "undo", attacks[4]} {
		form := neturl.Values{"token": {string(token)}, "what": {what}, "campaign": {"c1"}, "text": {attacks[4] + attacks[0]}, "other": {attacks[5]}, "messages": {attacks[0]}, "decision": {attacks[4]}, "because": {attacks[1]}}
		r, err := client.PostForm(base+"/decide", form)
		hostile.AssertInert(t, "to decide "+what, read(what, r, err))
	}
}

// asReports makes messages hostile delivery reports that return the campaign's mail.
func asReports(t *testing.T, url string) {
	t.Helper()
	db := storetest.Open(t, url)
	defer db.Close()
	for i, a := range attacks {
		text := fmt.Sprintf("convert_from('\\x%x', 'UTF8')", wire.WellFormed(a))
		err := storetest.Exec(db, fmt.Sprintf("INSERT INTO reports (message_key, n, form, reporter, recipient, action, status, remote, diagnostic, returned_id, returned_subject, returned_domains) SELECT message_key, 0, 'text', x, x, x, x, x, x, x, x, ARRAY[x] FROM messages, (SELECT %s AS x) AS a ORDER BY message_key LIMIT 1 OFFSET %d", text, i),
			fmt.Sprintf("INSERT INTO backscatter SELECT message_key, (SELECT min(campaign_id) FROM campaigns WHERE members > 0), 'links' FROM messages ORDER BY message_key LIMIT 1 OFFSET %d", i))
		if err != nil {
			t.Fatal(err)
		}
	}
}

// mostLinks limits the pages that are visited by following links.
const mostLinks = 250

// hrefs finds the links of a page to other pages of ours.
var hrefs = regexp.MustCompile(`href="(/[^"]*)"`)

// assertLinks checks all pages to which pages lead: parts of the graph, publishers, searches for words that a
// spammer wrote. A new kind of link needs no line here.
func assertLinks(t *testing.T, get func(path string) []byte) {
	t.Helper()
	kinds, known := make(map[string]int), map[string]bool{"/": true}
	for queue := []string{"/", "/publishers", "/c/c1?judge=1"}; len(queue) > 0 && len(known) < mostLinks; queue = queue[1:] {
		text := get(queue[0])
		hostile.AssertInert(t, queue[0], text)
		for _, link := range hrefs.FindAllSubmatch(text, -1) {
			path := html.UnescapeString(string(link[1]))
			kind, _, _ := strings.Cut(path, "=")
			// To weigh everything takes a second.
			if !known[path] && !strings.HasSuffix(path, "/why") && kinds[kind] < 20 {
				known[path] = true
				kinds[kind]++
				queue = append(queue, path)
			}
		}
	}
	for _, kind := range []string{"/c/c1?around", "/publishers?name", "/find?q"} {
		if kinds[kind] == 0 {
			t.Errorf("no page leads to %s: %v", kind, kinds)
		}
	}
}

// hostileStore holds a campaign that says every attack wherever mail and registries can.
func hostileStore(t *testing.T) string {
	t.Helper()
	url := storetest.URL(t)
	path := filepath.Join(t.TempDir(), "hostile.mbox")
	if err := os.WriteFile(path, []byte(hostile.Mailbox()), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := importPaths(t.Context(), url, ingest.Spam, []string{path}); err != nil {
		t.Fatal(err)
	}
	if err := lookups.New(storetest.Open(t, url)).Observe(t.Context(), hostile.Answers()); err != nil {
		t.Fatal(err)
	}
	return url
}
