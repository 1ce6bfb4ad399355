package resolve

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/miekg/dns"

	"spoor/enrich"

	"spoor/internal/lab/linear"
)

// message makes an answer out of records in master file format.
func message(t testing.TB, q question, rcode int, answer ...string) *dns.Msg {
	t.Helper()
	m := &dns.Msg{MsgHdr: dns.MsgHdr{Response: true, RecursionAvailable: true, Rcode: rcode}}
	m.Question = []dns.Question{{Name: q.name, Qtype: q.qtype, Qclass: dns.ClassINET}}
	for _, line := range answer {
		rr, err := dns.NewRR(line)
		if err != nil {
			t.Fatal(err)
		}
		m.Answer = append(m.Answer, rr)
	}
	return m
}

func TestRead(t *testing.T) {
	a := question{"www.spam.test.", dns.TypeA}
	for _, tc := range []struct {
		name   string
		rcode  int
		answer []string
		want   string // outcome, chain, addresses, anomalies
	}{
		{"plain", 0, []string{"www.spam.test. 60 IN A 192.0.2.7"}, "answered [] [192.0.2.7] []"},
		{"upper case", 0, []string{"WWW.SPAM.TEST. 60 IN A 192.0.2.7"}, "answered [] [192.0.2.7] []"},
		{"twice", 0, []string{"www.spam.test. 60 IN A 192.0.2.7", "www.spam.test. 60 IN A 192.0.2.7"}, "answered [] [192.0.2.7] []"},
		{"another's address", 0, []string{"bank.test. 60 IN A 192.0.2.7"}, "answered [] [] []"},
		{"another class", 0, []string{"www.spam.test. 60 CH A 192.0.2.7"}, "answered [] [] []"},
		{"chain out of order", 0, []string{"b.test. 60 IN A 192.0.2.7", "a.test. 60 IN CNAME b.test.", "www.spam.test. 60 IN CNAME A.test."}, "answered [a.test b.test] [192.0.2.7] []"},
		{"address beside a CNAME", 0, []string{"www.spam.test. 60 IN CNAME b.test.", "www.spam.test. 60 IN A 192.0.2.66", "b.test. 60 IN A 192.0.2.7"}, "answered [b.test] [192.0.2.7] []"},
		{"loop", 0, []string{"www.spam.test. 60 IN CNAME b.test.", "b.test. 60 IN CNAME www.spam.test."}, "answered [b.test www.spam.test] [] [cname-loop]"},
		{"own alias", 0, []string{"www.spam.test. 60 IN CNAME www.spam.test."}, "answered [www.spam.test] [] [cname-loop]"},
		{"inner loop", 0, []string{"www.spam.test. 60 IN CNAME a.test.", "a.test. 60 IN CNAME b.test.", "b.test. 60 IN CNAME a.test."}, "answered [a.test b.test a.test] [] [cname-loop]"},
		{"alias to nowhere", dns.RcodeNameError, []string{"www.spam.test. 60 IN CNAME gone.test."}, "answered [gone.test] [] []"},
		{"no such name", dns.RcodeNameError, nil, "none [] [] []"},
		{"server failure", dns.RcodeServerFailure, []string{"www.spam.test. 60 IN A 192.0.2.7"}, "failed [] [] []"},
		{"refused", dns.RcodeRefused, nil, "refused [] [] []"},
		{"unknown code", 3841, nil, "failed [] [] []"},
		{"addresses of networks inside", 0, []string{"www.spam.test. 60 IN A 127.0.0.1", "www.spam.test. 60 IN A 0.0.0.0"}, "answered [] [0.0.0.0 127.0.0.1] [private-address]"},
	} {
		s := read(message(t, a, tc.rcode, tc.answer...), a)
		if got := fmt.Sprint(s.outcome, s.chain, s.addrs, s.odd); got != strings.Replace(tc.want, " ", "", 1) && got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestReadLongChain(t *testing.T) {
	q := question{"c0.test.", dns.TypeA}
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("c%d.test. 60 IN CNAME c%d.test.", i, i+1))
	}
	s := read(message(t, q, 0, lines...), q)
	if len(s.chain) != maxChain || !slices.Contains(s.odd, "long-cname-chain") {
		t.Errorf("%d names, %v", len(s.chain), s.odd)
	}
}

