package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"spoor/internal/dossier"
)

// harmless says for each format how its reader would be harmed. A format without a line
// here fails the test.
var harmless = map[string]func(t *testing.T, text string){
	"stix":         isPlainJSON,
	"misp":         isPlainJSON,
	"misp-objects": isPlainJSON,
	"jsonl":        isPlainJSON,
	"csv":          hasNoFormulas,
	"graphml":      hasOnlyOurElements,
	"postfix":      func(t *testing.T, text string) { hasOnlyLines(t, text, postfixLine) },
	"rspamd":       func(t *testing.T, text string) { hasOnlyLines(t, text, rspamdLine) },
	"rpz":          func(t *testing.T, text string) { hasOnlyLines(t, text, rpzLine) },
	"plain":        func(t *testing.T, text string) { hasOnlyLines(t, text, plainLine) },
}

// A spammer's text does nothing in any format.
func TestHostileContentDoesNothing(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			check := harmless[f.Name]
			if check == nil {
				t.Fatal("no test says that hostile content does nothing in this format")
			}
			path := filepath.Join(t.TempDir(), "out")
			if _, err := f.Save(path, []dossier.Campaign{hostileCampaign()}, options); err != nil {
				t.Fatal(err)
			}
			text := string(read(t, path))
			isPrintable(t, text)
			check(t, text)
		})
	}
}

// isPrintable checks that a terminal shows the file and does nothing else.
func isPrintable(t *testing.T, text string) {
	t.Helper()
	for i, r := range text {
		if r == unicode.ReplacementChar && strings.HasPrefix(text[i:], "\xef\xbf\xbd") || r == '\n' || r == '\r' && strings.HasPrefix(text[i:], "\r\n") {
			continue
		}
		if !unicode.IsPrint(r) {
			t.Fatalf("%U at %d: %q", r, i, text[max(0, i-40):min(len(text), i+40)])
		}
	}
}

func isPlainJSON(t *testing.T, text string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func hasNoFormulas(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if c := strings.TrimLeft(cell, " "); c != "" && strings.ContainsAny(c[:1], "=+-@\t\r|%") {
				t.Errorf("a spreadsheet would run %.60q", cell)
			}
		}
	}
}

func hasOnlyOurElements(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(xml.StartElement); ok && !strings.Contains(" graphml key graph node edge data ", " "+s.Name.Local+" ") {
			t.Errorf("element %s", s.Name.Local)
		}
		if _, ok := token.(xml.Directive); ok {
			t.Error("a directive")
		}
	}
}

const (
	reason     = `c\d+: [a-z' :]+, until \d{4}-\d\d-\d\d`
	hostOrAddr = `[a-z0-9._:-]+`
)

var (
	comments    = `(?:#|;) (?:Written by Spoor on [0-9TZ:-]+\. Changes are lost at the next export\.|c\d+(?:: .*)?|` + reason + `; \d+ of its \d+ messages, \d+ of all spam)`
	postfixLine = regexp.MustCompile(`^(?:` + comments + `|\[?` + hostOrAddr + `\]? REJECT ` + reason + `|/\^Subject:.*\$/ REJECT ` + reason + `)$`)
	rspamdLine  = regexp.MustCompile(`^(?:` + comments + `|\[?` + hostOrAddr + `\]?|/\^.*\$/|SPOOR_[A-Z_]+ \{ .* \})$`)
	rpzLine     = regexp.MustCompile(`^(?:` + comments + `|\$TTL 300|@ IN NS localhost\.|@ IN SOA localhost\. hostmaster\.localhost\. \d+ 3600 900 604800 300|(?:\*\.)?[a-z0-9._-]+ IN CNAME \.)$`)
	plainLine   = regexp.MustCompile(`^(?:` + comments + `|` + hostOrAddr + `)$`)
)

func hasOnlyLines(t *testing.T, text string, line *regexp.Regexp) {
	t.Helper()
	for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if !line.MatchString(l) {
			t.Errorf("line %.200q", l)
		}
		if strings.HasSuffix(l, `\`) {
			t.Errorf("the line goes on at its end: %.200q", l)
		}
	}
}

// Every byte of mail keeps its value in JSON, but for those that are no UTF-8.
func TestJSONLinesKeepValues(t *testing.T) {
	var b bytes.Buffer
	c := hostileCampaign()
	if _, err := writeJSONL(&b, []dossier.Campaign{c}, options); err != nil {
		t.Fatal(err)
	}
	met := make(map[string]bool)
	for line := range strings.SplitSeq(b.String(), "\n") {
		var object struct{ Type, Value string }
		if line != "" {
			if err := json.Unmarshal([]byte(line), &object); err != nil {
				t.Fatal(err)
			}
		}
		met[object.Value] = met[object.Value] || object.Type == "indicator"
	}
	for _, a := range attacks {
		if !met[strings.ToValidUTF8(a, "\uFFFD")] && !met[strings.ReplaceAll(a, "\xff\xfe", "\uFFFD\uFFFD")] {
			t.Errorf("%.60q is lost", a)
		}
	}
}
