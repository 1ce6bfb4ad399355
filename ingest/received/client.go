package received

import (
	"net/netip"
	"strings"

	"spoor/internal/text"
)

// client holds the parts of the from clause until the server's format is known,
// which decides the meaning of each part.
//
// The zero client means that nothing was read: no HELO, an invalid addr, port
// 0.
type client struct {
	helo     string     // HELO, EHLO or helo= is present, even if empty
	haveHELO bool       // one of these was there, even if empty
	name     string     // host name in a comment
	addr     netip.Addr // address in a comment
	bracket  bool       // the address stood in brackets
	port     uint16
	ident    string
}

// readComment assigns an outermost comment to the thing it describes:
// encryption, login, envelope sender, client or server.
//
// The first comment that no rule uses becomes Hop.Comment.
func (f *field) readComment(c string) {
	if c == "" {
		return
	}
	switch {
	case f.readNote(c):
	case f.in == fromClause && !f.seen[byClause]:
		f.client.read(c)
	case f.in == noClause && f.readLeading(c):
	case f.in == byClause && f.readServer(c):
	default:
		if f.left == "" {
			f.left = c
		}
	}
}

// readNote reads comments that may occur anywhere in a field.
//
// The first letter selects the candidates, since this runs for each comment of
// each hop. It returns whether the comment is used up; a note that says nothing
// of value, such as "not verified", is.
func (f *field) readNote(c string) bool {
	h := &f.hop
	switch c[0] | 0x20 {
	case 'u': // Postfix: (using TLSv1.2 with cipher X (256/256 bits))
		if rest, ok := text.CutPrefixFold(c, "using "); ok {
			return f.setTLS(rest)
		}
	case 'v': // sendmail, Exchange, Gmail: (version=TLS1_2 cipher=…)
		if hasFold(c, "version=") {
			return f.setTLS(c)
		}
		return hasFold(c, "verified")
	case 'c': // Exim 3: (Cipher TLSv1:…); Postfix: (Client CN …), (Client did not present …)
		if rest, ok := text.CutPrefixFold(c, "cipher"); ok {
			return f.setTLS(strings.TrimLeft(rest, " =:"))
		}
		return hasFold(c, "client ")
	case 't': // Exim: (TLS1.2:ECDHE…:256), OpenSMTPD: (TLSv1.3:…), CommuniGate
		if hasFold(c, "tls") {
			return f.setTLS(c)
		}
	case 'n': // Postfix: (No client certificate requested), (not verified)
		return hasFold(c, "no client") || hasFold(c, "not verified")
	case 'a':
		return f.readAuth(c)
	case 'e', 'r':
		for _, label := range [...]string{"envelope-from", "envelope-sender", "envelope sender", "return-path", "env-from"} {
			if rest, ok := text.CutPrefixFold(c, label); ok {
				h.EnvelopeFrom = recipient(strings.TrimLeft(rest, " =:"))
				return true
			}
		}
	}
	return false
}

// setTLS keeps the first encryption comment as written. It returns true, so
// that the comment counts as used.
func (f *field) setTLS(s string) bool {
	if f.hop.TLS == "" {
		f.hop.TLS = text.Cut(s, maxText)
	}
	return true
}

// readAuth reads comments that name an authenticated user.
//
// A label that begins others comes after them.
// The name of a mechanism before the user is dropped: "LOGIN user" gives
// "user".
func (f *field) readAuth(c string) bool {
	h := &f.hop
	for _, label := range [...]string{"authenticated sender:", "authenticated as", "authenticated user:", "authenticated", "auth:", "auth as", "auth "} {
		rest, ok := text.CutPrefixFold(c, label)
		if !ok {
			continue
		}
		h.Authenticated = true
		who := strings.Trim(rest, " :<>")
		// Courier: (AUTH: LOGIN user, TLS: …); sendmail: (authenticated
		// bits=0).
		if i := strings.IndexByte(who, ','); i >= 0 {
			who = who[:i]
		}
		if i := strings.LastIndexByte(who, ' '); i >= 0 {
			who = who[i+1:]
		}
		if h.Ident == "" && who != "" && !strings.Contains(who, "=") {
			h.Ident = text.Cut(who, maxText)
		}
		return true
	}
	return false
}

// readLeading reads comments at the start of a field: sendmail's local
// submission and qmail's notes.
func (f *field) readLeading(c string) bool {
	if rest, ok := text.CutPrefixFold(c, "from "); ok {
		user, _, _ := strings.Cut(rest, "@")
		f.hop.Ident = text.Cut(user, maxText)
		f.local = true
		return true
	}
	rest, ok := text.CutPrefixFold(c, "qmail ")
	if !ok {
		return false
	}
	f.hop.Syntax = "qmail"
	f.hop.ID, _, _ = strings.Cut(rest, " ")
	if i := strings.Index(rest, "invoked "); i >= 0 {
		f.left = rest[i:]
	}
	return true
}

// readServer reads the address in a comment after the server's name:
// "(192.0.2.1)" of Exchange, "([fe80::1%4])" of its mapi hops, "(mx.example.com
// [192.0.2.1])" of amavisd and of Exim behind a proxy. Any other comment names
// the software.
func (f *field) readServer(c string) bool {
	if f.hop.ByAddr.IsValid() {
		return false
	}
	w := c
	if i := strings.LastIndexByte(c, ' '); i >= 0 {
		w = c[i+1:]
		if w == "" || w[0] != '[' {
			return false
		}
	}
	a, _, ok := literal(w)
	if ok {
		f.hop.ByAddr = a
	}
	return ok
}

