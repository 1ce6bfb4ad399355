package netblock

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"spoor/enrich"

	"spoor/internal/lab/linear"
)

// summary returns the fields that the layout tests compare.
func summary(nb *enrich.Netblock) string {
	if nb == nil {
		return "nothing"
	}
	var p []string
	for _, pre := range nb.Prefixes {
		p = append(p, pre.String())
	}
	return strings.Join([]string{strings.Join(p, ","), nb.Name, nb.Owner, nb.Country, nb.Registry, nb.AbuseEmail, nb.Refers}, "|")
}

func TestLayouts(t *testing.T) {
	for _, tc := range layouts {
		a := Parse(netip.MustParseAddr(tc.addr), tc.server, []byte(tc.text))
		if got := summary(a.Netblock); a.Outcome != enrich.Answered || got != tc.want {
			t.Errorf("%s: %s %s\n got %s\nwant %s", tc.name, a.Outcome, a.Detail, got, tc.want)
		}
	}
}

func TestPlaceholdersAreNotHolders(t *testing.T) {
	for _, tc := range placeholders {
		a := Parse(netip.MustParseAddr(tc.addr), "whois.example", []byte(tc.text))
		if a.Outcome != enrich.None || a.Netblock != nil || a.Refers != tc.refers {
			t.Errorf("%s: %+v, want a referral to %q", tc.name, a, tc.refers)
		}
	}
}

