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
// have reached 8. The values are one or two below those reached, for code that
// needs none, and may only be raised.
var minComments = map[string]float64{
	"cmd/collector":              12,
	"cmd/correlate":              12,
	"enrich":                     14,
	"enrich/asking":              11,
	"enrich/guard":               20,
	"enrich/history":             10,
	"enrich/netblock":            14,
	"enrich/polite":              15,
	"enrich/rdap":                13,
	"enrich/replay":              13,
	"enrich/resolve":             15,
	"enrich/servers":             15,
	"enrich/whois":               13,
	"graph/campaign":             9,
	"graph/correlation":          14,
	"graph/decision":             13,
	"graph/disjoint":             30,
	"graph/evidence":             13,
	"graph/leiden":               17,
	"graph/mixture":              11,
	"graph/recipient":            14,
	"graph/score":                19,
	"graph/sketch":               43,
	"graph/spamrun":              13,
	"ingest":                     14,
	"ingest/cms":                 14,
	"ingest/date":                10,
	"ingest/dsn":                 13,
	"ingest/html":                13,
	"ingest/links":               14,
	"ingest/mailbox":             18,
	"ingest/maillog":             11,
	"ingest/message":             14,
	"ingest/pdf":                 11,
	"ingest/received":            17,
	"ingest/script":              9,
	"ingest/tail":                12,
	"ingest/text":                12,
	"ingest/tnef":                10,
	"ingest/vobject":             11,
	"internal/abuse":             11,
	"internal/block":             13,
	"internal/cli":               13,
	"internal/cli/clitest":       7,
	"internal/cluster":           12,
	"internal/connstring":        11,
	"internal/deciding":          12,
	"internal/domain":            14,
	"internal/dossier":           12,
	"internal/explain":           13,
	"internal/export":            13,
	"internal/findings":          13,
	"internal/format":            10,
	"internal/lab/accuracy":      12,
	"internal/lab/arrows":        11,
	"internal/lab/benchmark":     12,
	"internal/lab/compose":       10,
	"internal/lab/desk":          19,
	"internal/lab/dice":          13,
	"internal/lab/hostile":       11,
	"internal/lab/labelled":      14,
	"internal/lab/linear":        25,
	"internal/lab/logworld":      8,
	"internal/lab/makelog":       7,
	"internal/lab/makeworld":     12,
	"internal/lab/netplan":       11,
	"internal/lab/realparts":     15,
	"internal/lab/rented":        13,
	"internal/lab/simnet":        11,
	"internal/lab/sources":       9,
	"internal/lab/whoisscore":    9,
	"internal/lab/world":         9,
	"internal/mask":              11,
	"internal/naming":            10,
	"internal/openmetrics":       17,
	"internal/pack":              10,
	"internal/packaging":         7,
	"internal/page":              11,
	"internal/page/chart":        10,
	"internal/page/serve":        8,
	"internal/printable":         18,
	"internal/report/decide":     7,
	"internal/report/find":       10,
	"internal/report/grep":       10,
	"internal/report/list":       9,
	"internal/report/message":    6,
	"internal/report/publishers": 8,
	"internal/report/runs":       6,
	"internal/report/score":      9,
	"internal/report/sheet":      8,
	"internal/report/show":       7,
	"internal/report/summary":    9,
	"internal/report/why":        10,
	"internal/report/wording":    7,
	"internal/text":              13,
	"internal/wellformed":        10,
	"sql/questions":              15,
	"sql/store":                  14,
	"sql/store/access":           13,
	"sql/store/answers":          6,
	"sql/store/backup":           10,
	"sql/store/campaigns":        12,
	"sql/store/dossiers":         8,
	"sql/store/facts":            12,
	"sql/store/forget":           11,
	"sql/store/ledger":           9,
	"sql/store/logs":             12,
	"sql/store/lookups":          12,
	"sql/store/messages":         9,
	"sql/store/storetest":        8,
	"sql/store/terms":            19,
	"sql/store/wire":             11,
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