// read parses one comment of the from clause.
//
// The forms differ by server: "(HELO name) (address)" of qmail, "(name
// [address])" of Postfix and sendmail, "([address] helo=name)" of Exim. So
// parts are collected here and get their meaning in settleClient.
func (c *client) read(s string) {
	for s != "" {
		var w string
		w, s = nextWord(s)
		switch {
		case w == "" || w[0] == '(': // "(may be forged)" and the like
		case strings.EqualFold(w, "helo") || strings.EqualFold(w, "ehlo"):
			c.helo, s = nextWord(s)
			c.haveHELO = true
		case w[0] == '[':
			c.setAddr(w, true)
			if strings.IndexByte(w, ']') < 0 { // Cyrus: "[unix socket]"
				_, s, _ = strings.Cut(s, "]")
			}
		case hasFold(w, "helo=") || hasFold(w, "ehlo="):
			c.helo, c.haveHELO = w[5:], true
		case hasFold(w, "ident="):
			c.ident = w[6:]
		case hasFold(w, "port="):
			c.port = portNumber(w[5:])
		case strings.EqualFold(w, "account"):
			c.ident, s = nextWord(s)
		case hasFold(w, "rhost-flags"):
		default:
			c.readName(w)
		}
	}
	c.helo = strings.TrimRight(text.Cut(c.helo, maxText), ",")
}

// readName reads a name, an address, or ident@ before either.
func (c *client) readName(w string) {
	// "ident@host", as servers write that ask port 113 (RFC 1413). The answer
	// is the client's claim.
	if i := strings.LastIndexByte(w, '@'); i >= 0 {
		ident := w[:i]
		if rest, ok := text.CutPrefixFold(ident, "ident:"); ok {
			ident = rest
		}
		if c.ident == "" {
			c.ident = text.Cut(ident, maxText)
		}
		w = w[i+1:]
		if w == "" {
			return
		}
		if w[0] == '[' {
			c.setAddr(w, true)
			return
		}
	}
	if c.setAddr(w, false) {
		return
	}
	if c.name == "" {
		c.name = hostName(w)
	}
}

// setAddr takes w as the client's address. An address in brackets replaces one
// without: it is the one that the server saw.
func (c *client) setAddr(w string, bracket bool) bool {
	a, port, ok := literal(w)
	if ok && (!c.addr.IsValid() || bracket && !c.bracket) {
		c.addr, c.bracket = a, bracket
		if port != 0 {
			c.port = port
		}
	}
	return ok
}

// settleClient decides which part is the HELO name and which the reverse name,
// by the server's format.
//
// Word order alone does not tell: Postfix writes the HELO name first, and qmail
// the reverse name.
func (f *field) settleClient() {
	h, c := &f.hop, &f.client
	h.Port = c.port
	if h.Ident == "" {
		h.Ident = c.ident
	}
	first := ""
	if f.nFrom > 0 {
		first = f.from[0]
	}
	if f.local {
		if h.Ident == "" && h.Syntax == "exim" {
			h.Ident = text.Cut(first, maxText)
		}
		return
	}
	if !f.plausibleClient() {
		return
	}
	h.Addr = c.addr
	if !h.Addr.IsValid() {
		h.Addr = f.addrWord()
	}
	if c.haveHELO && !h.Addr.IsValid() {
		// Yahoo: "from 192.0.2.1 (EHLO mail.example.com)".
		h.Addr, h.Port, _ = literal(first)
	}
	switch {
	case c.haveHELO:
		h.From = c.helo
		f.setReverse(first)
	case c.name != "":
		h.From = hostName(first)
		f.setReverse(c.name)
	case f.nFrom == 0:
	case h.Addr.IsValid() && !c.addr.IsValid() && f.nFrom == 1:
		// In "from [192.0.2.1] by" only an address is known.
	default:
		f.settleSingleName(first)
	}
}

// settleSingleName decides for fields with one name beside the address.
func (f *field) settleSingleName(first string) {
	h, c := &f.hop, &f.client
	h.From = hostName(first)
	switch h.Syntax {
	case "exim":
		// Exim omits helo= if it equals the reverse name.
		f.setReverse(first)
	case "qmail":
		// So does qmail. Its word for "no reverse name" is "unknown".
		f.setReverse(first)
		if strings.EqualFold(first, "unknown") {
			h.From = ""
		}
	case "sendmail":
		// sendmail writes only the address if it found no name.
		if c.bracket {
			h.ReverseState = Unknown
		}
	}
}

// setReverse takes the name in the position of the reverse name.
func (f *field) setReverse(w string) {
	h := &f.hop
	w = hostName(w)
	// Courier writes softdnserr if the look-up failed for the moment. That is
	// not the same as no name.
	if w == "" || strings.EqualFold(w, "softdnserr") || strings.EqualFold(w, "unverified") {
		return
	}
	if strings.EqualFold(w, "unknown") {
		h.ReverseState = Unknown
		return
	}
	if _, _, ok := literal(w); ok {
		return
	}
	h.Reverse, h.ReverseState = w, Given
}

// plausibleClient reports whether the from clause names a client at all. "mail
// pickup service" and "user@host" do not.
func (f *field) plausibleClient() bool {
	if f.nFrom < 3 || f.client.addr.IsValid() {
		return true
	}
	for _, w := range f.from[1:f.nFrom] {
		if _, _, ok := literal(w); ok {
			return true
		}
	}
	return strings.ContainsAny(f.from[0], ".-[")
}

// addrWord finds an address among the words of the from clause: "host
// [192.0.2.1]" of fetchmail and IMail, "host - 192.0.2.1", or "[192.0.2.1]"
// alone.
func (f *field) addrWord() netip.Addr {
	for i := f.nFrom - 1; i >= 0; i-- {
		w := f.from[i]
		if i == 0 && w[0] != '[' {
			break // a bare number in place of a name is a HELO name
		}
		if a, _, ok := literal(w); ok {
			return a
		}
	}
	return netip.Addr{}
}
