package links

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"spoor/ingest/html"
)

// Classes of bytes in running text.
const (
	isSep     = 1 << iota // ends a candidate
	isDot                 //
	isColon               //
	isAt                  //
	isSlash               // slash or backslash
	isBracket             // opening bracket or "&"
	isHigh                // not ASCII
	isDigit               //
)

// textClass holds the class of each byte. Blanks, control characters, quotes
// and angle brackets separate candidates.
var textClass = func() (t [256]uint8) {
	for c := 0; c <= ' '; c++ {
		t[c] = isSep
	}
	for _, c := range "<>\"\x7f" {
		t[c] = isSep
	}
	t['.'], t[':'], t['@'], t['/'], t['\\'] = isDot, isColon, isAt, isSlash, isSlash
	t['['], t['('], t['{'] = isBracket, isBracket, isBracket
	t['&'] = isBracket // starts a character reference, which may stand for a dot
	for c := '0'; c <= '9'; c++ {
		t[c] = isDigit
	}
	for c := utf8.RuneSelf; c < 256; c++ {
		t[c] = isHigh
	}
	return t
}()

// searchText searches text as a reader sees it. Candidates are the runs between
// blanks, quotes and angle brackets.
//
// It makes one pass over the bytes and collects the classes of each candidate.
// Most words are dismissed by these alone.
func (x *extractor) searchText(b []byte, where string) {
	var all uint8
	x.joined = 0
	for i := 0; i < len(b); {
		if textClass[b[i]]&isSep != 0 {
			if b[i] == '<' {
				i = x.bracketed(b, i, where)
			}
			i++
			continue
		}
		start, class := i, uint8(0)
		for i < len(b) {
			c := textClass[b[i]]
			if c&isSep != 0 {
				break
			}
			class |= c
			i++
		}
		all |= class
		// Most words have no character that a link needs. A wallet has none of
		// them either.
		if promising(class) {
			x.candidate(b, start, i, class, where)
		} else if i-start >= minWallet {
			x.wallet(b[start:i], where)
		}
	}
	if all&isDigit != 0 {
		x.searchPhones(b, where)
	}
}

// promising reports whether a candidate with these byte classes can contain a
// URL, a host or a mail address. It rejects most words with one test.
//
// Slash and colon form a scheme; a slash beside other scripts may follow a host
// with an ideographic full stop.
func promising(class uint8) bool {
	return class&(isDot|isAt|isBracket) != 0 || class&isSlash != 0 && class&isColon != 0 || class&isSlash != 0 && class&isHigh != 0
}

// candidate examines b[start:end].
func (x *extractor) candidate(b []byte, start, end int, class uint8, where string) {
	tok := b[start:end]
	if class&^(isDigit|isHigh) == isDot && bytes.IndexByte(tok, '.') >= len(tok)-1 {
		if len(tok) >= minWallet {
			x.wallet(tok, where)
		}
		return // last word of a sentence
	}
	// No host or address is that long. A URL may be, and keeps its beginning.
	if len(tok) > maxToken && !bytes.Contains(tok, []byte(":/")) {
		x.longList(tok, where)
		return
	}
	if class&isBracket != 0 {
		if s, ok := spacedDefang(b, start, end); ok {
			x.piece(s, where, defanged)
			return
		}
	}
	// Lines that were joined already are not joined again from their middle,
	// which would take quadratic time.
	if tok[len(tok)-1] == '=' && start >= x.joined {
		if s, upTo := softBroken(b, start, end); upTo > 0 {
			x.piece(s, where, qpLeftover)
			x.joined = upTo
		}
	}
	s := string(tok)
	if class&isHigh == 0 {
		x.whole(s, class, where, 0)
		return
	}
	for _, sub := range splitUnicode(s) {
		n := notes(0)
		if sub.cleaned {
			n = invisible
		}
		x.whole(sub.text, class, where, n)
	}
}

// whole examines one candidate, as written and with its defanging undone.
func (x *extractor) whole(s string, class uint8, where string, n notes) {
	if class&isBracket != 0 {
		if r, ok := refang(s); ok {
			s, n = r, n|defanged
		}
	}
	if strings.HasPrefix(s, `\\`) && x.uncPath(s, where, n) {
		return
	}
	if x.references(s, where, n) {
		return
	}
	x.piece(s, where, n)
	if len(s) >= minWallet {
		x.wallet([]byte(s), where)
	}
}

