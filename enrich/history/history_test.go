package history

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"spoor/enrich"
)

func readAll(t *testing.T, text string, o Options) (list []enrich.Observation, bad []string) {
	t.Helper()
	for obs, err := range Read(strings.NewReader(text), o) {
		if item, ok := errors.AsType[*ItemError](err); ok {
			bad = append(bad, item.Error())
		} else if err != nil {
			t.Fatal(err)
		} else {
			list = append(list, obs)
		}
	}
	return list, bad
}

// short writes the time and content of an observation in one line.
func short(o enrich.Observation) string {
	day := func(t time.Time) string { return t.Format("2006-01-02") }
	s := fmt.Sprintf("%s %s %s %s", o.Source, o.Kind, o.Name, day(o.AskedAt))
	if !o.LastSeen.IsZero() {
		s += ".." + day(o.LastSeen)
	}
	switch p := o.Parsed.(type) {
	case *enrich.Records:
		s += fmt.Sprint(" ", p.A, p.AAAA, p.CNAME)
		for _, ns := range p.NS {
			s += " NS " + ns.Host
		}
		for _, mx := range p.MX {
			s += fmt.Sprintf(" MX %d %s", mx.Preference, mx.Host)
		}
	case *enrich.Reverse:
		s += " " + strings.Join(p.Names, " ")
	case *enrich.Registration:
		s += " " + p.Registrar.Name + " " + day(p.Created)
	case *enrich.Certificate:
		s += " " + strings.Join(p.Names, ",") + " " + p.Serial
	}
	return s
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"passive DNS": {`{"rrname":"www.Spam.example.","rrtype":"A","rdata":["192.0.2.1","192.0.2.2"],"time_first":1136073600,"time_last":1138752000,"count":7}
{"rrname":"spam.example","rrtype":"NS","rdata":"ns1.pool.example.","zone_time_first":1136073600,"zone_time_last":1136073600}
{"rrname":"spam.example","rrtype":"MX","rdata":"10 mx.pool.example.","time_first":1136073600,"time_last":1136073600}
{"rrname":"7.2.0.192.in-addr.arpa","rrtype":"PTR","rdata":["host.isp.example."],"time_first":1136073600,"time_last":1136073600}
`, []string{
			"pdns host www.spam.example 2006-01-01..2006-02-01 [192.0.2.1 192.0.2.2] [] []", "pdns domain spam.example 2006-01-01..2006-01-01 [] [] [] NS ns1.pool.example",
			"pdns domain spam.example 2006-01-01..2006-01-01 [] [] [] MX 10 mx.pool.example", "pdns address 192.0.2.7 2006-01-01..2006-01-01 host.isp.example",
		}},
		"WHOIS, seen twice": {`{"domain":"spam.com","raw":"Domain Name: SPAM.COM\nRegistrar: Acme\nCreation Date: 2005-12-30\n","first_seen":"2006-01-03T00:00:00Z","last_seen":"2006-03-01"}`,
			[]string{"whois domain spam.com 2006-01-03 Acme 2005-12-30", "whois domain spam.com 2006-03-01 Acme 2005-12-30"}},
		"RDAP": {`{"objectClassName":"domain","ldhName":"SPAM.EXAMPLE","entities":[],"events":[{"eventAction":"registration","eventDate":"2005-12-30T00:00:00Z"},{"eventAction":"last update of RDAP database","eventDate":"2022-01-01T00:00:00Z"}]}
{"rdap":{"objectClassName":"domain","ldhName":"spam.example","entities":[],"events":[{"eventAction":"registration","eventDate":"2005-12-30T00:00:00Z"}]},"timestamp":1640995200000}`,
			[]string{"rdap domain spam.example 2022-01-01  2005-12-30", "rdap domain spam.example 2022-01-01  2005-12-30"}},
		"crt.sh's array": {`[{"issuer_name":"C=US, O=CA","name_value":"*.spam.example\nshop.other.example","serial_number":"03AB","not_before":"2020-01-01T00:00:00","not_after":"2020-03-31T00:00:00","entry_timestamp":"2020-01-01T01:00:00.123"}]`,
			[]string{"ct domain other.example 2020-01-01..2020-01-01 shop.other.example,spam.example 03ab", "ct domain spam.example 2020-01-01..2020-01-01 shop.other.example,spam.example 03ab"}},
		"Cert Spotter": {`{"id":"1","dns_names":["spam.example"],"cert_sha256":"ab12","not_before":"2020-01-01T00:00:00Z","not_after":"2020-03-31T00:00:00Z"}`,
			[]string{"ct domain spam.example 2020-01-01..2020-01-01 spam.example ab12"}},
	} {
		list, bad := readAll(t, c.in, Options{Name: "dump.json"})
		var got []string
		for _, o := range list {
			got = append(got, short(o))
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") || len(bad) > 0 {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", name, bad, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestItemsThatCannotBeUsed(t *testing.T) {
	in := "not json\n" + `{"rrname":"a.example","rrtype":"A","rdata":"192.0.2.1"}` + "\n" + `{"rrname":"a b","rrtype":"A","rdata":"192.0.2.1","time_first":1136073600}` + "\n" +
		`{"rrname":"a.example","rrtype":"DNSKEY","rdata":"x","time_first":1136073600}` + "\n" + `{"domain":"localhost","raw":"x","date":"2006-01-01"}` + "\n" + `{"colour":"blue"}` + "\n" +
		strings.Repeat("x", maxItem+1) + "\n" + `{"rrname":"b.example","rrtype":"A","rdata":"192.0.2.1","time_first":1136073600}` + "\n"
	list, bad := readAll(t, in, Options{Name: "d"})
	if len(list) != 1 || list[0].Name != "b.example" || len(bad) != 7 || !strings.HasPrefix(bad[1], "item 2: no time") {
		t.Errorf("%d read, refused:\n%s", len(list), strings.Join(bad, "\n"))
	}
	if list, bad := readAll(t, `{"rrname":"a.example","rrtype":"A","rdata":"192.0.2.1"}`, Options{SeenAt: time.Unix(1136073600, 0)}); len(list) != 1 || len(bad) != 0 {
		t.Errorf("%+v, %v", list, bad)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "[", "[{}]", "{}", `{"rrname":"a.example","rrtype":"A","rdata":["192.0.2.1"],"time_first":1}`, `{"name_value":"a.example","not_before":"2020-01-01"}`, `{"rdap":{"ldhName":"a.example"},"time":1640995200}`, `{"domain":"a.example","raw":"x","date":"2006-01-01"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := 0
		for o, err := range Read(strings.NewReader(s), Options{Name: "f"}) {
			if n++; n > len(s)+200 {
				t.Fatal("more observations than bytes")
			}
			if err == nil && (o.Name == "" || o.AskedAt.IsZero() || !o.LastSeen.IsZero() && o.LastSeen.Before(o.AskedAt)) {
				t.Fatalf("%+v", o)
			}
		}
	})
}
