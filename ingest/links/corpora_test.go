package links

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"
	xhtml "golang.org/x/net/html"

	"spoor/ingest/message"
)

// corpora returns the folder with real mail, which is no part of the project.
func corpora(t testing.TB) string {
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		t.Skip("SPOOR_CORPORA is not set: no folder with real mail to compare against")
	}
	return dir
}

// mailFiles returns the files that hold one message each.
func mailFiles(t testing.TB) []string {
	var files []string
	err := filepath.WalkDir(corpora(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "weppos" || name == "whois" || name == "ipwhois" || name == "postfix-logs" || name == "openrdap") {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && (strings.HasSuffix(name, ".eml") || strings.Contains(path, "/spam-1/") || strings.Contains(path, "/easy-ham-1/") || strings.HasSuffix(name, ".msg") || strings.Contains(path, "/cpython/data/")) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// extractFile runs the project's own reader and Extract over one message.
func extractFile(t testing.TB, data []byte) Result {
	m := message.Parse(data)
	var texts []Text
	for i, p := range m.Parts {
		if len(p.Text) > 0 {
			texts = append(texts, Text{Part: i, Body: p.Text, HTML: p.HTML})
		}
	}
	return Extract(texts)
}

var anyURL = regexp.MustCompile(`(?i)https?://[^\s"'<>]+`)

// oracleURLs returns the URLs that a plain search finds in a decoded text, and
// in HTML those of the attributes that a parser returns.
func oracleURLs(body string, isHTML bool) []string {
	out := anyURL.FindAllString(body, -1)
	if !isHTML {
		return out
	}
	z := xhtml.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return out
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				v := strings.TrimSpace(a.Val)
				if (a.Key == "href" || a.Key == "src") && anyURL.MatchString(v) && strings.HasPrefix(strings.ToLower(v), "http") {
					out = append(out, v)
				}
			}
		}
	}
}

// finder answers whether a URL is among the links of one message.
type finder struct{ known []string }

func newFinder(r Result) *finder {
	f := &finder{}
	for _, l := range r.Links {
		for _, s := range []string{l.Raw, l.URL} {
			f.known = append(f.known, squeeze(s))
		}
	}
	return f
}

// squeeze makes spellings comparable: it decodes entities and removes escapes
// and invisible characters.
func squeeze(s string) string {
	s = html.UnescapeString(html.UnescapeString(s))
	s = visibleOnly(s)
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, s)
	s = strings.NewReplacer(`\`, "", "\t", "", "\n", "", "\r", "", " ", "", "%20", "", "\u00a0", "", "%C2%A0", "").Replace(s)
	return strings.ToLower(percentDecode(s))
}

// has reports whether u is among the links, with allowance for two habits of
// readers: they drop punctuation at the end, and they join a URL that tags
// divide. One must be a prefix of the other. A shorter link must end before a
// character that seldom belongs to a URL.
func (f *finder) has(u string) bool {
	s := squeeze(u)
	for _, k := range f.known {
		if strings.HasPrefix(k, s) {
			return true
		}
		if k = strings.TrimSuffix(k, "/"); strings.HasPrefix(s, k) && len(k) >= minMatch(s) && strings.IndexByte("abcdefghijklmnopqrstuvwxyz0123456789-_=%", s[len(k)]) < 0 {
			return true
		}
	}
	return false
}

// minMatch is how much of s must be found: up to the end of the host, or to the last of
// its characters that is not punctuation, whichever is less.
func minMatch(s string) int {
	i := strings.Index(s, "://") + 3
	j := strings.IndexFunc(s[i:], func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-_", r) })
	if j < 0 {
		return len(strings.TrimRight(s, ".-_"))
	}
	return len(strings.TrimRight(s[:i+j], ".-_"))
}

// noURL reports whether a hit of the plain search has no host that a browser
// could open.
func noURL(u string) bool {
	rest := u[strings.Index(u, "://")+3:]
	return !hostStart(rest) || strings.HasPrefix(rest, "[") || strings.Trim(rest, ".,;:!?)(]}*&|`-_/\\") == ""
}

func TestNoLinkOfEnmimeIsMissed(t *testing.T) {
	found, missed := 0, 0
	for _, path := range mailFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		e, err := enmime.ReadEnvelope(bytes.NewReader(data))
		if err != nil {
			continue
		}
		f := newFinder(extractFile(t, data))
		e.Root.DepthMatchAll(func(p *enmime.Part) bool {
			if !strings.HasPrefix(p.ContentType, "text/") && p.ContentType != "" {
				return false
			}
			for _, u := range oracleURLs(string(p.Content), p.ContentType == "text/html") {
				if f.has(u) {
					found++
				} else if !noURL(u) {
					missed++
					report(t, missed, "%s (%s): %.200q", filepath.Base(path), p.ContentType, u)
				}
			}
			return false
		})
	}
	t.Logf("%d found, %d missed", found, missed)
	if found < 10_000 {
		t.Errorf("only %d URLs compared", found)
	}
}