// references resolves character references in a candidate
// ("https://a&#46;example/") and searches it as the page that displays it. It
// returns false if there are none.
func (x *extractor) references(s, where string, n notes) bool {
	if x.resolving || !hidesSigns(s) {
		return false
	}
	joined := x.joined
	x.resolving = true
	x.mode(n, func() { x.searchText(html.AppendUnescaped(nil, []byte(s), false), where) })
	x.resolving, x.joined = false, joined
	return true
}

// hidesSigns reports whether a character reference in s stands for a character
// that structures a URL.
func hidesSigns(s string) bool {
	if strings.IndexByte(s, '&') < 0 {
		return false
	}
	for _, ref := range [...]string{"&#", "&period;", "&colon;", "&sol;", "&commat;"} {
		if strings.Contains(s, ref) {
			return true
		}
	}
	return false
}

// piece takes the URLs with a scheme out of s and searches the rest for hosts
// and mail addresses.
func (x *extractor) piece(s, where string, n notes) {
	for {
		at, next := nextScheme(s)
		if at < 0 {
			break
		}
		end := x.matchURL(s, at, next)
		if end == 0 {
			x.bare(s[:next], where, n)
			s = s[next:]
			continue
		}
		x.bare(s[:at], where, n)
		end = at + x.urlEnd(s[at:end], next-at)
		raw := s[at:end]
		url, fixed := fixScheme(raw)
		x.found(raw, url, where, n|fixed)
		s = s[end:]
		if len(raw) > MaxURLBytes {
			return // the rest belongs to the same URL
		}
	}
	x.bare(s, where, n)
}

// found records a URL of running text. If it contains quoted-printable codes,
// it also records the decoded URL.
func (x *extractor) found(raw, url, where string, n notes) int {
	if url == raw {
		url = ""
	}
	i := x.link(raw, url, where, n)
	if strings.Contains(raw, "=3D") {
		if d := decodeQP(raw); d != raw {
			x.link(d, "", where, n|qpLeftover)
		}
	}
	return i
}

// nextScheme finds the next "scheme:/" in s. at is the index of the scheme,
// next the one after its slashes.
func nextScheme(s string) (at, next int) {
	for from := 0; from < len(s); {
		i := strings.IndexByte(s[from:], ':')
		if i < 0 {
			return -1, 0
		}
		i += from
		from = i + 1
		j := i + 1
		for j < len(s) && (s[j] == '/' || s[j] == '\\') {
			j++
		}
		if j == i+1 || j == len(s) {
			continue
		}
		if at = schemeStart(s, i, j-i-1); at >= 0 {
			return at, j
		}
	}
	return -1, 0
}

// schemeStart returns the start of the scheme that ends at s[colon], or -1.
// Text often runs into a scheme ("here:http://"), so a web scheme may be the
// end of a longer word.
func schemeStart(s string, colon, slashes int) int {
	i := colon
	// Registered schemes are shorter, and the bound keeps many colons linear.
	for i > 0 && colon-i < 24 && isSchemeByte(s[i-1]) {
		i--
	}
	for _, web := range [...]string{"https", "http", "hxxps", "hxxp", "hzzps", "hzzp"} {
		if at := colon - len(web); at >= i && strings.EqualFold(s[at:colon], web) {
			return at
		}
	}
	if slashes < 2 || s[colon+1] != '/' {
		return -1
	}
	if knownSchemes()[strings.ToLower(s[i:colon])] {
		return i
	}
	if at := colon - 3; at >= i && strings.EqualFold(s[at:colon], "ftp") {
		return at
	}
	return -1
}

// fixScheme restores a defanged scheme.
func fixScheme(raw string) (string, notes) {
	scheme, rest, _ := strings.Cut(raw, ":")
	switch strings.ToLower(scheme) {
	case "hxxp", "hzzp":
		return "http:" + rest, defanged
	case "hxxps", "hzzps":
		return "https:" + rest, defanged
	}
	return raw, 0
}

// longList splits a candidate that is too long for one host or address, since
// people paste lists of addresses without blanks.
//
// Each item is cut at maxToken, so that one without separators costs no more
// than a long word.
func (x *extractor) longList(tok []byte, where string) {
	for len(tok) > 0 {
		item := tok
		if i := bytes.IndexAny(tok, ",;|"); i >= 0 {
			item, tok = tok[:i], tok[i+1:]
		} else {
			tok = nil
		}
		if len(item) > maxToken {
			item = item[:maxToken]
		}
		if bytes.IndexByte(item, '.') >= 0 {
			x.bare(string(item), where, 0)
		}
	}
}

