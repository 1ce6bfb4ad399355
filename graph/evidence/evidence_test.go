package evidence

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"spoor/internal/lab/linear"
)

// valuesOf lists the values of one kind that a message offers.
func valuesOf(m *Message, k Kind) []string {
	var out []string
	for _, f := range Of(m) {
		if f.Kind == k {
			out = append(out, f.Value)
		}
	}
	return out
}

// want fails unless a message offers just these values of a kind, in order.
func want(t *testing.T, m *Message, k Kind, values ...string) {
	t.Helper()
	if got := valuesOf(m, k); !slices.Equal(got, values) {
		t.Errorf("%s: %q, want %q", k, got, values)
	}
}

// maxFeatures is more than any message may offer: nine for each link that is looked at,
// and as many again for all else.
const maxFeatures = 10 * maxLinks

// sound checks the invariants of a result of Of.
func sound(t *testing.T, features []Feature) {
	t.Helper()
	if len(features) > maxFeatures {
		t.Errorf("%d features", len(features))
	}
	for i, f := range features {
		switch {
		case f.Kind >= Kinds:
			t.Errorf("kind %d", f.Kind)
		case f.Value == "":
			t.Errorf("%s: empty", f.Kind)
		case len(f.Value) > maxValue:
			t.Errorf("%s: %d bytes", f.Kind, len(f.Value))
		case !utf8.ValidString(f.Value):
			t.Errorf("%s: %q is no UTF-8", f.Kind, f.Value)
		case i > 0 && Compare(features[i-1], f) >= 0:
			t.Errorf("%s %q follows %s %q", f.Kind, f.Value, features[i-1].Kind, features[i-1].Value)
		case f.Key().Kind() != f.Kind:
			t.Errorf("%s: key of kind %s", f.Kind, f.Key().Kind())
		}
	}
	keys := Keys(features)
	for i := 1; i < len(keys); i++ {
		if keys[i-1] >= keys[i] {
			t.Fatalf("keys %d and %d do not ascend", i-1, i)
		}
	}
}

// everywhere is a message that has one string wherever a string can stand, as a sender
// could write it.
func everywhere(s string) *Message {
	some := []string{s, "x" + s, strings.ToUpper(s)}
	link := func(found, shared string) Link {
		return Link{URL: "http://" + s + "/" + s + "?" + s + "=" + s + "&id=" + s + "#" + s, Host: s, Domain: s, Shared: shared, Tenant: s, Found: found}
	}
	return &Message{
		Text: 1, HTMLForm: 2, Subject: s, SubjectKey: s, FromName: s, From: s + "@" + s, ReplyTo: some,
		ReturnPath: "x" + s + "@y" + s, Readers: []string{"someone@example.com"}, ListID: s, MessageID: s + "@z" + s, MessageIDForm: s,
		BoundaryForm: s, MIMESkeleton: s, Encodings: s, HeaderNames: s + "," + s + "-odd,From,X-" + s, Mailer: s, DateForm: s,
		Sender: netip.MustParseAddr("192.0.2.1"), HELO: s, ReverseName: "p." + s + ".example", Claims: []Claim{{Raw: s}},
		Links: []Link{link("text", ""), link("list-unsubscribe", "hosting"), link("a@href", "private-suffix")}, Phones: some, Mailboxes: some,
		Wallets: some, Attachments: some, FileNames: some, Anomalies: []string{"date-zone", s},
		SenderFields: []string{"feedback-id: " + s, "list-id: " + s, "x-" + s + ": " + s + "12345"}, BoundaryStart: s, Invisible: s, Words: some,
	}
}

