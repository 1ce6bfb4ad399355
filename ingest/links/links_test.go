package links

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// show prints a link in one line: place, normal form, notes, and the link that
// carried it.
func show(r Result) []string {
	var out []string
	for _, l := range r.Links {
		s := l.Where + " " + l.URL
		if len(l.Notes) > 0 {
			s += " " + strings.Join(l.Notes, ",")
		}
		if l.Via >= 0 {
			s += fmt.Sprintf(" <%d", l.Via)
		}
		out = append(out, s)
	}
	return out
}

func showContacts(r Result) []string {
	var out []string
	for _, c := range r.Contacts {
		s := c.Kind + " " + c.Where + " " + c.Value
		if len(c.Notes) > 0 {
			s += " " + strings.Join(c.Notes, ",")
		}
		out = append(out, s)
	}
	return out
}

func textOf(s string) Result { return Extract([]Text{{Body: []byte(s)}}) }
func page1(s string) Result {
	return Extract([]Text{{Part: 1, Body: []byte(s), HTML: true}})
}

type extractTest struct {
	name, in string
	want     []string
}

func check(t *testing.T, tests []extractTest, run func(string) Result, show func(Result) []string) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(run(tt.in)); !slices.Equal(got, tt.want) {
				t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	check(t, []extractTest{
		{"plain", "see http://shop.example/a?b=1 now", []string{"text http://shop.example/a?b=1"}},
		{"end of sentence", "at http://shop.example/a.", []string{"text http://shop.example/a"}},
		{"parentheses around", "(http://shop.example/a)", []string{"text http://shop.example/a"}},
		{"parentheses inside", "http://wiki.example/a_(b) c", []string{"text http://wiki.example/a_(b)"}},
		{"quotes", `"http://shop.example/a"`, []string{"text http://shop.example/a"}},
		{"single quotes", `'http://shop.example/a','x'`, []string{"text http://shop.example/a"}},
		{"angle brackets", "<http://shop.example/a>", []string{"text http://shop.example/a"}},
		{"angle brackets folded", "<http://shop.example/a/\n  b?c=d>", []string{"text http://shop.example/a/b?c=d wrapped", "text http://shop.example/a/"}},
		{"capitals", "HTTP://SHOP.Example/A", []string{"text http://shop.example/A"}},
		{"glued", "here:http://shop.example/,https://b.example/", []string{"text http://shop.example/,https://b.example/ open-redirect", "text https://b.example/ <0"}},
		{"word before", "clickhttp://shop.example/", []string{"text http://shop.example/"}},
		{"backslashes", `http:\\shop.example\a`, []string{`text http://shop.example/a backslash`}},
		{"one slash", "http:/shop.example/a", []string{"text http://shop.example/a slashes"}},
		{"ftp", "ftp://files.example/pub", []string{"text ftp://files.example/pub"}},
		{"other scheme", "tg://resolve?domain=someone", []string{"text tg://resolve?domain=someone"}},
		{"no URL", "and/or: a://b, c:\\d", nil},
		{"scheme alone", "http:// and https://.", nil},
		{"hxxp", "hxxps://shop[.]example/a", []string{"text https://shop.example/a defanged"}},
		{"dot", "shop(dot)example/a", []string{"text http://shop.example/a defanged,no-scheme"}},
		{"dot spaced", "go to shop [dot] example now", []string{"text http://shop.example/ defanged,no-scheme"}},
		{"colon", "http[:]//shop.example/", []string{"text http://shop.example/ defanged"}},
		{"www", "www.shop.example", []string{"text http://www.shop.example/ no-scheme"}},
		{"www after colon", "Web:www.shop.example,", []string{"text http://www.shop.example/ no-scheme"}},
		{"host with path", "shop.example/a/b?c.", []string{"text http://shop.example/a/b?c no-scheme"}},
		{"bare host", "visit example.com today", []string{"text http://example.com/ no-scheme"}},
		{"bare host, port", "example.com:8080/x", []string{"text http://example.com:8080/x no-scheme,port"}},
		{"script", "run setup.sh or README.md", nil},
		{"script with path", "get.sh/x", []string{"text http://get.sh/x no-scheme"}},
		{"sentences", "the end.The next.It is", nil},
		{"small words", "please sign.in and add.to it", nil},
		{"colon behind", "example.com:text", []string{"text http://example.com/ no-scheme"}},
		{"file", "/usr/lib/a.com and b.exe", nil},
		{"numbers", "1.5 and 3.am and 10.000.000", nil},
		{"address with path", "192.0.2.1/a and 192.0.2.2", []string{"text http://192.0.2.1/a no-scheme"}},
		{"next to Chinese", "请访问example.com谢谢", []string{"text http://example.com/ no-scheme"}},
		{"IDN", "http://bücher.example/ü", []string{"text http://xn--bcher-kva.example/%C3%BC idn"}},
		{"mixed scripts", "http://p\u0430ypal.example/", []string{"text http://xn--pypal-4ve.example/ idn,mixed-script"}},
		{"zero width", "http://shop\u200b.example/\u00ada", []string{"text http://shop.example/a invisible"}},
		{"user", "http://bank.example@shop.example/", []string{"text http://bank.example@shop.example/ userinfo"}},
		{"hex address", "http://0xc0.0.0x2.1/", []string{"text http://192.0.2.1/ ip-obfuscated"}},
		{"number", "http://3221225985/", []string{"text http://192.0.2.1/ ip-obfuscated"}},
		{"octal", "http://0300.0.02.01/", []string{"text http://192.0.2.1/ ip-obfuscated"}},
		{"plain address", "http://192.0.2.1/", []string{"text http://192.0.2.1/"}},
		{"IPv6", "http://[2001:db8::1]/a", []string{"text http://[2001:db8::1]/a"}},
		{"percent host", "http://%73hop.example/", []string{"text http://shop.example/ percent-host"}},
		{"root dot", "http://shop.example./a", []string{"text http://shop.example/a"}},
		{"UNC", `\\files.example\share\a.exe`, []string{"text file://files.example/share/a.exe unc"}},
		{"quoted-printable code", "http://shop.example/?a=3D1", []string{"text http://shop.example/?a=3D1", "text http://shop.example/?a=1 qp-leftover"}},
		{"soft line break", strings.Repeat("x ", 25) + "http://shop.example/abc=\r\ndef next", []string{"text http://shop.example/abcdef qp-leftover", "text http://shop.example/abc="}},
		{"refused", "http://a%00b/", []string{"text http://a%00b/ percent-host,invalid"}},
	}, textOf, show)
}

