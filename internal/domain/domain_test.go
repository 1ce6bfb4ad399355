package domain

import (
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"
)

func TestParse(t *testing.T) {
	tests := []struct {
		in, host, registered, suffix, shared, operator, tenant string
	}{
		{"example.com", "example.com", "example.com", "com", "", "example.com", ""},
		{"WWW.Example.COM.", "www.example.com", "example.com", "com", "", "example.com", ""},
		{"a.b.example.co.uk", "a.b.example.co.uk", "example.co.uk", "co.uk", "", "example.co.uk", ""},
		{"co.uk", "co.uk", "", "co.uk", "", "", ""},
		{"com", "com", "", "com", "", "", ""},
		{"localhost", "localhost", "", "localhost", "", "", ""},
		{"shop.example", "shop.example", "shop.example", "example", "", "shop.example", ""},
		{"someone.github.io", "someone.github.io", "someone.github.io", "github.io", "hosting", "github.io", "someone"},
		{"github.io", "github.io", "", "github.io", "hosting", "github.io", ""},
		{"bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com", "s3.amazonaws.com", "storage", "amazonaws.com", "bucket"},
		{"s3.amazonaws.com", "s3.amazonaws.com", "", "s3.amazonaws.com", "storage", "amazonaws.com", ""},
		{"eur01.safelinks.protection.outlook.com", "eur01.safelinks.protection.outlook.com", "outlook.com", "com", "redirector", "outlook.com", "eur01"},
		{"u1.ct.sendgrid.net", "u1.ct.sendgrid.net", "sendgrid.net", "net", "esp", "sendgrid.net", "u1"},
		{"www.bit.ly", "www.bit.ly", "bit.ly", "ly", "shortener", "bit.ly", ""},
		{"notbit.ly", "notbit.ly", "notbit.ly", "ly", "", "notbit.ly", ""},
		{"bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example", "example", "", "xn--bcher-kva.example", ""},
		{"EXAMPLE。com", "example.com", "example.com", "com", "", "example.com", ""},
		{"exa\u00admple.com", "example.com", "example.com", "com", "", "example.com", ""},
		{"a_b.example.com", "a_b.example.com", "example.com", "com", "", "example.com", ""},
	}
	for _, tt := range tests {
		n, ok := Parse(tt.in)
		if !ok {
			t.Errorf("Parse(%q) is refused", tt.in)
			continue
		}
		if n.Host != tt.host || n.Registered != tt.registered || n.Suffix != tt.suffix || n.Shared != tt.shared || n.Operator != tt.operator || n.Tenant != tt.tenant {
			t.Errorf("Parse(%q) = %+v, want %+v", tt.in, n, tt)
		}
		if again, _ := Parse(n.Host); again.Host != n.Host {
			t.Errorf("Parse(%q).Host = %q, and again %q", tt.in, n.Host, again.Host)
		}
	}
}

func TestParseMarks(t *testing.T) {
	tests := []struct {
		in                    string
		known, idn, malformed bool
	}{
		{"example.com", true, false, false},
		{"mail.test", true, false, false},
		{"setup.exe", false, false, false},
		{"a_b.example.com", true, false, true},
		{"-a.example.com", true, false, true},
		{"xn--bcher-kva.example", true, true, false},
		{"xn--a.example", true, true, true},
		{"xn--\x80.example", true, true, true},
	}
	for _, tt := range tests {
		n, ok := Parse(tt.in)
		if tt.in == "xn--\x80.example" && !ok {
			continue // nothing left that could be asked for
		}
		if !ok || n.Known != tt.known || n.IDN != tt.idn || n.Malformed != tt.malformed {
			t.Errorf("Parse(%q) = %+v, %v; want known %v, idn %v, malformed %v", tt.in, n, ok, tt.known, tt.idn, tt.malformed)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{
		"", ".", "..", "a..b", "192.0.2.1", "2001:db8::1", "[192.0.2.1]", "12345", "a b.example", "a@b.example",
		"a/b", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "example", strings.Repeat("ü", 5000),
	} {
		if n, ok := Parse(in); ok {
			t.Errorf("Parse(%q) = %+v", in, n)
		}
	}
}

// The list must hold normal forms, or they are never met, and no bare top-level domain.
func TestSharedList(t *testing.T) {
	list, err := readShared(sharedText)
	if err != nil {
		t.Fatal(err)
	}
	for name := range list {
		n, ok := Parse(name)
		if !ok || n.Host != name {
			t.Errorf("%q is not in normal form: %+v", name, n)
		}
		if !n.Known || !strings.Contains(name, ".") {
			t.Errorf("%q has no known top-level domain", name)
		}
		if ps, icann := publicsuffix.PublicSuffix(name); icann && ps == name {
			t.Errorf("%q is a registry's suffix", name)
		}
	}
	if _, err := readShared("a.example\n"); err == nil {
		t.Error("a name without a kind was taken")
	}
	if _, err := readShared("[x]\na.example b.example\na.example/\n"); err == nil {
		t.Error("a name that stands twice was taken")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"example.com", "WWW.EXAMPLE.COM.", "bücher.example", "xn--a.example", "a..b", "1.2.3.4", "\u2024a\xff.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := Parse(s)
		if !ok {
			if n != (Name{}) {
				t.Fatalf("Parse(%q) refuses and returns %+v", s, n)
			}
			return
		}
		again, ok := Parse(n.Host)
		if !ok || again.Host != n.Host || again.Registered != n.Registered {
			t.Fatalf("Parse(%q) = %+v; of its host: %+v, %v", s, n, again, ok)
		}
		if n.Registered != "" && n.Host != n.Registered && !strings.HasSuffix(n.Host, "."+n.Registered) {
			t.Fatalf("Parse(%q) = %+v", s, n)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for name, host := range map[string]string{"plain": "www.shop.example.co.uk", "upper": "WWW.Example.COM", "idn": "bücher.example"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(host)
			}
		})
	}
}