func TestFeaturesAreSound(t *testing.T) {
	for name, s := range map[string]string{
		"nothing":              "",
		"a word":               "example",
		"bytes that are cut":   strings.Repeat("a", maxValue+100),
		"two-byte runes":       strings.Repeat("ä", maxValue),
		"two-byte runes, odd":  "a" + strings.Repeat("ä", maxValue),
		"three-byte runes":     strings.Repeat("語", maxValue),
		"three-byte runes, +1": "a" + strings.Repeat("語", maxValue),
		"three-byte runes, +2": "ab" + strings.Repeat("語", maxValue),
		"four-byte runes":      strings.Repeat("😀", maxValue),
		"four-byte runes, +1":  "a" + strings.Repeat("😀", maxValue),
		"four-byte runes, +2":  "ab" + strings.Repeat("😀", maxValue),
		"short runes":          "ключ-от-дома-12345",
		"runes after digits":   strings.Repeat("1", 8) + strings.Repeat("語", 8),
		"combining marks":      "e" + strings.Repeat("\u0301", 600),
		"capitals that grow":   strings.Repeat("İ", 400), // lower case is longer in bytes
		"words":                strings.Repeat("slövenščina ", 200),
		"percent":              strings.Repeat("%ff%00%c3", 60),
		"base64 of a URL":      base64.RawURLEncoding.EncodeToString([]byte("https://ключ.example/?id=語12345")),
		"bytes of no rune":     "ab\xff\xfe\xc3",
		"a zero":               "ab\x00cd",
		"only separators":      strings.Repeat("./-_=&;?#%@,: ", 80),
		"only an at sign":      "@",
		"a long local part":    strings.Repeat("語", 66) + "abcdefgh",
	} {
		t.Run(name, func(t *testing.T) {
			features := Of(everywhere(s))
			if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
				// Facts are UTF-8 without zeros before they get here; it must only not panic.
				return
			}
			sound(t, features)
		})
	}
	if got := Of(&Message{}); len(got) != 0 {
		t.Errorf("a message that says nothing offers %v", got)
	}
}

func TestKeys(t *testing.T) {
	f := []Feature{{Wallet, "b"}, {Text, "a"}, {Wallet, "b"}, {Text, "b"}}
	keys := Keys(f)
	if len(keys) != 3 || !slices.IsSorted(keys) {
		t.Errorf("%v", keys)
	}
	if (Feature{Text, "a"}).Key() == (Feature{SubjectKey, "a"}).Key() {
		t.Error("kinds fall together")
	}
	seen := make(map[Key]string)
	for k := range Kinds {
		for i := range 2000 {
			f := Feature{k, fmt.Sprint(i)}
			if was, ok := seen[f.Key()]; ok {
				t.Fatalf("%v and %s have one key", f, was)
			}
			seen[f.Key()] = f.Value
		}
	}
}

// Time grows linearly with the size of every part of a message.
func TestTimeIsLinear(t *testing.T) {
	for name, make := range map[string]func(n int) *Message{
		"a long URL":    func(n int) *Message { return withURL("http://a.example/" + strings.Repeat("ab1/", n*25)) },
		"a long query":  func(n int) *Message { return withURL("http://a.example/?" + strings.Repeat("ab1=cd2&", n*12)) },
		"nested URLs":   func(n int) *Message { return withURL(strings.Repeat("http://a.example/?u=", n*5)) },
		"percent signs": func(n int) *Message { return withURL("http://a.example/" + strings.Repeat("%25", n*33)) },
		"many links":    func(n int) *Message { return &Message{Links: linksTo10(n * 10)} },
		"many contacts": func(n int) *Message {
			return &Message{Mailboxes: many("a%d@b%d.example", n*10), Readers: many("a%d@b%d.example", n*10)}
		},
		"many readers": func(n int) *Message {
			return &Message{ReturnPath: "x@y.example", Subject: strings.Repeat("ab ", 100*n), Readers: many("a%d@b%d.example", n*10)}
		},
		"a long bounce": func(n int) *Message {
			return &Message{ReturnPath: strings.Repeat("abc", 300*n) + "@y.example", Readers: []string{"abc@b.example", "bca@c.example"}}
		},
		"a long subject":   func(n int) *Message { s := strings.Repeat("word ", n*200); return &Message{Subject: s, SubjectKey: s} },
		"one subject word": func(n int) *Message { s := strings.Repeat("ä", n*500); return &Message{Subject: s, SubjectKey: s} },
		"header names":     func(n int) *Message { return &Message{HeaderNames: strings.Join(many("X-Odd-%d-%d", n*50), ",")} },
		"one header name":  func(n int) *Message { return &Message{HeaderNames: strings.Repeat("X", n*1000)} },
		"many claims":      func(n int) *Message { return &Message{Claims: claims(n * 10)} },
		"a long claim":     func(n int) *Message { return &Message{Claims: []Claim{{Raw: strings.Repeat("a b ", n*250)}}} },
		"many anomalies":   func(n int) *Message { return &Message{Anomalies: many("code-%d-%d", n*10)} },
		"a long host": func(n int) *Message {
			return &Message{HELO: strings.Repeat("a.", n*500), ReverseName: strings.Repeat("b.", n*500), From: "a@" + strings.Repeat("c.", n*500)}
		},
		"long Message-ID": func(n int) *Message {
			return &Message{MessageID: strings.Repeat("ab.", n*300) + "@" + strings.Repeat("cd.", n*300)}
		},
		"long file names": func(n int) *Message { return &Message{FileNames: []string{strings.Repeat("9a", n*500)}} },
		"list id": func(n int) *Message {
			return &Message{From: "a@b.example", ListID: strings.Repeat("<.", n*500), HeaderNames: "List-Post"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			sound(t, Of(make(1000)))
			linear.Check(t, 1000, make, func(m *Message) {
				Of(m)
				Newsletter(m)
			})
		})
	}
}