func TestHTML(t *testing.T) {
	check(t, []extractTest{
		{"anchor", `<a href="http://shop.example/a?b=1&amp;c=2">x</a>`, []string{"a@href http://shop.example/a?b=1&c=2"}},
		{"unquoted", `<a href=http://shop.example/a>x</a>`, []string{"a@href http://shop.example/a"}},
		{"entities", `<a href="&#104;ttp&#58;//shop&period;example">x</a>`, []string{"a@href http://shop.example/"}},
		{"line ends inside", "<a href=\"ht\ntp://sh\top.example/\">x</a>", []string{"a@href http://shop.example/ control"}},
		{"blanks around", `<a href="  http://shop.example/ ">x</a>`, []string{"a@href http://shop.example/"}},
		{"no slashes", `<a href="https:shop.example/a">x</a>`, []string{"a@href https://shop.example/a slashes"}},
		{"protocol-relative", `<img src="//img.example/a.gif">`, []string{"img@src http://img.example/a.gif no-scheme"}},
		{"bare host", `<a href="www.shop.example/a">x</a>`, []string{"a@href http://www.shop.example/a no-scheme"}},
		{"relative without base", `<a href="/a/b.html">x</a><a href="index.html">y</a>`, nil},
		{"base", `<base href="https://shop.example/d/"><a href="../e">x</a>`, []string{"base@href https://shop.example/d/", "a@href https://shop.example/e relative"}},
		{"form", `<form action="https://shop.example/f"><button formaction="https://b.example/">`, []string{"form@action https://shop.example/f", "button@formaction https://b.example/"}},
		{"srcset", `<img srcset="http://a.example/1.png 1x, http://a.example/2.png 2x">`, []string{"srcset http://a.example/1.png", "srcset http://a.example/2.png"}},
		{"srcset tight", `<img srcset="http://a.example/1.png">`, []string{"srcset http://a.example/1.png"}},
		{"refresh", `<meta http-equiv="Refresh" content="0; URL='http://shop.example/r'">`, []string{"meta-refresh http://shop.example/r"}},
		{"refresh, content first", `<meta content="5;url=http://shop.example/r" http-equiv=refresh>`, []string{"meta-refresh http://shop.example/r"}},
		{"other meta", `<meta property="og:url" content="http://shop.example/o">`, []string{"meta@content http://shop.example/o"}},
		{"style attribute", `<td style="background:url('http://a.example/b.png')">`, []string{"css http://a.example/b.png"}},
		{"style element", `<style>@import "http://a.example/1.css"; b{background:url(http://a.example/2.png)} /* http://a.example/3 */</style>`,
			[]string{"css http://a.example/1.css", "css http://a.example/2.png", "css http://a.example/3"}},
		{"CSS escapes", `<style>a{background:url(\68ttp\3a //a.example/b)}</style>`, []string{"css http://a.example/b"}},
		{"empty", `<a href="http://">bank.test</a>`, []string{"text http://bank.test/ no-scheme"}},
		{"script", `<script>location="http:\/\/shop.example\/s";x='\x68ttp://b.example/'</script>`, []string{"script http://shop.example/s", "script http://b.example/"}},
		{"javascript", `<a href="javascript:window.open('http://shop.example/j')">x</a>`,
			[]string{"a@href javascript:window.open('http://shop.example/j')", "a@href http://shop.example/j <0"}},
		{"handler", `<a onclick="go('http://shop.example/c')">x</a>`, []string{"a@onclick http://shop.example/c"}},
		{"comment", `<!-- http://shop.example/c -->`, []string{"comment http://shop.example/c"}},
		{"conditional comment", `<!--[if mso]><v:roundrect href="https://shop.example/v"></v:roundrect><![endif]-->`, []string{"comment https://shop.example/v"}},
		{"open comment", `<!-- x <a href="http://shop.example/o">y</a>`, []string{"comment http://shop.example/o"}},
		{"noscript", `<noscript><img src="http://a.example/p.gif"></noscript>`, []string{"noscript http://a.example/p.gif"}},
		{"title", `<title>http://shop.example/t</title>`, []string{"title http://shop.example/t"}},
		{"VML", `<v:fill src="https://a.example/f.png">`, []string{"v:fill@src https://a.example/f.png"}},
		{"object", `<object data="http://a.example/o"><embed src="http://a.example/e"><iframe src="http://a.example/i">`,
			[]string{"object@data http://a.example/o", "embed@src http://a.example/e", "iframe@src http://a.example/i"}},
		{"doctype", `<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://dtd.example/x.dtd"><html xmlns="http://ns.example/">`,
			[]string{"doctype http://dtd.example/x.dtd", "xmlns http://ns.example/"}},
		{"open tag", `<a href="http://shop.example/o`, []string{"broken-tag http://shop.example/o"}},
		{"open quote", `<a href="http://shop.example/o>x</a> and <img src=http://b.example/>`, []string{"broken-tag http://shop.example/o", "img@src http://b.example/"}},
		{"quote not closed in time", `<a href="http://a.example/>x</a><a href="http://b.example/">y</a>`, []string{
			"a@href http://a.example/%3Ex%3C/a%3E%3Ca%20href=", "a http://a.example/", "a http://b.example/"}},
		{"repeated attribute", `<a href="http://a.example/" href="http://b.example/">x</a>`, []string{"a@href http://a.example/", "a@href http://b.example/"}},
		{"end tag", `<p></p data="http://a.example/">`, []string{"broken-tag http://a.example/"}},
		{"split by tags", `h<b></b>ttp://sh<i>op</i>.example/a`, []string{"text http://shop.example/a"}},
		{"cells apart", `<td>www.a.example</td><td>www.b.example</td>`, []string{"text http://www.a.example/ no-scheme", "text http://www.b.example/ no-scheme"}},
		{"anchors apart", `http://a.example/<a href="http://b.example/">x</a>`, []string{"text http://a.example/", "a@href http://b.example/"}},
		{"soft hyphen", `ht&shy;tp://shop.example/`, []string{"text http://shop.example/ invisible"}},
		{"part of the message", `<img src="cid:1@a"><a href="#top">x</a><img src="data:image/gif;base64,R0lGOD">`, nil},
		{"data page", `<a href="data:text/html;base64,PGEgaHJlZj1odHRwOi8vc2hvcC5leGFtcGxlLz4=">x</a>`,
			[]string{"a@href data:text/html;base64,PGEgaHJlZj1odHRwOi8vc2hvcC5leGFtcGxlLz4= data", "a@href http://shop.example/ data <0"}},
		{"quoted-printable left in", "<a href=3D\"http://shop.example/a=\nb\">x</a>", []string{
			"a@href http://shop.example/a=", "a@href http://shop.example/ab qp-leftover"}},
		{"mismatch", `<a href="http://evil.example/">www.bank.test</a>`, []string{"a@href http://evil.example/ visible-mismatch", "text http://www.bank.test/ no-scheme"}},
		{"same owner", `<a href="http://a.bank.test/">https://www.bank.test/login</a>`, []string{"a@href http://a.bank.test/", "text https://www.bank.test/login"}},
		{"rewritten by a filter", `<a href="https://nam02.safelinks.protection.outlook.com/?url=http%3A%2F%2Fbank.test%2F&data=1">http://bank.test</a>`,
			[]string{"a@href https://nam02.safelinks.protection.outlook.com/?url=http%3A%2F%2Fbank.test%2F&data=1", "a@href http://bank.test/ <0", "text http://bank.test/"}},
		{"words around a name", `<a href="http://evil.example/">read more about it all on bank.test here</a>`, []string{"a@href http://evil.example/", "text http://bank.test/ no-scheme"}},
	}, page1, show)
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		`<a href="http://a.example/">  Click <b>here</b>` + "\n now</a>":   "Click here now",
		`<a href="http://a.example/"><img src="cid:x" alt="Buy  now"></a>`: "Buy now",
		`<a href="http://a.example/"></a>text`:                             "",
		`<a href="http://a.example/">one<a href="http://b.example/">two`:   "one",
		`<a href="http://a.example/">` + strings.Repeat("ab ", 200):        strings.Repeat("ab ", 100),
		`<a href="http://a.example/">` + strings.Repeat("\u00fc", 200):     strings.Repeat("\u00fc", 150),
	} {
		if r := page1(in); r.Links[0].Visible != want {
			t.Errorf("%q shows %q, want %q", in, r.Links[0].Visible, want)
		}
	}
}

