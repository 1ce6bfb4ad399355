package mask

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"spoor/ingest/message"
)

func mail(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

func TestMessageIsMasked(t *testing.T) {
	m := New(recipients)
	a := recipients[0]
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	var links []string
	for name, d := range disguises(a) {
		links = append(links, "<a href=\"http://shop.example/"+d+"\">"+name+"</a>")
	}
	messages := map[string][]byte{
		"plain": mail("Return-Path: <bounce-john.doe=own.example@spammer.example>", "Received: from x (y [192.0.2.1]) by mx.own.example for <"+a+">; Mon, 1 Jan 2026 00:00:00 +0000",
			"Delivered-To: "+a, "To: John Doe <"+a+">", "Subject: john.doe, buy now", "From: <"+a+">", "", "Dear john.doe@own.example,", "buy."),
		"encoded word": mail("To: =?utf-8?B?"+b64("John <"+a+">")+"?=", "Subject: =?utf-8?B?"+b64("For "+a)+"?=", "X: =?utf-8?q?john=2Edoe=40own=2Eexample?=", "", "x"),
		"html":         mail("Subject: x", "Content-Type: text/html", "", strings.Join(links, "\r\n")),
		"base64 body":  mail("Subject: x", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", b64(strings.Join(links, "\r\n"))),
		"utf-16":       mail("Subject: x", "Content-Type: text/plain; charset=utf-16le", "Content-Transfer-Encoding: base64", "", b64(wide("to "+a))),
		"multipart": mail("Subject: x", "Content-Type: multipart/mixed; boundary=\"b-"+a+"\"", "", "--b-"+a, "Content-Type: text/plain", "Content-Transfer-Encoding: quoted-printable", "",
			"john.d=", "oe=40own.example", "--b-"+a, "Content-Type: image/png; name=\""+a+".png\"", "Content-Transfer-Encoding: base64", "", b64("\x89PNG\r\n\x1a\n"+a), "--b-"+a+"--"),
		"embedded": mail("Subject: x", "Content-Type: message/rfc822", "", "To: "+a, "Subject: inner", "", "for "+a),
		"no body":  mail("To: " + a), "nothing": nil, "no header": mail("", a),
	}
	for name, raw := range messages {
		masked, err := m.Message(raw)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, masked)
			continue
		}
		if strings.Contains(string(masked), "own.example>") && strings.Contains(string(masked), "doe") {
			t.Errorf("%s: %s", name, masked)
		}
		if name == "plain" && (!strings.Contains(string(masked), "To: <r1@masked.invalid>") || !strings.Contains(string(masked), "buy.")) {
			t.Errorf("%s: %s", name, masked)
		}
		if name == "multipart" {
			if p := message.Parse(masked).Parts; len(p) != 3 || !strings.Contains(string(p[1].Text), "r1@masked.invalid") {
				t.Errorf("%s: %d parts\n%s", name, len(p), masked)
			}
		}
	}
}

func wide(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%c\x00", c)
	}
	return b.String()
}

// A message that is nobody of ours' keeps its bytes.
func TestMessageOfOthersStays(t *testing.T) {
	raw := mail("Subject: hello", "From: <a@shop.example>", "Content-Type: text/plain", "", "buy at http://shop.example/?x=1")
	masked, err := New(recipients).Message(raw)
	if err != nil || string(masked) != string(raw) {
		t.Errorf("%v\n%s", err, masked)
	}
}

// Masking takes time in proportion to the message.
func TestMaskingEndsOnHostileMail(t *testing.T) {
	m := New(recipients)
	for name, text := range map[string]string{
		"percents": strings.Repeat("%25", 100_000), "equals": strings.Repeat("=", 200_000), "run": strings.Repeat("QUFB", 50_000), "domains": strings.Repeat("own.example", 20_000),
		"locals": strings.Repeat("john.doe", 20_000), "dots": strings.Repeat(".", 200_000), "ampersands": strings.Repeat("&#0", 60_000), "one word": strings.Repeat("a", 200_000),
		"ats": strings.Repeat("a@own.example ", 10_000),
	} {
		if _, err := m.Message(mail("Subject: x", "", text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
