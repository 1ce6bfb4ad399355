package evidence

import "testing"

func TestNewsletter(t *testing.T) {
	link := func(domain string) []Link { return []Link{{Domain: "else.test"}, {Domain: domain}} }
	for name, c := range map[string]struct {
		m    Message
		want bool
	}{
		"links stand in its own domain":    {Message{HeaderNames: "From,List-Unsubscribe", From: "news@shop.test", Links: link("shop.test")}, true},
		"links stand elsewhere":            {Message{HeaderNames: "List-Unsubscribe", From: "news@shop.test", Links: link("pills.test")}, false},
		"no header of a list":              {Message{From: "news@shop.test", Links: link("shop.test")}, false},
		"the list has its domain":          {Message{ListID: "<news.shop.test>", From: "news@mail.shop.test"}, true},
		"the list has another":             {Message{ListID: "<news.pills.test>", From: "news@shop.test"}, false},
		"a name that ends alike":           {Message{ListID: "<news.myshop.test>", From: "news@shop.test"}, false},
		"sent by a service for a customer": {Message{HeaderNames: "list-unsubscribe", From: "a@shop.test", ReturnPath: "b@x.service.test", ReverseName: "o1.service.test", Links: link("service.test")}, true},
		"by a HELO without reverse name":   {Message{HeaderNames: "list-unsubscribe", From: "a@shop.test", ReturnPath: "b@x.service.test", HELO: "o1.service.test", Links: link("service.test")}, true},
		"bounces go elsewhere":             {Message{HeaderNames: "list-unsubscribe", From: "a@shop.test", ReturnPath: "b@other.test", ReverseName: "o1.service.test", Links: link("service.test")}, false},
		"no From address":                  {Message{ListID: "<news.shop.test>"}, false},
		"a From address without a domain":  {Message{ListID: "<>", From: "news@"}, false},
		"links without domains":            {Message{HeaderNames: "List-Unsubscribe", From: "news@shop.test", Links: make([]Link, 3)}, false},
		"nothing":                          {Message{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Newsletter(&c.m); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// In forwarded and relayed mail some fields describe the reader or the list,
// not the sender.
func TestForwardedAndRelayed(t *testing.T) {
	m := &Message{Subject: "FW: look", HeaderNames: "From,In-Reply-To,Subject", From: "friend@home.test", HELO: "x9.home2.test", MessageIDForm: "9@d", Text: 7}
	want(t, m, FromAddress)
	want(t, m, MessageIDForm)
	want(t, m, Text, "7")
	m.HeaderNames = "From,Subject" // no mail that it refers to: a spammer's
	want(t, m, FromAddress, "friend@home.test")
	for _, s := range []string{"", ":", "Fwd", "Forward: x", "x: fw:"} {
		if forwarded(&Message{Subject: s, HeaderNames: "References"}) {
			t.Errorf("%q is forwarded", s)
		}
	}
	m = &Message{HeaderNames: "From,X-BeenThere", ListID: "Talk <talk.list.test>", From: "someone@home.test", ReplyTo: []string{"talk@list.test", "me@other.test"}, HELO: "mx.list.test", MessageIDForm: "9@d"}
	want(t, m, FromAddress, "someone@home.test")
	want(t, m, ReplyTo, "me@other.test")
	want(t, m, HELOName)
	want(t, m, MessageIDForm)
	m.From = "news@list.test" // the list's own
	want(t, m, MessageIDForm, "9@d")
	for id, domain := range map[string]string{"<talk.list.test>": "list.test", "Talk <talk.list.test>": "list.test", "talk.list.test": "list.test", "no dot": "", "<.>": "", "": ""} {
		if got := listDomain(&Message{ListID: id}); got != domain {
			t.Errorf("%q is of %q, want %q", id, got, domain)
		}
	}
}
