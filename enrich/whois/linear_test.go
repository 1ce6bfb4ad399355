package whois

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestLinear doubles nasty answers up to the most that the guard lets through.
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
			small := parseTime(unit, 128<<10, 2)
			large := parseTime(unit, 1<<20, 1)
			if large > 24*small+50*time.Millisecond {
				t.Errorf("128 KiB in %s, 1 MiB in %s", small, large)
			}
			if large > 5*time.Second {
				t.Errorf("1 MiB took %s", large)
			}
		})
	}
}

// parseTime returns the best of some runs over an answer of a size.
func parseTime(unit string, size, runs int) time.Duration {
	raw := []byte("<html>\n" + strings.Repeat(unit, size/len(unit)))
	best := time.Hour
	for range runs {
		start := time.Now()
		Parse("example.com", "whois.registry.test", raw)
		best = min(best, time.Since(start))
	}
	return best
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
