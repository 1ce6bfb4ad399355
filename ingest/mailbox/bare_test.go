package mailbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Thunderbird writes "From " with nothing behind it since version 115, and goes on so in
// folders that older versions began.
func TestMboxBareSeparators(t *testing.T) {
	a, b := "X-Mozilla-Status: 0001\nSubject: a\n\nhi\n", "Received: from a.example by b.example\nSubject: b\n\nho\n"
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"with an empty line before", "From \n" + a + "\nFrom \n" + b + "\n", []string{a, b}},
		{"without", "From \n" + a + "From \n" + b, []string{a, b}},
		{"after a dated one", fromA + a + "\nFrom \n" + b, []string{a, b}},
		{"before a dated one", "From \n" + a + "\n" + fromB + b, []string{a, b}},
		{"with a hyphen, after a dated one, without an empty line", fromA + b + "From - \n" + a, []string{b, a}},
		{"a text that has the word on a line", fromA + a + "\nFrom \nNote: this is text\n", []string{a + "\nFrom \nNote: this is text\n"}},
		{"the same under bare ones", "From \n" + a + "\nFrom \nhere on\n", []string{a + "\nFrom \nhere on\n"}},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			var want []string
			for _, w := range tt.want {
				want = append(want, strings.ReplaceAll(w, "\n", eol))
			}
			raws, failures := read(t, Limits{}, strings.NewReader(strings.ReplaceAll(tt.in, "\n", eol)))
			if diff := cmp.Diff(want, texts(raws)); diff != "" || len(failures) > 0 {
				t.Errorf("%s, line end %q: failures %v (-want +got):\n%s", tt.name, eol, codes(failures), diff)
			}
		}
	}
}
