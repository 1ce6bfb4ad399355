package links

import (
	"strings"
	"testing"
)

// Text that follows a URL without a blank is no part of it.
func TestTextRunsIntoURL(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"請看http://a.example.com查看", "http://a.example.com/"},
		{"http://a.example.com에서 확인", "http://a.example.com/"},
		{"http://a.example.comครับ", "http://a.example.com/"},
		{"http://a.example.comсейчас", "http://a.example.com/"},
		{"http://a.example.comالآن", "http://a.example.com/"},
		{"http://a.example.com、http://b.example.net。", "http://a.example.com/ http://b.example.net/"},
		{"http://a.example.com。了解", "http://a.example.com/"},
		{"http://192.0.2.7查看", "http://192.0.2.7/"},
		{"http://a.example.com:8080查看", "http://a.example.com:8080/"},
		{"http://user:pw@a.example.com查看", "http://user:pw@a.example.com/"},
		{"http://a.example.com/pay查看", "http://a.example.com/pay"},
		{"http://a.example.com/?id=7で", "http://a.example.com/?id=7"},
		{"http://a.example.com—today", "http://a.example.com/"},
		{"http://a.example.com–it", "http://a.example.com/"},
		{"http://a.example.com/p—today", "http://a.example.com/p"},
		{"http://a.example.com’s", "http://a.example.com/"},
		{"http://a.example.com“x", "http://a.example.com/"},
		{"http://a.example.com™ http://b.example.com®", "http://a.example.com/ http://b.example.com/"},
		{"www.example.comและ", "http://www.example.com/"},
		{"a.example.comсейчас", "http://a.example.com/"},
		// Characters of the URL itself stay.
		{"https://例え.example.com/", "https://xn--r8jz45g.example.com/"},
		{"http://bücher.example/", "http://xn--bcher-kva.example/"},
		{"http://пример.рф/", "http://xn--e1afmkfd.xn--p1ai/"},
		{"http://ｅｘａｍｐｌｅ．com/x", "http://example.com/x"},
		{"http://a.example.com/wiki/日本", "http://a.example.com/wiki/%E6%97%A5%E6%9C%AC"},
		{"http://a.example.com/x日本/y", "http://a.example.com/x%E6%97%A5%E6%9C%AC/y"},
		{"http://a.example.com/caf\u00e9", "http://a.example.com/caf%C3%A9"},
		{"http://a.example.com/1914–18", "http://a.example.com/1914%E2%80%9318"},
	} {
		var got []string
		for _, l := range textOf(tc.in).Links {
			got = append(got, l.URL)
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s: %s, want %s", tc.in, s, tc.want)
		}
	}
	if r := textOf("anna@mail.exampleлично"); len(r.Contacts) != 1 || r.Contacts[0].Value != "anna@mail.example" {
		t.Errorf("mail address: %+v", r.Contacts)
	}
}

// A redirect's target is found in any case and coding that browsers read.
func TestCodedTargets(t *testing.T) {
	for _, tail := range []string{
		"?u=HtTpS://b.example/x", "?u=HTTPS%3a%2F%2fb.example/x", "r/hTtPs://b.example/x", "?u=%68ttps://b.example/x", "*%68%74%74%70%73://b.example/x",
		"?u=%2568ttps%253A%252F%252Fb.example%252Fx", "?u=aHR0cHMlM0ElMkYlMkZiLmV4YW1wbGUlMkZ4", "?u=SFRUUFM6Ly9iLmV4YW1wbGUveA", "?u=SHR0cHM6Ly9iLmV4YW1wbGUveA==",
		"?u=JTY4dHRwczovL2IuZXhhbXBsZS94", "?u=YUhSMGNITTZMeTlpTG1WNFlXMXdiR1V2ZUE9PQ", "?u=//b.example/x", "?u=%2F%2fb.example/x", "#Https://b.example/x",
	} {
		r := textOf("see https://a.example/" + tail + " now")
		found := false
		for _, l := range r.Links {
			found = found || l.Host == "b.example" && strings.HasSuffix(l.URL, "/x") && l.Via == 0
		}
		if !found {
			t.Errorf("%s: %q", tail, show(r))
		}
	}
}
