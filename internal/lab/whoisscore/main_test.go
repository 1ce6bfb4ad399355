package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// least are the scores that package whois must reach on weppos' answers, in
// hundredths.
var least = map[string]float64{
	"registrar": 98, "created": 95, "updated": 95, "expires": 95, "name servers": 95, "registrant e-mail": 97, "registrant": 98, "registrant hidden": 100, "registered or free": 97, "throttled": 100,
}

func TestScore(t *testing.T) {
	corpora := os.Getenv("SPOOR_CORPORA")
	if corpora == "" {
		t.Skip("SPOOR_CORPORA is not set: it names the folder with weppos' WHOIS answers")
	}
	var s sheet
	if err := s.folder(filepath.Join(corpora, "weppos", "spec", "fixtures", "responses"), nil); err != nil {
		t.Fatal(err)
	}
	for field, want := range least {
		c := s.fields[field]
		if c == nil {
			t.Errorf("%s: nothing was scored", field)
			continue
		}
		got := 100 * float64(c.right) / float64(c.right+c.wrong+c.missing+c.invented)
		if got < want {
			t.Errorf("%s: %.1f %%, want %.0f", field, got, want)
		}
	}
}

// TestCommand scores a folder of one answer.
func TestCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whois.registry.test")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a.txt":      "Domain Name: EXAMPLE.COM\nRegistrar: Example, Inc.\nCreation Date: 2001-02-03T04:05:06Z\nUpdated Date: 2002-02-03\n",
		"a.expected": "#registrar\n  %s.name == \"Example, Inc.\"\n#created_on\n  %s %TIME{2001-02-03 04:05:06 UTC}\n#updated_on\n  %s %TIME{2009-09-09}\n#expires_on\n  %s == nil\n#nameservers\n  %s[0].name == \"ns1.example.com\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs strings.Builder
	if code := run([]string{"-v", filepath.Dir(dir)}, &out, &errs); code != 0 {
		t.Fatalf("%d: %s", code, errs.String())
	}
	for _, want := range []string{"| registrar | 1 | 0 | 0 |", "| created | 1 |", "| updated | 0 | 1 |", "| expires | 1 |", "| name servers | 0 | 0 | 1 |", `want "2009-09-09" got "2002-02-03T00:00:00Z"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if code := run(nil, &out, &errs); code != 2 {
		t.Errorf("exit %d without a folder", code)
	}
}
