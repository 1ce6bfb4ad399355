package printable

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":                      {"Toners for less", "Toners for less"},
		"escape sequence":            {"a\x1b[2Jb", "a\ufffd[2Jb"},
		"window title":               {"\x1b]0;pwned\x07", "\ufffd]0;pwned\ufffd"},
		"C1 as UTF-8":                {"a\u009b31mb", "a\ufffd31mb"},
		"C1 as a bare byte":          {"a\x9b31mb", "a\ufffd31mb"},
		"folded header":              {"a\r\n\tb", "a   b"},
		"direction override":         {"invoice\u202efdp.exe", "invoicefdp.exe"},
		"isolates and marks":         {"\u2066a\u2069\u200fb", "ab"},
		"zero width":                 {"pay\u200bpal\ufeff", "paypal"},
		"soft hyphen":                {"via\u00adgra", "viagra"},
		"tag characters":             {"a\U000e0041b", "ab"},
		"language it is":             {"Größe 価格", "Größe 価格"},
		"combining flood":            {"a" + strings.Repeat("\u0301", 50) + "b", "a\u0301\u0301b"},
		"mark without letter":        {"\u0301a", "a"},
		"mark after blank":           {" \u0301a", " a"},
		"no-break blank":             {"a\u00a0b", "a b"},
		"line separator":             {"a\u2028b", "a b"},
		"filler that looks empty":    {"a\u3164\u2800b", "a  b"},
		"private use, unassigned":    {"\ue000\U0003fffe", "\ufffd\ufffd"},
		"DEL":                        {"a\x7fb", "a\ufffdb"},
		"preview padding of letters": {"Sale\u034f\u200c\u00ad", "Sale"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Clean(c.in); got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"rather too long", 8, "rather …"},
		{"価格価格", 5, "価格…"},
		{"価格", 4, "価格"},
		{"a", 0, ""},
		{"ab", 1, "…"},
		{strings.Repeat("x", 1<<20), 4, "xxx…"},
	} {
		if got := Cut(c.in, c.n); got != c.want {
			t.Errorf("Cut(%.20q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
	if got, want := CutMiddle("/srv/spamtrap/2002/12/spam.mbox", 16), "/srv/…/spam.mbox"; got != want {
		t.Errorf("CutMiddle = %q, want %q", got, want)
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"=HYPERLINK(\"http://a.test\")": "'=HYPERLINK(\"http://a.test\")",
		"+1 202 555 0100":               "'+1 202 555 0100",
		"-1":                            "'-1",
		"@SUM(A1)":                      "'@SUM(A1)",
		"\t=1":                          "' =1",
		"\u200b=1":                      "'=1",
		"＝1":                            "'＝1",
		"'=1":                           "''=1",
		"a\tb\nc":                       "a b c",
		"a=b":                           "a=b",
	} {
		if got := Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDefang(t *testing.T) {
	for in, want := range map[string]string{
		"http://www.shop.example/a.html":    "hxxp://www[.]shop[.]example/a.html",
		"https://192.0.2.1:8080/?q=a.b":     "hxxps://192[.]0[.]2[.]1:8080/?q=a.b",
		"ftp://files.example":               "ftp://files[.]example",
		"shop.example":                      "shop[.]example",
		"someone@mail.example":              "someone@mail[.]example",
		"192.0.2.7":                         "192[.]0[.]2[.]7",
		"2001:db8::1":                       "2001[:]db8::1",
		"http://a.test/\x1b[31m":            "hxxp://a[.]test/\ufffd[31m",
		"https://a.test?next=http://b.test": "hxxps://a[.]test?next=http://b.test",
	} {
		if got := Defang(in); got != want {
			t.Errorf("Defang(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestASCII(t *testing.T) {
	if got, want := ASCII("Größe … 価 e\u0301 ▁█"), "Gr??e ~ ? e _#"; got != want {
		t.Errorf("ASCII = %q, want %q", got, want)
	}
}

// TestCutIsBounded shows that a huge subject costs no more than a long one: only a
// bounded beginning of it is examined, and that is enough.
func TestCutIsBounded(t *testing.T) {
	huge := strings.Repeat("e\u0301", 8<<20)
	examined := bounded(huge, 80)
	if len(examined) > 16<<10 {
		t.Errorf("%d bytes are examined for 80 cells", len(examined))
	}
	if got, want := Cut(huge, 80), strings.Repeat("e\u0301", 79)+"…"; got != want {
		t.Errorf("cut to %d cells: %q", Width(got), got)
	}
}

func FuzzPrintable(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b]0;x\x07", "a\u202eb", "\x9b\x80", "価\u0301\u0301\u0301", "=cmd|' /C calc'!A0", "http://a.test/", "\xed\xa0\x80", "\U000e0020", "\u2028"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		n %= 300
		clean := Clean(s)
		for name, out := range map[string]string{
			"Clean": clean, "Fold": Fold(s), "Cut": Cut(s, n), "CutMiddle": CutMiddle(s, n),
			"Cell": Cell(s), "Defang": Defang(s), "ASCII": ASCII(s),
		} {
			assertHarmless(t, name, s, out)
		}
		if again := Clean(clean); again != clean {
			t.Errorf("Clean(%q) = %q, once more %q", s, clean, again)
		}
		if w := Width(Cut(s, n)); w > max(n, 0) {
			t.Errorf("Cut(%q, %d) takes %d cells", s, n, w)
		}
		if w := Width(CutMiddle(s, n)); w > max(n, 0) {
			t.Errorf("CutMiddle(%q, %d) takes %d cells", s, n, w)
		}
		assertJSON(t, s)
	})
}

func assertHarmless(t *testing.T, name, in, out string) {
	if !utf8.ValidString(out) {
		t.Errorf("%s(%q) = %q is not UTF-8", name, in, out)
	}
	marks := 0
	for _, r := range out {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			t.Errorf("%s(%q) = %q holds %U", name, in, out, r)
		}
		if unicode.Is(unicode.Mn, r) {
			marks++
		} else {
			marks = 0
		}
		if marks > maxMarks {
			t.Errorf("%s(%q) = %q stacks %d marks", name, in, out, marks)
		}
	}
}

// assertJSON checks that JSON changes the text, not the value.
func assertJSON(t *testing.T, s string) {
	text, err := json.Marshal(strings.ToValidUTF8(s, "?"))
	if err != nil {
		t.Fatal(err)
	}
	safe := JSON(text)
	for _, r := range string(safe) {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			t.Errorf("JSON(%q) = %q holds %U", text, safe, r)
		}
	}
	var back string
	if err := json.Unmarshal(safe, &back); err != nil {
		t.Fatalf("JSON(%q) = %q: %v", text, safe, err)
	}
	if back != strings.ToValidUTF8(s, "?") {
		t.Errorf("JSON(%q) decodes to %q", text, back)
	}
}
