package links

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"spoor/internal/lab/linear"
)

// hostile are texts of about n bytes that were made, or happen, to hurt a parser.
var hostile = []struct {
	name string
	html bool
	make func(n int) string
}{
	{"1.1.1.", false, func(n int) string { return strings.Repeat("1.", n/2) }},
	{"1.1.1. apart", false, func(n int) string { return strings.Repeat(strings.Repeat("1.", 1000)+" ", n/2001) }},
	{"a.a.a.", false, func(n int) string { return strings.Repeat("a.", n/2) }},
	{"parentheses", false, func(n int) string { return strings.Repeat("(", n) }},
	{"http://((((", false, func(n int) string { return strings.Repeat("http://a/"+strings.Repeat("(", 1000)+" ", n/1010) }},
	{"http://a([{", false, func(n int) string { return strings.Repeat("http://a([{", n/11) }},
	{"http://http://", false, func(n int) string { return strings.Repeat("http://", n/7) }},
	{"http://a http://a", false, func(n int) string { return strings.Repeat("http://a ", n/9) }},
	{":/:/", false, func(n int) string { return strings.Repeat("a:/", n/3) }},
	{"a@a@", false, func(n int) string { return strings.Repeat("a@", n/2) }},
	{"a@a.example,", false, func(n int) string { return strings.Repeat("a@a.example,", n/12) }},
	{"[.][.]", false, func(n int) string { return strings.Repeat("a[.]", n/4) }},
	{"[dot] apart", false, func(n int) string { return strings.Repeat("a [dot] ", n/8) }},
	{"soft breaks", false, func(n int) string { return strings.Repeat("http://a.example/"+strings.Repeat("b", 55)+"=\r\n", n/75) }},
	{"folded brackets", false, func(n int) string { return strings.Repeat("<http://a.example/\n", n/19) }},
	{"percent", false, func(n int) string { return "http://a.example/?u=" + strings.Repeat("%25", n/3) }},
	{"percent URLs", false, func(n int) string {
		return strings.Repeat("http://a.example/?u=http%253A%252F%252Fb.example%252F ", n/54)
	}},
	{"digits", false, func(n int) string { return strings.Repeat("1", n) }},
	{"phones", false, func(n int) string { return strings.Repeat("+1 202 555 0123 ", n/16) }},
	{"digits apart", false, func(n int) string { return strings.Repeat("1 ", n/2) }},
	{"long URL", false, func(n int) string { return "http://a.example/" + strings.Repeat("a", n) }},
	{"long odd URL", false, func(n int) string { return "http://a.example/" + strings.Repeat("'|", n/2) }},
	{"nested redirectors", false, func(n int) string { return strings.Repeat("http://a.example/?u=", n/20) }},
	{"long URLs apart", false, func(n int) string {
		return strings.Repeat("http://a.example/"+strings.Repeat("{", 16000)+" ", n/16018+1)
	}},
	{"at signs in user", false, func(n int) string { return strings.Repeat("http://"+strings.Repeat("@", 900)+"a ", n/910) }},
	{"soft hyphens", false, func(n int) string { return strings.Repeat("\u00ad", n/2) + ".a" }},
	{"kana", false, func(n int) string { return strings.Repeat("\u3042.", n/4) }},
	{"<<<<", true, func(n int) string { return strings.Repeat("<", n) }},
	{"<a <a", true, func(n int) string { return strings.Repeat("<a ", n/3) }},
	{"<a href=\"", true, func(n int) string { return strings.Repeat(`<a href="http://a.example/`, n/26) }},
	{"<a>", true, func(n int) string { return strings.Repeat(`<a href=http://a.example/>`, n/26) }},
	{"<a> relative", true, func(n int) string { return `<base href=http://a.example/b/>` + strings.Repeat(`<a href=c'>`, n/11) }},
	{"<!--", true, func(n int) string { return strings.Repeat("<!--.", n/5) }},
	{"<!-- apart", true, func(n int) string { return strings.Repeat("<!--.<!--> -->", n/14) }},
	{"<![CDATA[", true, func(n int) string { return strings.Repeat("<![CDATA[.", n/10) }},
	{"<noscript>", true, func(n int) string { return strings.Repeat("<noscript>", n/10) }},
	{"<title><", true, func(n int) string { return strings.Repeat("<title><a ", n/10) }},
	{"&&&&", true, func(n int) string { return strings.Repeat("&", n) }},
	{"&amp in attribute", true, func(n int) string { return `<a href="http://a.example/?` + strings.Repeat("&", n) + `">` }},
	{"attributes", true, func(n int) string { return "<a " + strings.Repeat("b=c ", n/4) + ">" }},
	{"distinct attributes", true, func(n int) string {
		var b strings.Builder
		b.WriteString("<a ")
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, "b%d=http://c ", i)
		}
		return b.String() + ">"
	}},
	{"srcset", true, func(n int) string { return `<img srcset="` + strings.Repeat("http://a.example/ 1x,", n/21) + `">` }},
	{"css", true, func(n int) string { return "<style>" + strings.Repeat("url(", n/4) }},
	{"css escapes", true, func(n int) string { return "<style>" + strings.Repeat(`\68 url('`, n/9) }},
	{"@import", true, func(n int) string { return "<style>" + strings.Repeat(`@import "`, n/9) }},
	{"script", true, func(n int) string { return "<script>" + strings.Repeat(`'http:\/\/a`, n/11) }},
	{"data in data", true, func(n int) string { return `<a href="` + strings.Repeat("data:text/html,<a href=", n/23) + `">` }},
	{"javascript", true, func(n int) string { return strings.Repeat(`<a href="javascript:'http://a.example/'">`, n/41) }},
	{"computed scripts", true, func(n int) string { return strings.Repeat(`<script>a="http"+"://a.example"</script>`, n/41) }},
	{"a script of pieces", true, func(n int) string { return "<script>" + strings.Repeat(`eval("a"+`, n/9) }},
	{"overrides", false, func(n int) string { return strings.Repeat("\u202ea.example/", n/13) }},
	{"references", false, func(n int) string { return strings.Repeat("a&#46;example ", n/14) }},
	{"references in one word", false, func(n int) string { return strings.Repeat("a&#46;", n/6) }},
	{"names run into", false, func(n int) string { return strings.Repeat("http://a.\u3042a.\u3042a.\u3042a.example\u3042 ", n/40) }},
	{"open anchor", true, func(n int) string { return "<a href=http://a.example/>" + strings.Repeat("ab <p>", n/6) }},
	{"quoted-printable", true, func(n int) string { return strings.Repeat(`<a href=3D"http://a.example/=3D">`, n/33) }},
}

