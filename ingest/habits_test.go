package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"spoor/ingest/message"
	"spoor/ingest/received"
)

func TestDateForm(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"as the RFC has it", "Tue, 07 Mar 2006 14:44:01 +0100", "Www, 99 Mmm 9999 99:99:99 +9999"},
		{"west of Greenwich is no habit", "Fri, 17 May 2024 04:01:59 -0330", "Www, 99 Mmm 9999 99:99:99 +9999"},
		{"a day of one digit", "Tue, 7 Mar 2006 14:44:01 +0100", "Www, 9 Mmm 9999 99:99:99 +9999"},
		{"padded with a blank", "Tue,  7 Mar 2006 14:44:01 +0100", "Www,  9 Mmm 9999 99:99:99 +9999"},
		{"no weekday, no seconds", "7 Mar 2006 14:44 +0100", "9 Mmm 9999 99:99 +9999"},
		{"a zone that cannot be", "Sun, 19 Apr 1998 22:14:09 -1900", "Www, 99 Mmm 9999 99:99:99 -1900"},
		{"odd minutes", "Sun, 19 Apr 1998 22:14:09 +0017", "Www, 99 Mmm 9999 99:99:99 +0017"},
		{"a zone that nobody is sure of", "Sun, 19 Apr 1998 22:14:09 -0000", "Www, 99 Mmm 9999 99:99:99 -0000"},
		{"two signs", "Sun, 19 Apr 1998 22:14:09 +-0700", "Www, 99 Mmm 9999 99:99:99 ++9999"},
		{"too many digits", "Sun, 19 Apr 1998 22:14:09 -07001", "Www, 99 Mmm 9999 99:99:99 -07001"},
		{"a named zone", "Sun, 19 Apr 1998 22:14:09 GMT", "Www, 99 Mmm 9999 99:99:99 GMT"},
		{"another", "Sun, 19 Apr 98 22:14:09 EST", "Www, 99 Mmm 99 99:99:99 EST"},
		{"the zone once more", "Tue, 07 Mar 2006 14:44:01 +0100 (CET)", "Www, 99 Mmm 9999 99:99:99 +9999 (WWW)"},
		{"in words", "Tue, 07 Mar 2006 14:44:01 -0800 (Pacific Daylight Time)", "Www, 99 Mmm 9999 99:99:99 +9999 (Www Www Www)"},
		{"always UTC", "Tue, 07 Mar 2006 14:44:01 +0000 (UTC)", "Www, 99 Mmm 9999 99:99:99 +9999 (UTC)"},
		{"upper case", "TUE, 07 MAR 2006 14:44:01 +0100", "WWW, 99 MMM 9999 99:99:99 +9999"},
		{"names in full", "Tuesday, March 7, 2006 2:44 AM", "Weekday, Month 9, 9999 9:99 PM"},
		{"hyphens are no zones", "Tue, 07-Mar-2006 14:44:01 +0100", "Www, 99-Mmm-9999 99:99:99 +9999"},
		{"ISO 8601", "2006-03-07T14:44:01+01:00", "9999-99-99T99:99:99+99:99"},
		{"ISO 8601 with Z", "2006-03-07T14:44:01.123Z", "9999-99-99T99:99:99.999Z"},
		{"ctime", "Tue Mar  7 14:44:01 2006", "Www Mmm  9 99:99:99 9999"},
		{"another language", "Mar, 07 Feb 2006 14:44:01 +0100 / Di, 07 Mrz 2006", "Mmm, 99 Mmm 9999 99:99:99 +9999 / Di, 99 Mrz 9999"},
		{"days of another language", "Di, 07 Okt 2006 14:44:01 +0100", "Aaa, 99 Aaa 9999 99:99:99 +9999"},
		{"a macro that nobody filled in", "%RND_DATE", "%RND_DATE"},
		{"bytes that no date has", "Di\x00, 7 M\xe4r\t2006", "Aaa?, 9 M?r 9999"},
		{"nothing", "", ""},
	} {
		if got := dateForm(tc.in); got != tc.want {
			t.Errorf("%s: %q gives %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
}

func FuzzDateForm(f *testing.F) {
	f.Add("Tue, 07 Mar 2006 14:44:01 +0100 (CET)")
	f.Add("1:+99:99((((((x")
	f.Add("1:1" + strings.Repeat("Wednesday-", 30))
	f.Fuzz(func(t *testing.T, s string) {
		got := dateForm(s)
		if len(got) > maxDateForm || !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\r\n\t\x1b") {
			t.Errorf("%q gives %q", s, got)
		}
	})
}

func TestEncodings(t *testing.T) {
	const parts = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
	for _, tc := range []struct{ name, in, want string }{
		{"as written", "Content-Type: text/HTML;\r\n\tcharset=\"ISO-8859-1\"; format=flowed\r\nContent-Transfer-Encoding: 7Bit \r\n\r\nx", `text/html;"ISO-8859-1";7Bit`},
		{"no charset", "Content-Type: text/plain\r\n\r\nx", "text/plain;;"},
		{"no MIME at all", "Subject: x\r\n\r\nx", ""},
		{"an encoding alone", "Content-Transfer-Encoding: 8bit\r\n\r\nx", ";;8bit"},
		{"two alternatives", parts + "--b\r\nContent-Type: text/plain; charset = utf-8\r\n\r\nx\r\n--b\r\nContent-Type: text/html; x=charset;charset=UTF-8\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\nx\r\n--b--",
			"text/plain;utf-8;,text/html;UTF-8;Quoted-Printable"},
		{"files and pictures are somebody else's", parts + "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\nContent-Type: text/plain; charset=x\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n--b--", "text/plain;;"},
		{"a forwarded message is somebody else's", parts + "--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/plain; charset=x\r\n\r\nx\r\n--b\r\nContent-Type: text/html\r\n\r\nx\r\n--b--", "text/html;;"},
		{"signs of the list itself", "Content-Type: text/plain; charset=\"a,b\x01c\"\r\n\r\nx", `text/plain;"a?b?c";`},
		{"another parameter that begins alike", "Content-Type: text/plain; charsets=x; charset=y\r\n\r\nx", "text/plain;y;"},
	} {
		if got := encodings(message.Parse([]byte(tc.in))); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	many := parts + strings.Repeat("--b\r\nContent-Type: text/plain; charset="+strings.Repeat("x", 300)+"\r\n\r\nx\r\n", 50)
	if got := encodings(message.Parse([]byte(many))); len(got) > maxEncodings || got == "" {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// The facts of a whole message have all four.
func TestExtractTellsNearDuplicates(t *testing.T) {
	page := "<html><head></head><body><table><tr><td><p>" + strings.Repeat("the parcel waits for its owner at the counter of the station. ", 4) + "</p><img></td></tr></table></body></html>"
	f := Extract([]byte("Date: Tue, 07 Mar 2006 14:44:01 -1900\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"+page), Spam, &received.Own{})
	if len(f.TextSketch) != 64 || f.HTMLForm == 0 || f.DateForm != "Www, 99 Mmm 9999 99:99:99 -1900" || f.Encodings != "text/html;UTF-8;" {
		t.Errorf("%x %d %q %q", f.TextSketch, f.HTMLForm, f.DateForm, f.Encodings)
	}
}
