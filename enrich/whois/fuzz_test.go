package whois

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"spoor/enrich"
)

// FuzzParse checks the invariants of Parse for any answer: no panic, an
// outcome, a bounded result in bounded time, and no control characters or words
// of redaction in any field.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/answers/*.txt")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("example.com", "whois.registry.test", raw)
	}
	for _, s := range []string{
		"", ":", "::::", "Registrar:", "Whois Server: ", "refer:", "\x1b]0;title\x07Registrar: x", "Registrant:\n\x00\x01\n", "[", "[]", "[a]", "a. [", "1a.", "** ", "% ", "(:)",
		"Domain: example.com\nName Server: " + strings.Repeat("a.example ", 500), "Registrant Name: REDACTED FOR PRIVACY\nTech Email: redacted@\n",
		"Created: 99/99/9999\nExpires: 00000000", "domain:Class-Name:domain\ndomain:;I:x\n", "Registrant: <b>x</b>'; DROP TABLE domains; --\n",
	} {
		f.Add("example.com", "", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name, server string, raw []byte) {
		a := Parse(name, server, raw)
		checkAnswer(t, a)
	})
}

func checkAnswer(t *testing.T, a Answer) {
	t.Helper()
	switch a.Outcome {
	case enrich.Answered, enrich.None, enrich.Throttled, enrich.Refused, enrich.Malformed:
	default:
		t.Errorf("outcome %q", a.Outcome)
	}
	if (a.Registration != nil) != (a.Outcome == enrich.Answered) {
		t.Errorf("outcome %s, registration %v", a.Outcome, a.Registration)
	}
	if len(a.Detail) > 300 {
		t.Errorf("detail of %d bytes", len(a.Detail))
	}
	checkText(t, "detail", a.Detail)
	if a.Registration == nil {
		return
	}
	doc, err := json.Marshal(a.Registration)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc) > 256<<10 {
		t.Errorf("a registration of %d bytes", len(doc))
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	walk(t, "", v)
}

// walk checks every string of a decoded JSON document.
func walk(t *testing.T, path string, v any) {
	t.Helper()
	switch v := v.(type) {
	case string:
		checkText(t, path, v)
		if strings.HasPrefix(path, ".redacted") || strings.HasPrefix(path, ".raw") || path == ".privacy" {
			return
		}
		if low := strings.ToLower(v); strings.Contains(low, "redacted for privacy") || strings.Contains(low, "gdpr masked") {
			t.Errorf("%s: %q is no value", path, v)
		}
	case []any:
		for _, e := range v {
			walk(t, path, e)
		}
	case map[string]any:
		for k, e := range v {
			walk(t, path+"."+k, e)
		}
	}
}

func checkText(t *testing.T, path, s string) {
	t.Helper()
	if !utf8.ValidString(s) || len(s) > 1000 {
		t.Errorf("%s: %d bytes, valid %v", path, len(s), utf8.ValidString(s))
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			t.Errorf("%s: control character in %q", path, s)
			return
		}
	}
}
