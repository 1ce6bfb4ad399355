package whois

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

// TestLinear reads nasty answers of up to the size that the guard lets through.
func TestLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"name servers":   "Name Server: ns.host.example\n",
		"contacts":       "person: A\nnic-hdl: X1\nadmin-c: X1\n\n",
		"one line":       "Registrant: aaaaaaaa ",
		"colons":         "::::::::",
		"brackets":       "[[[[(((( ",
		"at signs":       "Email: a@a@a@a@\n",
		"letters":        "Registrant:\n line one\n 12345 Town\n",
		"tags":           "<br><a <",
		"high bytes":     "\xb0\xa1\xff ",
		"dates":          "Created: 1.1.1.1.1.1.1.1.1\n",
		"prose":          "No match is what this line of a legal notice says about limits exceeded\n",
		"statuses":       "Status: a, b, c, d\n",
		"blanks":         " \t \t",
		"domains":        "Domain Name: EXAMPLE.COM\nCreation Date: 2001-02-03\nRegistrar: X\n\n",
		"headings":       "Registrant:\n",
		"redacted words": "Registrant Name: REDACTED FOR PRIVACY\nAdmin Street: x\n",
	} {
		t.Run(name, func(t *testing.T) {
			build := func(n int) []byte { return []byte("<html>\n" + strings.Repeat(unit, n/len(unit))) }
			linear.Check(t, 1<<20, build, func(b []byte) { Parse("example.com", "whois.registry.test", b) })
		})
	}
}

func TestMoreThanTheCapIsCut(t *testing.T) {
	head := []byte("Domain Name: EXAMPLE.COM\nRegistrar: Example\nCreation Date: 2001-02-03\n")
	raw := append(bytes.Clone(head), bytes.Repeat([]byte("junk\n"), 1<<20)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := Parse("example.com", "", raw)
	runtime.ReadMemStats(&after)
	if a.Registration == nil || a.Registration.Registrar.Name != "Example" {
		t.Errorf("%+v", a)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d bytes allocated", used)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"rdds-redacted__example.org", "networksolutions__example.com", "afnic__example.fr"} {
		raw, err := os.ReadFile("testdata/answers/" + name + ".txt")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				Parse("example.com", "", raw)
			}
		})
	}
}
