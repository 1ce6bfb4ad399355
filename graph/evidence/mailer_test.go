package evidence

import (
	"slices"
	"strings"
	"testing"
)

func TestHeaderOrder(t *testing.T) {
	m := &Message{HeaderNames: "Received,Return-Path,From,To,Subject,X-Spam-Level,X-Odd42-Tag,MIME-Version,Content-Type,Date"}
	want(t, m, HeaderOrder, "From,Subject,X-Odd42-Tag,MIME-Version,Content-Type,Date,")
	want(t, m, OddHeader, "X-Odd0-Tag")
	// Case is a habit of the program.
	other := &Message{HeaderNames: strings.Replace(m.HeaderNames, "Subject", "SUBJECT", 1)}
	if slices.Equal(valuesOf(m, MailerCore), valuesOf(other, MailerCore)) {
		t.Error("case makes no difference")
	}
	// The core leaves out forms that depend on the body, the fingerprint does
	// not.
	plain := &Message{HeaderNames: "From,Subject,X-Odd42-Tag,Date"}
	if !slices.Equal(valuesOf(m, MailerCore), valuesOf(plain, MailerCore)) || slices.Equal(valuesOf(m, MailerFingerprint), valuesOf(plain, MailerFingerprint)) {
		t.Error("a body's header fields")
	}
	want(t, &Message{HeaderNames: "Received,Delivered-To,To"}, MailerCore)
	want(t, &Message{HeaderNames: ",,,"}, HeaderOrder)
	// Values that are too long to show still differ by their ends.
	long := "From," + strings.Repeat("X-Long-Header-Name,", 60)
	a, b := valuesOf(&Message{HeaderNames: long + "A"}, HeaderOrder), valuesOf(&Message{HeaderNames: long + "B"}, HeaderOrder)
	if len(a) != 1 || len(b) != 1 || a[0] == b[0] || len(a[0]) > maxValue {
		t.Errorf("%q and %q", a, b)
	}
	many := valuesOf(&Message{HeaderNames: strings.Repeat("X-Aa,X-Bb,X-Cc,X-Dd,X-Ee,X-Ff,X-Gg,X-Hh,", 100)}, OddHeader)
	if len(many) != 6 {
		t.Errorf("%d odd names", len(many))
	}
	want(t, &Message{HeaderNames: strings.Repeat("X", 2000)}, OddHeader)
	for name := range traceHeaders {
		if strings.ToLower(name) != name {
			t.Errorf("%q never matches", name)
		}
	}
	for name := range commonHeaders {
		if strings.ToLower(name) != name {
			t.Errorf("%q never matches", name)
		}
	}
}

func TestMessageID(t *testing.T) {
	m := &Message{MessageID: "20020801.abcdefgh.12345@mail.pills.test", From: "a@shop.test"}
	want(t, m, MessageIDHost, "mail.pills.test")
	want(t, m, MessageIDPart, "20020801.a", "abcdefgh", "defgh.12345"[1:])
	want(t, &Message{MessageID: "1234567890123456789012@host77", From: "a@shop.test"}, MessageIDHost, "host0")
	want(t, &Message{MessageID: "1234567890123456789012@host77"}, MessageIDPart) // a time or a counter
	want(t, &Message{MessageID: "x@shop.test", From: "a@SHOP.test"}, MessageIDHost)
	want(t, &Message{MessageID: "x@mail.test", HELO: "Mail.test"}, MessageIDHost)
	want(t, &Message{MessageID: "x@mail.test", ReverseName: "MAIL.test"}, MessageIDHost)
	for _, id := range []string{"", "@", "x@", "@x", "no at sign", strings.Repeat("ab.", 100) + "@x.test"} {
		want(t, &Message{MessageID: id}, MessageIDPart)
	}
	want(t, &Message{MessageIDForm: "9.a@d", BoundaryForm: "=_9"}, IDAndBoundary, "9.a@d =_9")
	want(t, &Message{MessageIDForm: "9.a@d"}, IDAndBoundary)
}

// The shape of a forged hop stays when its numbers change.
func TestHopForm(t *testing.T) {
	a := hopForm("from givingtreegifts.example (144848872 [146990032]) by shop4.example (Qmailv1) with ESMTP id 7F41A0; Thu, 1 Aug 2002 14:44:10 +0200")
	b := hopForm("from buypills.example (98211 [77])  by\r\n\tother.example (Qmailv1) with ESMTP id 99X1B7; Fri, 2 Aug 2002 01:00:00 -0500")
	if a != b || !strings.Contains(a, "(9 [9])") {
		t.Errorf("%q and %q", a, b)
	}
	if c := hopForm("from givingtreegifts.example ([192.0.2.1]) by shop4.example (Postfix) with ESMTP id 7F41A0; x"); c == a {
		t.Errorf("another program's is the same: %q", c)
	}
	for in, want := range map[string]string{"": "", ";": ";", " ; x": "", "   ": "", "192.0.2.1": "i", "8.9.3/8.9.3": "0.0.0/0.0.0", "12345678": "9"} {
		if got := hopForm(in); got != want && strings.TrimSpace(got) != want {
			t.Errorf("hopForm(%q) = %q, want %q", in, got, want)
		}
	}
	if n := len(valuesOf(&Message{Claims: claims(10_000)}, ForgedHop)); n > 5 {
		t.Errorf("%d forged hops", n)
	}
}

func TestAnomalies(t *testing.T) {
	if got := anomalies([]string{"date-zone", "helo-number", "helo-number", "never heard of", ""}); got != "helo-number date-zone" {
		t.Errorf("%q", got)
	}
	if got := anomalies(nil); got != "" {
		t.Errorf("%q", got)
	}
}

func TestBrokenReaders(t *testing.T) {
	for address, damaged := range map[string]string{
		"smtpsusan.nobody@client.test":        "smtp",
		"0susan.nobody@client.test":           "0",
		"00susan@client.test":                 "0",
		"SMTP0susan@client.test":              "smtp",
		"client.testsusan.nobody@Client.test": "domain",
		"client.testsmtpoffice@client.test":   "domain",
		"susan.nobody@client.test":            "",
		"usan.nobody@client.test":             "", // may be somebody's name
		"smtp@client.test":                    "",
		"smtp-relay@client.test":              "",
		"0@client.test":                       "",
		"0049301234@client.test":              "",
		"client.test@client.test":             "",
		"client.test0@other.test":             "",
		"smtpsusan":                           "",
		"@client.test":                        "",
		"smtpsusan@":                          "",
		"":                                    "",
	} {
		var values []string
		if damaged != "" {
			values = []string{damaged}
		}
		want(t, &Message{Readers: []string{address}}, BrokenReaders, values...)
	}
}