// TestRegistriesHoldNetworksToo has the entries that a rule for placeholders must spare.
func TestRegistriesHoldNetworksToo(t *testing.T) {
	for name, text := range map[string]string{
		"RIPE NCC's own":        "inetnum: 192.0.2.0 - 192.0.2.255\nnetname: RIPE-NCC\ndescr: RIPE Network Coordination Centre\ncountry: NL\nsource: RIPE\n",
		"a whole /8":            "NetRange: 192.0.0.0 - 192.255.255.255\nNetName: BIG-8\nNetType: Direct Allocation\nOrganization: Big Inc. (BIG)\n",
		"remarks of a transfer": "inetnum: 192.0.2.0 - 192.0.2.255\nnetname: MOVED\ndescr: Mover Ltd\nremarks: the neighbouring block has been transferred to APNIC, unallocated and unassigned\nsource: RIPE\n",
		"ARIN's own":            "NetRange: 192.0.2.0 - 192.0.2.255\nNetName: ARIN-NET\nNetType: Direct Assignment\nOrganization: ARIN Operations (ARINOPS)\n",
	} {
		if a := Parse(netip.MustParseAddr("192.0.2.1"), "", []byte(text)); a.Netblock == nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestAPrivateCustomerIsNoName(t *testing.T) {
	nb := Parse(netip.MustParseAddr("192.0.2.1"), "", []byte("NetRange: 192.0.2.0 - 192.0.2.7\nNetName: X-1\nCustomer: Private Customer (C01)\n\nCustName: Private Customer\nAddress: Private Residence\nCountry: US\n")).Netblock
	if nb == nil || nb.Owner != "" || nb.Country != "US" {
		t.Errorf("%+v", nb)
	}
}

// A registry that could not ask another one says which: that one is asked, and the first is
// not left alone.
func TestUnableToQueryIsNoQuota(t *testing.T) {
	head := "% This is the AfriNIC Whois server.\r\n\r\n"
	for text, want := range map[string]Answer{
		"% The WHOIS is temporary unable to query ARIN for the requested resource. Please try again later.\r\n": {Outcome: enrich.None, Refers: "whois.arin.net"},
		"% The WHOIS is unable to query RIPE NCC now.\r\n":                                                      {Outcome: enrich.None, Refers: "whois.ripe.net"},
		"% The WHOIS is unable to query its database. Please try again later.\r\n":                              {Outcome: enrich.Failed},
	} {
		if a := Parse(netip.MustParseAddr("192.0.2.1"), "whois.afrinic.net", []byte(head+text)); a.Outcome != want.Outcome || a.Refers != want.Refers {
			t.Errorf("%q: %+v", text, a)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, tc := range nothings {
		if a := Parse(netip.MustParseAddr("192.0.2.1"), "", []byte(tc.text)); string(a.Outcome) != tc.want || a.Netblock != nil {
			t.Errorf("%q: %s (%s), want %s", tc.text, a.Outcome, a.Detail, tc.want)
		}
	}
}

func TestDatesOfBlocks(t *testing.T) {
	for _, tc := range []struct{ text, created, updated string }{
		{"inetnum: 192.0.2.0/24\ncreated: 2005-01-02T03:04:05Z\nlast-modified: 2006-01-02T03:04:05Z\n", "2005-01-02", "2006-01-02"},
		{"inetnum: 192.0.2/24\nowner: X\ncreated: 20050102\nchanged: 20060102\n", "2005-01-02", "2006-01-02"},
		{"inetnum: 192.0.2/24\ndescr: X\nchanged: a@b.example 20060102\nchanged: a@b.example\n", "", "2006-01-02"},
		{"NetRange: 192.0.2.0 - 192.0.2.255\nRegDate: 2005-01-02\nUpdated: 2006-01-02\n", "2005-01-02", "2006-01-02"},
		{"a. [Network Number] 192.0.2.0/24\n[Assigned Date] 2005/01/02\n[Last Update] 2006/01/02 11:50:03(JST)\n", "2005-01-02", "2006-01-02"},
		{"network:IP-Network:192.0.2.0/24\nnetwork:Created:20050102\nnetwork:Updated:20060102123456\n", "2005-01-02", "2006-01-02"},
	} {
		nb := Parse(netip.MustParseAddr("192.0.2.1"), "", []byte(tc.text)).Netblock
		if nb == nil || day(nb.Created) != tc.created || day(nb.Updated) != tc.updated {
			t.Errorf("%q: %+v", tc.text, nb)
		}
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}

func TestReferralServers(t *testing.T) {
	for in, want := range map[string]string{
		"whois://whois.ripe.net": "whois.ripe.net", "whois://whois.ripe.net:43/": "whois.ripe.net", "RWHOIS://rwhois.p.example": "rwhois.p.example:4321",
		"rwhois://rwhois.p.example:4322/auth-area=.": "rwhois.p.example:4322", "whois.apnic.net": "whois.apnic.net", "WHOIS.APNIC.NET.": "whois.apnic.net",
		"whois.p.example:4343": "whois.p.example:4343", "127.0.0.1": "127.0.0.1", "169.254.169.254:80": "169.254.169.254:80", // the form is right; the guard refuses
		"http://www.p.example/whois": "", "localhost": "", "": "", "whois://": "", "a b": "", "whois.p.example:0": "", "whois.p.example:99999": "", "whois.p.example:x": "", "who is\x00.example": "", "-": "",
	} {
		if got := server(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTimeIsLinear(t *testing.T) {
	for name, piece := range map[string]string{
		"nets": "inetnum: 192.0.2.0 - 192.0.2.255\norg: O\n\n", "organisations": "organisation: O\norg-name: x\n\n", "one record": "remarks: whois.a.example abuse@a.example\n", "ranges": "CIDR: 192.0.2.0/24, 192.0.3.0/24\n",
		"short list": "A B (NET-1) 192.0.2.0 - 192.0.2.255\n", "tags": "<pre <", "brackets": "[a] [ b ]\n", "keys": "a: b\n", "auth-area": "network:auth-area:x\n", "scripts": "<script>", "continuations": " +\n", "handles": "nic-hdl: A\ne-mail: @@@@\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			head := "<pre>\ninetnum: 192.0.2.0/23\nNetRange: 192.0.2.0/23\norg: ORG\nabuse-c: X\ntech-c: Y\n"
			build := func(n int) []byte { return []byte(head + strings.Repeat(piece, n/len(piece))) }
			linear.Check(t, 800_000, build, func(b []byte) { Parse(netip.MustParseAddr("192.0.2.1"), "", b) })
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, tc := range layouts {
		f.Add(tc.addr, tc.server, []byte(tc.text))
	}
	for _, tc := range placeholders {
		f.Add(tc.addr, "", []byte(tc.text))
	}
	for _, tc := range nothings {
		f.Add("192.0.2.1", "", []byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, address, server string, raw []byte) {
		addr, err := netip.ParseAddr(address)
		if err != nil {
			return
		}
		checkAnswer(t, addr, Parse(addr, server, raw))
	})
}

// checkAnswer checks the invariants of an answer.
func checkAnswer(t *testing.T, addr netip.Addr, a Answer) {
	addr = addr.Unmap().WithZone("")
	nb := a.Netblock
	if (nb != nil) != (a.Outcome == enrich.Answered) || len(a.Detail) > 300 {
		t.Fatalf("%+v", a)
	}
	if strings.ContainsAny(a.Refers, " \t\n/") {
		t.Fatalf("refers to %q", a.Refers)
	}
	if nb == nil {
		return
	}
	in := 0
	for _, p := range nb.Prefixes {
		if p.Contains(addr) {
			in++
		}
		if p != p.Masked() {
			t.Fatalf("prefix %s", p)
		}
	}
	if in != 1 || addr.Less(nb.First) || nb.Last.Less(addr) {
		t.Fatalf("%s is in %d prefixes of %+v", addr, in, nb)
	}
	if b, err := json.Marshal(nb); err != nil || len(b) > 60_000 {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	for _, s := range []string{nb.Handle, nb.Name, nb.Owner, nb.Country, nb.Registry, nb.Status, nb.AbuseEmail} {
		if strings.ContainsAny(s, "\x00\x1b\n\r") || len(s) > 2*maxValue {
			t.Fatalf("field %q", s)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, i := range []int{0, 5, 13} {
		b.Run(layouts[i].name, func(b *testing.B) {
			addr, text := netip.MustParseAddr(layouts[i].addr), []byte(layouts[i].text)
			for b.Loop() {
				Parse(addr, layouts[i].server, text)
			}
		})
	}
}
