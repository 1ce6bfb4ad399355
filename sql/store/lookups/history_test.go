package lookups_test

import (
	"net/netip"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

// Histories keep their own times beside our own look-ups, and in any order of
// import.
func TestHistory(t *testing.T) {
	s := storetest.New(t)
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	seen := func(server, address string, first, last time.Time) enrich.Observation {
		return enrich.Observation{
			Subject: enrich.Subject{Kind: enrich.Domain, Name: "x.example"}, Source: enrich.PassiveDNS, Server: server, AskedAt: first, LastSeen: last, Expires: last,
			Outcome: enrich.Answered, Parsed: &enrich.Records{A: []netip.Addr{netip.MustParseAddr(address)}},
		}
	}
	observe(t, s, storetest.Records("x.example", day(2026, 1, 1), "192.0.2.99"))
	of := lookups.New(s)
	list := []enrich.Observation{
		seen("d#A:1", "192.0.2.2", day(2010, 1, 1), day(2012, 1, 1)), seen("d#A:2", "192.0.2.1", day(2006, 1, 1), day(2009, 1, 1)),
		seen("d#A:1", "192.0.2.2", day(2010, 1, 1), day(2013, 1, 1)), // the same, seen longer
		{Subject: enrich.Subject{Kind: enrich.Domain, Name: "x.example"}, Source: enrich.CertificateLog, Server: "d#CT:1", AskedAt: day(2011, 1, 1), LastSeen: day(2011, 1, 1), Outcome: enrich.Answered,
			Parsed: &enrich.Certificate{Names: []string{"x.example", "y.example"}, Serial: "03ab"}},
	}
	for range 2 { // storing it again changes nothing
		if err := of.History(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		check(t, s, "4", "SELECT count(*)::text FROM observations")
	}
	const addresses = "SELECT coalesce(string_agg(host(address) || ' ' || source, ', ' ORDER BY address), '') FROM addresses_at('x.example', $1)"
	for _, c := range []struct {
		at   time.Time
		want string
	}{{day(2005, 1, 1), ""}, {day(2007, 1, 1), "192.0.2.1 pdns"}, {day(2012, 6, 1), "192.0.2.2 pdns"}, {day(2014, 1, 1), ""}, {day(2026, 2, 1), "192.0.2.99 dns"}} {
		check(t, s, c.want, addresses, c.at)
	}
	const pivot = "SELECT concat_ws(' ', domain, extract(year FROM first_seen), extract(year FROM last_seen), current, source) FROM pivots_v WHERE value = $1"
	check(t, s, "x.example 2010 2013 f pdns", pivot, "192.0.2.2")
	check(t, s, "x.example 2011 2011 f ct", pivot, "03ab")
	known, err := of.Known(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: "x.example"})
	if err != nil || len(known) != 4 {
		t.Errorf("%d known, %v", len(known), err)
	}
}
