// Package links finds the targets that a message offers to its reader: URLs in
// text and HTML, mail addresses, phone numbers and wallets. It keeps each URL
// as written and in the normal form of the WHATWG URL Standard, with its place
// and the text that the reader sees. If a URL belongs to a known redirector,
// the target that it contains is a Link too.
//
// Decoded texts go in; Links and Contacts come out. The package fetches and
// resolves nothing.
package links

import (
	"cmp"
	"net/netip"
)

// Limits of one message. Result.Dropped counts the contacts beyond them.
const (
	// Far more than any newsletter has. Hostile mail repeats generated links
	// without end.
	MaxLinks    = 20_000
	MaxContacts = 5_000
	MaxURLBytes = 16 << 10 // bytes; a longer URL is truncated and has the note "cut"
)

// Text is one decoded text to search.
type Text struct {
	Part   int // index of the part, -1 for a header field
	Body   []byte
	HTML   bool
	Script bool     // source code, in which names with dots are not hosts
	Where  string   // Link.Where for a header field; "subject" if empty
	URLs   []string // URLs to record at Where, in place of a Body
}

// Link is one distinct (Raw, Where, Part, Via). Count is the number of
// occurrences.
type Link struct {
	Raw     string // as written, with entities and transfer encodings resolved; valid UTF-8 without NUL
	URL     string // normal form; equal to Raw if the standard refuses it (note "invalid")
	Scheme  string
	Host    string     // host of URL: punycode, lower case, no trailing dot; IP addresses in canonical form
	Addr    netip.Addr // if Host is an address
	Port    uint16     // 0 for the default of the scheme
	Domain  string     // registered domain by the public suffix list (ICANN and private part); "" for addresses and bare suffixes
	Shared  string     // reason why Host has many owners: "private-suffix", "shortener", "hosting", "storage", "redirector", "esp"...; "" if it has one
	Tenant  string     // labels or path segment that name the customer of a shared host; "" if unknown
	Part    int
	Where   string   // "text", "subject", "a@href", "img@src", "form@action", "meta-refresh", "css", "comment", "srcset", "script", ...
	Visible string   // text of the anchor, at most 300 bytes; "" for none
	Via     int      // index of the Link whose URL contains this one; -1 for none
	Notes   []string // codes of notes.go
	Count   int
}

// Contact is a mail address, a phone number or a wallet.
type Contact struct {
	Kind  string // "mail", "phone", "wallet"
	Value string // address with lower-case domain; E.164 if the country is known, else digits
	Raw   string
	Part  int
	Where string   // "text", "mailto", "tel", ...
	Notes []string // "no-country", "letters" (letters in place of digits), or a wallet's coin
	Count int
}

// Result holds links and contacts in order of appearance.
type Result struct {
	Links    []Link
	Contacts []Contact
	Dropped  int // links and contacts beyond the limits
}

// Extract searches the texts of one message.
//
// Links are distinct by their place: the same URL in the text and in the HTML
// of a message gives two. Order follows the texts given, and their content, so
// that equal input gives equal output.
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
