package received

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// day is the date that chainOf writes.
var day = time.Date(2002, 12, 3, 15, 16, 3, 0, time.UTC)

const (
	honest  = "from m.example.com (m.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF"
	honest2 = "from pc.example.com (pc.example.com [192.0.2.9]) by m.example.com (Postfix) with ESMTP id D674021FAE"
)

var anomalyCases = []struct {
	name, lines string
	env         Envelope
	want        []string // exactly these codes
}{
	{"honest", honest + "\n" + honest2, Envelope{MessageID: "1@example.com", From: "a@example.com", Date: day, DateOK: true, DateZoneOK: true, DateRaw: "x"}, nil},
	{"HELO a number", strings.Replace(honest, "from m.example.com", "from 1144567", 1), Envelope{}, []string{"helo-number"}},
	{"HELO another address", strings.Replace(honest, "from m.example.com", "from [198.51.100.1]", 1), Envelope{}, []string{"helo-literal-differs"}},
	{"HELO the address, bare", strings.Replace(honest, "from m.example.com", "from 192.0.2.1", 1), Envelope{}, []string{"helo-bare-address"}},
	{"HELO our server", strings.Replace(honest, "from m.example.com", "from mx.example.net", 1), Envelope{}, []string{"helo-own-name"}},
	{"HELO our domain", strings.Replace(honest, "from m.example.com", "from example.net", 1), Envelope{Recipients: []string{"u@example.net"}}, []string{"helo-own-name"}},
	{"HELO without dot", strings.Replace(honest, "from m.example.com", "from pc7", 1), Envelope{}, []string{"helo-no-dot"}},
	{"HELO against reverse", strings.Replace(honest, "(m.example.com", "(host.example.org", 1), Envelope{}, []string{"helo-not-reverse"}},
	{"HELO and reverse of one domain", strings.Replace(honest, "(m.example.com", "(out7.example.com", 1), Envelope{}, nil},
	{"no reverse name", strings.Replace(honest, "(m.example.com", "(unknown", 1), Envelope{}, []string{"reverse-unknown"}},
	{"dynamic reverse name", "from x.example.org (dslb-192-000-002-001.pools.example.org [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id D674021FAF", Envelope{}, []string{"reverse-dynamic"}},
	{"a number that is no address", honest + "\nfrom gifts.example (144848872 [146990032]) by richardson.example.com (Qmailv1) with ESMTP id D674021FAF", Envelope{}, []string{"hop-bad-address", "syntax-not-qmail"}},
	{"no address", honest + "\nfrom pc.example.com by m.example.com (Postfix) with ESMTP id D674021FAE", Envelope{}, []string{"hop-no-address", "syntax-not-postfix"}},
	{"chain broken", honest + "\nfrom pc.example.org (pc.example.org [198.51.100.9]) by out.example.org (Postfix) with ESMTP id D674021FAE", Envelope{}, []string{"chain-broken"}},
	{"Postfix with another's id", honest + "\n" + strings.Replace(honest2, "D674021FAE", "g8N207C27394aeiou", 1), Envelope{}, []string{"id-not-postfix"}},
	{"sendmail with another's id", honest + "\n" + strings.Replace(strings.Replace(honest2, "D674021FAE", "17tITf-0006jx-01", 1), "(Postfix)", "(8.11.6/8.11.6)", 1), Envelope{}, []string{"id-not-sendmail"}},
	{"Exim with another's id", honest + "\nfrom pc.example.com ([192.0.2.9]) by m.example.com with esmtp (Exim 4.89) id D674021FAE", Envelope{}, []string{"id-not-exim"}},
	{"Exim, new id", honest + "\nfrom pc.example.com ([192.0.2.9]) by m.example.com with esmtp (Exim 4.97) id 1rBq9a-00000000Ur1-2KxY", Envelope{}, nil},
	{"private address between", honest + "\nfrom in.example.com (in.example.com [10.0.0.5]) by m.example.com (Postfix) with ESMTP id D674021FAE\nfrom a.example.org (a.example.org [198.51.100.9]) by b.example.org (Postfix) with ESMTP id D674021FAD", Envelope{}, []string{"private-in-middle"}},
	{"Message-ID of nobody", honest, Envelope{MessageID: "1@yahoo.example", From: "a@example.com"}, []string{"msgid-domain"}},
	{"Message-ID without domain", honest, Envelope{MessageID: "1"}, []string{"msgid-no-domain"}},
	{"Date far off", honest, Envelope{Date: day.Add(8 * 24 * time.Hour), DateOK: true, DateZoneOK: true, DateRaw: "x"}, []string{"date-far"}},
	{"Date a week off", honest, Envelope{Date: day.Add(-6 * 24 * time.Hour), DateOK: true, DateZoneOK: true, DateRaw: "x"}, nil},
	{"Date with a zone that is none", honest, Envelope{DateRaw: "Tue, 3 Dec 2002 15:16:03 -1900", DateOK: true}, []string{"date-zone"}},
	{"Date not a date", honest, Envelope{DateRaw: "soon"}, []string{"date-unreadable"}},
}