// bracketed reads a URL in angle brackets that was folded over several lines
// (RFC 3986 appendix C). It returns the index at which to continue: at b[i], or
// at the closing bracket.
func (x *extractor) bracketed(b []byte, i int, where string) int {
	rest := b[i+1:]
	rest = rest[:min(len(rest), maxToken)]
	if len(rest) >= 4 && bytes.EqualFold(rest[:4], []byte("URL:")) {
		rest = rest[4:]
	}
	if _, next := nextScheme(string(rest[:min(len(rest), 12)])); next == 0 {
		return i
	}
	end := bytes.IndexByte(rest, '>')
	if end < 0 || bytes.IndexByte(rest[:end], '\n') < 0 || bytes.IndexByte(rest[:end], '<') >= 0 ||
		bytes.Contains(rest[:end], []byte("\n\n")) || bytes.Contains(rest[:end], []byte("\n\r\n")) {
		return i
	}
	joined := make([]byte, 0, end)
	for _, line := range bytes.Split(rest[:end], []byte("\n")) {
		line = bytes.TrimSpace(line)
		if bytes.ContainsAny(line, " \t") {
			return i // running text, not a URL
		}
		joined = append(joined, line...)
	}
	raw := string(joined)
	url, n := fixScheme(raw)
	x.found(raw, url, where, n|wrapped)
	return i // the first line is examined too, as a reader may display only that
}

// softBroken joins a candidate that ends in the "=" of a soft line break, found
// in mail whose quoted-printable was not declared or was applied twice. It
// returns the index up to which it read, or 0 if no encoder broke the line.
func softBroken(b []byte, start, end int) (joined string, upTo int) {
	if end == len(b) || !lineEnd(b[end]) || bytes.IndexByte(b[start:end], ':') < 0 {
		return "", 0
	}
	if end < 60 || bytes.IndexByte(b[end-60:end], '\n') >= 0 || end > 80 && bytes.IndexByte(b[end-80:end], '\n') < 0 {
		return "", 0 // encoders fill their lines up to 76 characters (RFC 2045 section 6.7)
	}
	var text []byte
	// 40 lines of 76 characters are 3,000 of a URL: enough for its host and
	// most of its parameters.
	for n := 0; n < 40 && end < len(b) && b[end-1] == '=' && lineEnd(b[end]); n++ {
		text = append(text, b[start:end-1]...)
		start = end
		if b[start] == '\r' {
			start++
		}
		if start < len(b) && b[start] == '\n' {
			start++
		}
		end = start
		for end < len(b) && textClass[b[end]]&isSep == 0 && end-start < 100 {
			end++
		}
		if end == start {
			break
		}
	}
	if b[max(0, end-1)] != '=' {
		text = append(text, b[start:end]...)
	}
	return decodeQP(string(text)), end
}

func lineEnd(c byte) bool { return c == '\n' || c == '\r' }

// decodeQP decodes quoted-printable (RFC 2045 section 6.7) and removes soft
// line breaks.
func decodeQP(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) {
			if h, ok := unhex2(s[i+1], s[i+2]); ok {
				b.WriteByte(h)
				i += 2
				continue
			}
			if s[i+1] == '\n' || s[i+1] == '\r' && s[i+2] == '\n' {
				i++
				if s[i] == '\r' {
					i++
				}
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// uncPath records \\host\share. Windows readers open it with the user's own
// credentials, which is how password hashes are stolen.
func (x *extractor) uncPath(s, where string, n notes) bool {
	rest := s[2:]
	i := strings.IndexByte(rest, '\\')
	if i < 1 || i+1 == len(rest) || !isAlnum(rest[0]) {
		return false
	}
	host := rest[:i]
	if j := strings.IndexByte(host, '@'); j > 0 {
		host = host[:j] // \\host@SSL@8443\share is WebDAV
	}
	s = strings.TrimRight(s, ".,;:!?)]}'*")
	return x.link(s, "file://"+host+strings.ReplaceAll(s[2+i:], `\`, "/"), where, n|unc) >= 0
}