func withURL(u string) *Message {
	return &Message{Links: []Link{{URL: u, Host: "a.example", Domain: "a.example", Found: "text"}}}
}

func linksTo10(n int) []Link {
	var out []Link
	for i := range n {
		d := fmt.Sprintf("d%d.example", i)
		out = append(out, Link{URL: fmt.Sprintf("http://h.%s/page%d?id=%d", d, i, 10000+i), Host: "h." + d, Domain: d})
	}
	return out
}

func many(format string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(format, i, i))
	}
	return out
}

func claims(n int) []Claim {
	var out []Claim
	for i := range n {
		out = append(out, Claim{Raw: fmt.Sprintf("from h%d.example by x.example; now", i)})
	}
	return out
}

// FuzzOf writes foreign strings into every field.
func FuzzOf(f *testing.F) {
	f.Add("example", "http://a.example/x1y2z3/?id=12345", "X-Odd,From,Subject", "a-12345@b.example", uint8(0))
	f.Add("Re: [x] ünïcode", "http://a.example/?u=http%3A%2F%2Fb.example%2F%3Fk%3D777", "List-Post,X-BeenThere", "\"é\"@b", uint8(1))
	f.Add(strings.Repeat("語", 300), "https://a.example/"+base64.StdEncoding.EncodeToString([]byte("id=12345&u=http://c.example/9999")), "From", "@", uint8(2))
	f.Add("Fwd: x", "://", "References", strings.Repeat("é", 300)+"@x", uint8(3))
	f.Fuzz(func(t *testing.T, s, u, names, address string, how uint8) {
		if !utf8.ValidString(s + u + names + address) {
			t.Skip("facts are UTF-8")
		}
		m := everywhere(s)
		m.HeaderNames = names
		m.Links = append(m.Links, Link{URL: u, Host: s, Domain: s, Found: "a@href"})
		m.Claims = append(m.Claims, Claim{Raw: u, Address: netip.MustParseAddr("198.51.100.7")})
		switch how % 4 {
		case 0:
			m.From, m.ReturnPath = address, s
		case 1:
			m.ReturnPath, m.ListID = address, names
		case 2:
			m.MessageID, m.ReplyTo = address, []string{address}
		case 3:
			m.HELO, m.ReverseName, m.Mailboxes, m.Readers = address, u, []string{address, u}, []string{address, s}
		}
		features := Of(m)
		sound(t, features)
		if !slices.Equal(features, Of(m)) {
			t.Error("the second time it is not the same")
		}
		Newsletter(m)
	})
}

// FuzzDomain writes foreign strings into registries' answers.
func FuzzDomain(f *testing.F) {
	f.Add("shop.example", "Glenn Marston", "pens", "ns1.example.net", int64(1000000000))
	f.Add("ä.example", strings.Repeat("語", 300), "", "..", int64(-1))
	f.Add("", "REDACTED FOR PRIVACY", strings.Repeat("é", 511), ".", int64(86400))
	f.Fuzz(func(t *testing.T, name, who, registrar, server string, created int64) {
		if !utf8.ValidString(name + who + registrar + server) {
			t.Skip("observations are UTF-8")
		}
		d := Domain{Name: name, RegistrantName: who, RegistrantOrg: name, RegistrantEmail: who + "@" + name, RegistrantPhone: registrar, Handle: server,
			Registrar: registrar, Created: time.Unix(created, 0), NameServers: []string{server, "ns." + name}, Addresses: []netip.Addr{{}, netip.IPv6Unspecified()}}
		features := d.Features()
		slices.SortFunc(features, Compare)
		sound(t, slices.Compact(features))
		a := Address{Owner: who, ASN: created}
		sound(t, a.Features())
		sound(t, a.HostFeatures())
	})
}