func TestLinkFields(t *testing.T) {
	r := Extract([]Text{
		{Part: -1, Body: []byte("Offer at http://a.b.shop.example:81/x")},
		{Part: 3, Body: []byte("http://u:p@192.0.2.1/ https://someone.github.io/a https://bit.ly/abc https://s3.amazonaws.com/bucket/x http://a/ http://a/")},
	})
	type fields struct {
		where, scheme, host, addr, domain, shared, tenant string
		part, count                                       int
		port                                              uint16
	}
	want := []fields{
		{"subject", "http", "a.b.shop.example", "invalid IP", "shop.example", "", "", -1, 1, 81},
		{"text", "http", "192.0.2.1", "192.0.2.1", "", "", "", 3, 1, 0},
		{"text", "https", "someone.github.io", "invalid IP", "someone.github.io", "hosting", "someone", 3, 1, 0},
		{"text", "https", "bit.ly", "invalid IP", "bit.ly", "shortener", "abc", 3, 1, 0},
		{"text", "https", "s3.amazonaws.com", "invalid IP", "", "storage", "bucket", 3, 1, 0},
		{"text", "http", "a", "invalid IP", "", "", "", 3, 2, 0},
	}
	for i, l := range r.Links {
		got := fields{l.Where, l.Scheme, l.Host, l.Addr.String(), l.Domain, l.Shared, l.Tenant, l.Part, l.Count, l.Port}
		if i >= len(want) || got != want[i] {
			t.Errorf("link %d is %+v", i, got)
		}
	}
	if len(r.Links) != len(want) {
		t.Errorf("%d links", len(r.Links))
	}
}

