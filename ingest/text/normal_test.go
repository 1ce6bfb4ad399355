package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"spoor/internal/lab/linear"
)

func TestSubjectKey(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"reply prefixes of several programs", "Re: AW: Fwd:  Your Order", "your order"},
		{"numbers vary from copy to copy", "Invoice 48213 due", "invoice due"},
		{"blanks and a random tail", "  Toners \t for   less ", "toners for less"},
		{"zero-width characters hide sameness", "Pay\u200bPal \u202enotice", "paypal notice"},
		{"nothing but digits", "123456", ""},
		{"a colon of its own", "Note: read", "note: read"},
	} {
		if got := SubjectKey(tc.in); got != tc.want {
			t.Errorf("%s: SubjectKey(%q) = %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
	if got := SubjectKey(strings.Repeat("ü", 5000)); len(got) > 500 {
		t.Errorf("a long subject gives a key of %d bytes", len(got))
	}
}

func normalOf(text string, html bool) *normalizer {
	n := new(normalizer)
	n.reset()
	n.add([]byte(text), html)
	return n
}

func letters(text string, html bool) string {
	return string(normalOf(text, html).out)
}

func TestNormalText(t *testing.T) {
	for _, tc := range []struct {
		name, in, want string
		html           bool
	}{
		{"digits, case and spacing", "Buy 3 NOW,\n\nonly $9", "buynowonly", false},
		{"a URL is left out with its scheme", "see https://www.a.example/x?y=1 today", "seetoday", false},
		{"a URL of another scheme", "see hxxps://www.a.example/x today", "seetoday", false},
		{"a URL without a scheme", "see www.a.example/offer/now today", "seetoday", false},
		{"a colon alone is no scheme", "offer: new", "offernew", false},
		{"the reader's own address", "Dear anna.b+spam@mail.example, hello", "dearhello", false},
		{"an address in brackets", "from <anna@mail.example> to us", "fromtous", false},
		{"an address as the last word", "write to anna@mail.example", "writeto", false},
		{"numbers with letters", "ref A8F3-KD9x of 24th", "refof", false},
		{"a number in front of a script without blanks", "2024年12月", "年月", false},
		{"tags and attributes", `<p class="x">Hello <b>you</b></p>`, "helloyou", true},
		{"style, script and comments", "a<style>td{color:red}</style>b<SCRIPT>var x</SCRIPT >c<!-- d -->e", "abce", true},
		{"letters as references", "caf&eacute; &#233; &#x50;ay&amp;P&#97;l &Auml;", "caféépaypalä", true},
		{"letters beyond Latin-1 as references", "&Scaron;koda &alpha;&OElig;", "škodaαœ", true},
		{"a greater-than sign in an attribute", `a<img alt="x > y">b`, "ab", true},
		{"a quote that is never closed", `a<a href="http://x.example>b</a>c`, "abc", true},
		{"references that are no letters", "a&nbsp;b&#8203;c&#64;d&#99999999;e&", "ae", true},
		{"a reference that never ends", "one &#", "one", true},
		{"a bare less-than sign", "1 < two", "two", true},
		{"a tag that never ends", "one <a href=", "one", true},
		{"markup stays in plain text", "<b>", "b", false},
		{"other scripts", "ПРИВЕТ, 你好!", "привет你好", false},
		{"marks belong to their letter", "e\u0301t\u0301", "et", false},
		{"invalid UTF-8", "a\xffb", "ab", false},
	} {
		if got := letters(tc.in, tc.html); got != tc.want {
			t.Errorf("%s: %q gives %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
}

// A hostile body must not cost more than its length.
func TestNormalTextIsLinear(t *testing.T) {
	for _, unit := range []string{"<!--", "<style>", "&aaaaaaaaaaaa", "<a ", "http://", "://", "<", "<a:b", "</p", "<p style=display:none>",
		"<font color=white>", "<p style=font-size:0><b style=font-size:9px>", "<p style=color:#fff>b", "a.", "a@", "www.", "&#64;", "é", "字", "\u0301"} {
		t.Run(unit, func(t *testing.T) {
			linear.Check(t, 400_000, func(n int) string { return strings.Repeat(unit, n) }, func(s string) { letters(s, true) })
		})
	}
}

func FuzzNormalText(f *testing.F) {
	f.Add("<p>Hello&nbsp;<a href='http://x.example'>there</a>", true)
	f.Add("http://", false)
	f.Add("<table><td style='display:none;color:#fff'>&#x41;n@b.example<table></td></table>字字", true)
	f.Add("<font color=white>a<b style='font-size:1px'>www.x</b>&eacute;</font>", true)
	f.Fuzz(func(t *testing.T, text string, html bool) {
		n := normalOf(text, html)
		if len(n.out) > 2*len(text)+8 || len(n.out) > maxNormal+8 || n.runes != utf8.RuneCount(n.out) {
			t.Errorf("%d bytes, %d runes out of %d", len(n.out), n.runes, len(text))
		}
		if b := n.sketch.bytes(); b != nil && len(b) != 2*sketchSlots {
			t.Errorf("a sketch of %d bytes", len(b))
		}
		if len(n.form.list) > maxFormTags {
			t.Errorf("a form of %d tags", len(n.form.list))
		}
	})
}

func TestHTMLCountsBeforeText(t *testing.T) {
	html := Block{Text: []byte("<p>" + strings.Repeat("enough letters to compare ", 4)), HTML: true}
	plain := Block{Text: []byte("another text that is long enough to be compared with others")}
	both, one := Read("", []Block{plain, html}), Read("", []Block{html})
	if both.Hash == 0 || both.Hash != one.Hash {
		t.Errorf("hash %x with a text alternative, %x without", both.Hash, one.Hash)
	}
	if short := Read("", []Block{{Text: []byte("hi there")}}); short.Hash != 0 {
		t.Error("two words have a hash to be compared by")
	}
}
