package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"spoor/ingest/mailbox"
)

// memory is a Sink that keeps its batches.
type memory struct {
	sync.Mutex
	messages  map[Hash]Facts
	sightings map[mailbox.Place]Hash
	failures  []*Failure
	batches   int
	fail      func(batch int) error
	stored    func()
}

func newMemory() *memory {
	return &memory{messages: map[Hash]Facts{}, sightings: map[mailbox.Place]Hash{}}
}

func (m *memory) Known(_ context.Context, hashes []Hash) ([]bool, error) {
	m.Lock()
	defer m.Unlock()
	known := make([]bool, len(hashes))
	for i, h := range hashes {
		_, known[i] = m.messages[h]
	}
	return known, nil
}

func (m *memory) Store(_ context.Context, b *Batch) (int, error) {
	m.Lock()
	defer m.Unlock()
	m.batches++
	if m.fail != nil {
		if err := m.fail(m.batches); err != nil {
			return 0, err
		}
	}
	added := 0
	for _, f := range b.Messages {
		if _, ok := m.messages[f.Hash]; !ok {
			m.messages[f.Hash] = f
			added++
		}
	}
	for _, s := range b.Sightings {
		if _, ok := m.messages[s.Hash]; !ok {
			return 0, fmt.Errorf("a sighting of %x, which is not stored", s.Hash[:4])
		}
		m.sightings[s.Place] = s.Hash
	}
	m.failures = append(m.failures, b.Failures...)
	if m.stored != nil {
		m.stored()
	}
	return added, nil
}

func mail(i int) string {
	return fmt.Sprintf("From: a%d@one.example\nTo: b@two.example\nSubject: Number %d\nMessage-ID: <%d@one.example>\n\nText %d\n", i, i, i, i)
}

// mbox writes the messages numbered by ids.
func mbox(t testing.TB, ids ...int) string {
	t.Helper()
	var b strings.Builder
	for _, i := range ids {
		fmt.Fprintf(&b, "From a@one.example Thu Jan  5 14:44:10 2006\n%s\n", mail(i))
	}
	path := filepath.Join(t.TempDir(), "mail.mbox")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func find(t testing.TB, paths ...string) []*mailbox.Source {
	t.Helper()
	var out []*mailbox.Source
	for s, err := range mailbox.Find(t.Context(), paths, nil, mailbox.Limits{}) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func upTo(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i
	}
	return ids
}

func sum(t *testing.T, s *Summary, want Counts) {
	t.Helper()
	got := s.Counts
	got.Bytes = 0
	if got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
	if s.Read != s.New+s.Known+s.Failed {
		t.Errorf("read %d is not new %d + known %d + failed %d", s.Read, s.New, s.Known, s.Failed)
	}
}

func TestRunStoresEachMessageOnce(t *testing.T) {
	sink := newMemory()
	path := mbox(t, append(upTo(5000), 1, 2, 3)...)
	s, err := Run(t.Context(), find(t, path), sink, Options{Class: Spam, KeepRaw: true})
	if err != nil {
		t.Fatal(err)
	}
	sum(t, s, Counts{Read: 5003, New: 5000, Known: 3})
	if len(sink.messages) != 5000 || len(sink.sightings) != 5003 {
		t.Errorf("%d messages at %d places", len(sink.messages), len(sink.sightings))
	}
	for _, f := range sink.messages {
		if len(f.Raw) == 0 {
			t.Fatal("a message was not kept")
		}
	}

	s, err = Run(t.Context(), find(t, path), sink, Options{Class: Spam})
	if err != nil {
		t.Fatal(err)
	}
	sum(t, s, Counts{Read: 5003, Known: 5003})
}

func TestRunStopsAtAFailingSink(t *testing.T) {
	sink := newMemory()
	broken := errors.New("disk full")
	sink.fail = func(batch int) error {
		if batch == 2 {
			return broken
		}
		return nil
	}
	path := mbox(t, upTo(9000)...)
	s, err := Run(t.Context(), find(t, path), sink, Options{Class: Spam})
	if !errors.Is(err, broken) {
		t.Fatalf("error %v, want the sink's", err)
	}
	if s.New != int64(len(sink.messages)) || s.New == 0 {
		t.Errorf("%d new, %d stored", s.New, len(sink.messages))
	}
	sink.fail = nil
	if _, err := Run(t.Context(), find(t, path), sink, Options{Class: Spam}); err != nil {
		t.Fatal(err)
	}
	if len(sink.messages) != 9000 || len(sink.sightings) != 9000 {
		t.Errorf("after the second run %d messages at %d places, want 9000", len(sink.messages), len(sink.sightings))
	}
}

func TestRunKeepsWhatItReadWhenStopped(t *testing.T) {
	sink := newMemory()
	ctx, stop := context.WithCancel(t.Context())
	sink.stored = stop
	s, err := Run(ctx, find(t, mbox(t, upTo(30_000)...)), sink, Options{Class: Spam})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
	if s.Read == 0 || s.Read >= 30_000 || s.Read != s.New+s.Known+s.Failed || s.New != int64(len(sink.messages)) {
		t.Errorf("counts %+v with %d messages stored", s.Counts, len(sink.messages))
	}
}

func TestForwardedMessagesStandForTheirCarrier(t *testing.T) {
	inner := "From: spammer@one.example\nSubject: inner\nMessage-ID: <inner@one.example>\n\nSpam\n"
	outer := "From: user@two.example\nSubject: report\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" +
		"--b\nContent-Type: text/plain\n\nplease look\n--b\nContent-Type: message/rfc822\n\n" + inner + "\n--b--\n"
	path := filepath.Join(t.TempDir(), "report.eml")
	if err := os.WriteFile(path, []byte(outer), 0o600); err != nil {
		t.Fatal(err)
	}
	sink := newMemory()
	s, err := Run(t.Context(), find(t, path), sink, Options{Class: Spam, Forwarded: true})
	if err != nil {
		t.Fatal(err)
	}
	sum(t, s, Counts{Read: 1, New: 1})
	for _, f := range sink.messages {
		if f.MessageID != "inner@one.example" {
			t.Errorf("stored %q", f.MessageID)
		}
	}
	for p := range sink.sightings {
		if !strings.HasSuffix(p.Name, "#2") {
			t.Errorf("seen at %+v, want the number of the part in its name", p)
		}
	}
}

// Small sources leave part of their share of the survey to the large ones.
func TestSurveySpreads(t *testing.T) {
	large := make([]string, 0, 300)
	for i := range 300 {
		large = append(large, fmt.Sprintf("Received: from a%d.example (a%d.example [192.0.2.%d]) by mx.example.org (Postfix) with ESMTP id D674021F%02X; Tue, 3 Dec 2002 15:16:03 +0000\nSubject: %d\n\nx\n", i, i, i%250+1, i%250, i))
	}
	dir := t.TempDir()
	box := filepath.Join(dir, "large.mbox")
	if err := os.WriteFile(box, []byte("From a@b.example Thu Aug 22 13:17:22 2002\n"+strings.Join(large, "\nFrom a@b.example Thu Aug 22 13:17:22 2002\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	paths := []string{box}
	for i := range 40 {
		path := filepath.Join(dir, fmt.Sprintf("small%d.mbox", i))
		if err := os.WriteFile(path, []byte("From a@b.example Thu Aug 22 13:17:22 2002\nSubject: x\n\nx\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	_, guesses := Survey(t.Context(), find(t, paths...), Options{Limits: mailbox.DefaultLimits})
	if len(guesses) != 1 || guesses[0].Name != "mx.example.org" || guesses[0].Hops != 300 {
		t.Errorf("%+v", guesses)
	}
}
