package links

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"spoor/internal/text"
)

// contact records a contact, or counts another occurrence.
//
// The key holds kind, value, place and part. Spellings of one value count as
// repetitions, and the first is kept as Raw.
func (x *extractor) contact(c Contact) {
	c.Raw = clean(text.Cut(c.Raw, 300))
	c.Part = x.part
	key := contactKey{c.Kind, c.Value, c.Where, c.Part}
	if i, ok := x.contacts[key]; ok {
		x.out.Contacts[i].Count++
		return
	}
	if len(x.out.Contacts) >= MaxContacts {
		x.out.Dropped++
		return
	}
	if x.contacts == nil {
		x.contacts = make(map[contactKey]int, 8)
	}
	c.Count = 1
	x.contacts[key] = len(x.out.Contacts)
	x.out.Contacts = append(x.out.Contacts, c)
}

// mailto reads the part of a URL after "mailto:" (RFC 6068): the addresses,
// further ones in to, cc and bcc, and the body, which may contain URLs.
func (x *extractor) mailto(rest, where string) {
	if scheme, _ := splitScheme(strings.TrimSpace(rest)); web(scheme) { // "mailto:http://...", a wrong choice in an editor
		x.urlValue(rest, where, "")
		return
	}
	to, query, _ := strings.Cut(rest, "?")
	x.addresses(to)
	// Generated links have some header fields at most; the rest of a longer one
	// is ignored.
	for range 50 {
		if query == "" {
			return
		}
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(strings.TrimPrefix(pair, "amp;"), "=")
		switch strings.ToLower(name) {
		case "to", "cc", "bcc", "reply-to":
			x.addresses(value)
		case "body", "subject":
			x.searchText([]byte(percentDecode(value)), where)
		}
	}
}

// addresses reads a percent-encoded list of addresses.
//
// Slashes in front come from "mailto://", a common mistake.
func (x *extractor) addresses(list string) {
	list = strings.TrimLeft(percentDecode(list), "/")
	for item := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ';' }) {
		item = strings.Trim(item, " \t<>\"'")
		if i := strings.LastIndexByte(item, '<'); i >= 0 {
			item = item[i+1:]
		}
		if at := strings.LastIndexByte(item, '@'); at > 0 {
			x.mail(item[:at], item[at+1:], "mailto")
		}
	}
}

// dial reads the part of a URL after "tel:" (RFC 3966), "sms:", "callto:" and
// the like.
func (x *extractor) dial(scheme, rest, where string) {
	number := percentDecode(rest)
	if i := strings.IndexAny(number, ";?,"); i >= 0 {
		if scheme == "whatsapp" {
			number = param(number[i+1:], "phone")
		} else {
			number = number[:i]
		}
	}
	number = strings.TrimLeft(number, "/")
	digits := onlyDigits(number)
	// Three digits are an emergency or service number. E.164 allows 15, and two
	// more for "00".
	if len(digits) < 3 || len(digits) > 17 {
		return
	}
	plus := strings.HasPrefix(strings.TrimSpace(number), "+") || scheme == "whatsapp"
	// Ten digits are taken for North America, whose numbers people write
	// without a country. The numbering plan decides whether they can be.
	region := ""
	if len(digits) == 10 || len(digits) == 11 && digits[0] == '1' {
		region = "US"
	}
	x.number(phone{raw: number, digits: digits, plus: plus, region: region, keep: true}, scheme)
}

// onlyDigits returns the digits of a dialled number and skips blanks and
// punctuation. It stops at a letter.
func onlyDigits(s string) string {
	b := make([]byte, 0, 20)
	for i := 0; i < len(s) && len(b) < 20; i++ {
		if isNumber(s[i]) {
			b = append(b, s[i])
		} else if isAlnum(s[i]) {
			break
		}
	}
	return string(b)
}

// phone is a candidate for a phone number.
//
// A candidate from a link is kept even without a country, because its author
// calls it a number. One from running text may be anything.
type phone struct {
	raw, digits string
	plus        bool   // written in international form
	region      string // country to try for a national form
	letters     bool   // letters replace digits
	keep        bool   // record it even if no country is known
}

// number records a phone number if the numbering plans allow it. The library is
// slow, so maxPhones limits the attempts for one message.
func (x *extractor) number(p phone, where string) {
	if x.phones >= maxPhones {
		x.out.Dropped++
		return
	}
	x.phones++
	c := Contact{Kind: "phone", Raw: p.raw, Where: where}
	if p.letters {
		c.Notes = append(c.Notes, "letters")
	}
	switch {
	case p.plus:
		c.Value = validNumber("+"+p.digits, "ZZ")
	case strings.HasPrefix(p.digits, "00"):
		c.Value = validNumber("+"+p.digits[2:], "ZZ")
	case p.region != "":
		c.Value = validNumber(p.digits, p.region)
	}
	if c.Value == "" {
		if !p.keep {
			return
		}
		c.Value = p.digits
		c.Notes = append(c.Notes, "no-country")
	}
	x.contact(c)
}

// validNumber returns the number in E.164 form, or "" if no numbering plan has
// it.
//
// Region "ZZ" stands for none: the number must name its country.
func validNumber(s, region string) string {
	n, err := phonenumbers.Parse(s, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}
