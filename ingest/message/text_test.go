package message

import (
	b64 "encoding/base64"
	"strings"
	"testing"
)

// encode64 writes base64 in lines, as mailers do.
func encode64(b []byte) string {
	s := b64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	for len(s) > 76 {
		out.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return out.String() + s
}

func TestTransferEncodings(t *testing.T) {
	for _, c := range []struct{ name, encoding, body, want, codes string }{
		{"base64", "base64", "aGVsbG8gd29ybGQ=", "hello world", ""},
		{"base64 without padding", "base64", "aGVsbG8gd29ybGQ", "hello world", "base64-short"},
		{"base64 cut", "BASE64", "aGVsbG8gd29yb", "hello wor", "base64-short"},
		{"base64 with junk", "base64", "aGVs*bG8g\nd2!9ybGQ=", "hello world", "base64-junk"},
		{"base64 in pieces", "base64", "aGVsbG8=\nIHdvcmxk", "hello world", "base64-padding-inside"},
		{"base64 without padding, with text below", "base64", strings.Repeat("aGVsbG8h", 80) + "\n\n----------\nThis list is sponsored by: a shop, see\nhttp://a.test/ now", strings.Repeat("hello!", 80) + "----------\nThis list is sponsored by: a shop, see\nhttp://a.test/ now", "base64-text-after"},
		{"base64 with text below", "base64", "aGVsbG8=\n-- \nTo leave: http://a.test/ now", "hello-- \nTo leave: http://a.test/ now", "base64-text-after"},
		{"plain declared as base64", "base64", "<p>Look at <a href='http://a.test/'>this</a></p>", "<p>Look at <a href='http://a.test/'>this</a></p>", "base64-plain"},
		{"quoted-printable", "quoted-printable", "caf=C3=A9 =3d soft=\r\n break=20", "café = soft break ", ""},
		{"blanks behind a soft break", "quoted-printable", "a= \t\r\nb", "ab", ""},
		{"broken escapes", "quoted-printable", "a=zz b=4 c=", "a=zz b=4 c", "quoted-printable-bad"},
		{"URL over soft breaks", "quoted-printable", "http://a.te=\nst/?q=3D=\n1", "http://a.test/?q=1", ""},
		{"unknown", "x-rot13", "hello", "hello", "encoding-unknown"},
		{"with a comment", "base64 (really)", "aGk=", "hi", ""},
		{"uuencode", "x-uuencode", "begin 644 cat.txt\n#0V%T\n`\nend\n", "Cat", ""},
	} {
		m := Parse([]byte("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + c.encoding + "\n\n" + c.body))
		if got := string(m.Parts[0].Text); got != c.want || codes(m) != c.codes {
			t.Errorf("%s: %q, want %q; defects %v", c.name, got, c.want, m.Defects)
		}
	}
}

func TestCharsets(t *testing.T) {
	for _, c := range []struct{ name, charset, body, want string }{
		{"utf-8", "utf-8", "grün", "grün"},
		{"alias", "UTF8", "grün", "grün"},
		{"utf-8 mark", "utf-8", "\xEF\xBB\xBFx", "x"},
		{"latin 1 is windows-1252", "iso-8859-1", "\x93gr\xFCn\x94", "“grün”"},
		{"ansi", "ansi", "gr\xFCn", "grün"},
		{"gb2312", "gb2312", "\xC4\xE3\xBA\xC3", "你好"},
		{"gb18030 under the name gb2312", "gb2312", "\x81\x40", "丂"},
		{"ks_c_5601-1987", "ks_c_5601-1987", "\xB0\xA1", "가"},
		{"iso-8859-8-i", "iso-8859-8-i", "\xF9\xEC\xE5\xED", "שלום"},
		{"iso-2022-jp", "iso-2022-jp", "\x1B$B$3$s\x1B(B", "こん"},
		{"iso-2022-jp undeclared", "", "\x1B$B$3$s\x1B(B", "こん"},
		{"koi8-r", "koi8-r", "\xD0\xD2\xC9\xD7\xC5\xD4", "привет"},
		{"cp850", "cp850", "gr\x81n", "grün"},
		{"utf-7", "unicode-1-1-utf-7", "Hi +2D3cSg- +-1 +AOQ", "Hi \U0001F44A +1 ä"},
		{"utf-16", "utf-16", "\xFF\xFEh\x00i\x00", "hi"},
		{"utf-16 without mark", "utf-16", "\x00h\x00i", "hi"},
		{"utf-16 without mark, little-endian", "utf-16", "h\x00i\x00", "hi"},
		{"utf-16, mark of the other order", "utf-16", "\xFE\xFF\x68\x00\x69\x00", "\u6800\u6900"},
		{"utf-16, one letter of no other alphabet", "utf-16", "\x4E\x00\x4F\x01\x4F\x02", "\u4e00\u4f01\u4f02"},
		{"hz", "hz-gb-2312", "~{<:Ky2;NpJ)~}", "己所不勿施"},
		{"unknown", "x-klingon", "grün", "grün"},
		{"missing, utf-8", "", "grün", "grün"},
		{"missing, latin", "", "gr\xFCn und bl\xE4ulich", "grün und bläulich"},
		{"ascii declared, utf-8", "us-ascii", "grün", "grün"},
		{"utf-8 declared, latin", "utf-8", "gr\xFCn", "grün"},
		{"utf-8 cut", "utf-8", "grün äöü \xC3", "grün äöü \uFFFD"},
		{"gb2312 declared, utf-8", "gb2312", "\xE2\x82\xACé", "€é"},
		{"shift_jis undeclared", "", "\x82\xB1\x82\xF1\x82\xC9\x82\xBF\x82\xCD", "こんにちは"},
		{"windows-1251 undeclared", "", "\xCF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA \xE4\xE5\xEB\xE0", "Привет, как дела"},
		{"big5 undeclared", "", "\xC1\x63\xC5\xE9\xA4\xA4\xA4\xE5\xB6\x6C\xA5\xF3", "繁體中文郵件"},
	} {
		header := "Content-Type: text/plain; charset=\"" + c.charset + "\"\n\n"
		if c.charset == "" {
			header = "Content-Type: text/plain\n\n"
		}
		if got := string(Parse([]byte(header + c.body)).Parts[0].Text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	page := "<html><head><meta charset=\"windows-1251\"></head>\xCF\xF0\xE8</html>"
	if got := string(Parse([]byte("Content-Type: text/html\n\n" + page)).Parts[0].Text); !strings.Contains(got, "При") {
		t.Errorf("meta charset: %q", got)
	}
}

func TestSniff(t *testing.T) {
	for want, content := range map[string]string{
		"application/pdf": "%PDF-1.7\n", "application/vnd.microsoft.portable-executable": "MZ\x90\x00\x03", "application/x-ole-storage": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
		"application/zip": "PK\x03\x04\x14\x00abc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "PK\x03\x04\x14\x00word/document.xml",
		"application/vnd.rar": "Rar!\x1A\x07\x00", "application/x-7z-compressed": "7z\xBC\xAF\x27\x1C", "application/x-ms-shortcut": "L\x00\x00\x00\x01\x14\x02\x00",
		"text/html": "hello <a href=\"x\">", "text/calendar": "BEGIN:VCALENDAR\n", "text/rtf": "{\\rtf1", "text/plain": "MZ is a text", "image/svg+xml": "<?xml version='1.0'?><svg>",
		"application/x-iso9660-image": strings.Repeat("\x00", 0x8001) + "CD001", "image/png": "\x89PNG\r\n\x1A\n", "": "",
	} {
		if got := sniffType([]byte(content)); got != want {
			t.Errorf("%.20q: %q, want %q", content, got, want)
		}
	}
}

func TestFieldText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Hello", "Hello"},
		{"folded", "Hello\r\n\tthere", "Hello\tthere"},
		{"Q", "=?iso-8859-1?Q?a_=E4?= b", "a ä b"},
		{"B", "=?UTF-8?b?w6Q=?=", "ä"},
		{"B without padding", "=?UTF-8?B?w6Q?=", "ä"},
		{"adjacent", "=?utf-8?Q?a?=\r\n =?utf-8?Q?b?= c", "ab c"},
		{"glued", "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
		{"character split over words", "=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"},
		{"character split, Q", "=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "€"},
		{"quantum split over words", "=?utf-8?B?aGVsbG8gd2?= =?utf-8?B?9ybGQ=?=", "hello world"},
		{"two charsets", "=?iso-8859-1?Q?=E4?= =?koi8-r?Q?=D0?=", "äп"},
		{"blanks inside", "=?utf-8?Q?hello my world?=", "hello my world"},
		{"question marks inside", "=?utf-8?Q?what??=", "what?"},
		{"not closed", "=?utf-8?Q?hello_wor", "hello wor"},
		{"not closed, address behind", "=?utf-8?Q?hello <a@b.test>", "hello <a@b.test>"},
		{"not closed, word behind", "=?utf-8?Q?a =?utf-8?Q?b?=", "ab"},
		{"quoted", "\"=?utf-8?Q?=C3=A4?=\" <a@b.test>", "\"ä\" <a@b.test>"},
		{"language", "=?utf-8*en?Q?hi?=", "hi"},
		{"unknown charset", "=?x-none?Q?hi=C3=A4?=", "hiä"},
		{"unknown encoding", "=?utf-8?X?hi?=", "=?utf-8?X?hi?="},
		{"iso-2022-jp over words", "=?ISO-2022-JP?B?GyRCJDMbKEI=?= =?ISO-2022-JP?B?GyRCJHMbKEI=?=", "こん"},
		{"utf-7", "=?utf-7?Q?+AOQ-?=", "ä"},
		{"raw utf-8", "gr\xC3\xBCn", "grün"},
		{"raw windows-1252", "gr\xFCn", "grün"},
		{"raw and word", "\xFC =?utf-8?Q?=C3=A4?=", "ü ä"},
		{"line ends smuggled in", "=?utf-8?Q?a=0D=0ABcc:_x=00?=", "a  Bcc: x"},
		{"punycode stays", "xn--bcher-kva.test", "xn--bcher-kva.test"},
		{"no word", "a =? b ?= c", "a =? b ?= c"},
	} {
		if got := (&Field{Raw: []byte(c.in)}).Text(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	m := Parse([]byte("Subject: \xD0\xD2\xC9\xD7\xC5\xD4\nContent-Type: text/plain; charset=koi8-r\n\nx"))
	if got := m.Header.Get("subject").Text(); got != "привет" {
		t.Errorf("raw subject in the body's charset: %q", got)
	}
	long := &Field{Raw: []byte(strings.Repeat("ä", MaxHeaderValue))}
	if got := long.Text(); len(got) > MaxHeaderValue || !strings.HasSuffix(got, "ä") {
		t.Errorf("long value: %d bytes", len(got))
	}
}

func TestParams(t *testing.T) {
	for _, c := range []struct {
		in   string
		want params
	}{
		{"text/html; charset=utf-8", params{value: "text/html", charset: "utf-8"}},
		{"text/html charset=utf-8", params{value: "text/html", charset: "utf-8", invalid: true}},
		{" Text/HTML ;\r\n\tcharset = \"UTF-8\" (comment)", params{value: "text/html", charset: "utf-8"}},
		{"multipart/mixed; boundary=\"a b\\\"c\"", params{value: "multipart/mixed", boundary: "a b\"c"}},
		{"multipart/mixed; boundary=\"open", params{value: "multipart/mixed", boundary: "open"}},
		{"multipart/mixed; boundary=a; boundary=b", params{value: "multipart/mixed", boundary: "a"}},
		{"multipart/mixed; boundary=a=b=", params{value: "multipart/mixed", boundary: "a=b="}},
		{"application/pdf; name=my file.pdf; x=y", params{value: "application/pdf", name: "my file.pdf"}},
		{"attachment; filename*=UTF-8'en'%E2%82%AC.txt", params{value: "attachment", docName: "€.txt"}},
		{"attachment; filename*1*=%AC.txt; filename*0*=utf-8''%E2%82", params{value: "attachment", docName: "€.txt"}},
		{"attachment; filename=x.txt; filename*=iso-8859-1''%E4.txt", params{value: "attachment", docName: "ä.txt"}},
		{"attachment; filename*0=\"a\"; filename*1=\"b.txt\"", params{value: "attachment", docName: "ab.txt"}},
		{"attachment; filename==?utf-8?Q?=C3=A4.txt?=", params{value: "attachment", docName: "ä.txt"}},
		{"attachment; filename=\"C:\\temp\\a.exe\"", params{value: "attachment", docName: "C:\\temp\\a.exe"}},
		{";;; ; charset=x", params{charset: "x"}},
		{"", params{}},
	} {
		if got := parseParams([]byte(c.in)); got != c.want {
			t.Errorf("%s:\n%+v, want\n%+v", c.in, got, c.want)
		}
	}
}
