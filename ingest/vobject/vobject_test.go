package vobject

import (
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

func shown(object string) string {
	var b strings.Builder
	for _, t := range Texts(Unfold([]byte(object))) {
		if t.HTML {
			b.WriteString("[html]")
		}
		b.Write(t.Body)
		b.WriteByte('|')
	}
	return b.String()
}

func TestTexts(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"folded", "DESCRIPTION:see https://a.exam\r\n ple/x/y\r\n\t/z now\r\n", "see https://a.example/x/y/z now\n|"},
		{"folded in LF, in a character", "SUMMARY:gr\xC3\n \xBC\xC3\x9Fe\n", "grüße\n|"},
		{"escapes", `LOCATION:https://a.example/p\nRoom 4\, 2\;b \\ C:\temp` + "\r\n", "https://a.example/p\nRoom 4, 2;b \\ C:\\temp\n|"},
		{"an address has no escapes", `ATTACH;VALUE=URI:https://a.example/a\nb` + "\r\n", `https://a.example/a\nb` + "\n|"},
		{"HTML of a description", `X-ALT-DESC;FMTTYPE=text/html:<a href="https://a.example/\,x">y</a>` + "\r\nSUMMARY:z\r\n", `[html]<a href="https://a.example/,x">y</a>|z` + "\n|"},
		{"HTML by parameter", `STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE="text/html":<b>` + "\n", "[html]<b>||"},
		{"a colon in a quoted parameter", `ATTENDEE;CN="a:b":mailto:x@a.example` + "\n", "mailto:x@a.example\n|"},
		{"an attachment inside", "ATTACH;FMTTYPE=text/html;ENCODING=BASE64;VALUE=BINARY:PGEgaHJlZj1odHRwczovL2EuZXhhbXBsZS8+\n", "[html]<a href=https://a.example/>|" + "|"},
		{"quoted-printable of vCard 2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:see=20https://a.=\r\nexample/=0Abye\r\nURL:https://b.example/\r\n", "see https://a.example/\nbye\nhttps://b.example/\n|"},
		{"a line without a colon", "just text\n", "just text\n|"},
		{"nothing", "", "|"},
	} {
		if got := shown(tc.in); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestIs(t *testing.T) {
	for name, want := range map[string]bool{"text/calendar|": true, "application/octet-stream|Invite.ICS": true, "text/x-vcard|": true, "x/y|card.vcf": true, "text/plain|a.txt": false, "x/y|ics": false} {
		mediaType, file, _ := strings.Cut(name, "|")
		if got := Is(mediaType, file); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestLinear(t *testing.T) {
	for _, unit := range []string{"\n ", "A:b\n", "A;ENCODING=QUOTED-PRINTABLE:=\n", "\"", ":", `\`, ";", "A;ENCODING=B:AAAA\n"} {
		t.Run(unit, func(t *testing.T) {
			linear.Check(t, 1<<20, func(n int) string { return "A;ENCODING=QUOTED-PRINTABLE:x" + strings.Repeat(unit, n/len(unit)) }, func(s string) { shown(s) })
		})
	}
}

func FuzzTexts(f *testing.F) {
	f.Add("BEGIN:VEVENT\r\nX-ALT-DESC;FMTTYPE=text/html:<b>\\n\r\n c\r\nEND:VEVENT\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		if got := shown(s); len(got) > 2*len(s)+maxInline {
			t.Errorf("%d bytes out of %d", len(got), len(s))
		}
	})
}
