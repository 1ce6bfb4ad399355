package links

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text of many languages runs into a URL without a blank: "https://a.example/で", or
// "http://a.example—today". This file finds where the URL ends.

// urlEnd returns where the URL s, whose authority begins at s[host:], really ends. The
// host ends where the letters behind it make no known host together with it; a port ends
// at its last digit; a path at letters of another script or a dash that close the URL.
func (x *extractor) urlEnd(s string, host int) int {
	if isASCII(s[host:]) {
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

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func authorityLength(s string) int {
	if i := strings.IndexAny(s, `/\?#`); i >= 0 {
		return i
	}
	return len(s)
}

// hostLength returns the length of the host at the start of a name that text may have run
// into. All of the name counts if it is a known host, or no shorter beginning is one.
func (x *extractor) hostLength(name string) int {
	if isASCII(name) || x.isHost(name) {
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

// maxTries bounds the beginnings of a name that are looked up: honest names turn from ASCII
// to other letters once or twice.
const maxTries = 4

// isHost reports whether a name is an address, or ends in a known top-level domain with a
// name before it.
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

// neverInHost tells punctuation that browsers refuse in a host name. The dots of East Asian
// scripts separate labels (UTS #46 section 2.3), and signs such as circled letters stand
// for letters.
func neverInHost(r rune) bool {
	switch r {
	case '。', '．', '｡', '·', '・', '゠', '‐', '－', '﹣':
		return false
	}
	return unicode.In(r, unicode.Pd, unicode.Pi, unicode.Pf, unicode.Ps, unicode.Pe, unicode.Po)
}

// pathLength returns the length of path, query and fragment of which text may be the end.
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

// closesPath tells the signs behind which no path goes on. An en dash between digits is a
// span of years in the path of an encyclopedia.
func closesPath(s string, i int, r rune) bool {
	switch r {
	case '—', '―', '…', '™', '®', '©', '。', '！', '？', '；', '：':
		return true
	case '–':
		return i == 0 || !isNumber(s[i-1])
	}
	return false
}

// unspaced tells letters that are not Latin: a word of theirs behind an ASCII letter is
// text.
func unspaced(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }

// isTail reports whether letters beyond ASCII go on to the end: nothing of the structure
// of a URL follows.
func isTail(s string) bool {
	for _, r := range s {
		if r < utf8.RuneSelf && (isAlnum(byte(r)) || strings.IndexByte("/=&%?#", byte(r)) >= 0) {
			return false
		}
	}
	return true
}
