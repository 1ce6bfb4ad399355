package realparts

import (
	"html"
	"regexp"
	"strings"

	"spoor/internal/lab/dice"
)

// Parts of a real text that are replaced in each campaign, since they name a
// person or another campaign.
var (
	phone  = regexp.MustCompile(`(?:\+\d{1,3}[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b|\+\d[\d\s().-]{8,}\d`)
	wallet = regexp.MustCompile(`\b(?:bc1[a-z0-9]{25,60}|[13][A-HJ-NP-Za-km-z1-9]{25,34})\b`)
	serial = regexp.MustCompile(`\b\d{6,12}\b`)
	blanks = regexp.MustCompile(`\n\s*\n\s*`)
)

// creative is a lure as one campaign uses it: the links, mailboxes, phones and
// wallets of the original are replaced by the campaign's own, each always by
// the same value.
type creative struct {
	*campaign
	own map[string]string
}

// exchanged returns the campaign's replacement of an original value.
func (c *creative) exchanged(was string) string {
	if c.own[was] == "" {
		c.own[was] = refillDigits(c.w.Dice, was)
	}
	return c.own[was]
}

// refillDigits makes all digits anew; a first one stays no zero.
//
// Zeros stay, so that round numbers and country codes such as 00 do not change
// their look.
func refillDigits(d dice.Dice, s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= '1' && c <= '9' {
			b[i] = '1' + byte(d.IntN(9))
		}
	}
	return string(b)
}

// write makes the body of a variant for one message.
//
// Both forms are returned, whichever the program sends. A lure that has only
// one gets the other from it.
func (c *creative) write(v *real, s *shot) (page, plain string) {
	plain = c.fill(v.text, s, false)
	if v.html != "" {
		page = c.fill(v.html, s, true)
	}
	if page == "" {
		page = "<html><body><p>" + strings.ReplaceAll(html.EscapeString(plain), "\n\n", "</p>\n<p>") + "</p></body></html>\n"
	}
	if plain == "" {
		plain = blanks.ReplaceAllLiteralString(html.UnescapeString(tag.ReplaceAllLiteralString(page, "")), "\n\n")
		if s.link != "" {
			plain += "\n" + s.link + "\n"
		}
	}
	if c.busts && c.w.Chance(0.5) {
		chaff := c.w.chaff()
		plain += "\n\n" + chaff + "\n"
		page = strings.Replace(page, "</body>", `<p style="color:#fff;font-size:1px">`+chaff+"</p></body>", 1)
	}
	return page, plain
}

// fill replaces links, addresses, wallets, phone numbers and serial numbers of
// a real text by those of the campaign.
//
// Serial numbers are new in each message, wallets and phones the campaign's. In
// HTML numbers are left alone, as most are sizes and colours.
func (c *creative) fill(body string, s *shot, isHTML bool) string {
	body = c.relink(body, s, isHTML)
	body = masked.ReplaceAllLiteralString(body, s.to)
	body = anyAddress.ReplaceAllStringFunc(body, func(a string) string {
		if a == s.to || strings.HasPrefix(a, "//") {
			return a
		}
		if s.reply != "" {
			return s.reply
		}
		return s.from
	})
	body = wallet.ReplaceAllStringFunc(body, c.exchanged)
	if isHTML {
		return phone.ReplaceAllStringFunc(body, c.exchanged)
	}
	body = phone.ReplaceAllStringFunc(body, c.exchanged)
	return serial.ReplaceAllStringFunc(body, func(n string) string { return refillDigits(c.w.Dice, n) })
}

// relink replaces the links. Public hosts become one invented host for all
// campaigns, pictures and pages of the lure become the campaign's own.
//
// At most 150 links of a body are replaced; no lure of the corpora has more
// that matter.
func (c *creative) relink(body string, s *shot, isHTML bool) string {
	var b strings.Builder
	at := 0
	for _, m := range anyURL.FindAllStringIndex(body, 150) {
		u := body[m[0]:m[1]]
		b.WriteString(body[at:m[0]])
		at = m[1]
		host := hostOf(u)
		switch {
		case host == vocabularies:
			b.WriteString(u)
		case c.w.corpus.public[host]:
			b.WriteString("https://" + c.w.publicHost(host) + pathOf(u))
		case isHTML && isPicture(body[:m[0]]):
			b.WriteString(c.picture(u, s))
		default:
			b.WriteString(s.link)
			if s.link == "" {
				b.WriteString("http://" + domainOf(s.from) + "/")
			}
		}
	}
	return b.String() + body[at:]
}

// picture returns the campaign's link to a picture of the lure, the same in all
// its mail.
func (c *creative) picture(u string, s *shot) string {
	key := "picture " + pathOf(u)
	if c.own[key] == "" {
		path := newGrammar(c.w.Dice, pathOf(u), 0, c.w.Word).write(c.w.Dice)
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		c.own[key] = path
	}
	host := c.pictures
	if host == "" {
		host = s.host
	}
	return "http://" + host + c.own[key]
}
