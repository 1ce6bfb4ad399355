package html

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// libraryAttrs lists the attributes of all start tags as x/net/html's tokenizer sees them.
func libraryAttrs(s string) (out []string) {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			for _, a := range t.Attr {
				if a.Val != "" {
					out = append(out, fmt.Sprintf("%s %s=%q", t.Data, a.Key, a.Val))
				}
			}
		}
	}
}

// scannedAttrs lists them as this package does; of a repeated attribute only the first,
// which is all that the library tells.
func scannedAttrs(s string) (out []string) {
	b := []byte(s)
	var tag Tag
	for i := 0; i < len(b); {
		if b[i] != '<' {
			i++
			continue
		}
		name, closing, ok := StartsTag(b, i)
		switch {
		case ok:
			end, ok := tag.Scan(b, name)
			if !ok {
				return out
			}
			i = end
			if closing {
				continue
			}
			element := asciiLower(string(tag.Name.Of(b)))
			seen := map[string]bool{}
			for _, a := range tag.Attrs {
				key, _ := Lower(nil, a.Key.Of(b))
				val := string(AppendUnescaped(nil, a.Val.Of(b), true))
				if val != "" && !seen[string(key)] {
					out = append(out, fmt.Sprintf("%s %s=%q", element, key, val))
				}
				seen[string(key)] = true
			}
			if IsRawText([]byte(element)) {
				i = RawTextEnd(b, i, element)
			}
		case StartsMarkup(b, i):
			_, i = Markup(b, i)
		default:
			i++
		}
	}
	return out
}

func asciiLower(s string) string {
	b, _ := Lower(nil, []byte(s))
	return string(b)
}

var scanSeeds = []string{
	`<a href="x" HREF='y' b=c d>e</a f="g"><br/><i k = 'v'w=x/>`, `<p a=b/c d="e>f" g='h"i'>`, `<!-- a --><!--> <b c=d> --!><e f=g>`,
	`<a b="&amp;&copy=1&copy;&copy 2&notit;&#x41;&#65&#;&zz;&"> &lt&lt;&ampx`, `<style a=b><c d=e></style x=y><f g=h>`, `<title><a b=c></title><d e=f>`,
	`<a =b=c = d>`, `<a/b=c/d="e"/>`, `<?xml a="b"?></ a=b><c d=e>`, `<a b='c`, `<<a b=c>>`, `<A B=C><TEXTAREA X=Y></textarea><d e=f>`,
	`<!DOCTYPE a "b"><c d=e>`, `<![CDATA[<a b=c>]]><d e=f>`, `<a b="c"d="e">`, "<a\nb\r=\tc\f>", `<a b=c&amp;d&gt e>`, `<noscript x=y><a b=c></noscript >`,
}

func TestScanEqualsLibrary(t *testing.T) {
	for _, s := range scanSeeds {
		if got, want := scannedAttrs(s), libraryAttrs(s); !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q", s, got, want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for _, s := range []string{"a", "&", "&&amp;", "&amp", "&ampx", "&notit;", "&copy=1", "&#104;&#x74;", "&#", "&#x", "&nbsp;x", "&unknown;", "&lt&gt;", "a&b=c&d"} {
		if got, want := string(AppendUnescaped(nil, []byte(s), false)), html.UnescapeString(s); got != want {
			t.Errorf("%q in text is %q, the library has %q", s, got, want)
		}
	}
	for in, want := range map[string]string{"?a&copy=1": "?a&copy=1", "?a&copy;=1": "?a©=1", "&copy": "©", "&copyx": "&copyx", "&amp=": "&amp=", "&#65=": "A=", "&notit;": "&notit;"} {
		if got := string(AppendUnescaped(nil, []byte(in), true)); got != want {
			t.Errorf("%q in an attribute is %q, want %q", in, got, want)
		}
	}
}

// The library handles NUL, carriage returns and the escapes inside scripts in ways that
// make no link; on all else the two agree.
func FuzzScan(f *testing.F) {
	for _, s := range scanSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 || strings.ContainsAny(s, "\x00\r") || strings.Contains(strings.ToLower(s), "<script") || strings.Contains(strings.ToLower(s), "<plaintext") {
			return
		}
		if got, want := scannedAttrs(s), libraryAttrs(s); !slices.Equal(got, want) {
			t.Fatalf("%q\n got %q\nwant %q", s, got, want)
		}
	})
}
