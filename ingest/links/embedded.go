package links

import "strings"

// embedded hands out the full http and https URLs that path, query and fragment of a URL
// carry: as they stand, percent-encoded up to three times over, or in base64. yield
// returns false when it has enough.
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
			target = decodeBase64URL(tail[at:end])
		} else if target = tail[at:end]; strings.ContainsAny(tail[:at], "?#") {
			target = decodeTarget(percentDecode(target))
		} else {
			target = decodeTarget(target)
		}
		if !isWebURL(target) {
			from = at + 4
			continue
		}
		if !yield(target, coded) {
			return
		}
		from = end
	}
}

// nextEmbedded finds the next place at which a URL may begin.
func nextEmbedded(s string) (at int, coded bool) {
	at = strings.Index(s, "http")
	if i := strings.Index(s, "HTTP"); i >= 0 && (at < 0 || i < at) {
		at = i
	}
	if i := strings.Index(s, "aHR0c"); i >= 0 && (at < 0 || i < at) && (i == 0 || !isAlnum(s[i-1])) {
		return i, true
	}
	return at, false
}

// embeddedEnd returns where the URL that begins at tail[at] ends. In a query it ends with
// its parameter. In a path it goes on to the end if its slashes stand open; if they are
// encoded, to the next open one.
func embeddedEnd(tail string, at int) int {
	inQuery := strings.ContainsAny(tail[:at], "?#")
	if inQuery {
		if i := strings.IndexByte(tail[at:], '&'); i >= 0 {
			return at + i
		}
		return len(tail)
	}
	head := tail[at:min(len(tail), at+8)]
	if strings.Contains(head, ":/") {
		return len(tail)
	}
	if i := strings.IndexAny(tail[at:], "/?&#"); i >= 0 {
		return at + i
	}
	return len(tail)
}

// isWebURL reports whether s begins as http: or https: with at least one slash and a host.
func isWebURL(s string) bool {
	scheme, rest := splitScheme(s)
	if !web(scheme) {
		return false
	}
	host := strings.TrimLeft(rest, "/\\")
	return len(host) < len(rest) && host != "" && (isAlnum(host[0]) || host[0] == '[' || host[0] >= 0x80 || host[0] == '%')
}

// decodeBase64URL reads the base64 at the start of s; "" if it is no text.
func decodeBase64URL(s string) string {
	s = percentDecode(s)
	end := 0
	for end < len(s) && (isAlnum(s[end]) || strings.IndexByte("+/-_", s[end]) >= 0) {
		end++
	}
	d := string(lenientBase64(s[:end]))
	if i := strings.IndexFunc(d, func(r rune) bool { return r <= ' ' || r == 0xFFFD }); i >= 0 {
		d = d[:i]
	}
	return d
}
