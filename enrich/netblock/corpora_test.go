package netblock

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spoor/enrich"
	"spoor/enrich/rdap"
)

// corpora returns a file under the folder of real answers, or skips the test.
func corpora(t testing.TB, path string) []byte {
	t.Helper()
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		t.Skip("SPOOR_CORPORA names no folder of real answers")
	}
	b, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// responses reads one of ipwhois' files of answers.
func responses(t testing.TB, name string) map[string]json.RawMessage {
	var all map[string]struct {
		Response json.RawMessage `json:"response"`
	}
	if err := json.Unmarshal(corpora(t, "ipwhois/ipwhois/tests/"+name), &all); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]json.RawMessage)
	for addr, r := range all {
		out[addr] = r.Response
	}
	return out
}

func prefixesOf(nb *enrich.Netblock) string {
	var out []string
	for _, p := range nb.Prefixes {
		out = append(out, p.String())
	}
	return strings.Join(out, ",")
}

// expected maps an address to the values that a person reads in ipwhois'
// answers: prefix | name | owner | country.
type expected map[string]string

func check(t *testing.T, file string, want expected, parse func(addr netip.Addr, raw json.RawMessage) *enrich.Netblock) {
	t.Helper()
	got := responses(t, file)
	right := 0
	for addr, w := range want {
		nb := parse(netip.MustParseAddr(addr), got[addr])
		if nb == nil {
			t.Errorf("%s in %s: nothing read", addr, file)
			continue
		}
		if g := strings.Join([]string{prefixesOf(nb), nb.Name, nb.Owner, nb.Country}, "|"); g != w {
			t.Errorf("%s in %s:\n got %s\nwant %s", addr, file, g, w)
			continue
		}
		right++
	}
	if len(got) != len(want) {
		t.Errorf("%s has %d answers, %d are expected", file, len(got), len(want))
	}
	t.Logf("%s: prefix, name, owner and country right in %d of %d", file, right, len(want))
}

func parseText(addr netip.Addr, raw json.RawMessage) *enrich.Netblock {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return nil
	}
	return Parse(addr, "", []byte(s)).Netblock
}

func TestRealWHOISAnswers(t *testing.T) {
	check(t, "whois.json", expected{
		"196.11.240.215":            "196.11.239.0/24,196.11.240.0/22,196.11.244.0/23,196.11.246.0/24|NET-196-11-239-0|MTN SA|ZA",
		"2001:43f8:7b0::":           "2001:43f8:7b0::/48|Tespok|Telecommunication Sevice Providers Association of Kenya - TESPOK|KE",
		"62.239.237.1":              "62.239.237.0/24|BT-CORPORATE|UDC|GB",
		"2a00:2381:ffff::1":         "2a00:2381:ffff::/64|BT-WORLD-IPVSIX-LAUNCH|BT World IPv6 Launch|GB",
		"210.107.73.73":             "210.107.0.0/17|BORANET-NET-210-107|DACOM Corp.|KR",
		"2001:240:10c:1::ca20:9d1d": "2001:240:10c::/48|IIJ-PRJNET|Internet Initiative Japan Inc.|JP",
		"74.125.225.229":            "74.125.0.0/16|GOOGLE|Google Inc.|US",
		"2001:4860:4860::8888":      "2001:4860::/32|GOOGLE-IPV6|Google Inc.|US",
		"200.57.141.161":            "200.57.128.0/19|Triara.com, S.A. de C.V.|Triara.com, S.A. de C.V.|MX",
		"2801:10:c000::":            "2801:10:c000::/48|Universidad Catolica de Oriente|Universidad Catolica de Oriente|CO",
	}, parseText)
	check(t, "jpnic.json", expected{"133.1.2.5": "133.1.0.0/16|OSAKAU-NET|Osaka University|JP"}, parseText)
	check(t, "krnic.json", expected{"115.1.2.3": "115.1.2.0/26||KT|KR"}, parseText)
}

// TestRealRDAPAnswers has the RDAP answers for the same addresses. LACNIC gave
// the address itself as the network then, and AFRINIC the organisation's handle
// as every name.
func TestRealRDAPAnswers(t *testing.T) {
	check(t, "rdap.json", expected{
		"196.11.240.215":            "196.11.239.0/24,196.11.240.0/22,196.11.244.0/23,196.11.246.0/24|ORG-VSA1-AFRINIC|ORG-VSA1-AFRINIC|ZA",
		"2001:43f8:7b0::":           "2001:43f8:7b0::/48|ORG-TA38-AFRINIC|ORG-TA38-AFRINIC|KE",
		"62.239.237.1":              "62.239.237.0/24|BT-CORPORATE|UDC|GB",
		"2a00:2381:ffff::1":         "2a00:2381:ffff::/64|BT-WORLD-IPVSIX-LAUNCH|BT World IPv6 Launch|GB",
		"210.107.73.73":             "210.107.0.0/17|BORANET-NET-210-107|DACOM Corp.|KR",
		"2001:240:10c:1::ca20:9d1d": "2001:240::/32|IIJ-JPNIC-JP-20000308|Japan Network Information Center|JP",
		"74.125.225.229":            "74.125.0.0/16|GOOGLE|Google Inc.|US",
		"2001:4860:4860::8888":      "2001:4860::/32|GOOGLE-IPV6|Google Inc.|US",
		"200.57.141.161":            "200.57.141.161/32|Triara.com, S.A. de C.V.|Triara.com, S.A. de C.V.|MX",
		"2801:10:c000::":            "2801:10:c000::/128|Universidad Catolica de Oriente|Universidad Catolica de Oriente|CO",
	}, func(addr netip.Addr, raw json.RawMessage) *enrich.Netblock {
		return rdap.ParseNetwork(addr, "", raw).Netblock
	})
}

func TestRealReferrals(t *testing.T) {
	for file, want := range map[string]struct {
		addr, refers string
		outcome      enrich.Outcome
	}{
		"apnic":     {"144.134.121.81", "whois.apnic.net", enrich.None},
		"whois":     {"130.66.76.222", "whois.ripe.net", enrich.None},
		"rwhois":    {"69.65.39.166", "rwhois.servernap.net:4321", enrich.Answered},
		"servernap": {"69.65.39.166", "rwhois.servernap.net:4321", enrich.Answered},
		"missing":   {"4.2.2.1", "", enrich.Answered},
		"ripe":      {"128.79.1.1", "", enrich.Answered},
	} {
		a := Parse(netip.MustParseAddr(want.addr), "", corpora(t, "weppos/spec/fixtures/referrals/arin_referral_"+file+".txt"))
		if a.Outcome != want.outcome || a.Refers != want.refers {
			t.Errorf("%s: %s, refers to %q; want %s, %q", file, a.Outcome, a.Refers, want.outcome, want.refers)
		}
	}
}
