package checks

import (
	"cmp"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxClauses bounds the clauses that stand for a noun ("what the log says" for
// "the log's content") per 10,000 words of comments and documents. A reader who
// knows the field looks for its terms and has to guess what such a clause means.
// The value is the one reached, rounded up: with room for a few; it may
// only be lowered.
const maxClauses = 14

// minComments bounds the share of comment lines, in percent, in the rooms that
// have reached 7. The values are two below those reached, for
// code that needs none.
var minComments = map[string]float64{
	"enrich":                  11,
	"enrich/asking":           6,
	"enrich/guard":            16,
	"enrich/history":          5,
	"enrich/netblock":         9,
	"enrich/polite":           12,
	"enrich/rdap":             7,
	"enrich/replay":           6,
	"enrich/resolve":          9,
	"enrich/servers":          14,
	"enrich/whois":            7,
	"graph/campaign":          8,
	"graph/correlation":       11,
	"graph/decision":          10,
	"graph/evidence":          9,
	"graph/leiden":            15,
	"graph/mixture":           9,
	"graph/recipient":         11,
	"graph/score":             16,
	"graph/spamrun":           10,
	"ingest":                  12,
	"ingest/cms":              13,
	"ingest/date":             7,
	"ingest/dsn":              10,
	"ingest/html":             12,
	"ingest/links":            7,
	"ingest/mailbox":          9,
	"ingest/maillog":          7,
	"ingest/message":          7,
	"ingest/pdf":              7,
	"ingest/received":         10,
	"ingest/script":           6,
	"ingest/tail":             9,
	"ingest/text":             11,
	"ingest/tnef":             6,
	"ingest/vobject":          7,
	"internal/abuse":          7,
	"internal/block":          11,
	"internal/cli":            6,
	"internal/cluster":        8,
	"internal/connstring":     8,
	"internal/deciding":       5,
	"internal/domain":         12,
	"internal/dossier":        8,
	"internal/explain":        5,
	"internal/export":         6,
	"internal/findings":       6,
	"internal/format":         8,
	"internal/lab/arrows":     7,
	"internal/lab/compose":    7,
	"internal/lab/dice":       12,
	"internal/lab/labelled":   6,
	"internal/lab/logworld":   7,
	"internal/lab/makeworld":  9,
	"internal/lab/netplan":    7,
	"internal/lab/realparts":  5,
	"internal/lab/sources":    6,
	"internal/lab/whoisscore": 6,
	"internal/mask":           9,
	"internal/naming":         7,
	"internal/pack":           8,
	"internal/packaging":      6,
	"internal/page/chart":     10,
	"internal/page/serve":     4,
	"internal/printable":      13,
	"internal/report/wording": 6,
	"internal/text":           9,
	"internal/wellformed":     8,
	"sql/questions":           9,
	"sql/store":               13,
	"sql/store/access":        11,
	"sql/store/backup":        5,
	"sql/store/campaigns":     7,
	"sql/store/facts":         7,
	"sql/store/forget":        9,
	"sql/store/ledger":        8,
	"sql/store/logs":          4,
	"sql/store/lookups":       7,
	"sql/store/messages":      8,
	"sql/store/storetest":     7,
	"sql/store/wire":          10,
}

var (
	// Clauses in "what to do" and "what if" are plain English.
	whatClause = regexp.MustCompile(`(?i)\bwhat(?:ever)?\s+([a-z']+)`)
	whoClause  = regexp.MustCompile(`(?im)(?:^|[.;:(,]\s*|\b(?:of|by|for|with|from|to|and|or|as|that|than|is|are|says|say|know|knows|on|at|between|in|under|about|see|tells)\s+)(?:who|whoever|whom)\s+[a-z]+`)
	plainWhat  = map[string]bool{"to": true, "if": true, "kind": true, "follows": true}
	word       = regexp.MustCompile(`[A-Za-z']+`)
	fenced     = regexp.MustCompile("(?s)```.*?```")
)

// clauses counts the noun clauses and the words of a text.
func clauses(text string) (clauses, words int) {
	for _, m := range whatClause.FindAllStringSubmatch(text, -1) {
		if !plainWhat[strings.ToLower(m[1])] {
			clauses++
		}
	}
	return clauses + len(whoClause.FindAllString(text, -1)), len(word.FindAllString(text, -1))
}

func TestClauses(t *testing.T) {
	for text, want := range map[string]int{
		"Name returns what is shown.":                    1,
		"what to do, and what if not":                    0,
		"Anyone who reads this; who writes pays for it.": 1,
		"Name returns the label.":                        0,
	} {
		if got, _ := clauses(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// TestProse keeps comments and documents in plain terms, and explained.
func TestProse(t *testing.T) {
	found, words := 0, 0
	worst := map[string]int{}
	count := func(dir, text string) {
		n, w := clauses(text)
		found, words, worst[dir] = found+n, words+w, worst[dir]+n
	}
	comments, lines := map[string]int{}, map[string]int{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git"):
			return filepath.SkipDir
		case filepath.Ext(path) == ".md" && d.Name() != "CHANGELOG.md": // history stays as it was written
			text, err := os.ReadFile(path)
			count(filepath.Dir(path), fenced.ReplaceAllString(string(text), ""))
			return err
		case filepath.Ext(path) != ".go":
			return nil
		}
		text, n, all, err := commentsOf(path)
		dir := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), filepath.FromSlash("../../")))
		count(dir, text)
		if !strings.HasSuffix(path, "_test.go") {
			comments[dir], lines[dir] = comments[dir]+n, lines[dir]+all
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if words < 50_000 {
		t.Fatalf("only %d words were read", words)
	}
	rate := float64(found) / float64(words) * 10_000
	t.Logf("%d clauses in %d words: %.1f in 10,000", found, words, rate)
	if rate > maxClauses {
		dirs := slices.SortedFunc(maps.Keys(worst), func(a, b string) int { return cmp.Compare(worst[b], worst[a]) })
		t.Errorf("%.1f clauses such as \"what is read\" in 10,000 words, at most %d are allowed; most are in %q: use the field's term", rate, maxClauses, dirs[:5])
	}
	for dir, least := range minComments {
		if share := 100 * float64(comments[dir]) / float64(max(1, lines[dir])); share < least {
			t.Errorf("%s: %.1f %% of the lines are comments, it had %.0f: explain why the code is as it is", dir, share, least)
		}
	}
}

// commentsOf returns the text of a Go file's comments, how many lines they take
// (without those that follow code on its line), and all lines of the file.
func commentsOf(path string) (text string, comments, lines int, err error) {
	fset := token.NewFileSet()
	src, err := os.ReadFile(path)
	if err != nil {
		return "", 0, 0, err
	}
	f, err := parser.ParseFile(fset, path, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", 0, 0, err
	}
	all := strings.Split(string(src), "\n")
	var b strings.Builder
	for _, group := range f.Comments {
		b.WriteString(group.Text())
		b.WriteByte('\n')
		for n := fset.Position(group.Pos()).Line; n <= fset.Position(group.End()).Line; n++ {
			if before := strings.TrimSpace(all[n-1]); strings.HasPrefix(before, "//") || strings.HasPrefix(before, "/*") {
				comments++
			}
		}
	}
	return b.String(), comments, len(all), nil
}
