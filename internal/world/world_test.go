package world

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/ingest/links"
	"spoor/ingest/received"
)

// each runs a test on worlds of every grade and style.
func each(t *testing.T, messages int, test func(t *testing.T, w *World)) {
	for _, g := range Grades() {
		for style := 1; style <= Styles; style++ {
			t.Run(fmt.Sprintf("%s/%d", g, style), func(t *testing.T) {
				test(t, New(Options{Grade: g, Seed: uint64(style)*17 + 3, Messages: messages, Style: style}))
			})
		}
	}
}

func TestSameOptionsSameBytes(t *testing.T) {
	for _, g := range Grades() {
		o := Options{Grade: g, Seed: 11, Messages: 600}
		var a, b, other bytes.Buffer
		for _, w := range []struct {
			o   Options
			out *bytes.Buffer
		}{{o, &a}, {o, &b}, {Options{Grade: g, Seed: 12, Messages: 600}, &other}} {
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
	each(t, 1500, func(t *testing.T, w *World) {
		seen, operation := map[string]bool{}, map[string]string{}
		var classes [3]int
		for _, m := range w.Messages {
			if m.ID == "" || seen[m.ID] {
				t.Fatalf("Message-ID %q stands twice or not at all", m.ID)
			}
			seen[m.ID] = true
			classes[m.Class]++
			if m.Campaign == "" || m.Operation == "" {
				t.Fatalf("%s has no campaign or operation", m.ID)
			}
			if o, ok := operation[m.Campaign]; ok && (o != m.Operation || m.Class != Campaign) {
				t.Errorf("%s is of %s and of %s", m.Campaign, o, m.Operation)
			}
			operation[m.Campaign] = m.Operation
		}
		if n := len(w.Messages); n < 1500 || n > 1550 || classes[Campaign] < n*4/10 || classes[Newsletter] < n/25 || classes[OneOff] < n/25 {
			t.Errorf("%d messages, by class %v", n, classes)
		}
		var truth bytes.Buffer
		if err := w.WriteTruth(&truth); err != nil || bytes.Count(truth.Bytes(), []byte("\n")) != len(w.Messages) {
			t.Errorf("the truth has %d lines: %v", bytes.Count(truth.Bytes(), []byte("\n")), err)
		}
	})
}

func TestEveryMessageIsRead(t *testing.T) {
	each(t, 700, func(t *testing.T, w *World) {
		own, err := received.ParseOwn(w.OwnMX)
		if err != nil {
			t.Fatal(err)
		}
		bad := 0
		for _, m := range w.Messages {
			f := ingest.Extract(m.Raw, ingest.Spam, &own)
			for _, wrong := range m.differs(f) {
				if bad++; bad < 8 {
					t.Errorf("%s %s\n%.1500s", wrong, m.ID, m.Raw)
				}
			}
		}
		if bad > 0 {
			t.Errorf("%d of %d messages", bad, len(w.Messages))
		}
	})
}

// differs compares what was intended with what was read.
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
	if m.Link != "" && !slices.ContainsFunc(f.Links, func(l links.Link) bool { return strings.HasPrefix(l.Raw, m.Link) || l.Raw == m.Link }) {
		say("link %q is not among %d", m.Link, len(f.Links))
	}
	return wrong
}

func TestNothingStandsApart(t *testing.T) {
	each(t, 3000, func(t *testing.T, w *World) {
		for c, n := range Pieces(w.Messages) {
			if n > 1 && strings.HasPrefix(c, "c-") {
				t.Errorf("%s falls into %d pieces", c, n)
			}
		}
	})
}
