package message

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// outline shows the tree of a message: depth, type, text or size, and marks.
func outline(m *Message) string {
	var b strings.Builder
	for _, p := range m.Parts {
		fmt.Fprintf(&b, "%d %s", p.Depth, p.Type)
		if p.Outside != "" {
			fmt.Fprintf(&b, " [%s]", p.Outside)
		}
		if p.Text != nil {
			fmt.Fprintf(&b, " %q", strings.TrimSpace(string(p.Text)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func codes(m *Message) string {
	var all []string
	for _, d := range m.Defects {
		all = append(all, d.Code)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

func lines(s ...string) string { return strings.Join(s, "\n") + "\n" }

var structures = []struct {
	name, in, want, codes string
}{
	{"empty", "", "0 text/plain \"\"\n", ""},
	{"body alone", "Hello\nthere\n", "0 text/plain \"Hello\\nthere\"\n", "header-no-blank"},
	{"plain", "Subject: x\r\n\r\nHello\r\n", "0 text/plain \"Hello\"\n", ""},
	{"header without end", "Subject: x\nTo: y", "0 text/plain \"\"\n", ""},
	{"CR only", "Subject: x\rContent-Type: text/html\r\r<p>hi\r", "0 text/html \"<p>hi\"\n", "line-ends-cr"},
	{"leading blank lines", "\n\nSubject: x\nFrom: a\n\nhi\n", "0 text/plain \"hi\"\n", "leading-blank-lines"},
	{"mbox lines on top", "From a@b Thu Jan  1 00:00:00 1970\n>From c@d x\nSubject: x\n\nhi\n", "0 text/plain \"hi\"\n", "mbox-line"},
	{"junk in the header", "Subject: x\njunk without colon\nContent-Type: text/html\n\n<b>hi\n", "0 text/html \"<b>hi\"\n", "header-no-colon"},
	{"no blank line", "Subject: x\nHello there\nsee http://a.test/\n", "0 text/plain \"Hello there\\nsee http://a.test/\"\n", "header-no-blank"},
	{"blanks for the empty line", "Subject: x\nTo: y\n  \nHello there\n", "0 text/plain \"Hello there\"\n", "header-blank-not-empty"},
	{"blanks as folding", "Subject: x\n  \nTo: y\n\nHello\n", "0 text/plain \"Hello\"\n", ""},
	{"space before colon", "Content-Type : text/html\n\n<b>x", "0 text/html \"<b>x\"\n", "header-space-before-colon"},
	{"alternative", lines("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "one", "--b", "Content-Type: text/html", "", "<b>two", "--b--"),
		"0 multipart/alternative\n1 text/plain \"one\"\n1 text/html \"<b>two\"\n", ""},
	{"nested, prefix boundaries", lines("Content-Type: multipart/mixed; boundary=\"b\"", "", "--b", "Content-Type: multipart/related; boundary=bb", "", "--bb", "", "in", "--bb--", "--b", "", "out", "--b--"),
		"0 multipart/mixed\n1 multipart/related\n2 text/plain \"in\"\n1 text/plain \"out\"\n", ""},
	{"blanks behind the boundary", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b \t\r\n\r\none\r\n--b--  \r\n", "0 multipart/mixed\n1 text/plain \"one\"\n", ""},
	{"identical boundaries", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "in", "--b--", "--b", "", "out", "--b--"),
		"0 multipart/mixed\n1 multipart/mixed\n2 text/plain \"in\"\n1 text/plain \"out\"\n", ""},
	{"unclosed", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one"), "0 multipart/mixed\n1 text/plain \"one\"\n", "boundary-unclosed"},
	{"inner unclosed", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=i", "", "--i", "", "in", "--b", "", "out", "--b--"),
		"0 multipart/mixed\n1 multipart/mixed\n2 text/plain \"in\"\n1 text/plain \"out\"\n", "boundary-unclosed"},
	{"header of a part runs into the next", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/html", "--b", "", "one", "--b--"),
		"0 multipart/mixed\n1 text/html \"\"\n1 text/plain \"one\"\n", "header-unended"},
	{"no boundary parameter", lines("Content-Type: multipart/mixed", "", "--==x", "Content-Type: text/html", "", "<b>one", "--==x--"),
		"0 multipart/mixed\n1 text/html \"<b>one\"\n", "boundary-guessed boundary-missing"},
	{"wrong boundary", lines("Content-Type: multipart/mixed; boundary=other", "", "--==x", "Content-Type: text/html", "", "<b>one", "--==x--"),
		"0 multipart/mixed\n1 text/html \"<b>one\"\n", "boundary-wrong"},
	{"wrong inner boundary", lines("Content-Type: multipart/mixed; boundary=o", "", "--o", "Content-Type: multipart/mixed; boundary=wrong", "", "--i", "Content-Type: text/html", "", "<b>one", "--i--", "--o", "", "two", "--o--"),
		"0 multipart/mixed\n1 multipart/mixed\n2 text/html \"<b>one\"\n1 text/plain \"two\"\n", "boundary-wrong"},
	{"multipart without parts", lines("Content-Type: multipart/mixed; boundary=b", "", "just text"), "0 multipart/mixed\n1 text/plain [preamble] \"just text\"\n", "multipart-empty preamble-text"},
	{"multipart without parts, with a link", lines("Content-Type: multipart/mixed; boundary=b", "", "see http://a.test/"),
		"0 multipart/mixed\n1 text/plain [preamble] \"see http://a.test/\"\n", "multipart-empty preamble-text"},
	{"usual preamble", lines("Content-Type: multipart/mixed; boundary=b", "", "This is a multi-part message in MIME format.", "--b", "", "one", "--b--"),
		"0 multipart/mixed\n1 text/plain \"one\"\n", ""},
	{"links around the parts", lines("Content-Type: multipart/mixed; boundary=b", "", "http://a.test/", "--b", "", "one", "--b--", "<a href=x>b.test</a>"),
		"0 multipart/mixed\n1 text/plain [preamble] \"http://a.test/\"\n1 text/plain \"one\"\n1 text/plain [epilogue] \"<a href=x>b.test</a>\"\n", "epilogue-text preamble-text"},
	{"text on the closing line", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b--></html> www.a.test"),
		"0 multipart/mixed\n1 text/plain \"one\"\n1 text/plain [epilogue] \"></html> www.a.test\"\n", "epilogue-text"},
	{"parts after the end", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b--", "", "--b", "", "two", "--b--"),
		"0 multipart/mixed\n1 text/plain \"one\"\n1 text/plain \"two\"\n", "parts-after-close"},
	{"Content-Type twice", "Content-Type: multipart/mixed\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n", "0 multipart/mixed\n1 text/plain \"one\"\n", "content-type-twice"},
	{"digest", lines("Content-Type: multipart/digest; boundary=b", "", "--b", "", "Subject: in", "", "hi", "--b--"),
		"0 multipart/digest\n1 message/rfc822\n2 text/plain \"hi\"\n", ""},
	{"message in a message", lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: message/rfc822", "", "Subject: in", "Content-Type: text/html", "", "<p>hi", "--b", "", "two", "--b--"),
		"0 multipart/mixed\n1 message/rfc822\n2 text/html \"<p>hi\"\n1 text/plain \"two\"\n", ""},
	{"encoded message", lines("Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", "U3ViamVjdDogaW4KQ29udGVudC1UeXBlOiB0ZXh0L2h0bWwKCjxwPmhp"),
		"0 message/rfc822\n1 text/html \"<p>hi\"\n", "message-encoded"},
	{"encoded multipart", lines("Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "", "LS1iCgpodHRwOi8vYS50ZXN0LwotLWItLQo="),
		"0 multipart/mixed\n1 text/plain \"http://a.test/\"\n", "multipart-encoded"},
	{"attached .eml", lines("Content-Type: application/octet-stream; name=\"a.eml\"", "", "Subject: in", "", "hi"),
		"0 application/octet-stream\n1 text/plain \"hi\"\n", ""},
	{"text without slash", "Content-Type: text\n\nhi\n", "0 text/plain \"hi\"\n", "content-type-invalid"},
	{"delivery status", "Content-Type: message/delivery-status\n\nAction: failed\n", "0 message/delivery-status \"Action: failed\"\n", ""},
	{"uuencode inline", "Subject: x\n\nhi\nbegin 644 a.txt\n#0V%T\n`\nend\nbye\n", "0 text/plain \"hi\\nbye\"\n1 application/octet-stream [inline] \"Cat\"\n", "inline-file"},
	{"begin in plain words", "Subject: x\n\nbegin 123 again\nand so on\n", "0 text/plain \"begin 123 again\\nand so on\"\n", ""},
	{"yEnc inline", "Subject: x\n\n=ybegin line=128 size=3 name=a.txt\n\x6d\x8b\x9e\n=yend size=3\n", "0 text/plain \"\"\n1 application/octet-stream [inline] \"Cat\"\n", "inline-file"},
}

func TestStructure(t *testing.T) {
	for _, c := range structures {
		t.Run(c.name, func(t *testing.T) {
			m := checkMessage(t, c.name, []byte(c.in))
			if got := outline(m); got != c.want {
				t.Errorf("got\n%swant\n%s%v", got, c.want, m.Defects)
			}
			if got := strings.ReplaceAll(codes(m), "charset-missing", ""); strings.TrimSpace(got) != c.codes {
				t.Errorf("defects %q, want %q", got, c.codes)
			}
		})
	}
}

func TestPartFields(t *testing.T) {
	m := Parse([]byte(lines(
		"Content-Type: multipart/mixed; boundary=\"b\"", "",
		"--b", "Content-Type: TEXT/HTML; charset=\"UTF-8\"", "Content-Transfer-Encoding: Quoted-Printable", "", "<a href=3D\"http://a.=", "test/\">x</a>",
		"--b", "Content-Type: application/pdf; name=\"x.pdf\"", "Content-Disposition: attachment; filename=\"=?utf-8?B?w6QucGRm?=\"", "Content-Transfer-Encoding: base64", "Content-ID: <c1@a.test>", "", "JVBERi0xLjQK",
		"--b--")))
	html, pdf := m.Parts[1], m.Parts[2]
	if html.Type != "text/html" || html.Charset != "utf-8" || html.Encoding != "quoted-printable" || !html.HTML || html.Attachment {
		t.Errorf("html part %+v", html)
	}
	if want := "<a href=\"http://a.test/\">x</a>"; string(html.Text) != want {
		t.Errorf("text %q, want %q", html.Text, want)
	}
	if pdf.Name != "ä.pdf" || pdf.Disposition != "attachment" || !pdf.Attachment || pdf.Sniffed != "application/pdf" || pdf.Text != nil || pdf.ContentID != "c1@a.test" {
		t.Errorf("pdf part %+v", pdf)
	}
	if pdf.Size != 9 || pdf.SHA256 != sha256.Sum256([]byte("%PDF-1.4\n")) {
		t.Errorf("pdf of %d bytes, hash %x", pdf.Size, pdf.SHA256)
	}
	if got, want := Skeleton(m), "multipart/mixed(text/html,application/pdf)"; got != want {
		t.Errorf("skeleton %q, want %q", got, want)
	}
}

func TestHashOfLargeBinary(t *testing.T) {
	for _, size := range []int{chunk - 200, chunk - 1, chunk, chunk + 1, 3*chunk + 17, 17 << 20} {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(i * 7 >> 3)
		}
		m := Parse([]byte("Content-Type: application/x-thing\nContent-Transfer-Encoding: base64\n\n" + encode64(body)))
		if p := m.Parts[0]; p.Size != int64(size) || p.SHA256 != sha256.Sum256(body) {
			t.Errorf("%d bytes: size %d or hash differs", size, p.Size)
		}
		m = Parse([]byte("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + encode64(body)))
		if p := m.Parts[0]; p.Size != int64(size) || p.SHA256 != sha256.Sum256(body) || len(p.Text) > MaxTextBytes {
			t.Errorf("%d bytes as text: size %d, text %d, or hash differs", size, p.Size, len(p.Text))
		}
	}
}

func TestAttachedTextIsRead(t *testing.T) {
	page := "<html><a href=\"http://a.test/\">x</a></html>"
	for _, c := range []struct {
		name, header string
		html         bool
	}{
		{"declared", "Content-Type: text/html; name=x.html", true},
		{"by name", "Content-Type: application/octet-stream; name=\"Invoice.HTML\"", true},
		{"by its bytes", "Content-Type: application/octet-stream; name=\"Invoice.pdf\"", true},
		{"svg", "Content-Type: image/svg+xml", true},
		{"rfc2231 name", "Content-Type: application/x-a\nContent-Disposition: attachment; filename*0*=utf-8''inv%6F; filename*1=ice.htm", true},
	} {
		m := Parse([]byte(c.header + "\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n" + encode64([]byte(page))))
		if p := m.Parts[0]; string(p.Text) != page || p.HTML != c.html || !p.Attachment {
			t.Errorf("%s: text %q, html %v, attachment %v, sniffed %s", c.name, p.Text, p.HTML, p.Attachment, p.Sniffed)
		}
	}
}

func TestHTMLIsAsDeclared(t *testing.T) {
	for in, want := range map[string]bool{
		"Content-Type: text/html\n\nno tags":                  true,
		"Content-Type: text/plain\n\n<html><a href=x>y</a>":   false,
		"Subject: x\n\n<html><a href=x>y</a>":                 true,
		"Subject: x\n\nSee <a@b.test> and write <b>bold</b>":  false,
		"Content-Type: text/plain; name=x.htm\n\n<a href=x>y": true,
		"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n":    false,
	} {
		if p := Parse([]byte(in)).Parts[0]; p.HTML != want || p.Text == nil {
			t.Errorf("%q: HTML %v, sniffed %s", in, p.HTML, p.Sniffed)
		}
	}
}

func TestEmbedded(t *testing.T) {
	inner := "Subject: one\n\nhi"
	nested := "Subject: two\nContent-Type: message/rfc822\n\nSubject: three\n\ndeep"
	m := Parse([]byte(lines("Content-Type: multipart/mixed; boundary=b", "",
		"--b", "Content-Type: message/rfc822", "", inner,
		"--b", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", encode64([]byte(nested)), "--b--")))
	var got []string
	for i, b := range m.Embedded() {
		if !m.Parts[i].Attachment || m.Parts[i].SHA256 != sha256.Sum256(b) {
			t.Errorf("part %d: attachment %v, or its hash is not that of the message", i, m.Parts[i].Attachment)
		}
		got = append(got, string(b))
	}
	if want := []string{inner, nested}; !slices.Equal(got, want) {
		t.Errorf("embedded %q, want %q", got, want)
	}
	if last := m.Parts[len(m.Parts)-1]; string(last.Text) != "deep" {
		t.Errorf("innermost text %q", last.Text)
	}
}

func TestHeaderFields(t *testing.T) {
	m := Parse([]byte("Received: a\r\n\tb\r\nSUBJECT:  x y \r\nX-Empty:\r\n\r\n"))
	if f := m.Header.Get("subject"); f == nil || string(f.Name) != "SUBJECT" || string(f.Raw) != "  x y " || f.Value() != "x y" {
		t.Errorf("subject %+v", f)
	}
	if f := m.Header.Get("Received"); f == nil || string(f.Raw) != " a\r\n\tb" || f.Value() != "a\tb" {
		t.Errorf("received %+v", f)
	}
	if f := m.Header.Get("x-empty"); f == nil || f.Text() != "" {
		t.Errorf("empty field %+v", f)
	}
	if m.Header.Get("x-none") != nil || len(m.Header) != 3 {
		t.Errorf("%d fields", len(m.Header))
	}
	if h := ParseHeader([]byte("A-B: c\n\nbody")); len(h) != 1 || h[0].Value() != "c" {
		t.Errorf("ParseHeader: %v", h)
	}
}
