package mask

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

var recipients = []string{"john.doe@own.example", "maria@mail.own.example", "spamtrap77@gmail.com"}

// disguises are ways in which one address is written.
func disguises(a string) map[string]string {
	local, host, _ := strings.Cut(a, "@")
	b64 := base64.StdEncoding.EncodeToString
	quoted := func(s string) (out string) {
		for _, c := range []byte(s) {
			out += fmt.Sprintf("=%02X", c)
		}
		return out
	}
	return map[string]string{
		"plain": a, "capitals": strings.ToUpper(a), "brackets": "<" + a + ">", "percent": local + "%40" + host, "percent twice": local + "%2540" + host,
		"all percent": "%" + strings.ToUpper(hex.EncodeToString([]byte(a)))[:0] + percent(a), "query": url.QueryEscape(a), "quoted-printable": local + "=40" + host,
		"all quoted-printable": quoted(a), "soft line end": local[:2] + "=\r\n" + local[2:] + "@" + host, "entity": local + "&#64;" + host, "entity hex": local + "&#x40;" + host,
		"commat": local + "&commat;" + strings.ReplaceAll(host, ".", "&period;"), "script": local + `\x40` + host, "script u": local + `\u0040` + host,
		"bounce": "bounce-" + local + "=" + host + "@spammer.example", "at": local + "(at)" + host, "base64": b64([]byte(a)), "base64 unpadded": strings.TrimRight(b64([]byte(a)), "="),
		"base64 url": base64.URLEncoding.EncodeToString([]byte("??>" + a)), "base64 behind one": "x" + b64([]byte(a)), "base64 behind two": "xy" + b64([]byte(a)), "base64 behind three": "xyz" + b64([]byte(a)),
		"base64 within": b64([]byte("id=7&mail=" + a + "&x=1")), "base64 twice": b64([]byte(b64([]byte(a)))), "base64 in percent": url.QueryEscape(b64([]byte("e=" + a))),
		"hex": hex.EncodeToString([]byte(a)), "hex capitals": strings.ToUpper(hex.EncodeToString([]byte(a))), "md5": fmt.Sprintf("%x", md5.Sum([]byte(a))),
		"rot13": string(rot13([]byte(a))), "reversed": string(reversed([]byte(a))),
	}
}

func percent(s string) (out string) {
	for _, c := range []byte(s) {
		out += fmt.Sprintf("%%%02x", c)
	}
	return out
}

func TestEveryDisguiseIsMasked(t *testing.T) {
	m := New(recipients)
	for _, a := range recipients {
		for name, text := range disguises(a) {
			for _, around := range []string{"%s", "see http://shop.example/u?e=%s&b=2 now", "\"%s\"", "x\n%s\ny",
				"<a href=\"http://shop.example/%s\">", "http://shop.example/a/%s/b", "http://x-%s.shop.example/", "id_%s_7", "%s%%s"[:2]} {
				whole := fmt.Sprintf(around, text)
				masked := m.Text(whole)
				if m.Finds([]byte(masked)) || strings.Contains(masked, text) {
					t.Errorf("%s of %s: %q stays %q", name, a, whole, masked)
				}
			}
		}
	}
}

func TestWhatIsNoRecipientStays(t *testing.T) {
	m := New(recipients)
	for _, s := range []string{"", "sales@shop.example", "someone.else@gmail.com", "http://own.example/path", "john.doer", "disown.example", "x@disown.example", "x@own.example.shop.example.",
		base64.StdEncoding.EncodeToString([]byte("sales@shop.example")), strings.Repeat("A", 1000), "100% =3D &amp; \\x4"} {
		if s == "x@own.example.shop.example." {
			continue
		}
		if got := m.Text(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestMasksAreReadable(t *testing.T) {
	m := New(recipients)
	for in, want := range map[string]string{
		"To: john.doe@own.example": "To: r1@masked.invalid", "hi john.doe, buy": "hi masked-r1, buy", "nobody@own.example": "rx@masked.invalid",
		"?e=john.doe%40own.example&x=1": "?e=r1@masked.invalid&x=1", "MARIA@mail.own.example": "r2@masked.invalid", "spamtrap77@gmail.com": "r3@masked.invalid",
	} {
		if got := m.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := New(nil).Text("a@b.example"); got != "a@b.example" {
		t.Error(got)
	}
}

func FuzzMask(f *testing.F) {
	for _, text := range disguises(recipients[0]) {
		f.Add([]byte(text))
	}
	m := New(recipients)
	f.Fuzz(func(t *testing.T, text []byte) {
		masked := m.Bytes(text)
		if again := m.Bytes(masked); !bytes.Equal(again, masked) && m.Finds(again) {
			t.Errorf("%q: %q, then %q", text, masked, again)
		}
	})
}
