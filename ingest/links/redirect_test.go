package links

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

var (
	b64 = base64.RawURLEncoding.EncodeToString
	std = base64.StdEncoding.EncodeToString
)

var redirects = []struct {
	name, in string
	want     []string
	notes    string // of the first
}{
	{"SafeLinks", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fa%3Fb%3Dc&data=05%7C01%7C&reserved=0", []string{"https://shop.example/a?b=c"}, ""},
	{"SafeLinks escaped twice", "https://eur01.safelinks.protection.outlook.com/?x=1&amp;url=https%3A%2F%2Fshop.example%2F&amp;data=0", []string{"https://shop.example/"}, ""},
	{"Proofpoint v1", "https://urldefense.proofpoint.com/v1/url?u=http://shop.example/a%3Fb%3D1&k=abc%3D", []string{"http://shop.example/a?b=1"}, ""},
	{"Proofpoint v2", "https://urldefense.proofpoint.com/v2/url?u=http-3A__www.shop.example_a-2Db_-3Fc-3D1&d=DwMFAg&c=x", []string{"http://www.shop.example/a-b/?c=1"}, ""},
	{"Proofpoint v3", "https://urldefense.com/v3/__https://shop.example/a?b=c__;!!AbC!dEf$", []string{"https://shop.example/a?b=c"}, ""},
	{"Proofpoint v3 with signs", "https://urldefense.com/v3/__https://shop.example/a*b**Cc__;" + b64([]byte("#&()|")) + "!!AbC!dEf$", []string{"https://shop.example/a#b&()|c"}, ""},
	{"Proofpoint v3, slash lost", "https://urldefense.us/v3/__https:/shop.example/a__;!!AbC!dEf$", []string{"https://shop.example/a"}, ""},
	{"Symantec", "https://clicktime.symantec.com/3abc?u=https%3A%2F%2Fshop.example%2F", []string{"https://shop.example/"}, ""},
	{"Barracuda", "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fshop.example%2fa&c=E,1,x&typo=1", []string{"https://shop.example/a"}, ""},
	{"Mimecast", "https://protect-us.mimecast.com/s/AbCdEf?domain=shop.example", nil, "opaque-redirect"},
	{"Cisco", "https://secure-web.cisco.com/1AbCdEf/https%3A%2F%2Fshop.example%2Fa%3Fb", []string{"https://shop.example/a?b"}, ""},
	{"FireEye", "https://protect2.fireeye.com/v1/url?k=1&q=1&e=2&u=https%3A%2F%2Fshop.example%2F", []string{"https://shop.example/"}, ""},
	{"Sophos", "https://us-west-2.protection.sophos.com/?d=shop.example&u=" + std([]byte("https://shop.example/?a")) + "&i=x", []string{"https://shop.example/?a"}, ""},
	{"Trend Micro", "https://ddec1-0-en-ctp.trendmicro.com/wis/clicktime/v1/query?url=https%3a%2f%2fshop.example%2f&umid=1", []string{"https://shop.example/"}, ""},
	{"Check Point", "https://protect.checkpoint.com/v2/___https://shop.example/a___.YXA0", []string{"https://shop.example/a"}, ""},
	{"Check Point moved", "https://url.avanan.click/v2/r01/___myyux://xmtu.jcfruqj/f?g=6___.YXA0", []string{"https://shop.example/a?b=1"}, ""},
	{"Google", "https://www.google.com/url?q=https://shop.example/&sa=D", []string{"https://shop.example/"}, ""},
	{"Google, national", "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fshop.example%2F", []string{"https://shop.example/"}, ""},
	{"Google AMP", "https://www.google.com/amp/s/shop.example/a", []string{"https://shop.example/a"}, ""},
	{"AMP cache", "https://shop-example.cdn.ampproject.org/c/s/shop.example/a", []string{"https://shop.example/a"}, ""},
	{"Google Translate", "https://my--shop-example.translate.goog/a?b=1&_x_tr_sl=auto", []string{"https://my-shop.example/a?b=1"}, ""},
	{"Google Ads", "https://www.googleadservices.com/pagead/aclk?sa=L&adurl=http://shop.example/", []string{"http://shop.example/"}, ""},
	{"Google, search words", "https://www.google.com/search?q=shop", nil, ""},
	{"Bing", "https://www.bing.com/ck/a?!&&p=1&u=a1" + b64([]byte("https://shop.example/a")) + "&ntb=1", []string{"https://shop.example/a"}, ""},
	{"Yahoo", "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fshop.example%2f/RK=2/RS=x-", []string{"https://shop.example/"}, ""},
	{"Yahoo of 2002", "http://rds.yahoo.com/A=1/B=2/**http%3a//shop.example/a", []string{"http://shop.example/a"}, ""},
	{"Facebook", "https://l.facebook.com/l.php?u=https%3A%2F%2Fshop.example%2F&h=AT", []string{"https://shop.example/"}, ""},
	{"LinkedIn", "https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fshop%2Eexample&urlhash=x", []string{"https://shop.example/"}, ""},
	{"YouTube", "https://www.youtube.com/redirect?q=shop.example%2Fa&v=1", []string{"http://shop.example/a"}, ""},
	{"Amazon", "https://x1.r.us-east-1.awstrack.me/L0/https:%2F%2Fshop.example%2Fa/1/0100-abc/def=1", []string{"https://shop.example/a"}, ""},
	{"Mandrill", "https://mandrillapp.com/track/click/1/shop.example?p=" + b64([]byte(`{"s":"x","v":1,"p":"{\"u\":1,\"url\":\"https:\\/\\/shop.example\\/a\"}"}`)), []string{"https://shop.example/a"}, ""},
	{"Slack", "https://slack-redir.net/link?url=https%3A%2F%2Fshop.example", []string{"https://shop.example/"}, ""},
	{"Steam", "https://steamcommunity.com/linkfilter/?u=https%3A%2F%2Fshop.example", []string{"https://shop.example/"}, ""},
	{"VK", "https://vk.com/away.php?to=https%3A%2F%2Fshop.example", []string{"https://shop.example/"}, ""},
	{"Tumblr", "https://t.umblr.com/redirect?z=https%3A%2F%2Fshop.example&t=1", []string{"https://shop.example/"}, ""},
	{"DuckDuckGo", "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fshop.example", []string{"https://shop.example/"}, ""},
	{"archive", "https://web.archive.org/web/2023/https://shop.example/a", []string{"https://shop.example/a"}, ""},
	{"Postmark", "https://click.pstmrk.it/3s/shop.example%2Fa/x/y", []string{"https://shop.example/a"}, ""},
	{"web mail's image proxy", "https://ci3.googleusercontent.com/proxy/AbC=s0-d-e1-ft#https://a.example/b.png", []string{"https://a.example/b.png"}, ""},
	{"any parameter", "https://a.example/go?x=1&to=https%3A%2F%2Fshop.example%2F&y", []string{"https://shop.example/"}, "open-redirect"},
	{"any parameter, encoded twice", "https://a.example/go?to=https%253A%252F%252Fshop.example%252F", []string{"https://shop.example/"}, "open-redirect"},
	{"any path", "https://a.example/go/https://shop.example/a?b", []string{"https://shop.example/a?b"}, "open-redirect"},
	{"any fragment", "https://a.example/#https://shop.example/", []string{"https://shop.example/"}, "open-redirect"},
	{"base64", "https://a.example/r/" + b64([]byte("https://shop.example/")), []string{"https://shop.example/"}, "open-redirect,base64-target"},
	{"two parameters", "https://a.example/?u=http://b.example/&v=http://c.example/", []string{"http://b.example/", "http://c.example/"}, "open-redirect"},
	{"nested", "https://a.example/?u=https%3A%2F%2Feur01.safelinks.protection.outlook.com%2F%3Furl%3Dhttp%253A%252F%252Fshop.example%252F", []string{
		"https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fshop.example%2F", "http://shop.example/"}, "open-redirect"},
	{"nothing inside", "https://a.example/http?x=https&y=http%3A", nil, ""},
}

// TestRedirectors has each URL with the chain of URLs that it carries.
func TestRedirectors(t *testing.T) {
	for _, tt := range redirects {
		t.Run(tt.name, func(t *testing.T) {
			r := page1(`<a href="` + strings.ReplaceAll(tt.in, "&", "&amp;") + `">x</a>`)
			var got []string
			for _, l := range r.Links[1:] {
				got = append(got, l.URL)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s carries %q, want %q", tt.in, got, tt.want)
			}
			if notes := strings.Join(r.Links[0].Notes, ","); notes != tt.notes {
				t.Errorf("notes %q, want %q", notes, tt.notes)
			}
		})
	}
}

func TestDepthOfRedirectors(t *testing.T) {
	s := "http://last.example/"
	for range 8 {
		s = "http://a.example/?u=" + strings.NewReplacer("%", "%25", ":", "%3A", "/", "%2F", "?", "%3F", "=", "%3D").Replace(s)
	}
	r := textOf(s)
	if len(r.Links) != maxVia+1 {
		t.Errorf("%d links", len(r.Links))
	}
	for i, l := range r.Links {
		if l.Via != i-1 {
			t.Errorf("link %d via %d", i, l.Via)
		}
	}
}

func TestRunLength(t *testing.T) {
	for c, want := range map[byte]int{'A': 2, 'Z': 27, 'a': 28, 'z': 53, '0': 54, '9': 63, '-': 64, '_': 65, '*': 0} {
		if got := runLength(c); got != want {
			t.Errorf("runLength(%c) = %d", c, got)
		}
	}
}
