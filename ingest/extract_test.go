package ingest

import (
	"slices"
	"strings"
	"testing"

	"spoor/ingest/received"
)

// hosts lists the hosts of a message's links.
func hosts(f *Facts) (out []string) {
	for _, l := range f.Links {
		out = append(out, l.Host)
	}
	return out
}

// Links are found in whatever a mail reader opens or shows as part of the message.
func TestLinksInsideFiles(t *testing.T) {
	for _, tc := range []struct{ name, mail string }{
		{"a document", "Content-Type: application/octet-stream; name=a.pdf\n\n%PDF-1.4\n1 0 obj<</S/URI/URI(https://a.example/)>>endobj"},
		{"a calendar", "Content-Type: text/calendar\n\nLOCATION:https://a.exa\n mple/x\\nnow\n"},
		{"a card", "Content-Type: application/octet-stream; name=x.vcf\nContent-Disposition: attachment\n\nURL:https://a.exam\n ple/\n"},
		{"a program", "Content-Type: application/javascript\n\nlocation = 'https:' + '//a.exam' + 'ple/'"},
		{"an external body", "Content-Type: message/external-body; access-type=URL; url=\"https://a.example/\"\n\nContent-Type: image/png\n"},
		{"a page in winmail.dat", "Content-Type: application/ms-tnef\n\n\x78\x9F\x3E\x22\x01\x00\x02\x0F\x80\x06\x00\x1A\x00\x00\x00<a href=https://a.example/>\x00\x00"},
		{"signed data", "Content-Type: application/pkcs7-mime; name=smime.p7m\n\n\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x01\x31\x00" +
			"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80\x04\x24Content-Type: text/html\n\n<a href=htt\x04\x11ps://a.example/>x\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
	} {
		f := Extract([]byte("Subject: x\n"+tc.mail), Spam, &received.Own{})
		if !slices.Contains(hosts(f), "a.example") {
			t.Errorf("%s: %q", tc.name, hosts(f))
		}
	}
}

// A calendar's text counts as it is shown: where its lines are folded changes nothing.
func TestCalendarText(t *testing.T) {
	const text = "DESCRIPTION:Please confirm the payment of the open invoice before Friday\\, otherwise the account will be closed.\n"
	folded := strings.Replace(text, "invoice", "inv\n oice", 1)
	a := Extract([]byte("Content-Type: text/calendar\n\n"+text), Spam, &received.Own{})
	b := Extract([]byte("Content-Type: text/calendar\n\n"+folded), Spam, &received.Own{})
	if a.TextHash == 0 || a.TextHash != b.TextHash {
		t.Errorf("%x and %x", a.TextHash, b.TextHash)
	}
}
