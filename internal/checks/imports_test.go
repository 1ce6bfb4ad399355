// Package checks tests properties of the repository as a whole: imports, names,
// linters and prose.
package checks

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pkg is what "go list" says of a package.
type pkg struct {
	ImportPath string
	Imports    []string
}

// rule lists the packages that a package may import: of this module, and of
// modules that one package alone may use.
type rule struct {
	of     string   // a package, or a tree of them ("spoor/ingest/...")
	allows []string // packages and trees of this module
}

// rules give the direction of the module: from the commands down to the parsers, which
// know nothing but themselves. The first rule that fits a package holds.
var rules = []rule{
	{"spoor/cmd/...", []string{"spoor/..."}},
	{"spoor/internal/printable", nil},
	{"spoor/internal/domain", nil},
	{"spoor/internal/text", nil},
	{"spoor/internal/cluster", nil},
	{"spoor/internal/block", []string{"spoor/internal/domain"}},
	{"spoor/internal/dossier", []string{"spoor/internal/block", "spoor/internal/domain", "spoor/graph/evidence"}},
	{"spoor/internal/mask", []string{"spoor/internal/dossier", "spoor/internal/block", "spoor/internal/domain", "spoor/ingest/message"}},
	{"spoor/internal/wellformed", nil},
	{"spoor/internal/pack", nil},
	{"spoor/internal/abuse", []string{"spoor/internal/dossier", "spoor/internal/domain", "spoor/internal/printable", "spoor/internal/wellformed"}},
	{"spoor/internal/export", []string{"spoor/internal/wellformed", "spoor/internal/dossier", "spoor/internal/block", "spoor/internal/printable"}},
	{"spoor/internal/connstring", nil},
	{"spoor/internal/format", []string{"spoor/internal/printable"}},
	{"spoor/internal/cli/clitest", []string{"spoor/internal/cli"}},
	{"spoor/internal/cli", []string{"spoor/internal/format", "spoor/ingest", "spoor/internal/printable", "spoor/internal/cluster", "spoor/internal/connstring", "spoor/sql/store"}},
	{"spoor/internal/naming", []string{"spoor/internal/cli", "spoor/internal/printable", "spoor/internal/domain", "spoor/internal/text", "spoor/sql/store/campaigns", "spoor/graph/evidence", "spoor/ingest/text"}},
	{"spoor/internal/report/wording", []string{"spoor/sql/store/messages", "spoor/sql/store/campaigns", "spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/graph/..."}},
	{"spoor/internal/findings", []string{"spoor/sql/store/facts", "spoor/internal/text", "spoor/internal/domain", "spoor/internal/block", "spoor/internal/dossier", "spoor/sql/store/dossiers", "spoor/ingest/message", "spoor/ingest/text", "spoor/sql/store/messages", "spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/internal/report/wording", "spoor/sql/store/campaigns", "spoor/graph/..."}},
	{"spoor/internal/explain", []string{"spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/internal/findings", "spoor/internal/report/wording", "spoor/sql/store/campaigns", "spoor/sql/store/lookups", "spoor/graph/..."}},
	{"spoor/internal/deciding", []string{"spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/internal/findings", "spoor/internal/report/wording", "spoor/sql/store/campaigns", "spoor/graph/..."}},
	{"spoor/internal/report/...", []string{"spoor/internal/report/sheet", "spoor/internal/block", "spoor/internal/dossier", "spoor/sql/store/messages", "spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/internal/findings", "spoor/internal/explain", "spoor/internal/deciding", "spoor/internal/report/wording", "spoor/sql/store/campaigns", "spoor/sql/store/logs", "spoor/graph/..."}},
	{"spoor/internal/page/chart", nil},
	{"spoor/internal/page/serve", []string{"spoor/internal/page", "spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/internal/findings", "spoor/internal/explain", "spoor/internal/deciding", "spoor/internal/report/...", "spoor/sql/questions", "spoor/sql/store", "spoor/sql/store/...", "spoor/graph/..."}},
	{"spoor/internal/page", []string{"spoor/internal/page/chart", "spoor/internal/dossier", "spoor/internal/block", "spoor/sql/store/messages", "spoor/internal/cli", "spoor/internal/printable", "spoor/internal/naming", "spoor/internal/findings", "spoor/internal/explain", "spoor/internal/deciding", "spoor/internal/report/...", "spoor/sql/store/campaigns", "spoor/graph/..."}},
	{"spoor/internal/lab/...", []string{"spoor/..."}},
	{"spoor/internal/...", []string{"spoor/internal/...", "spoor/sql/...", "spoor/graph/...", "spoor/enrich/...", "spoor/ingest/..."}},
	{"spoor/ingest/mailbox", []string{"spoor/ingest/maillog", "spoor/internal/text"}},
	{"spoor/ingest/message", []string{"spoor/internal/text", "spoor/ingest/cms", "spoor/ingest/pdf", "spoor/ingest/tnef", "spoor/ingest/vobject"}},
	{"spoor/ingest/html", nil},
	{"spoor/ingest/dsn", []string{"spoor/internal/text"}},
	{"spoor/ingest/cms", nil},
	{"spoor/ingest/pdf", []string{"spoor/internal/text"}},
	{"spoor/ingest/tnef", nil},
	{"spoor/ingest/vobject", []string{"spoor/internal/text"}},
	{"spoor/ingest/script", nil},
	{"spoor/ingest/date", nil},
	{"spoor/ingest/text", []string{"spoor/internal/text", "spoor/ingest/html"}},
	{"spoor/ingest/received", []string{"spoor/ingest/date", "spoor/internal/domain", "spoor/internal/text"}},
	{"spoor/ingest/links", []string{"spoor/ingest/html", "spoor/ingest/script", "spoor/internal/domain", "spoor/internal/text"}},
	{"spoor/ingest/...", []string{"spoor/ingest/...", "spoor/internal/domain", "spoor/internal/text"}},
	{"spoor/enrich/servers", nil},
	{"spoor/enrich/...", []string{"spoor/enrich/...", "spoor/internal/domain", "spoor/internal/text"}},
	{"spoor/graph/disjoint", nil},
	{"spoor/graph/leiden", []string{"spoor/graph/disjoint"}},
	{"spoor/graph/recipient", nil},
	{"spoor/graph/sketch", nil},
	{"spoor/graph/spamrun", nil},
	{"spoor/graph/score", nil},
	{"spoor/graph/...", []string{"spoor/graph/...", "spoor/internal/domain", "spoor/internal/text"}},
	{"spoor/sql", nil},
	{"spoor/sql/store/storetest", []string{"spoor/sql/store", "spoor/internal/cluster", "spoor/ingest/...", "spoor/enrich"}},
	{"spoor/sql/questions", nil},
	{"spoor/sql/store/answers", []string{"spoor/sql/questions", "spoor/sql/store"}},
	{"spoor/sql/store/wire", []string{"spoor/internal/text"}},
	{"spoor/sql/store/terms", []string{"spoor/internal/text", "spoor/sql/store/wire"}},
	{"spoor/sql/store/backup", []string{"spoor/sql", "spoor/sql/store"}},
	{"spoor/sql/store/forget", []string{"spoor/sql", "spoor/sql/store"}},
	{"spoor/sql/store/facts", []string{"spoor/sql/store/terms", "spoor/sql/store/forget", "spoor/sql", "spoor/internal/text", "spoor/sql/store", "spoor/sql/store/wire", "spoor/ingest/..."}},
	{"spoor/sql/store/lookups", []string{"spoor/sql", "spoor/internal/text", "spoor/sql/store", "spoor/sql/store/wire", "spoor/enrich/..."}},
	{"spoor/sql/store/logs", []string{"spoor/sql", "spoor/internal/text", "spoor/sql/store", "spoor/sql/store/wire", "spoor/ingest", "spoor/ingest/maillog", "spoor/ingest/tail", "spoor/graph/..."}},
	{"spoor/sql/store/campaigns", []string{"spoor/sql/store/terms", "spoor/sql", "spoor/internal/text", "spoor/sql/store", "spoor/sql/store/wire", "spoor/sql/store/facts", "spoor/graph/..."}},
	{"spoor/sql/store/dossiers", []string{"spoor/internal/block", "spoor/sql", "spoor/sql/store", "spoor/internal/dossier"}},
	{"spoor/sql/store/messages", []string{"spoor/sql", "spoor/sql/store"}},
	{"spoor/sql/store/ledger", []string{"spoor/sql", "spoor/sql/store"}},
	{"spoor/sql/store/access", []string{"spoor/sql", "spoor/internal/connstring"}},
	{"spoor/sql/store", []string{"spoor/sql", "spoor/internal/text", "spoor/internal/connstring", "spoor/sql/store/access"}},
}

