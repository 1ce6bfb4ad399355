package message

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"Subject: x\n\nhi\n",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<a href=\"http://a.test/\">\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nhi\n--b--\nepilogue www.a.test\n",
		"Content-Type: multipart/mixed\n\n--b\nContent-Type: text/plain\n\nx\n--b--\n",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCmhp\n",
		"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: quoted-printable\n\n=2D-b\n\nx\n",
		"From a@b x\n>From c\nSubject : =?utf-8?B?w6Q?= =?utf-8?q?a_b\r\n\t=?=\n  \njunk\nDate: Mon, 2 Jan 99 10:00 EST\nFrom: \"a, b\" <c@d>, e@f (g)\n\nbegin 644 a\n#0V%T\n`\nend\n=ybegin name=a\nabc\n=yend\n",
		"Content-Type: text/plain; charset=utf-7; name*1*=%41; name*0*=utf-8''b\n\n+AOQ-+\n",
		"\xEF\xBB\xBF\r\rA: b\r\r\x00\xFF\x82\xB1\x82\xF1\x82\xC9\x82\xBF",
		"Content-Type: application/x; name=a.eml\nContent-Transfer-Encoding: base64\nContent-Disposition: x; filename=\"b.eml\n\nU3ViamVjdDogaW4KCmhp=aGk=",
		"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\n--b--\n--b\n\nx: y\n--b--x",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := checkMessage(t, "input", data)
		checkLeavesHold(t, m, data)
	})
}

// checkLeavesHold asks that leaves without an encoding are bytes of the input,
// and that together the leaves hold no more than the input, except for decoded
// ones.
func checkLeavesHold(t *testing.T, m *Message, data []byte) {
	work := 0
	for i, p := range m.Parts {
		work += len(p.Text)
		if p.Message || isMultipart(p.Type) || p.Outside == "inline" {
			continue
		}
		if p.Encoding == "" && p.Depth < 2 && !bytes.ContainsRune(data, '\r') && m.Parts[max(p.Parent, 0)].Encoding == "" && !bytes.Contains(data, p.Body) {
			t.Fatalf("part %d is no part of the input", i)
		}
	}
	// A byte may become three in UTF-8 (windows-1252), four by UTF-7 never; each nested
	// decoding may show it once more within the budget.
	if most := 16*len(data) + 4<<20; work > most {
		t.Fatalf("%d bytes of text from %d", work, len(data))
	}
}

func FuzzField(f *testing.F) {
	for _, s := range []string{
		"=?utf-8?Q?a?= =?utf-8?B?w6Q=?= b", "\"Doe, John\" <j@x.test>, k@y.test (z);", "Mon, 2 Jan 2006 15:04:05 -0700 (PDT)",
		"2006-01-02T15:04:05.1+01:00", "13/2/06 10:00 PM", "<CAHq_4WvV1QJipahNWbO6DG_296rBbiCT6mPgmqBTz3XEj6ZFDQ@mail.gmail.com>", "text/html; charset=\"x; name*0*=a'b'c",
		"=?x?b?aG", "((((\"\\", "a <@b,@c:d@e", "Jan 1 2 3 4 5:6 7",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkField(t, "field", &Field{Raw: data})
		checkField(t, "field", &Field{Raw: data, charset: "gb2312"})
		p := parseParams(data)
		if !utf8.ValidString(p.name + p.docName + p.value + p.charset) {
			t.Fatalf("parameters are no UTF-8: %+v", p)
		}
		if text := decodeUTF7(data); !utf8.Valid(text) && utf8.Valid(data) {
			t.Fatalf("UTF-7 gives %q", text)
		}
	})
}
