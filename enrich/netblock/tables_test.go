package netblock

import (
	"compress/gzip"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"spoor/enrich"
)

// open writes text to a file and reads it as a table.
func open(t testing.TB, name, text string) (*Tables, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Open(path)
}

func TestTablesByTheirLook(t *testing.T) {
	for _, tc := range []struct{ name, text, addr, origin, holder string }{
		{"prefix, AS, name", "192.0.2.0/24\t64500\tEXAMPLE Example Network\n", "192.0.2.9", "[64500] 192.0.2.0/24 EXAMPLE Example Network ", ""},
		{"AS, prefix", "# comment\nAS64500 192.0.2.0/24\nAS64501 192.0.2.128/25\n", "192.0.2.200", "[64501] 192.0.2.128/25  ", ""},
		{"iptoasn", "192.0.2.0\t192.0.2.255\t64500\tNL\tEXAMPLE Example\n0.0.0.0\t0.255.255.255\t0\tNone\tNot routed\n", "192.0.2.9", "[64500] 192.0.2.0/24 EXAMPLE Example NL", ""},
		{"iptoasn, not routed", "192.0.2.0\t192.0.2.255\t64500\tNL\tX\n203.0.113.0\t203.0.113.255\t0\tNone\tNot routed\n", "203.0.113.1", "", ""},
		{"iptoasn, numbers", "3221225984\t3221226239\t64500\tNL\tEXAMPLE\n", "192.0.2.9", "[64500] 192.0.2.0/24 EXAMPLE NL", ""},
		{"iptoasn, odd range, IPv6", "2001:db8::\t2001:db8:2:ffff:ffff:ffff:ffff:ffff\t64500\tNL\tEXAMPLE\n", "2001:db8:2::1", "[64500] 2001:db8:2::/48 EXAMPLE NL", ""},
		{"routeviews", "192.0.2.0\t24\t64500_64501\n198.51.100.0\t24\t{64502,64503}\n", "192.0.2.9", "[64500 64501] 192.0.2.0/24  ", ""},
		{"delegated-extended", "2|ripencc|20260101|3|19830705|20260101|+0000\nripencc|*|ipv4|*|1|summary\nripencc|NL|ipv4|192.0.2.0|384|20070112|allocated|abc-123\nripencc|NL|asn|64500|1|20070112|allocated|abc-123\nripencc||ipv4|203.0.113.0|256||available|\n",
			"192.0.3.9", "", "192.0.2.0-192.0.3.127   NL ripe allocated abc-123"},
		{"delegated, IPv6", "lacnic|CO|ipv6|2001:db8::|32|20131029|assigned|123\n", "2001:db8::1", "", "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff   CO lacnic assigned 123"},
		{"header, CSV with quotes", "network,autonomous_system_number,autonomous_system_organization\n192.0.2.0/24,64500,\"Example, Inc.\"\n", "192.0.2.9", "[64500] 192.0.2.0/24 Example, Inc. ", ""},
		{"header, holders", "prefix;x\n", "192.0.2.9", "", "error"},
		{"header, holders by tab", "prefix\tnetname\towner\tcountry\tregistry\n192.0.2.0 - 192.0.2.255\tEX-NET\tExample\tNL\tripencc\n", "192.0.2.9", "", "192.0.2.0-192.0.2.255 EX-NET Example NL ripe  "},
		{"prefix and owner", "192.0.2.0/24\tExample Holder\tNL\n", "192.0.2.9", "", "192.0.2.0-192.0.2.255  Example Holder NL   "},
		{"most specific counts", "192.0.2.0/24\tWide\n192.0.2.0/28\tNarrow\n192.0.2.64/28\tOther\n", "192.0.2.9", "", "192.0.2.0-192.0.2.15  Narrow    "},
		{"nothing", "", "192.0.2.9", "", "error"}, {"prose", "Dear customer,\nplease find attached\n", "192.0.2.9", "", "error"}, {"binary", "\x00\x01\x02\xff\xfe", "192.0.2.9", "", "error"},
	} {
		tables, err := open(t, "t.txt", tc.text)
		if tc.holder == "error" {
			if err == nil {
				t.Errorf("%s: read as a table", tc.name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		origin, holder := "", ""
		if o, _, ok := tables.OriginAS(netip.MustParseAddr(tc.addr)); ok {
			origin = fmt.Sprint(o.ASNs, " ", o.Prefix, " ", strings.Join(o.Names, ","), " ", o.Country)
		}
		if h, from, ok := tables.Netblock(netip.MustParseAddr(tc.addr)); ok {
			holder = fmt.Sprintf("%s-%s %s %s %s %s %s %s", h.First, h.Last, h.Name, h.Owner, h.Country, h.Registry, h.Status, h.Handle)
			if from != "t.txt" {
				t.Errorf("%s: from %q", tc.name, from)
			}
		}
		if strings.TrimSpace(origin) != strings.TrimSpace(tc.origin) || strings.TrimSpace(holder) != strings.TrimSpace(tc.holder) {
			t.Errorf("%s:\norigin %q, want %q\nholder %q, want %q", tc.name, origin, tc.origin, holder, tc.holder)
		}
	}
}

func TestCompressedTable(t *testing.T) {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, "192.0.2.0/24\t64500\tEXAMPLE\n")
	z.Close()
	tables, err := open(t, "t.tsv.gz", b.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := tables.OriginAS(netip.MustParseAddr("192.0.2.1")); !ok {
		t.Error("nothing found")
	}
}

func TestTablesNeedNoNetwork(t *testing.T) {
	tables, err := open(t, "holders.tsv", "192.0.2.0/24\tExample Holder\tNL\n")
	if err != nil {
		t.Fatal(err)
	}
	whole := &Lookup{Tables: tables, AskReserved: true} // would panic if it dialled
	out, err := whole.Look(t.Context(), subject("192.0.2.7"))
	if err != nil || len(out) != 1 || out[0].Source != enrich.Table || out[0].Server != "holders.tsv" {
		t.Errorf("%+v %v", out, err)
	}
	if out, err = whole.Look(t.Context(), subject("192.0.2.8")); err != nil || len(out) != 0 {
		t.Errorf("the same block again: %+v %v", out, err)
	}
}

func TestALargeTableFitsInMemory(t *testing.T) {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, "%d.%d.%d.0/24\t%d\tAS-NAME-%d Some Network\n", 1+i>>16, i>>8&255, i&255, 64000+i%70_000, i%70_000)
	}
	path := filepath.Join(t.TempDir(), "big.tsv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	before := heap()
	tables, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	used := heap() - before
	t.Logf("100,000 prefixes of 70,000 networks take %d KiB", used>>10)
	if used > 30<<20 {
		t.Errorf("%d bytes", used)
	}
	if _, _, ok := tables.OriginAS(netip.MustParseAddr("1.2.3.4")); !ok {
		t.Error("nothing found")
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestDamagedMMDB(t *testing.T) {
	for _, text := range []string{"\xab\xcd\xefMaxMind.com", "\xab\xcd\xefMaxMind.com\xe0", strings.Repeat("x", 5000) + "\xab\xcd\xefMaxMind.com\xe9\xff\xff\xff"} {
		if tables, err := open(t, "x.mmdb", text); err == nil {
			tables.Netblock(netip.MustParseAddr("192.0.2.1"))
			tables.Close()
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add("192.0.2.0/24\t64500\tX\n")
	f.Add("network,asn\n192.0.2.0/24,64500\n")
	f.Add("ripencc|NL|ipv4|192.0.2.0|256|20070112|allocated|x\n")
	f.Add("192.0.2.0 24 1_2\n")
	f.Fuzz(func(t *testing.T, text string) {
		tables, err := open(t, "x", text)
		if err != nil {
			return
		}
		defer tables.Close()
		a := netip.MustParseAddr("192.0.2.9")
		if nb, _, ok := tables.Netblock(a); ok && (a.Less(nb.First) || nb.Last.Less(a)) {
			t.Fatalf("%+v", nb)
		}
		if o, _, ok := tables.OriginAS(a); ok && (!o.Prefix.Contains(a) || len(o.ASNs) == 0) {
			t.Fatalf("%+v", o)
		}
	})
}
