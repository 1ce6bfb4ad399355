package campaigns_test

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/logs"
	"spoor/sql/store/storetest"
)

// arrival is message n, taken by one of our own servers.
type arrival struct {
	n          int
	sender     string
	at         string
	mx         string
	priority   int
	recipients []string
}

func storeArrivals(t *testing.T, s *store.DB, class ingest.Class, list ...arrival) {
	t.Helper()
	b := &ingest.Batch{}
	for _, a := range list {
		f := storetest.Facts(a.n)
		f.Class, f.AcceptedBy, f.MXPriority, f.Recipients = class, a.mx, a.priority, a.recipients
		f.SenderAddr, f.ReceivedAt = netip.Addr{}, time.Time{}
		if a.sender != "" {
			f.SenderAddr = netip.MustParseAddr(a.sender)
		}
		if a.at != "" {
			at, err := time.Parse(time.RFC3339, "2006-01-05T"+a.at+"Z")
			if err != nil {
				t.Fatal(err)
			}
			f.ReceivedAt = at
		}
		b.Messages = append(b.Messages, f)
		b.Sightings = append(b.Sightings, ingest.Sighting{Hash: f.Hash, Place: mailbox.Place{Path: "trap", Offset: int64(a.n), Format: mailbox.Mbox}})
	}
	imp, err := facts.New(s).Begin(t.Context(), facts.Import{Class: class, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := imp.Store(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// writeRuns finds the spamruns and writes them and their memberships; campaign 7 holds the
// messages whose key is odd.
func writeRuns(t *testing.T, s *store.DB) map[int64]int64 {
	t.Helper()
	group(t, s)
	of := make(map[int64]int64)
	for _, line := range storetest.Column(t, s, "SELECT format('%s %s', message_key, spamrun_id) FROM memberships WHERE spamrun_id IS NOT NULL") {
		var message, run int64
		if _, err := fmt.Sscan(line, &message, &run); err != nil {
			t.Fatal(err)
		}
		of[message] = run
	}
	if err := storetest.Exec(s, "DELETE FROM memberships"); err != nil {
		t.Fatal(err)
	}
	for message, run := range of {
		if _, err := s.Pool.Exec(t.Context(), "INSERT INTO memberships (message_key, campaign_id, spamrun_id, run_id) VALUES ($1::bigint, CASE WHEN $1 & 1 = 1 THEN 7 END, $2, 1)", message, run); err != nil {
			t.Fatal(err)
		}
	}
	return of
}

func spamrunsOf(t *testing.T, s *store.DB, o campaigns.SpamrunFilter) []campaigns.Spamrun {
	t.Helper()
	out, err := campaigns.New(s).Spamruns(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSpamruns(t *testing.T) {
	s := storetest.New(t)
	storeArrivals(t, s, ingest.Spam,
		arrival{1, "203.0.113.31", "13:44:00", "mx2.our.example", 20, []string{"susan.nobody@client.example"}},
		arrival{2, "203.0.113.31", "13:46:00", "mx2.our.example", 20, []string{"usan.nobody@client.example", "SUSAN.nobody@client.example"}},
		arrival{3, "203.0.113.31", "13:48:00", "mx1.our.example", 10, []string{"client.examplesmtpoffice@client.example"}},
		arrival{4, "203.0.113.31", "13:50:00", "mx2.our.example", 20, []string{"fice@client.example", "0office@other.example"}},
		arrival{5, "2001:db8::31", "13:44:00", "", -1, nil},
		arrival{6, "2001:db8::31", "13:44:00", "", -1, nil},
		arrival{7, "203.0.113.31", "23:44:00", "mx2.our.example", 20, nil},
		arrival{8, "203.0.113.32", "13:44:00", "mx2.our.example", 20, nil},
		arrival{9, "203.0.113.31", "", "mx2.our.example", 20, nil},
		arrival{10, "", "13:44:00", "mx2.our.example", 20, nil})
	storeArrivals(t, s, ingest.Ham, arrival{11, "203.0.113.32", "13:44:01", "mx2.our.example", 20, nil})
	of := writeRuns(t, s)
	if _, err := logs.New(s).Derive(t.Context()); err != nil { // as correlate does after its run
		t.Fatal(err)
	}
	if len(of) != 6 {
		t.Errorf("%d messages are in spamruns, want 6", len(of))
	}

	runs := spamrunsOf(t, s, campaigns.SpamrunFilter{})
	if len(runs) != 2 {
		t.Fatalf("%d spamruns, want 2: %+v", len(runs), runs)
	}
	r := runs[0]
	if r.Sender != netip.MustParseAddr("203.0.113.31") || r.Messages != 4 || r.AllRuns != 2 || r.AllMessages != 6 ||
		r.StartedAt.UTC().Format(time.TimeOnly) != "13:44:00" || r.EndedAt.Sub(r.StartedAt) != 6*time.Minute {
		t.Errorf("%+v", r)
	}
	if r.Rate == nil || *r.Rate != 60 || r.Zone != "+0000" {
		t.Errorf("rate %v, zone %q", r.Rate, r.Zone)
	}
	if !slices.Equal(r.TargetDomains, []string{"client.example", "other.example"}) || !slices.Equal(r.MX, []string{"mx2.our.example", "mx1.our.example"}) ||
		!slices.Equal(r.MXPriorities, []int32{10, 20}) {
		t.Errorf("to %q, by %q %v", r.TargetDomains, r.MX, r.MXPriorities)
	}
	// usan.nobody, client.examplesmtpoffice, fice and 0office; susan.nobody is whole.
	if *r.Recipients != 5 || *r.BrokenRecipients != 4 {
		t.Errorf("%d recipients, %d broken, want 5 and 4", *r.Recipients, *r.BrokenRecipients)
	}
	if r = runs[1]; r.Rate != nil || r.Recipients != nil || r.BrokenRecipients != nil || r.TargetDomains != nil || r.MX != nil || r.MXPriorities != nil {
		t.Errorf("what is not known was made up: %+v", r)
	}
}

func TestSpamrunsAskedFor(t *testing.T) {
	s := storetest.New(t)
	var all []arrival
	for n := range 40 { // eight senders of five messages
		all = append(all, arrival{n: n, sender: netip.AddrFrom4([4]byte{203, 0, 113, byte(n / 5)}).String(), at: "13:44:00"})
	}
	storeArrivals(t, s, ingest.Spam, all...)
	writeRuns(t, s)
	for name, c := range map[string]struct {
		o          campaigns.SpamrunFilter
		shown, all int
	}{
		"all":            {campaigns.SpamrunFilter{}, 8, 8},
		"a limit":        {campaigns.SpamrunFilter{Limit: 3}, 3, 8},
		"an address":     {campaigns.SpamrunFilter{Sender: netip.MustParsePrefix("203.0.113.3/32")}, 1, 1},
		"a network":      {campaigns.SpamrunFilter{Sender: netip.MustParsePrefix("203.0.113.0/30"), Limit: 2}, 2, 4},
		"another":        {campaigns.SpamrunFilter{Sender: netip.MustParsePrefix("2001:db8::/32")}, 0, 0},
		"no campaign":    {campaigns.SpamrunFilter{Campaign: 8}, 0, 0},
		"both, in vain":  {campaigns.SpamrunFilter{Campaign: 7, Sender: netip.MustParsePrefix("192.0.2.0/24")}, 0, 0},
		"everything":     {campaigns.SpamrunFilter{Sender: netip.MustParsePrefix("0.0.0.0/0")}, 8, 8},
		"an IPv4 in /96": {campaigns.SpamrunFilter{Sender: netip.MustParsePrefix("::/0")}, 0, 0},
	} {
		got := spamrunsOf(t, s, c.o)
		if len(got) != c.shown || len(got) > 0 && got[0].AllRuns != int64(c.all) {
			t.Errorf("%s: %d shown, want %d; %+v", name, len(got), c.shown, got)
		}
	}
	for _, r := range spamrunsOf(t, s, campaigns.SpamrunFilter{Campaign: 7}) {
		if !reflect.DeepEqual(r.Campaigns, []string{"c7"}) {
			t.Errorf("campaigns %q", r.Campaigns)
		}
	}
}

// TestSpamrunsKeepTheirIDs: a run that grew has the id that it had.
func TestSpamrunsKeepTheirIDs(t *testing.T) {
	s := storetest.New(t)
	storeArrivals(t, s, ingest.Spam, arrival{n: 1, sender: "203.0.113.31", at: "13:44:00"}, arrival{n: 2, sender: "203.0.113.31", at: "13:45:00"})
	writeRuns(t, s)
	before := spamrunsOf(t, s, campaigns.SpamrunFilter{})
	storeArrivals(t, s, ingest.Spam, arrival{n: 3, sender: "203.0.113.31", at: "13:46:00"}, arrival{n: 4, sender: "203.0.113.31", at: "20:46:00"})
	writeRuns(t, s)
	after := spamrunsOf(t, s, campaigns.SpamrunFilter{})
	if len(before) != 1 || len(after) != 1 || before[0].ID != after[0].ID || after[0].Messages != 3 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestSpamrunsView(t *testing.T) {
	s := storetest.New(t)
	const query = "SELECT spamrun_id, sender, started_at, ended_at, messages, rate, target_domains, recipients, broken_recipients, mx, mx_priorities, campaigns, zone FROM spamruns_v"
	if err := storetest.Exec(s, query); err != nil {
		t.Error(err)
	}
}
