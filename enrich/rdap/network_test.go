package rdap

import (
	"encoding/json"
	"net/netip"
	"testing"

	"spoor/enrich"
)

// network is an answer in the layout of RIPE, with a maintainer as registrant.
const network = `{"objectClassName":"ip network","handle":"192.0.2.0 - 192.0.2.255","startAddress":"192.0.2.0","endAddress":"192.0.2.255","ipVersion":"v4","name":"EXAMPLE-NET","type":"ASSIGNED PA","country":"NL",
"remarks":[{"description":["Example hosting","second line"]}],
"events":[{"eventAction":"registration","eventDate":"2001-02-03T04:05:06Z"},{"eventAction":"last changed","eventDate":"2010-02-03T04:05:06Z"}],
"entities":[{"handle":"EX-MNT","roles":["registrant"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","EX-MNT"],["kind",{},"text","individual"]]]},
{"handle":"AR1-RIPE","roles":["abuse"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Abuse"],["kind",{},"text","group"],["email",{"type":"abuse"},"text","abuse@holder.example"]]]}],
"port43":"whois.ripe.net"}`

func TestParseNetwork(t *testing.T) {
	for name, tc := range map[string]struct{ addr, body, prefix, owner, country, registry, abuse string }{
		"RIPE, with a maintainer as registrant": {"192.0.2.9", network, "192.0.2.0/24", "Example hosting", "NL", "ripe", "abuse@holder.example"},
		"RIPE, with an organisation": {"192.0.2.9", `{"startAddress":"192.0.2.0/32","endAddress":"192.0.2.127/32","name":"X","country":"eu","remarks":[{"description":["a description"]}],
			"entities":[{"handle":"X-MNT","roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","X-MNT"]]]},{"handle":"ORG-X1-RIPE","roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","Example B.V."],["kind",{},"text","org"]]]}],"port43":"whois.ripe.net"}`,
			"192.0.2.0/25", "Example B.V.", "EU", "ripe", ""},
		"ARIN, country in a label, zeros in front": {"192.0.2.9", `{"objectClassName":"ip network","startAddress":"192.000.002.000","endAddress":"192.000.002.255","handle":"NET-192-0-2-0-1","name":"EX",
			"entities":[{"handle":"EX","roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","Example Inc."],["adr",{"label":"1 Main Street\nSpringfield\nUNITED STATES"},"text",["","","","","","",""]],["kind",{},"text","org"]]],
			"entities":[{"roles":["abuse"],"vcardArray":["vcard",[["email",{},"text","abuse@ex.example"]]]}]}],"port43":"whois.arin.net"}`,
			"192.0.2.0/24", "Example Inc.", "US", "arin", "abuse@ex.example"},
		"APNIC, description by title": {"2001:db8::1", `{"startAddress":"2001:db8::","endAddress":"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff","name":"EX-AP","country":"JP","remarks":[{"title":"remarks","description":["send spam reports to abuse@ap.example"]},{"title":"description","description":["***","Example K.K."]}],
			"links":[{"rel":"self","href":"http://rdap.apnic.net/ip/2001:db8::/32"}]}`, "2001:db8::/32", "Example K.K.", "JP", "apnic", "abuse@ap.example"},
		"LACNIC, an owner, CIDR extension": {"203.0.113.7", `{"startAddress":"","endAddress":"","cidr0_cidrs":[{"v4prefix":"203.0.113.0","length":25}],"name":"Ejemplo S.A.","country":"CO",
			"entities":[{"handle":"CO-EJ-LACNIC","roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","Ejemplo S.A."],["kind",{},"text","org"]]]}],"port43":"whois.lacnic.net"}`, "203.0.113.0/25", "Ejemplo S.A.", "CO", "lacnic", ""},
		"AFRINIC, no roles": {"198.51.100.1", `{"handle":"198.51.100.0 - 198.51.100.255","name":"ORG-EX1-AFRINIC","country":"ZA","entities":[{"handle":"P1","vcardArray":["vcard",[["fn",{},"text","A Person"],["kind",{},"text","individual"]]]},
			{"handle":"ORG-EX1-AFRINIC","vcardArray":["vcard",[["fn",{},"text","ORG-EX1-AFRINIC"],["kind",{},"text","org"]]]}],"port43":"whois.afrinic.net"}`, "198.51.100.0/24", "ORG-EX1-AFRINIC", "ZA", "afrinic", ""},
	} {
		a := ParseNetwork(netip.MustParseAddr(tc.addr), "", []byte(tc.body))
		nb := a.Netblock
		if nb == nil {
			t.Errorf("%s: %+v", name, a)
			continue
		}
		if len(nb.Prefixes) != 1 || nb.Prefixes[0].String() != tc.prefix || nb.Owner != tc.owner || nb.Country != tc.country || nb.Registry != tc.registry || nb.AbuseEmail != tc.abuse {
			t.Errorf("%s: %+v", name, nb)
		}
	}
}

func TestNetworkOfOthers(t *testing.T) {
	for name, body := range map[string]string{
		"another network": network, "turned round": `{"startAddress":"203.0.113.9","endAddress":"203.0.113.0"}`, "two families": `{"startAddress":"203.0.113.0","endAddress":"2001:db8::"}`,
		"a domain": `{"objectClassName":"domain"}`, "nothing": `{}`, "bad length": `{"cidr0_cidrs":[{"v4prefix":"203.0.113.0","length":99},{"v4prefix":"x","length":-1}]}`,
	} {
		if a := ParseNetwork(netip.MustParseAddr("203.0.113.5"), "", []byte(body)); a.Outcome != enrich.Malformed || a.Netblock != nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// checkNetwork checks the invariants of an answer.
func checkNetwork(t *testing.T, b []byte) {
	addr := netip.MustParseAddr("192.0.2.9")
	a := ParseNetwork(addr, "https://rdap.example/ip/192.0.2.9", b)
	if (a.Netblock != nil) != (a.Outcome == enrich.Answered) {
		t.Fatalf("%+v", a)
	}
	if nb := a.Netblock; nb != nil {
		in := false
		for _, p := range nb.Prefixes {
			in = in || p.Contains(addr)
		}
		if !in || addr.Less(nb.First) || nb.Last.Less(addr) {
			t.Fatalf("%s is not in %+v", addr, nb)
		}
		if _, err := json.Marshal(nb); err != nil {
			t.Fatal(err)
		}
	}
}
