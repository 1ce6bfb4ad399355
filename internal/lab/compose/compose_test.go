package compose

import (
	"strings"
	"testing"

	"spoor/ingest/message"
)

// TestRoundTrip reads the output of this package with the parser.
func TestRoundTrip(t *testing.T) {
	text := "Grüße = \t\nlong " + strings.Repeat("wörter ", 40) + "\nend \n"
	for _, encoding := range []string{"quoted-printable", "base64", "8bit", ""} {
		raw := "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n" +
			Multipart("b", "preamble\n", Part{Header: []string{"Content-Type: text/plain; charset=utf-8"}, Text: text, Encoding: encoding})
		m := message.Parse([]byte(raw))
		got := ""
		for _, p := range m.Parts {
			if p.Text != nil && p.Outside == "" {
				got = string(p.Text)
			}
		}
		if strings.TrimRight(got, "\n") != strings.TrimRight(text, "\n") {
			t.Errorf("%q: %q", encoding, got)
		}
		for line := range strings.Lines(raw) {
			if (encoding == "base64" || encoding == "quoted-printable") && len(line) > 77 {
				t.Errorf("%s: a line of %d", encoding, len(line))
			}
		}
	}
	for _, encoding := range []string{"B", "Q", "8"} {
		for _, s := range []string{"plain text", "Ваш счёт — готов, " + strings.Repeat("очень ", 20) + "!"} {
			h := message.Parse([]byte("Subject: " + Word(s, encoding) + "\n\n")).Header
			if got := h.Get("Subject").Text(); got != s {
				t.Errorf("%s: %q became %q", encoding, s, got)
			}
		}
	}
}
