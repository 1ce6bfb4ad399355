package message

import (
	"strings"
	"testing"
)

// A part's header that a gateway or a careless program has damaged is read as
// mail readers read it.
func TestMendedParts(t *testing.T) {
	const hidden = "PGEgaHJlZj0iaHR0cDovL2IudGVzdC8iPng8L2E+" // <a href="http://b.test/">x</a>
	for _, c := range []struct{ name, in, want, codes string }{
		{"an encoding glued to the type", "Content-Type: text/html; charset=\"utf-8\" Content-Transfer-Encoding: base64\n\n" + hidden,
			"0 text/html \"<a href=\\\"http://b.test/\\\">x</a>\"\n", "fields-glued"},
		{"a type glued to the encoding, without a blank", "Content-Transfer-Encoding: base64;Content-Type: text/html\n\n" + hidden,
			"0 text/html \"<a href=\\\"http://b.test/\\\">x</a>\"\n", "fields-glued"},
		{"both glued to MIME-Version", "MIME-Version: 1.0 Content-Type: text/html content-transfer-encoding: base64\n\n" + hidden,
			"0 text/html \"<a href=\\\"http://b.test/\\\">x</a>\"\n", "fields-glued"},
		{"a field folded into another", "Content-Type: text/html;\n Content-Transfer-Encoding: base64\n\n" + hidden,
			"0 text/html \"<a href=\\\"http://b.test/\\\">x</a>\"\n", "fields-glued"},
		{"no empty line before the first boundary", "Content-Type: multipart/mixed;\n boundary=\"b\"\nMIME-Version: 1.0\n--b\nContent-Type: text/html\n\n<b>one\n--b\n\ntwo\n--b--\n",
			"0 multipart/mixed\n1 text/html \"<b>one\"\n1 text/plain \"two\"\n", "header-no-blank"},
		{"the same right behind the type", "Content-Type: multipart/mixed; boundary=b\n--b\nContent-Type: text/html\n\n<b>one\n--b--\n",
			"0 multipart/mixed\n1 text/html \"<b>one\"\n", "header-no-blank"},
		{"the same in a nested multipart", "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n--b\n\none\n--b--\n--a--\n",
			"0 multipart/mixed\n1 multipart/alternative\n2 text/plain \"one\"\n", "header-no-blank"},
		{"another line of dashes is no boundary", "Content-Type: multipart/mixed; boundary=b\n--c\nX-A: y\n\n--b\n\none\n--b--\n",
			"0 multipart/mixed\n1 text/plain \"one\"\n", "header-no-colon"},
		{"a boundary in quoted-printable", "Content-Type: multipart/mixed;=20boundary=3D\"b\"\n\n--b\n\none\n--b--\n",
			"0 multipart/mixed\n1 text/plain \"one\"\n", "header-quoted-printable"},
		{"a charset without quotes", "Content-Type: text/plain; charset=3Dkoi8-r\n\n\xF0\xD2\xC9\xD7\xC5\xD4\n", "0 text/plain \"Привет\"\n", "header-quoted-printable"},
	} {
		m := Parse([]byte(c.in))
		if got := outline(m); got != c.want || codes(m) != c.codes {
			t.Errorf("%s:\n%s%s\nwant\n%s%s", c.name, got, codes(m), c.want, c.codes)
		}
	}
}

func TestMendedNames(t *testing.T) {
	for in, want := range map[string]string{
		`application/pdf; name=3D"bill.pdf"`:                                 "bill.pdf",
		`application/pdf; name=3Dmodel.pdf`:                                  "3Dmodel.pdf",
		`application/pdf; name="a Content-Type: b.pdf"`:                      "a Content-Type: b.pdf",
		`application/pdf Content-Disposition: attachment; filename="in.pdf"`: "in.pdf",
	} {
		m := Parse([]byte("Content-Type: " + in + "\n\nx"))
		if got := m.Parts[0].Name; got != want {
			t.Errorf("%s: name %q, want %q", in, got, want)
		}
	}
}

func TestSecondBracketInFrom(t *testing.T) {
	for in, want := range map[string]string{
		"<a name <user@host.test>":             "a name|user@host.test",
		"<shown@bank.test <user@host.test>":    "shown@bank.test|user@host.test",
		"\"Bank\" <x <user@host.test>":         "Bank|user@host.test",
		"xyz <abc@<user@host.test>":            "xyz|user@host.test",
		"<<user@host.test>>":                   "|user@host.test",
		"Name <user@host.test> <other@b.test>": "Name|user@host.test",
	} {
		got := ""
		f := Field{Raw: []byte(in)}
		for _, a := range f.Addresses(1) {
			got = a.Name + "|" + a.Address
		}
		if got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// UTF-8 is recognised under any declared charset.
func TestUTF8UnderOtherNames(t *testing.T) {
	const text = "Zażółć gęślą jaźń — 100 €"
	for _, charset := range []string{"utf-8", "iso-8859-1", "ISO-8859-2", "windows-1250", "cp1252", "koi8-r", "us-ascii"} {
		m := Parse([]byte("Content-Type: text/plain; charset=" + charset + "\n\n" + text))
		if got := string(m.Parts[0].Text); got != text {
			t.Errorf("%s: %q", charset, got)
		}
	}
	m := Parse([]byte("Content-Type: text/plain; charset=iso-8859-1\n\nGr\xFC\xDFe \xC4rger"))
	if got := string(m.Parts[0].Text); got != "Grüße Ärger" {
		t.Errorf("Latin-1: %q", got)
	}
}

func TestFlowed(t *testing.T) {
	for _, c := range []struct{ name, params, in, want string }{
		{"a URL over two lines", "; delsp=yes", "see http://a.test/long/ \npath?x=1 \n and more\n", "see http://a.test/long/path?x=1and more\n"},
		{"CRLF", "; DelSp=\"Yes\"", "http://a.test/ \r\nb\r\nc\r\n", "http://a.test/b\nc\n"},
		{"without delsp it stands", "", "a \nb\n", "a \nb\n"},
		{"quotes of one depth", "; delsp=yes", "> one \n> two\n>> three \n> four\n", "> onetwo\n>> three\n> four\n"},
		{"a signature is not joined", "; delsp=yes", "one \n-- \nme \nat\n", "one\n-- \nmeat\n"},
		{"stuffed lines", "; delsp=yes", " From me\n > no quote\n", "From me\n> no quote\n"},
		{"the last line", "; delsp=yes", "one ", "one"},
	} {
		m := Parse([]byte("Content-Type: text/plain; format=flowed" + c.params + "\n\n" + c.in))
		if got := strings.ReplaceAll(string(m.Parts[0].Text), "\r\n", "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestExternalBody(t *testing.T) {
	m := Parse([]byte("Content-Type: message/external-body; access-type=URL;\n URL*0=\"http://a.test/\";\n URL*1=\"pub/in v.exe\"\n\nContent-Type: application/octet-stream\n"))
	if got := m.Parts[0].Links; len(got) != 1 || got[0] != "http://a.test/pub/inv.exe" {
		t.Errorf("%q", got)
	}
}
