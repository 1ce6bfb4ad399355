package maillog

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// piece is a stretch of a file that is read by itself.
type piece struct {
	text string
	line int64 // lines before it
}

func (p piece) put(t *testing.T, b *Book) {
	t.Helper()
	ds, _, err := ReadAll(strings.NewReader(p.text), File{Name: "mail.log", Modified: written, Line: p.line}, Options{Now: written})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		b.Put(d)
	}
}

// A log that is cut anywhere, read in any order and again comes to the same as in one go.
// Server lines that lack a process or a connection are left out: there the cut is not told
// from a pause.
func TestCutAnywhere(t *testing.T) {
	for _, c := range cases {
		if strings.HasPrefix(c.name, "postqueue") || c.name == "exim -bp" || c.name == "bytes" || c.name == "repeats" || c.name == "lost" || c.name == "a filter in front of the queue" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			whole := readPieces(t, piece{text: c.log})
			lines := strings.SplitAfter(c.log, "\n")
			for cut := 1; cut < len(lines); cut++ {
				first := piece{strings.Join(lines[:cut], ""), 0}
				second := piece{strings.Join(lines[cut:], ""), int64(cut)}
				for _, order := range [][]piece{{first, second}, {second, first}, {second, first, second, first}, {piece{text: c.log}, second}} {
					if got := attempts(readPieces(t, order...)); got != attempts(whole) {
						t.Fatalf("cut in front of line %d (%d pieces, first from line %d): got\n%s\nwant\n%s", cut+1, len(order), order[0].line, got, attempts(whole))
					}
				}
			}
		})
	}
}

func readPieces(t *testing.T, pieces ...piece) []Delivery {
	t.Helper()
	var b Book
	for _, p := range pieces {
		p.put(t, &b)
	}
	return b.All()
}

// Merge is a join: order, grouping and repetition make no difference.
func TestMergeIsAJoin(t *testing.T) {
	log := caseNamed(t, "content filters: named, by XFORWARD, by Message-ID, and a list that is none")
	lines := strings.SplitAfter(log, "\n")
	var parts []Delivery
	for i := range lines { // each line by itself
		ds, _, _ := ReadAll(strings.NewReader(lines[i]), File{Name: "mail.log", Modified: written, Line: int64(i)}, Options{Now: written})
		for _, d := range ds {
			if d.QueueID == "A00000001" {
				parts = append(parts, d)
			}
		}
	}
	if len(parts) < 5 {
		t.Fatalf("%d parts", len(parts))
	}
	want := fold(parts)
	if n := want.Counts().Accepted; n != 2 {
		t.Fatalf("%d recipients", n)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		p := slices.Clone(append(parts, parts...))
		dice.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
		k := 1 + dice.IntN(len(p)-1)
		got := Merge(fold(p[:k]), fold(p[k:]))
		if d := cmp.Diff(want, got, cmp.Comparer(sameAddr)); d != "" {
			t.Fatal(d)
		}
	}
}

func sameAddr(a, b netip.Addr) bool { return a == b }

func fold(ds []Delivery) Delivery {
	d := ds[0]
	for _, o := range ds[1:] {
		d = Merge(d, o)
	}
	return d
}

func caseNamed(t *testing.T, name string) string {
	t.Helper()
	for _, c := range cases {
		if c.name == name {
			return c.log
		}
	}
	t.Fatalf("no case %q", name)
	return ""
}
