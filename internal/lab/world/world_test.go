package world

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/ingest/links"
	"spoor/ingest/received"
	"spoor/internal/lab/linear"
)

// sample is a world with its parsed messages.
type sample struct {
	name  string
	w     *World
	facts []*ingest.Facts
}

// samples are worlds of every grade and style, made once for all tests.
var samples = sync.OnceValue(func() []sample {
	var all []sample
	for _, g := range Grades() {
		for style := 1; style <= Styles; style++ {
			w := New(Options{Grade: g, Seed: uint64(style)*17 + 3, Messages: 400, Style: style})
			own, err := received.ParseOwn(w.OwnMX)
			if err != nil {
				panic(err)
			}
			s := sample{name: fmt.Sprintf("%s/%d", g, style), w: w}
			for _, m := range w.Messages {
				s.facts = append(s.facts, ingest.Extract(m.Raw, ingest.Spam, &own))
			}
			all = append(all, s)
		}
	}
	return all
})

func TestSameOptionsSameBytes(t *testing.T) {
	for _, g := range Grades() {
		o := Options{Grade: g, Seed: 11, Messages: 400}
		var a, b, other bytes.Buffer
		for _, w := range []struct {
			o   Options
			out *bytes.Buffer
		}{{o, &a}, {o, &b}, {Options{Grade: g, Seed: 12, Messages: 400}, &other}} {
			world := New(w.o)
			if err := world.WriteMbox(w.out); err != nil {
				t.Fatal(err)
			}
			if err := world.WriteTruth(w.out); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(w.out, "%+v", world.Net)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two runs differ", g)
		}
		if bytes.Equal(a.Bytes(), other.Bytes()) {
			t.Errorf("%s: another seed gives the same world", g)
		}
	}
}

func TestTruthIsComplete(t *testing.T) {
	for _, s := range samples() {
		seen, operation := map[string]bool{}, map[string]string{}
		var classes [3]int
		for _, m := range s.w.Messages {
			if m.ID == "" || seen[m.ID] {
				t.Fatalf("%s: Message-ID %q stands twice or not at all", s.name, m.ID)
			}
			seen[m.ID] = true
			classes[m.Class]++
			if m.Campaign == "" || m.Operation == "" || m.Class == Newsletter && m.Issuer == "" {
				t.Fatalf("%s: %s has no campaign, operation or issuer", s.name, m.ID)
			}
			if o, ok := operation[m.Campaign]; ok && (o != m.Operation || m.Class != Campaign) {
				t.Errorf("%s: %s is of %s and of %s", s.name, m.Campaign, o, m.Operation)
			}
			operation[m.Campaign] = m.Operation
		}
		if n := len(s.w.Messages); n < 400 || n > 430 || classes[Campaign] < n*4/10 || classes[Newsletter] < n/25 || classes[OneOff] < n/25 {
			t.Errorf("%s: %d messages, by class %v", s.name, n, classes)
		}
		var truth bytes.Buffer
		if err := s.w.WriteTruth(&truth); err != nil || bytes.Count(truth.Bytes(), []byte("\n")) != len(s.w.Messages) {
			t.Errorf("%s: the truth has %d lines: %v", s.name, bytes.Count(truth.Bytes(), []byte("\n")), err)
		}
	}
}

// TestSizes compares the campaigns' sizes with the ranges of each grade.
func TestSizes(t *testing.T) {
	for _, g := range Grades() {
		var largest, small, campaigns, operations int
		for seed := range uint64(2) {
			w := New(Options{Grade: g, Seed: seed + 40})
			size, ops := map[string]int{}, map[string]bool{}
			spam := 0
			for _, m := range w.Messages {
				if m.Class == Campaign {
					size[m.Campaign]++
					ops[m.Operation] = true
					spam++
				}
			}
			for c, n := range size {
				largest = max(largest, n)
				if n < 2 || n > spam/4+1 {
					t.Errorf("%s: %s has %d of %d messages", g, c, n, spam)
				}
				if n <= 10 {
					small++
				}
			}
			campaigns, operations = campaigns+len(size), operations+len(ops)
		}
		t.Logf("%s: %d campaigns of %d operations, %d with 10 messages or fewer, the largest with %d", g, campaigns, operations, small, largest)
		if campaigns < 25 || operations < 12 || operations == campaigns {
			t.Errorf("%s: %d campaigns of %d operations", g, campaigns, operations)
		}
		if g == Easy != (small < campaigns/12) {
			t.Errorf("%s: %d of %d campaigns are small", g, small, campaigns)
		}
		if g == Mixture && largest < 300 {
			t.Errorf("mixture: the largest campaign has %d messages", largest)
		}
	}
}

func TestEveryMessageIsRead(t *testing.T) {
	for _, s := range samples() {
		bad := 0
		for i := range s.w.Messages {
			m := &s.w.Messages[i]
			for _, wrong := range m.differs(s.facts[i]) {
				if bad++; bad < 4 {
					t.Errorf("%s: %s %s\n%.1500s", s.name, wrong, m.ID, m.Raw)
				}
			}
		}
		if bad > 0 {
			t.Errorf("%s: %d of %d messages", s.name, bad, len(s.w.Messages))
		}
	}
}

// differs compares the intended message with the parsed one.
func (m *Message) differs(f *ingest.Facts) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if f.MessageID != m.ID {
		say("Message-ID is read as %q", f.MessageID)
	}
	if f.SenderAddr != m.Sender {
		say("sender is read as %s, not %s", f.SenderAddr, m.Sender)
	}
	if strings.TrimSpace(f.Subject) != strings.TrimSpace(m.Subject) {
		say("subject is read as %q, not %q", f.Subject, m.Subject)
	}
	if f.ReceivedAt.Unix() != m.At.Truncate(time.Second).Unix() {
		say("arrival is read as %s, not %s", f.ReceivedAt, m.At)
	}
	if f.From.Address == "" || f.Date.IsZero() || len(f.Recipients) == 0 {
		say("From %q, Date %s, recipients %v", f.From.Address, f.Date, f.Recipients)
	}
	if m.Link != "" && !slices.ContainsFunc(f.Links, func(l links.Link) bool { return l.Raw == m.Link }) {
		say("link %q is not among %d", m.Link, len(f.Links))
	}
	for _, d := range f.Defects {
		if d.Code != "charset-wrong" && d.Code != "header-8bit" && d.Code != "inline-file" {
			say("defect %s %s", d.Code, d.Detail)
		}
	}
	return wrong
}

// A larger world takes longer in proportion, so that one of a million messages is possible.
func TestTimeIsLinear(t *testing.T) {
	linear.Check(t, 1600, func(n int) int { return n }, func(n int) { New(Options{Grade: Hard, Seed: 5, Messages: n}) })
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Options{Grade: Hard, Seed: 5})
	}
	b.ReportMetric(3000*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
