package message

import (
	"fmt"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

// nasty builds, at size n, the inputs that are known to drive mail parsers into time that
// grows with the square.
var nasty = []struct {
	name  string
	n     int
	build func(n int) string
}{
	{"nested multiparts", 5_000, nestedMultiparts},
	{"nested multiparts without boundary", 5_000, func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed\n\n--b%d\n", i)
		}
		return b.String()
	}},
	{"nested messages", 5_000, func(n int) string { return strings.Repeat("Content-Type: message/rfc822\n\n", n) + "hi" }},
	{"parts", 50_000, func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nhttp://a.test/\n", n) + "--b--\n"
	}},
	{"empty parts", 50_000, func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n", n)
	}},
	{"boundary look-alikes in deep nesting", 200_000, func(n int) string {
		return nestedMultiparts(90) + strings.Repeat("--b89x\n", n)
	}},
	{"boundary candidates", 100_000, func(n int) string {
		return "Content-Type: multipart/mixed\n\n" + strings.Repeat("--x\n\n", n)
	}},
	{"boundaries reopened", 50_000, func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n--b--\n", n)
	}},
	{"header lines", 200_000, func(n int) string { return strings.Repeat("X-A: b\n", n) }},
	{"folded lines", 200_000, func(n int) string { return "Subject: x\n" + strings.Repeat(" y\n", n) }},
	{"lines that are no fields", 200_000, func(n int) string { return "Subject: x\n" + strings.Repeat("junk\nX-A: b\n", n) }},
	{"fields glued", 50_000, func(n int) string { return "Content-Type: text/plain" + strings.Repeat(" Content-ID: a", n) }},
	{"look-alikes of its own boundary", 100_000, func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b" + strings.Repeat(" ", 2000) + "\n" + strings.Repeat("--c\nContent-Type: multipart/mixed; boundary=b\n", n)
	}},
	{"flowed lines", 200_000, func(n int) string {
		return "Content-Type: text/plain; format=flowed; delsp=yes\n\n" + strings.Repeat("a \n", n)
	}},
	{"encoded words", 20_000, func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?Q?a?= ", n) }},
	{"encoded words not closed", 100_000, func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?Q?", n) }},
	{"encoded words split in quanta", 20_000, func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?B?aGVsbG9?= ", n) }},
	{"openers of words", 200_000, func(n int) string { return "Subject: " + strings.Repeat("=?", n) }},
	{"open comments", 400_000, func(n int) string { return "From: " + strings.Repeat("(", n) }},
	{"open comments in a type", 400_000, func(n int) string { return "Content-Type: text/plain;" + strings.Repeat("(", n) }},
	{"quotes", 400_000, func(n int) string { return "From: " + strings.Repeat("\"", n|1) }},
	{"open brackets", 400_000, func(n int) string { return "From: " + strings.Repeat("a<", n) }},
	{"addresses", 50_000, func(n int) string { return "To: " + strings.Repeat("a@b.test,", n) }},
	{"names", 100_000, func(n int) string { return "To: " + strings.Repeat("a,", n) }},
	{"parameters", 50_000, func(n int) string { return "Content-Type: text/plain" + strings.Repeat("; name*1=a", n) }},
	{"parameter pieces", 20_000, func(n int) string {
		var b strings.Builder
		b.WriteString("Content-Type: text/plain")
		for i := range n {
			fmt.Fprintf(&b, "; name*%d*=%%41", n-i)
		}
		return b.String()
	}},
	{"bare parameters", 100_000, func(n int) string { return "Content-Type: text/plain; name=" + strings.Repeat("a ", n) }},
	{"unfinished parameters", 100_000, func(n int) string { return "Content-Type: text/plain" + strings.Repeat("; a", n) }},
	{"base64 paddings", 200_000, func(n int) string {
		return "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("aGk=\n", n)
	}},
	{"soft breaks", 200_000, func(n int) string {
		return "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=   x", n)
	}},
	{"uuencode openers", 100_000, func(n int) string { return "Subject: x\n\n" + strings.Repeat("begin 644 a\n", n) }},
	{"yEnc openers", 100_000, func(n int) string { return "Subject: x\n\n" + strings.Repeat("=ybegin a\n=yend\n", n) }},
	{"uuencoded files", 50_000, func(n int) string {
		return "Subject: x\n\n" + strings.Repeat("begin 644 a\n#0V%T\nend\n", n)
	}},
	{"UTF-7 openers", 200_000, func(n int) string {
		return "Content-Type: text/plain; charset=utf-7\n\n" + strings.Repeat("+", n)
	}},
}

func nestedMultiparts(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	b.WriteString("\nhttp://deep.test/\n")
	return b.String()
}

// work does all that is done with a message.
func work(data []byte) *Message {
	m := Parse(data)
	for i := range m.Header[:min(len(m.Header), 1000)] {
		f := &m.Header[i]
		text := f.Text()
		f.Addresses(1 << 30)
		Template(text)
	}
	Skeleton(m)
	return m
}

// Each nasty input costs in proportion to its size.
func TestLinear(t *testing.T) {
	for _, c := range nasty {
		t.Run(c.name, func(t *testing.T) {
			linear.Check(t, c.n, func(n int) []byte { return []byte(c.build(n)) }, func(b []byte) { work(b) })
		})
	}
}

// TestLimits exceeds each limit. The result must be bounded, name the defect,
// and still contain the links.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name, in, code, text string
	}{
		{"5,000 levels", nestedMultiparts(5000), "depth-limit", "http://deep.test/"},
		{"50,000 parts", "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nhttp://a.test/\n", 49_999) + "--b\n\nhttp://last.test/\n--b--\n", "parts-limit", "http://last.test/"},
		{"30,000 fields", strings.Repeat("X-A: b\n", 30_000) + "\nhttp://a.test/", "fields-limit", "http://a.test/"},
		{"a field of 20 MB", "Subject: " + strings.Repeat("x", 20<<20) + "\n\nhttp://a.test/", "field-limit", "http://a.test/"},
		{"a header of 10 MB", strings.Repeat("X-A: "+strings.Repeat("b", 990)+"\n", 10_000) + "\nhttp://a.test/", "", "http://a.test/"},
		{"a part of 50 MB", "Content-Type: text/plain\n\nhttp://a.test/\n" + strings.Repeat("x", 50<<20), "text-limit", "http://a.test/"},
		{"a line of 64 MiB", "Subject: x\n\nhttp://a.test/ " + strings.Repeat("x", 64<<20), "text-limit", "http://a.test/"},
		{"a line of 64 MiB at the top", strings.Repeat("x", 64<<20), "text-limit", ""},
		{"messages, each encoded, in one another", encodedMessages(70), "embedded-limit", ""},
	} {
		m := checkLimits(t, []byte(c.in))
		if !strings.Contains(codes(m), c.code) {
			t.Errorf("%s: no %s among %s", c.name, c.code, codes(m))
		}
		found := false
		for _, p := range m.Parts {
			found = found || strings.Contains(string(p.Text), c.text)
		}
		if !found {
			t.Errorf("%s: %s is lost", c.name, c.text)
		}
	}
}

func checkLimits(t *testing.T, data []byte) *Message {
	m := work(data)
	if len(m.Parts) > MaxParts || len(m.Header) > MaxFields || len(m.Defects) > MaxDefects {
		t.Errorf("%d parts, %d fields, %d defects", len(m.Parts), len(m.Header), len(m.Defects))
	}
	for _, p := range m.Parts {
		if p.Depth > MaxDepth || len(p.Text) > MaxTextBytes {
			t.Errorf("depth %d, text %d", p.Depth, len(p.Text))
		}
	}
	return m
}

// encodedMessages wraps a message n times in quoted-printable, which hardly grows it.
func encodedMessages(n int) string {
	s := "Subject: in\n\nhi"
	for range n {
		s = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n" + strings.ReplaceAll(s, "=", "=3D")
	}
	return s
}
