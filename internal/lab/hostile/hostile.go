// Package hostile holds texts by which a spammer does harm when they are shown
// or used: on a terminal, in a spreadsheet, in a browser, in a path, in SQL.
// The tests of both programs put them into mail, logs and answers of
// registries, and check every output.
package hostile

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"spoor/enrich"
	"spoor/sql/store/storetest"
)

// Attacks are the things written.
var Attacks = []string{
	"\x1b]0;owned\x07\x1b[2J\x1b[31m", "\u202egpj.exe\u2066", "\x9b31m\x85\u2028", `=HYPERLINK("http://evil.example")`, "<script>alert(1)</script><img src=x onerror=alert(1)>",
	"</svg><svg onload=alert(1)>", "../../../../tmp/spoor-escaped", "'; DROP TABLE messages; --", "x REJECT\n192.0.2.1 OK", "\r\nBcc: victim@victim.example", "a\x00b",
}

// Messages is how many the mailbox holds.
var Messages = 2 * len(Attacks)

// Mailbox is one campaign that says every attack wherever mail can.
func Mailbox() string {
	var b strings.Builder
	word := func(s string) string { return "=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }
	for i, a := range slices.Concat(Attacks, Attacks) {
		line := oneLine(a)
		solid := strings.ReplaceAll(line, " ", "")
		fmt.Fprintf(&b, "From a@evil.example Thu Jan  5 10:00:00 2006\nReceived: from %s (unknown [203.0.113.5]) by mx.ourserver.example (Postfix) with SMTP id 1A2B3C4D%02d for <victim@ourserver.example>; Thu, 5 Jan 2006 10:00:%02d +0000\n",
			strings.ReplaceAll(line, " ", "_"), i, i)
		fmt.Fprintf(&b, "From: %s <a%d@evil.example>\nSubject: %s cheap toner now\nMessage-ID: <%d%s@evil.example>\nX-Mailer: %s\nDate: Thu, 5 Jan 2006 10:00:00 +0000\nMIME-Version: 1.0\n", word(a), i, word(a), i, solid, line)
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nBuy cheap toner today from the cheapest shop that there is, at http://www.evil.example/order/%s now.\n", solid)
		fmt.Fprintf(&b, "--b\nContent-Type: application/zip; name=\"%s\"\nContent-Transfer-Encoding: base64\n\nUEsDBAo=\n--b--\n\n", word(a))
	}
	return b.String()
}

// Log is a log of Postfix in which clients name themselves by every attack.
func Log() string {
	var b strings.Builder
	for i, a := range slices.Concat(Attacks, Attacks) {
		fmt.Fprintf(&b, "2006-01-05T10:00:%02d+00:00 mx.ourserver.example postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.5]: 550 5.1.1 <%s@ourserver.example>: User unknown; from=<%[2]s@evil.example> to=<%[2]s@ourserver.example> proto=SMTP helo=<%[2]s>\n", i, oneLine(a))
	}
	return b.String()
}

func oneLine(s string) string { return strings.NewReplacer("\r", "", "\n", " ", "\x00", "").Replace(s) }

// Answers are registries' answers about the campaign's domain and sender.
func Answers() []enrich.Observation {
	all := strings.Join(Attacks, " ")
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	registration := storetest.Registration("evil.example", enrich.WHOIS, at, func(r *enrich.Registration) {
		r.Registrar = enrich.Registrar{Name: all, AbuseEmail: "abuse@registrar.example"}
		r.Registrant = enrich.Contact{Name: all, Organization: all, Email: "<script>@evil.example", Phone: all}
	})
	return []enrich.Observation{registration, storetest.Netblock("203.0.113.5", "203.0.113.0/24", all, at)}
}

// AssertInert checks that a terminal only shows the text, and a browser would run none of it.
func AssertInert(t *testing.T, what string, text []byte) {
	t.Helper()
	for i, r := range string(text) {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) && r != unicode.ReplacementChar {
			t.Errorf("%.120s: %U at %d: %q", what, r, i, text[max(0, i-60):min(len(text), i+60)])
			return
		}
	}
	page := bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) // HTML, SVG, GraphML
	if page && (bytes.Contains(text, []byte("<script>alert")) || bytes.Contains(text, []byte("<img src=x")) || bytes.Contains(text, []byte("<svg onload"))) {
		t.Errorf("%s: a browser would run what the spammer wrote", what)
	}
}