func TestAnomalies(t *testing.T) {
	for _, c := range anomalyCases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, a := range Anomalies(chainOf(c.lines), 0, nil, c.env) {
				got = append(got, a.Code)
				if a.Reason == "" || a.Evidence == "" {
					t.Errorf("%s without reason or evidence: %+v", a.Code, a)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTimeAnomalies(t *testing.T) {
	const line = "from m.example.com (m.example.com [192.0.2.1]) by mx.example.com (Postfix) with ESMTP id D674021FAF; "
	for _, c := range []struct{ upper, lower, want string }{
		{"Tue, 3 Dec 2002 15:16:03 +0000", "Tue, 3 Dec 2002 15:15:00 +0000", ""},
		{"Tue, 3 Dec 2002 15:16:03 +0000", "Tue, 3 Dec 2002 15:45:00 +0000", ""},
		{"Tue, 3 Dec 2002 15:16:03 +0000", "Tue, 3 Dec 2002 19:15:00 +0000", "time-backwards"},
		{"Tue, 3 Dec 2002 15:16:03 +0000", "Thu, 5 Dec 2002 19:15:00 +0000", "time-backwards time-future"},
		{"Tue, 3 Dec 2002 15:16:03 +0000", "Tue, 3 Dec 2002 15:15:00 -1900", "time-zone"},
		{"Tue, 3 Dec 2002 15:16:03 +0000", "Dec, 03 2002 2:15:00 PM -0000", "time-syntax"},
	} {
		hops := []Hop{Parse([]byte(line + c.upper)), Parse([]byte(line + c.lower))}
		var codes []string
		for _, a := range Anomalies(hops, 0, nil, Envelope{}) {
			if a.Hop != 1 {
				t.Errorf("%s at hop %d", a.Code, a.Hop)
			}
			codes = append(codes, a.Code)
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s / %s: %q, want %q", c.upper, c.lower, got, c.want)
		}
	}
}

// Every code has its sentence, once, and every sentence a code that the cases reach.
func TestAnomalyKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range AnomalyKinds {
		if seen[k.Code] || k.Meaning == "" || !strings.HasSuffix(k.Meaning, ".") {
			t.Errorf("%+v", k)
		}
		seen[k.Code] = true
	}
	for _, c := range anomalyCases {
		for _, code := range c.want {
			if !seen[code] {
				t.Errorf("%s is not in the table", code)
			}
		}
	}
}

// Our own hops above the boundary are not suspected.
func TestAnomaliesAboveBoundary(t *testing.T) {
	hops := chainOf("from 1234567 (unknown [10.1.1.1]) by mx (Postfix) with ESMTP id nonsense\n" + honest)
	if got := Anomalies(hops, 1, nil, Envelope{}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func FuzzChain(f *testing.F) {
	for _, c := range boundaryCases {
		f.Add(c.lines, c.own)
	}
	for _, c := range anomalyCases {
		f.Add(c.lines, "*.example.net")
	}
	f.Fuzz(func(t *testing.T, lines, pattern string) {
		var hops []Hop
		for _, l := range strings.Split(lines, "\n") {
			hops = append(hops, Parse([]byte(l)))
		}
		own, err := ParseOwn([]string{pattern})
		if err != nil {
			own = Own{Inferred: true}
		}
		b := own.Boundary(hops)
		if b < -1 || b >= len(hops) {
			t.Fatalf("boundary %d of %d hops", b, len(hops))
		}
		// Fields written by a stranger cannot move the boundary past him.
		stranger := append([]Hop{Parse([]byte(honest))}, hops...)
		if b := (&Own{Inferred: true}).Boundary(stranger); b != 0 {
			t.Fatalf("boundary %d below a stranger", b)
		}
		found := Anomalies(hops, b, &own, Envelope{MessageID: lines, From: pattern, DateRaw: lines, Recipients: []string{pattern}})
		if len(found) > maxAnomalies {
			t.Fatalf("%d anomalies", len(found))
		}
		for _, a := range found {
			if a.Reason == "" || len(a.Evidence) > maxEvidence || a.Hop < -1 || a.Hop >= len(hops) {
				t.Fatalf("%+v", a)
			}
		}
		var s Survey
		s.Add(Sample{Hops: hops, Recipients: []string{pattern}})
		s.Infer()
	})
}

func BenchmarkBoundaryAndAnomalies(b *testing.B) {
	hops := chainOf(boundaryCases[6].lines)
	own := Own{Inferred: true, Names: []string{"mx.example.net", "*.example.org"}}
	b.ReportAllocs()
	for b.Loop() {
		boundary := own.Boundary(hops)
		own.Sender(hops, boundary)
		Anomalies(hops, boundary, &own, Envelope{MessageID: "1@example.com", From: "a@example.com"})
	}
}
