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
const maxClauses = 3

// minComments bounds the share of comment lines, in percent, in the rooms that
// have reached 7. The values are two below those reached, for
// code that needs none.
var minComments = map[string]float64{
	"cmd/collector":           6,
	"enrich":                  13,
	"enrich/asking":           8,
	"enrich/guard":            19,
	"enrich/history":          9,
	"enrich/netblock":         10,
	"enrich/polite":           14,
	"enrich/rdap":             9,
	"enrich/replay":           9,
	"enrich/resolve":          10,
	"enrich/servers":          14,
	"enrich/whois":            8,
	"graph/campaign":          9,
	"graph/correlation":       13,
	"graph/decision":          12,
	"graph/evidence":          12,
	"graph/leiden":            16,
	"graph/mixture":           11,
	"graph/recipient":         12,
	"graph/score":             18,
	"graph/spamrun":           13,
	"ingest":                  13,
	"ingest/cms":              13,
	"ingest/date":             9,
	"ingest/dsn":              12,
	"ingest/html":             12,
	"ingest/links":            9,
	"ingest/mailbox":          11,
	"ingest/maillog":          8,
	"ingest/message":          9,
	"ingest/pdf":              10,
	"ingest/received":         11,
	"ingest/script":           8,
	"ingest/tail":             9,
	"ingest/text":             11,
	"ingest/tnef":             9,
	"ingest/vobject":          10,
	"internal/abuse":          9,
	"internal/block":          12,
	"internal/cli":            8,
	"internal/cli/clitest":    6,
	"internal/cluster":        9,
	"internal/connstring":     10,
	"internal/deciding":       6,
	"internal/domain":         13,
	"internal/dossier":        11,
	"internal/explain":        6,
	"internal/export":         9,
	"internal/findings":       8,
	"internal/format":         9,
	"internal/lab/accuracy":   6,
	"internal/lab/arrows":     10,
	"internal/lab/benchmark":  7,
	"internal/lab/compose":    9,
	"internal/lab/dice":       12,
	"internal/lab/hostile":    10,
	"internal/lab/labelled":   8,
	"internal/lab/linear":     24,
	"internal/lab/logworld":   8,
	"internal/lab/makelog":    6,
	"internal/lab/makeworld":  11,
	"internal/lab/netplan":    9,
	"internal/lab/realparts":  7,
	"internal/lab/rented":     6,
	"internal/lab/simnet":     5,
	"internal/lab/sources":    8,
	"internal/lab/whoisscore": 8,
	"internal/lab/world":      5,
	"internal/mask":           9,
	"internal/naming":         9,
	"internal/openmetrics":    16,
	"internal/pack":           9,
	"internal/packaging":      6,
	"internal/page":           7,
	"internal/page/chart":     10,
	"internal/page/serve":     7,
	"internal/printable":      16,
	"internal/report/decide":  6,
	"internal/report/find":    8,
	"internal/report/grep":    7,
	"internal/report/list":    6,
	"internal/report/message": 5,
	"internal/report/runs":    5,
	"internal/report/score":   8,
	"internal/report/sheet":   8,
	"internal/report/show":    6,
	"internal/report/summary": 5,
	"internal/report/why":     6,
	"internal/report/wording": 6,
	"internal/text":           11,
	"internal/wellformed":     9,
	"sql/questions":           15,
	"sql/store":               14,
	"sql/store/access":        13,
	"sql/store/answers":       6,
	"sql/store/backup":        10,
	"sql/store/campaigns":     9,
	"sql/store/dossiers":      8,
	"sql/store/facts":         9,
	"sql/store/forget":        11,
	"sql/store/ledger":        9,
	"sql/store/logs":          7,
	"sql/store/lookups":       9,
	"sql/store/messages":      9,
	"sql/store/storetest":     8,
	"sql/store/wire":          11,
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