// hostileSize is large enough for a quadratic parser to show.
const hostileSize = 1 << 19

func TestHostileIsLinear(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			linear.Check(t, hostileSize, h.make, func(s string) {
				sound(t, Extract([]Text{{Body: []byte(s), HTML: h.html}}))
			})
		})
	}
}

// sound checks the invariants of a result.
func sound(t *testing.T, r Result) {
	t.Helper()
	if len(r.Links) > MaxLinks || len(r.Contacts) > MaxContacts {
		t.Fatalf("%d links, %d contacts", len(r.Links), len(r.Contacts))
	}
	for i, l := range r.Links {
		if len(l.Raw) > MaxURLBytes || len(l.URL) > MaxURLBytes || len(l.Visible) > maxVisible || len(l.Where) > 100 {
			t.Fatalf("link %d is too long: %d, %d, %d", i, len(l.Raw), len(l.URL), len(l.Visible))
		}
		for _, s := range []string{l.Raw, l.URL, l.Visible, l.Host, l.Where, l.Tenant} {
			if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
				t.Fatalf("link %d cannot be stored: %q", i, s)
			}
		}
		if l.Via >= i || l.Via < -1 || l.Count < 1 || l.Where == "" || l.Raw == "" {
			t.Fatalf("link %d: %+v", i, l)
		}
		depth := 0
		for v := l.Via; v >= 0; v = r.Links[v].Via {
			depth++
		}
		if depth > maxVia {
			t.Fatalf("link %d was carried by %d others", i, depth)
		}
	}
	for i, c := range r.Contacts {
		for _, s := range []string{c.Raw, c.Value, c.Where} {
			if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 || s == "" {
				t.Fatalf("contact %d: %+v", i, c)
			}
		}
	}
}

func TestManyURLs(t *testing.T) {
	var b bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&b, "<a href=\"http://host%d.example/path/%d\">x</a>\n", i, i)
	}
	r := page1(b.String())
	sound(t, r)
	if len(r.Links) != MaxLinks || r.Dropped != 100_000-MaxLinks {
		t.Errorf("%d links, %d dropped", len(r.Links), r.Dropped)
	}
}

func TestLongURL(t *testing.T) {
	r := textOf("http://a.example/" + strings.Repeat("\u00fc", 1<<20) + " http://b.example/")
	sound(t, r)
	if len(r.Links) != 2 || r.Links[0].Notes[0] != "cut" || r.Links[1].Host != "b.example" {
		t.Errorf("%q", show(r))
	}
}

func TestKeptBytes(t *testing.T) {
	var b bytes.Buffer
	for i := range 3000 {
		fmt.Fprintf(&b, "http://a.example/%d%s ", i, strings.Repeat("a", 15_000))
	}
	r := textOf(b.String())
	sound(t, r)
	total := 0
	for _, l := range r.Links {
		total += len(l.Raw) + len(l.URL)
	}
	if total > maxKeptBytes || r.Dropped == 0 || len(r.Links)+r.Dropped != 3000 {
		t.Errorf("%d bytes kept, %d links, %d dropped", total, len(r.Links), r.Dropped)
	}
}

func FuzzExtract(f *testing.F) {
	for _, h := range hostile {
		f.Add([]byte(h.make(200)), h.html)
	}
	f.Add([]byte(`<base href="http://a.example/"><a href="b?u=http%3A//c.example">www.d.example</a> jo@e.example +1 202 555 0123`), true)
	f.Add([]byte(`<meta http-equiv=refresh content="0;url=x"><style>@import 'http://a';</style><script>"\u0068ttp://a"</script><!--<a href=//b>-->`), true)
	f.Add([]byte("<http://a.example/\n b> hxxp://c[.]example \\\\h.example\\s (202) 555-0123 1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), false)
	f.Add([]byte("https://urldefense.com/v3/__https://a.example/*b**C__;JQ!! https://x.translate.goog/?_x_tr_sl=a"), false)
	f.Fuzz(func(t *testing.T, body []byte, html bool) {
		if len(body) > 1<<16 {
			return
		}
		was := bytes.Clone(body)
		r := Extract([]Text{{Body: body, HTML: html}, {Part: -1, Body: body}})
		if !bytes.Equal(was, body) {
			t.Fatal("the text was altered")
		}
		sound(t, r)
		again := Extract([]Text{{Body: body, HTML: html}, {Part: -1, Body: body}})
		if fmt.Sprint(r) != fmt.Sprint(again) {
			t.Fatal("the same text gave another result")
		}
	})
}