func TestWhyARefusalIsTold(t *testing.T) {
	q := question{"www.spam.test.", dns.TypeA}
	m := message(t, q, dns.RcodeServerFailure)
	m.SetEdns0(1232, false)
	m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_EDE{InfoCode: 6, ExtraText: "bad \x1b[2J signature" + strings.Repeat("x", 1000)})
	s := read(m, q)
	if !strings.HasPrefix(s.detail, "SERVFAIL (DNSSEC Bogus: bad \ufffd[2J signature") || len(s.detail) > maxDetail {
		t.Errorf("%q", s.detail)
	}
	m = message(t, q, 0)
	m.RecursionAvailable = false
	if s := read(m, q); s.outcome != enrich.Refused {
		t.Errorf("an answer of a server that does not resolve is %s", s.outcome)
	}
}

func TestAPanicOverAnAnswerIsAnOutcome(t *testing.T) {
	s := settled(nil, nil, nil, question{"www.spam.test.", dns.TypeA}, "192.0.2.53:53")
	if s.outcome != enrich.Malformed || s.server != "192.0.2.53:53" {
		t.Errorf("%+v", s)
	}
}

func TestTextOf(t *testing.T) {
	for _, tc := range []struct {
		parts []string
		want  string
	}{
		{[]string{"v=spf1 ", "-all"}, "v=spf1 -all"},
		{[]string{`say \"hi\" \\ \195\164`}, `say "hi" \ ä`},
		{[]string{`\000\027[31m\255`}, "\ufffd\ufffd[31m\ufffd"},
		{[]string{`\999\1`}, "9991"},
		{[]string{`end\`}, `end\`},
		{nil, ""},
	} {
		if got := textOf(tc.parts); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.parts, got, tc.want)
		}
	}
	long := make([]string, 300)
	for i := range long {
		long[i] = strings.Repeat("ä", 127)
	}
	if got := textOf(long); len(got) > maxText || !utf8.ValidString(got) {
		t.Errorf("%d bytes", len(got))
	}
}

func TestFQDN(t *testing.T) {
	for name, want := range map[string]string{
		"www.Spam.test": "www.spam.test.", "_dmarc.spam.test": "_dmarc.spam.test.", "xn--bcher-kva.test.": "xn--bcher-kva.test.",
		"": "", ".": "", "a..b": "", "-a.test": "", "a-.test": "", "a b.test": "", "a\x00.test": "", "bücher.test": "", "a\\032.test": "",
		"*.test": "", "test": "", "1.2.3.4": "", "a.local": "", strings.Repeat("a", 64) + ".test": "", "0x7f.1": "",
	} {
		if got, err := fqdn(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func TestReverseName(t *testing.T) {
	for a, want := range map[string]string{
		"192.0.2.7":   "7.2.0.192.in-addr.arpa.",
		"2001:db8::7": "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
	} {
		if got := reverseName(ip(a)); got != want {
			t.Errorf("%s: %s", a, got)
		}
	}
}

func TestReadOrigin(t *testing.T) {
	a := ip("192.0.2.7")
	for _, tc := range []struct {
		texts []string
		want  string
	}{
		{[]string{"64500 | 192.0.2.0/24 | CN | apnic | 2001-02-03"}, "[64500] 192.0.2.0/24 CN apnic"},
		{[]string{"64500 | 192.0.0.0/16 | CN | apnic |", "64501 | 192.0.2.0/24 | DE | ripencc |"}, "[64501] 192.0.2.0/24 DE ripe"},
		{[]string{"64501 64500 | 192.0.2.0/24 | | |", "64499 | 192.0.2.0/24 | | |"}, "[64499 64500 64501] 192.0.2.0/24  "},
		{[]string{"64500 | 198.51.100.0/24 | CN | apnic |"}, "no"},
		{[]string{"NA | 192.0.2.0/24 | CN | apnic |"}, "no"},
		{[]string{"0 4294967296 -1 | 192.0.2.0/24"}, "no"},
		{[]string{"AS4294967295|192.0.2.0/24|EU|x|"}, "[4294967295] 192.0.2.0/24  "},
		{[]string{"", "|", "||||||", "64500 | 192.0.2.0/99 |"}, "no"},
	} {
		got := "no"
		if o, ok := readOrigin(tc.texts, a); ok {
			got = fmt.Sprint(o.ASNs, " ", o.Prefix, " ", o.Country, " ", o.Registry)
		}
		if got != tc.want {
			t.Errorf("%q: %s, want %s", tc.texts, got, tc.want)
		}
	}
	for text, want := range map[string]string{
		"64500 | CN | apnic | 2001-02-03 | EXAMPLE-AS Example | Network, CN": "EXAMPLE-AS Example | Network, CN",
		"64501 | CN | apnic | 2001-02-03 | OTHER":                            "", "64500": "",
		"64500 | | | | a\x1b[2J": "a\ufffd[2J",
	} {
		if got := readASName([]string{text}, 64500); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestReadIsLinear reads the largest answers that TCP can carry.
func TestReadIsLinear(t *testing.T) {
	q := question{"c0.test.", dns.TypeA}
	linear.Check(t, 2000, func(n int) *dns.Msg {
		var lines []string
		for i := range n {
			lines = append(lines, fmt.Sprintf("c%d.test. 60 IN CNAME c%d.test.", i, i+1), fmt.Sprintf("c0.test. 60 IN A 198.51.%d.%d", i/256, i%256))
		}
		return message(t, q, 0, lines...)
	}, func(m *dns.Msg) { read(m, q) })
}

// FuzzRead reads any bytes as an answer: it never panics, and the result is
// bounded, in order and fit to be stored.
func FuzzRead(f *testing.F) {
	q := question{"www.spam.test.", dns.TypeA}
	for _, lines := range [][]string{
		{"www.spam.test. 60 IN A 192.0.2.7"},
		{"www.spam.test. 60 IN CNAME b.test.", "b.test. 60 IN A 192.0.2.7", "b.test. 60 IN AAAA 2001:db8::1"},
		{`www.spam.test. 60 IN TXT "\000\255" "b"`, "www.spam.test. 60 IN MX 10 mail.test.", "www.spam.test. 60 IN SOA a.test. b.test. 1 2 3 4 5"},
		{"www.spam.test. 60 IN PTR \\000\\032<b>.test.", "www.spam.test. 60 IN NS ns.test."},
	} {
		for _, t := range []uint16{dns.TypeA, dns.TypeMX, dns.TypeTXT, dns.TypePTR, dns.TypeNS, dns.TypeSOA, dns.TypeAAAA} {
			m := message(f, question{q.name, t}, 0, lines...)
			m.SetEdns0(1232, false)
			b, err := m.Pack()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b, t)
		}
	}
	f.Add([]byte("\x00\x00\x81\x80\x00\x01\xff\xff\x00\x00\x00\x00\xc0\x0c\x00\x01\x00\x01\xc0\x0c"), dns.TypeA)
	f.Fuzz(func(t *testing.T, b []byte, qtype uint16) {
		m, err := unpack(b)
		if err != nil {
			return
		}
		q := question{"www.spam.test.", qtype}
		matches(m, q, m.Id)
		s := read(m, q)
		if len(s.addrs) > maxAddrs || len(s.names) > maxNames || len(s.mx) > maxNames || len(s.texts) > maxTexts || len(s.chain) > maxChain || len(s.detail) > maxDetail {
			t.Errorf("unbounded: %+v", s)
		}
		for _, text := range slices.Concat(s.texts, s.names, s.chain, []string{s.detail}) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x1b\x07\r\n") || len(text) > maxText {
				t.Errorf("not clean: %q", text)
			}
		}
		readOrigin(s.texts, ip("192.0.2.7"))
		readASName(s.texts, 1)
	})
}
