package netblock

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"spoor/enrich"
	"spoor/enrich/rdap"
)

// corpora returns a file under the folder of real answers, or skips the test.
func corpora(t testing.TB, path ...string) []byte {
	t.Helper()
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		t.Skip("SPOOR_CORPORA names no folder of real answers")
	}
	b, err := os.ReadFile(filepath.Join(append([]string{dir}, path...)...))
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
	if err := json.Unmarshal(corpora(t, "ipwhois", "ipwhois", "tests", name), &all); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]json.RawMessage)
	for addr, r := range all {
		out[addr] = r.Response
	}
	return out
}

func TestDump(t *testing.T) {
	show := func(k string, o enrich.Outcome, d string, nb *enrich.Netblock, ref string) {
		b, _ := json.Marshal(nb)
		t.Log(k, o, d, string(b), ref)
	}
	for _, f := range []string{"whois.json", "jpnic.json", "krnic.json"} {
		for k, v := range responses(t, f) {
			var s string
			json.Unmarshal(v, &s)
			a := Parse(netip.MustParseAddr(k), "", []byte(s))
			show(k, a.Outcome, a.Detail, a.Netblock, a.Refers)
		}
	}
	for k, v := range responses(t, "rdap.json") {
		a := rdap.ParseNetwork(netip.MustParseAddr(k), "", v)
		show(k, a.Outcome, a.Detail, a.Netblock, "")
	}
	for f, k := range map[string]string{"apnic": "144.134.121.81", "missing": "4.2.2.1", "ripe": "128.79.1.1", "rwhois": "69.65.39.166", "whois": "130.66.76.222", "servernap": "69.65.39.166"} {
		a := Parse(netip.MustParseAddr(k), "whois.arin.net", corpora(t, "weppos/spec/fixtures/referrals/arin_referral_"+f+".txt"))
		show(f, a.Outcome, a.Detail, a.Netblock, a.Refers)
	}
}
