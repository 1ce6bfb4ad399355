package text

import (
	"strings"
	"testing"
)

func TestSeen(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"blocks begin lines", "<p>Dear  reader,</p><p>buy <b>now</b>!</p>", "Dear reader,\nbuy now!"},
		{"references", "Tea &amp; biscuits &lt;3 &#8364;5", "Tea & biscuits <3 €5"},
		{"bare signs", "a < b && c", "a < b && c"},
		{"style and script", "<style>p{}</style><script>alert(1)</script>seen", "seen"},
		{"hidden words", `Toner<div style="display:none">random words</div> sale`, "Toner\nsale"},
		{"a table's line", "<table><tr><td>Price</td><td>9</td></tr><tr><td>Tax</td><td>1</td></tr></table>", "Price 9\nTax 1"},
		{"a comment in a word", "Vi<!-- x -->agra", "Viagra"},
		{"never closed", "one <a href=\"x two", "one"},
	} {
		if got, cut := Seen(Block{[]byte(c.text), true}, 1<<16); got != c.want || cut {
			t.Errorf("%s: %q, %t, want %q", c.name, got, cut, c.want)
		}
	}
	plain := "Dear reader,\r\n\r\n\r\n\r\n  <b>no HTML</b>\tat &amp; all\n"
	if got, _ := Seen(Block{[]byte(plain), false}, 1<<16); got != "Dear reader,\n\n<b>no HTML</b> at &amp; all" {
		t.Errorf("plain: %q", got)
	}
}

func TestSeenIsBounded(t *testing.T) {
	got, cut := Seen(Block{[]byte(strings.Repeat("word ", 1000)), false}, 100)
	if !cut || len(got) < 100 || len(got) > 110 {
		t.Errorf("%d bytes, cut %t", len(got), cut)
	}
	if _, cut := Seen(Block{[]byte(strings.Repeat("x", 100) + " \n "), false}, 100); cut {
		t.Error("blanks at the end count as more")
	}
}
