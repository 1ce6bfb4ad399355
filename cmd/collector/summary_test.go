package main

import (
	"strings"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

func TestMeter(t *testing.T) {
	p := new(ingest.Progress)
	p.Read.Store(1204)
	p.Bytes.Store(7_900_000)
	p.Failed.Store(2)
	maildir := &mailbox.Source{Format: mailbox.Maildir, Files: 1896, Bytes: 12_400_000}
	mbox := &mailbox.Source{Format: mailbox.Mbox, Bytes: 15_800_000}
	for name, c := range map[string]struct {
		source *mailbox.Source
		want   string
	}{
		"messages are counted":  {maildir, "reading  1,204 of 1,896   7.9 MB   301/s   2 s left   2 not readable"},
		"only bytes are known":  {mbox, "reading  1,204   7.9 MB of 15.8 MB   301/s   4 s left   2 not readable"},
		"the end isn't known":   {&mailbox.Source{Format: mailbox.Mbox, Bytes: -1}, "reading  1,204   7.9 MB   301/s   2 not readable"},
		"packed: the same":      {&mailbox.Source{Format: mailbox.Mbox, Bytes: 900, Compression: "xz"}, "reading  1,204   7.9 MB   301/s   2 not readable"},
		"more than were listed": {&mailbox.Source{Format: mailbox.MH, Files: 1000, Bytes: 7_000_000}, "reading  1,204 of 1,204   7.9 MB   301/s   0 s left   2 not readable"},
	} {
		m := newMeter(&cli.Env{}, []*mailbox.Source{c.source}, p)
		if got := m.line(4 * time.Second); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTallies(t *testing.T) {
	kinds := func(n int) (out []facts.Tally) {
		for i := range n {
			out = append(out, facts.Tally{Code: strings.Repeat("x", i+1), Messages: int64(1000 - i)})
		}
		return out
	}
	for n, want := range map[int]string{
		0: "", 1: "1,000 x", 5: "1,000 x, 999 xx, 998 xxx, 997 xxxx, 996 xxxxx",
		9: "1,000 x, 999 xx, 998 xxx, 997 xxxx and 5 more kinds",
	} {
		if got := tallies(kinds(n)); got != want {
			t.Errorf("%d kinds: %q, want %q", n, got, want)
		}
	}
}

// TestSumIsChecked shows that a sum which does not add up is never printed as if it did.
func TestSumIsChecked(t *testing.T) {
	for _, c := range []struct {
		counts ingest.Counts
		ok     bool
	}{
		{ingest.Counts{Read: 10, New: 5, Known: 3, Failed: 2}, true},
		{ingest.Counts{Read: 10, New: 5, Known: 3, Failed: 1}, false},
		{ingest.Counts{Read: 4, New: 5, Known: -1}, false},
	} {
		d := &imported{sum: &ingest.Summary{Counts: c.counts}}
		if err := d.check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.counts, err)
		}
	}
}

func TestEnd(t *testing.T) {
	for _, c := range []struct {
		counts  ingest.Counts
		stopped bool
		want    error
	}{
		{ingest.Counts{Read: 2, New: 1, Known: 1}, false, nil},
		{ingest.Counts{Read: 2, New: 1, Failed: 1}, false, cli.Silent(cli.InPart)},
		{ingest.Counts{}, false, cli.Silent(cli.InPart)},
		{ingest.Counts{Read: 2, New: 1, Failed: 1}, true, cli.Silent(cli.Stopped)},
	} {
		d := &imported{sum: &ingest.Summary{Counts: c.counts}, stopped: c.stopped}
		if got := d.end(); got != c.want {
			t.Errorf("%+v: %v, want %v", c.counts, got, c.want)
		}
	}
}

func TestOwnServers(t *testing.T) {
	f := importFlags{own: []string{"*.example.com", "192.0.2.0/24"}, mx: []string{"mx2.example.org=20"}}
	own, err := f.ownServers()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(ownPatterns(own), " "), "*.example.com mx2.example.org 192.0.2.0/24"; got != want {
		t.Errorf("own servers %q, want %q", got, want)
	}
	for _, bad := range []importFlags{{mx: []string{"mx.example.com"}}, {mx: []string{"=10"}}, {mx: []string{"mx.example.com=-1"}}, {own: []string{""}}, {own: []string{"a b/c"}}} {
		if _, err := bad.ownServers(); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