func report(t *testing.T, n int, format string, args ...any) {
	if n <= 60 {
		t.Errorf(format, args...)
	} else if n == 61 {
		t.Error("and more")
	}
}

// pythonURLs prints one JSON line for each file named on standard input: the
// URLs that a plain search finds in the text parts as decoded by Python's email
// package.
const pythonURLs = `
import sys, json, re, email, email.policy
from html.parser import HTMLParser
class P(HTMLParser):
    def __init__(self):
        super().__init__(); self.u = []
    def handle_starttag(self, tag, attrs):
        for k, v in attrs:
            if k in ('href', 'src') and v and re.match(r'\s*https?://', v, re.I):
                self.u.append(v.strip())
for path in sys.stdin.read().split('\n'):
    if not path: continue
    urls = []
    try:
        m = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.compat32)
        for p in m.walk():
            if p.get_content_maintype() != 'text' or p.is_multipart(): continue
            b = p.get_payload(decode=True) or b''
            try: s = b.decode(p.get_content_charset() or 'utf-8', 'replace')
            except Exception: s = b.decode('latin-1')
            urls += re.findall(r'https?://[^\s"\'<>]+', s, re.I)
            if p.get_content_subtype() == 'html':
                h = P()
                try: h.feed(s)
                except Exception: pass
                urls += h.u
    except Exception: pass
    print(json.dumps([path, [u.encode('utf-8', 'replace').decode('utf-8') for u in urls]]))
`

// undecodable is the one exception of the comparison: where text follows base64 without
// padding between them, Python gives the whole body up and returns it undecoded, with its
// line ends taken out, so that a list server's footer shows as one long line.
func undecodable(data []byte, u string) bool {
	head, body, _ := bytes.Cut(data, []byte("\n\n"))
	return bytes.Contains(bytes.ToLower(head), []byte("content-transfer-encoding: base64")) &&
		bytes.Contains(bytes.ReplaceAll(body, []byte("\n"), nil), []byte(u))
}

func TestNoLinkOfPythonIsMissed(t *testing.T) {
	files := mailFiles(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: its email module is what this compares with")
	}
	cmd := exec.Command(python, "-c", pythonURLs)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found, missed := 0, 0
	for line := range bytes.Lines(out) {
		var row [2]json.RawMessage
		var path string
		var urls []string
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		if json.Unmarshal(row[0], &path) != nil || json.Unmarshal(row[1], &urls) != nil {
			t.Fatalf("%s", line)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f := newFinder(extractFile(t, data))
		for _, u := range urls {
			if f.has(u) {
				found++
			} else if undecodable(data, u) {
				t.Logf("%s: exception, text behind base64: %.100q", filepath.Base(path), u)
			} else if !noURL(u) {
				missed++
				report(t, missed, "%s: %.200q", filepath.Base(path), u)
			}
		}
	}
	t.Logf("%d found, %d missed", found, missed)
	if found < 10_000 {
		t.Errorf("only %d URLs compared", found)
	}
}

// Every message of the corpora gives a sound result.
func TestCorporaAreSound(t *testing.T) {
	shared := map[string]int{}
	noted := map[string]int{}
	links, contacts := 0, 0
	for _, path := range mailFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := extractFile(t, data)
		sound(t, r)
		links += len(r.Links)
		contacts += len(r.Contacts)
		for _, l := range r.Links {
			shared[l.Shared]++
			for _, n := range l.Notes {
				noted[n]++
			}
		}
	}
	t.Log(fmt.Sprintln(links, "links,", contacts, "contacts", shared, noted))
}

// BenchmarkExtract measures real spam as the project's benchmark mixes it: two modern
// messages for one of 2002. CPU time is that of the whole process, since the machine may
// be shared.
func BenchmarkExtract(b *testing.B) {
	var mails [][]Text
	size, raw := 0, 0
	for i, path := range mailFiles(b) {
		modern, old := strings.Contains(path, "phishing_pot"), strings.Contains(path, "spam-1")
		if !modern && !old || modern && i%5 != 0 || old && i%2 != 0 {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		if len(data) > 100<<10 {
			continue
		}
		raw += len(data)
		var texts []Text
		for i, p := range message.Parse(data).Parts {
			if len(p.Text) > 0 {
				texts = append(texts, Text{Part: i, Body: bytes.Clone(p.Text), HTML: p.HTML})
				size += len(p.Text)
			}
		}
		mails = append(mails, texts)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	start := cpuTime()
	for b.Loop() {
		for _, m := range mails {
			Extract(m)
		}
	}
	n := float64(b.N) * float64(len(mails))
	b.ReportMetric(float64((cpuTime()-start).Nanoseconds())/n, "cpu-ns/message")
	b.ReportMetric(float64(size)/float64(len(mails)), "text-bytes/message")
	b.ReportMetric(float64(raw)/float64(len(mails)), "raw-bytes/message")
}

// cpuTime returns the CPU time of this process so far, garbage collector
// included.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
