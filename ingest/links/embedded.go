package links

import "strings"

// embedded yields the full http and https URLs inside the path, query and
// fragment of a URL: plain, percent-encoded up to three times, or in base64. It
// stops when yield returns false.
func embedded(tail string, yield func(target string, coded bool) bool) {
	for from := 0; from < len(tail); {
		at, coded := nextEmbedded(tail[from:])
		if at < 0 {
			return
		}
		at += from
		end := embeddedEnd(tail, at)
		var target string
		if coded {
			target = decodeTarget(decodeBase64URL(tail[at:end]))
		} else if target = tail[at:end]; strings.ContainsAny(tail[:at], "?#") {
			target = decodeTarget(percentDecode(target))
		} else {
			target = decodeTarget(target)
		}
		// One character on, not past the end: the candidate may hold a real
		// URL.
		if !isWebURL(target) && !startsHost(target) {
			from = at + 1
			continue
		}
		if !yield(target, coded) {
			return
		}
		from = end
	}
}

// nextEmbedded finds the next position at which a URL may begin.
func nextEmbedded(s string) (at int, coded bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c|0x20 == 'h' || c == '%':
			if schemeLength(s[i:]) > 0 {
				return i, false
			}
		case c == '=' && startsHost(s[i+1:]):
			return i + 1, false
		}
		if isAlnum(s[i]) && (i == 0 || !isAlnum(s[i-1])) && codesURL(s[i:]) {
			return i, true
		}
	}
	return -1, false
}

// schemeLength returns the length of "http" or "https" at the start of s, else
// 0. Case does not matter, and any letter may be percent-encoded.
func schemeLength(s string) int {
	n := 0
	for k := range len("https") {
		c, size := percentByte(s[n:])
		if size == 0 || c|0x20 != "https"[k] {
			if k == len("http") {
				break
			}
			return 0
		}
		n += size
	}
	return n
}

// percentByte reads the first byte of s, which may be percent-encoded up to
// three times.
//
// "%252568" is "h": each "25" is a percent sign that was encoded again.
func percentByte(s string) (c byte, size int) {
	if s == "" {
		return 0, 0
	}
	if s[0] != '%' {
		return s[0], 1
	}
	i := 1
	for n := 0; n < 2 && strings.HasPrefix(s[i:], "25"); n++ {
		i += len("25")
	}
	if i+2 > len(s) {
		return 0, 0
	}
	c, ok := unhex2(s[i], s[i+1])
	if !ok {
		return 0, 0
	}
	return c, i + 2
}

// startsHost reports whether a value begins with two slashes, plain or encoded,
// and a name. Browsers complete such a reference with the scheme of the page.
func startsHost(s string) bool {
	for range 2 {
		c, size := percentByte(s)
		if c != '/' {
			return false
		}
		s = s[size:]
	}
	return s != "" && isAlnum(s[0])
}

// codesURL reports whether base64 at the start of s decodes to a URL: plain in
// any case, percent-encoded, or base64 again.
func codesURL(s string) bool {
	if len(s) < minCoded {
		return false
	}
	for i := range 8 {
		if !isAlnum(s[i]) && s[i] != '+' && s[i] != '-' {
			return false
		}
	}
	head := string(lenientBase64(s[:8]))
	return schemeLength(head) > 0 || strings.HasPrefix(head, "aHR0c")
}

// minCoded is the length of the shortest base64 of a URL. "http://a.b" takes 16
// characters, and 14 without its padding.
const minCoded = 12

// embeddedEnd returns the end of the URL that begins at tail[at]. In a query it
// ends with its parameter. In a path it extends to the end if its slashes are
// plain, or to the next plain slash if they are encoded.
func embeddedEnd(tail string, at int) int {
	inQuery := strings.ContainsAny(tail[:at], "?#")
	if inQuery {
		if i := strings.IndexByte(tail[at:], '&'); i >= 0 {
			return at + i
		}
		return len(tail)
	}
	// Plain slashes of the inner URL cannot be told from those of the outer
	// path.
	if strings.HasPrefix(tail[at+schemeLength(tail[at:]):], ":/") {
		return len(tail)
	}
	if i := strings.IndexAny(tail[at:], "/?&#"); i >= 0 {
		return at + i
	}
	return len(tail)
}

// isWebURL reports whether s begins with http: or https:, at least one slash
// and a host.
func isWebURL(s string) bool {
	scheme, rest := splitScheme(s)
	if !web(scheme) {
		return false
	}
	host := strings.TrimLeft(rest, "/\\")
	return len(host) < len(rest) && host != "" && (isAlnum(host[0]) || host[0] == '[' || host[0] >= 0x80 || host[0] == '%')
}

// decodeBase64URL decodes the base64 at the start of s. It returns "" if the
// result is not text.
func decodeBase64URL(s string) string {
	s = percentDecode(s)
	end := 0
	for end < len(s) && (isAlnum(s[end]) || strings.IndexByte("+/-_", s[end]) >= 0) {
		end++
	}
	d := string(lenientBase64(s[:end]))
	if strings.HasPrefix(d, "aHR0c") { // encoded twice
		d = string(lenientBase64(d))
	}
	if i := strings.IndexFunc(d, func(r rune) bool { return r <= ' ' || r == 0xFFFD }); i >= 0 {
		d = d[:i]
	}
	return d
}