// keepers are the only packages that may import a module.
var keepers = map[string][]string{
	"github.com/jackc/pgx/v5":         {"spoor/sql/store/..."},
	"github.com/pressly/goose/v3":     {"spoor/sql/store/..."},
	"mime":                            {"spoor/ingest/message"},
	"mime/multipart":                  {"spoor/ingest/message"},
	"net/mail":                        {"spoor/ingest/message"},
	"github.com/spf13/cobra":          {"spoor/internal/cli/...", "spoor/cmd/..."},
	"github.com/nyaruka/phonenumbers": {"spoor/ingest/links", "spoor/enrich/..."},
	"golang.org/x/net/publicsuffix":   {"spoor/internal/domain", "spoor/ingest/received"},
	"github.com/jhillyerd/enmime/v2":  {},                                                                                                                                             // an oracle for tests
	"net/http":                        {"spoor/internal/page/serve", "spoor/enrich/...", "spoor/internal/cluster", "spoor/internal/lab/...", "spoor/cmd/...", "spoor/ingest/message"}, // the last guesses types of content
	"github.com/chromedp/chromedp":    {},                                                                                                                                             // a browser for tests
	"unsafe":                          {},
}

func TestImportDirection(t *testing.T) {
	dependOnSources(t)
	for _, p := range list(t) {
		i := slices.IndexFunc(rules, func(r rule) bool { return within(p.ImportPath, r.of) })
		if i < 0 {
			t.Errorf("%s: no rule says what it may import", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if within(imp, "spoor/internal/lab/...") && !within(p.ImportPath, "spoor/internal/lab/...") {
				t.Errorf("%s imports %s: nothing outside internal/lab may import what serves measuring", p.ImportPath, imp)
			}
			if within(imp, "spoor/...") && !slices.ContainsFunc(rules[i].allows, func(a string) bool { return within(imp, a) }) {
				t.Errorf("%s imports %s, which the rule for %s does not allow", p.ImportPath, imp, rules[i].of)
			}
			assertKeeper(t, p.ImportPath, imp)
		}
	}
}

// assertKeeper checks an import against keepers.
func assertKeeper(t *testing.T, path, imp string) {
	for module, allowed := range keepers {
		if imp != module && !strings.HasPrefix(imp, module+"/") {
			continue
		}
		if !slices.ContainsFunc(allowed, func(a string) bool { return within(path, a) }) && !narrower(imp, module) {
			t.Errorf("%s imports %s, which is for %v", path, imp, allowed)
		}
	}
}

// narrower reports whether another entry of keepers speaks of imp more exactly.
func narrower(imp, module string) bool {
	for other := range keepers {
		if len(other) > len(module) && (imp == other || strings.HasPrefix(imp, other+"/")) {
			return true
		}
	}
	return false
}

// A package that only prints takes no context: it can neither read a store nor
// run anything.
func TestScreensOnlyPrint(t *testing.T) {
	dependOnSources(t)
	for _, p := range list(t) {
		if (within(p.ImportPath, "spoor/internal/report/...") || p.ImportPath == "spoor/internal/page") && slices.Contains(p.Imports, "context") {
			t.Errorf("%s imports context: it is to print results, not to read them", p.ImportPath)
		}
	}
}

func TestNoPackageIsNamedForNothing(t *testing.T) {
	dependOnSources(t)
	for _, p := range list(t) {
		switch name := p.ImportPath[strings.LastIndexByte(p.ImportPath, '/')+1:]; name {
		case "util", "utils", "common", "models", "types", "helpers", "misc", "src", "pkg":
			t.Errorf("%s: the name says nothing", p.ImportPath)
		}
	}
}

// within reports whether a package is pattern, or in the tree that it names.
func within(path, pattern string) bool {
	tree, ok := strings.CutSuffix(pattern, "/...")
	return path == tree || ok && strings.HasPrefix(path, tree+"/")
}

func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}
