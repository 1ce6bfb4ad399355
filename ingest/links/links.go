// Package links finds the targets that a message offers its reader: URLs in text and HTML,
// mail addresses and phone numbers. Each URL is kept as it stands and in a normal form
// (WHATWG URL Standard), with where it stood and what the reader saw, and with what it
// redirects to where a known redirector carries its target.
//
// In go decoded texts; out come Links and Contacts. Nothing is ever fetched or resolved.
package links

import (
	"cmp"
	"net/netip"
)

// Limits of one message. What lies beyond is counted in Result.Dropped.
const (
	MaxLinks    = 20_000
	MaxContacts = 5_000
	MaxURLBytes = 16 << 10 // a longer URL is kept cut to this, with Note "cut"
)

// Text is one decoded text to search.
type Text struct {
	Part   int // index of the part, -1 for a header field
	Body   []byte
	HTML   bool
	Script bool     // source of a program: names with dots are code
	Where  string   // for a header field what Link.Where says, "subject" if empty
	URLs   []string // to keep as they stand, found at Where, in place of a Body
}

// Link is one distinct (Raw, Where, Part, Via); repeats are counted.
type Link struct {
	Raw     string // as found, entities and transfer encodings resolved; valid UTF-8 without NUL
	URL     string // normal form; as Raw where the standard has none (Note "invalid")
	Scheme  string
	Host    string     // as in URL: ASCII (punycode), lower case, no trailing dot; IP addresses in canonical form
	Addr    netip.Addr // if Host is an address
	Port    uint16     // 0 if the scheme's own
	Domain  string     // registered domain by the public suffix list (ICANN and private); "" for addresses and bare suffixes
	Shared  string     // why Domain or Host does not name one owner: "private-suffix", "shortener", "hosting", "storage", "redirector", "esp"...; ""
	Tenant  string     // on a shared host: the labels or the first path segment that name the customer; "" if it does not tell
	Part    int
	Where   string   // "text", "subject", "a@href", "img@src", "form@action", "meta-refresh", "css", "comment", "srcset", "script", ...
	Visible string   // what the reader saw instead (anchor text, at most 300 bytes); "" for none
	Via     int      // index of the Link whose redirector carried this one; -1 if it stood there itself
	Notes   []string // stable codes of oddities: see notes.go
	Count   int
}

// Contact is a mail address, a phone number or a wallet.
type Contact struct {
	Kind  string // "mail", "phone", "wallet"
	Value string // normal form: address with lower-case domain; E.164 where the country is known, else digits
	Raw   string
	Part  int
	Where string   // "text", "mailto", "tel", ...
	Notes []string // "no-country", "letters" (a phone number with letters for digits), a wallet's coin
	Count int
}

// Result is what Extract found, in order of appearance.
type Result struct {
	Links    []Link
	Contacts []Contact
	Dropped  int // found beyond the limits
}

// Extract searches the texts of one message.
func Extract(texts []Text) Result {
	x := newExtractor()
	for _, t := range texts {
		x.part = t.Part
		for _, u := range t.URLs {
			x.urlValue(u, t.Where, "")
		}
		switch {
		case t.HTML:
			x.searchHTML(t.Body)
		case t.Script:
			x.searchScript(t.Body, "script")
		case t.Part < 0:
			x.searchText(t.Body, cmp.Or(t.Where, "subject"))
		default:
			x.searchText(visualOrder(t.Body), "text")
		}
	}
	return x.finish()
}
