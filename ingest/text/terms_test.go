package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTerms(t *testing.T) {
	for _, tc := range []struct {
		name, subject string
		body          []Block
		want          []string
	}{
		{name: "nothing", want: nil},
		{name: "short text", subject: "Re: Hello", body: []Block{{Text: []byte("Hi there, a b")}}, want: []string{"hello", "hi", "re", "there"}},
		{name: "once", subject: "verify Verify VERIFY", want: []string{"verify"}},
		{name: "no numbers, addresses, links", subject: "win 500 x2y", body: []Block{{Text: []byte("mail bob@example.com or http://www.example.com/path now")}},
			want: []string{"mail", "now", "or", "win"}},
		{name: "joined words", subject: "e-mail well-known", want: []string{"known", "mail", "well"}},
		{name: "accents", subject: "GRÜẞE für Ärzte", want: []string{"für", "grüße", "ärzte"}},
		{name: "without blanks", subject: "確認 アカウント", want: []string{"ア", "ウ", "カ", "ト", "ン", "確", "認"}},
		{name: "what is not seen", body: []Block{{Text: []byte(`<p>seen</p><p style="display:none">hidden words</p>`), HTML: true}}, want: []string{"seen"}},
		{name: "short HTML and text", body: []Block{{Text: []byte("<b>one</b>"), HTML: true}, {Text: []byte("two")}}, want: []string{"one", "two"}},
		{name: "broken bytes", subject: "a\xffbc \x00 def\xed\xa0\x80", want: []string{"bc", "def"}},
		{name: "no word so long", subject: strings.Repeat("x", 49) + " yes", want: []string{"yes"}},
	} {
		if got := Read(tc.subject, tc.body).Terms; !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// A text of other words than the first leaves nothing of that in a buffer that is used again.
func TestTermsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "w%s ", strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i)))
	}
	got := Read("", []Block{{Text: []byte(b.String())}}).Terms
	if len(got) != maxTerms || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != maxTerms {
		t.Errorf("%d terms", len(got))
	}
	if got := Read("alone", nil).Terms; !slices.Equal(got, []string{"alone"}) {
		t.Errorf("then %q", got)
	}
}