func TestContacts(t *testing.T) {
	check(t, []extractTest{
		{"mail", "write to <Jo.Doe@Example.COM>, or sales@shop.example.", []string{"mail text Jo.Doe@example.com", "mail text sales@shop.example"}},
		{"mail in brackets", "mail(at)example.com", []string{"mail text mail@example.com"}},
		{"mail spaced", "jo [at] example [dot] com", []string{"mail text jo@example.com"}},
		{"no mail", "a@b, @c.example, x@1.2.3", nil},
		{"mail beside URL", "http://a.example/ jo@example.com", []string{"mail text jo@example.com"}},
		{"international", "call +44 20 7946 0123 now", []string{"phone text +442079460123"}},
		{"double zero", "Tel. 0044 20 7946 0123", []string{"phone text +442079460123"}},
		{"North America", "(202) 555-0123 or 1-800-555-0199 or 202.555.0188", []string{"phone text +12025550123", "phone text +18005550199", "phone text +12025550188"}},
		{"letters for digits", "Call +1 (8o8) 555-O199", []string{"phone text +18085550199 letters"}},
		{"unknown country", "Phone: 0171 / 5550123", []string{"phone text 01715550123 no-country"}},
		{"no phone", "invoice 2024-01-31, 1234567890, $4,500,000.00, 10:30:00, 192.0.2.100, id=2025550123, 978-3-16-148410-0", nil},
		{"bitcoin", "pay to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT now", []string{"wallet text 1BoatSLRHtKNngkdXEeobR76b53LETtpyT bitcoin"}},
		{"bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.", []string{"wallet text bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 bitcoin"}},
		{"ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", []string{"wallet text 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed ethereum"}},
		{"wrong checksums", "1BoatSLRHtKNngkdXEeobR76b53LETtpyU bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeaED", nil},
	}, textOf, showContacts)
	check(t, []extractTest{
		{"mailto", `<a href="mailto:jo@Example.com,%6Ao2@example.com?cc=a@b.example&amp;subject=x">m</a>`,
			[]string{"mail mailto jo@example.com", "mail mailto jo2@example.com", "mail mailto a@b.example"}},
		{"a URL behind mailto is no address", `<a href="mailto:http://www.example.com/x@y">m</a>`, nil},
		{"tel", `<a href="tel:+1-202-555-0123">t</a>`, []string{"phone tel +12025550123"}},
		{"tel without country", `<a href="tel:0171/5550123">t</a>`, []string{"phone tel 01715550123 no-country"}},
		{"payment link", `<a href="bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT?amount=1">t</a>`, []string{"wallet a@href 1BoatSLRHtKNngkdXEeobR76b53LETtpyT bitcoin"}},
	}, page1, showContacts)
}

func TestURLBehindMailto(t *testing.T) {
	for _, in := range []string{
		`<a href="mailto:http://198.51.100.7/remove.html">m</a>`,
		`<a href="MAILTO: http://198.51.100.7/remove.html">m</a>`,
	} {
		r := page1(in)
		if len(r.Links) != 1 || r.Links[0].URL != "http://198.51.100.7/remove.html" || r.Links[0].Where != "a@href" {
			t.Errorf("%s: %+v", in, r.Links)
		}
	}
}

func TestCounts(t *testing.T) {
	r := textOf("jo@example.com jo@example.com http://a.example/ http://a.example/ http://a.example/")
	if len(r.Links) != 1 || r.Links[0].Count != 3 || len(r.Contacts) != 1 || r.Contacts[0].Count != 2 {
		t.Errorf("%+v", r)
	}
}
