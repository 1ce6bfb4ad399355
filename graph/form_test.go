package graph

import (
	"strings"
	"testing"
)

func TestPathForm(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"http://a.example/ang/affiliate/index.asp?id=609", "/ang/affiliate/index.asp?id="},
		{"http://a.example/gallery/view.php?aff=7&item=12", "/gallery/view.php?aff=&item="},
		{"http://a.example/order2/confirm99.html", "/order0/confirm0.html"},
		{"http://a.example/unsubscribe/now/8f3a9c21e4", "/unsubscribe/now/*"},
		{"http://a.example/index.html", ""},
		{"http://a.example/", ""},
		{"http://a.example", ""},
		{"mailto:x@a.example", ""},
		{"http://a.example/" + strings.Repeat("a/", 300), ""},
	} {
		if got := pathForm(c.url); got != c.want {
			t.Errorf("pathForm(%q) = %q, want %q", c.url, got, c.want)
		}
	}
}

func TestEveryday(t *testing.T) {
	for host, want := range map[string]bool{
		"www.w3.org": true, "facebook.com": true, "storage.googleapis.com": false,
		"fonts.googleapis.com": true, "notfacebook.com": false, "": false, "com": false,
	} {
		if got := everyday(host); got != want {
			t.Errorf("everyday(%q) = %v", host, got)
		}
	}
}

func TestOwnHeadersLeavesOutTheWay(t *testing.T) {
	got := ownHeaders("Delivered-To,Received,X-MS-Exchange-Foo,From,To,SUBJECT,ARC-Seal,X-Mailer")
	if want := "From,SUBJECT,X-Mailer,"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzFeatures(f *testing.F) {
	f.Add("http://a.example/x?y=z#q", "144899528", "From,,To,", "a@b@c")
	f.Add("://", "", ",", "@")
	f.Fuzz(func(t *testing.T, url, helo, names, from string) {
		m := Message{Key: 1, HELO: helo, HeaderNames: names, From: from, ReturnPath: from, ReverseName: helo, ListID: from,
			Links: []Link{{URL: url, Host: helo, Domain: helo}, {URL: url, Host: helo, Shared: "storage"}}}
		features(&m, func(_ Kind, v string) {
			if v == "" || len(v) > maxValue {
				t.Errorf("a feature of %d bytes", len(v))
			}
		})
		newsletter(&m)
	})
}
