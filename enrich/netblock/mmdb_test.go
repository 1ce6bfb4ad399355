package netblock

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mm encodes values in MaxMind's format (version 2): a control byte of type and size.
type mm struct{ strings.Builder }

func (m *mm) head(kind byte, size int) {
	extended := kind > 7
	first := kind << 5
	if extended {
		first = 0
	}
	if size < 29 {
		m.WriteByte(first | byte(size))
	} else {
		m.WriteByte(first | 29)
	}
	if extended {
		m.WriteByte(kind - 7)
	}
	if size >= 29 {
		m.WriteByte(byte(size - 29))
	}
}

func (m *mm) text(s string) {
	m.head(2, len(s))
	m.WriteString(s)
}

func (m *mm) number(key string, kind byte, n uint32) {
	m.text(key)
	m.head(kind, 4)
	m.Write([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func (m *mm) small(key string, n byte) {
	m.text(key)
	m.head(5, 1)
	m.WriteByte(n)
}

func (m *mm) pair(key, value string) { m.text(key); m.text(value) }

// mmdb writes a file of one node: record is the entry for 0.0.0.0/1.
func mmdb(t *testing.T, record func(*mm)) string {
	t.Helper()
	var m mm
	m.WriteString("\x00\x00\x11\x00\x00\x01") // left: data at 0; right: nothing
	m.WriteString(strings.Repeat("\x00", 16))
	record(&m)
	m.WriteString("\xab\xcd\xefMaxMind.com")
	m.head(7, 9)
	m.small("binary_format_major_version", 2)
	m.small("binary_format_minor_version", 0)
	m.number("build_epoch", 9, 1_700_000_000)
	m.pair("database_type", "Test")
	m.text("description")
	m.head(7, 0)
	m.small("ip_version", 4)
	m.text("languages")
	m.head(11, 0)
	m.number("node_count", 6, 1)
	m.small("record_size", 24)
	path := filepath.Join(t.TempDir(), "test.mmdb")
	if err := os.WriteFile(path, []byte(m.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMMDB(t *testing.T) {
	tables, err := Open(mmdb(t, func(m *mm) {
		m.head(7, 4)
		m.number("autonomous_system_number", 6, 64500)
		m.pair("autonomous_system_organization", "Example Networks")
		m.pair("isp", "Example Holder")
		m.text("country")
		m.head(7, 1)
		m.pair("iso_code", "NL")
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	addr := netip.MustParseAddr("100.64.0.1")
	o, from, ok := tables.OriginAS(addr)
	if !ok || from != "test.mmdb" || len(o.ASNs) != 1 || o.ASNs[0] != 64500 || o.Names[0] != "Example Networks" || o.Prefix != netip.MustParsePrefix("0.0.0.0/1") {
		t.Errorf("%+v %v", o, ok)
	}
	nb, _, ok := tables.Netblock(addr)
	if !ok || nb.Owner != "Example Holder" || nb.Country != "NL" || nb.Last != netip.MustParseAddr("127.255.255.255") {
		t.Errorf("%+v %v", nb, ok)
	}
	for _, other := range []string{"192.0.2.1", "2001:db8::1"} {
		if _, _, ok := tables.OriginAS(netip.MustParseAddr(other)); ok {
			t.Errorf("%s is found", other)
		}
	}
}

func TestMMDBCutAnywhere(t *testing.T) {
	path := mmdb(t, func(m *mm) { m.head(7, 1); m.pair("isp", "Example Holder") })
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		damaged := append([]byte{}, whole...)
		damaged[i] ^= 0xff
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if tables, err := Open(path); err == nil {
			tables.Netblock(netip.MustParseAddr("100.64.0.1"))
			tables.OriginAS(netip.MustParseAddr("2001:db8::1"))
			tables.Close()
		}
	}
}
