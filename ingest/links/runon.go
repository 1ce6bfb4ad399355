package links

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"spoor/internal/text"
)

// In many languages text follows a URL without a space: "https://a.example/で",
// or "http://a.example—today". This file finds the end of the URL.

// urlEnd returns the real end of URL s, whose authority begins at s[host:]. The
// host ends before letters with which it is no known host. A port ends after
// its last digit. A path ends at letters of another script or at a dash that
// close the URL.
//
// ASCII URLs, nearly all, return at once: their end was found by matchURL.
func (x *extractor) urlEnd(s string, host int) int {
	if text.IsASCII(s[host:]) {
		return len(s)
	}
	end := host + authorityLength(s[host:])
	name, port := end, end
	if i := strings.LastIndexByte(s[host:end], '@'); i >= 0 {
		host += i + 1
	}
	if i := strings.IndexByte(s[host:end], ':'); i >= 0 && s[host] != '[' {
		name, port = host+i, host+i+1
		for port < end && isNumber(s[port]) {
			port++
		}
		if port < end && s[port] >= utf8.RuneSelf {
			return port
		}
	}
	if n := x.hostLength(s[host:name]); n < name-host {
		return host + n
	}
	return end + pathLength(s[end:])
}

// authorityLength returns the length of the authority (RFC 3986 section 3.2) at
// the start of s. A backslash ends it, too, as in browsers.
func authorityLength(s string) int {
	if i := strings.IndexAny(s, `/\?#`); i >= 0 {
		return i
	}
	return len(s)
}

// hostLength returns the length of the host at the start of a name that text
// may continue. The whole name counts if it is a known host, or if no shorter
// prefix is one.
//
// Prefixes are tried where ASCII meets other letters, because text in another
// script is what follows a name.
func (x *extractor) hostLength(name string) int {
	if text.IsASCII(name) || x.isHost(name) {
		return len(name)
	}
	tries := 0
	for i, r := range name {
		switch {
		case r < utf8.RuneSelf, i == 0:
		case neverInHost(r):
			return i
		case name[i-1] < utf8.RuneSelf && tries < maxTries:
			if tries++; x.isHost(name[:i]) {
				return i
			}
		}
	}
	return len(name)
}

// maxTries limits the prefixes that are looked up. Legitimate names change
// between ASCII and other letters once or twice.
const maxTries = 4

// isHost reports whether a name is an address, or has a known top-level domain
// and a label before it.
func (x *extractor) isHost(name string) bool {
	if a, err := netip.ParseAddr(name); err == nil && a.Is4() {
		return true
	}
	if len(name) > 253 || strings.IndexByte(name, '.') < 0 && !strings.ContainsAny(name, "。．｡") {
		return false
	}
	o := x.owner(strings.ToLower(name))
	return o.ok && o.name.Known && o.name.Registered != "" && !o.name.Malformed
}

// neverInHost reports whether browsers refuse r in a host name. East Asian dots
// are allowed because they separate labels (UTS #46 section 2.3); symbols such
// as circled letters are mapped to letters.
func neverInHost(r rune) bool {
	switch r {
	case '。', '．', '｡', '·', '・', '゠', '‐', '－', '﹣':
		return false
	}
	return unicode.In(r, unicode.Pd, unicode.Pi, unicode.Pf, unicode.Ps, unicode.Pe, unicode.Po)
}

// pathLength returns the length of path, query and fragment, without text that
// follows.
func pathLength(s string) int {
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf:
		case closesPath(s, i, r):
			return i
		case i > 0 && isAlnum(s[i-1]) && unspaced(r) && isTail(s[i:]):
			return i
		}
	}
	return len(s)
}

// closesPath reports whether no path continues after r. An en dash between
// digits is allowed: encyclopedias use it in paths for spans of years.
func closesPath(s string, i int, r rune) bool {
	switch r {
	case '—', '―', '…', '™', '®', '©', '。', '！', '？', '；', '：':
		return true
	case '–':
		return i == 0 || !isNumber(s[i-1])
	}
	return false
}

// unspaced reports whether r is a non-Latin letter. Such a word directly after
// an ASCII letter is text and not part of the path.
func unspaced(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }

// isTail reports whether s consists of non-ASCII letters without anything that
// structures a URL.
func isTail(s string) bool {
	for _, r := range s {
		if r < utf8.RuneSelf && (isAlnum(byte(r)) || strings.IndexByte("/=&%?#", byte(r)) >= 0) {
			return false
		}
	}
	return true
}
