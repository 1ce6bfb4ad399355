package wire

import (
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "spam", "spam"},
		{"umlaut", "für", "für"},
		{"NUL", "a\x00b", "a\uFFFDb"},
		{"latin-1", "f\xfcr", "f\uFFFDr"},
		{"surrogate half", "\xed\xa0\x80", "\uFFFD"},
		{"cut in a rune", strings.Repeat("x", 7) + "ü", strings.Repeat("x", 7)},
		{"cut after a rune", strings.Repeat("x", 6) + "üy", strings.Repeat("x", 6) + "ü"},
		{"replacement grows", strings.Repeat("\x00", 8), "\uFFFD\uFFFD"},
	} {
		if got := Clean(c.in, 8); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x00b\xff\xc3", 3)
	f.Add("\xe2\x82\xac\xe2\x82", 5)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = max(limit&0xff, 4)
		got := Clean(s, limit)
		if !utf8.ValidString(got) || strings.Contains(got, "\x00") || len(got) > limit {
			t.Errorf("%q", got)
		}
		if len(s) <= limit && utf8.ValidString(s) && !strings.Contains(s, "\x00") && got != s {
			t.Errorf("%q was changed to %q", s, got)
		}
		if Clean(got, limit) != got {
			t.Errorf("%q is not stable", got)
		}
	})
}

func TestTimestampRange(t *testing.T) {
	for _, c := range []struct {
		t     time.Time
		known bool
	}{
		{time.Time{}, false},
		{time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), false},
		{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{time.Date(102, 1, 1, 0, 0, 0, 0, time.UTC), true},
		{time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC), true},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), true},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600)), false},
		{time.Date(292277026596, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{time.Unix(math.MaxInt64, 0), false},
	} {
		r := &Rows{}
		r.Timestamp(c.t)
		if known := len(r.buf) > 4; known != c.known {
			t.Errorf("%v: known %v", c.t, known)
		}
	}
}

func TestInetForms(t *testing.T) {
	plain, mapped := &Rows{}, &Rows{}
	plain.Inet(netip.MustParseAddr("192.0.2.1"))
	mapped.Inet(netip.MustParseAddr("::ffff:192.0.2.1"))
	if string(plain.buf) != string(mapped.buf) {
		t.Error("an IPv4 address written in IPv6 is not the same")
	}
}
