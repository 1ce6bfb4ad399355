package received

import (
	"net/netip"
	"strings"

	"spoor/internal/text"
)

// literal parses an address in the forms that servers write: "192.0.2.1",
// "[192.0.2.1]", "[192.0.2.1]:25", "[192.0.2.1:25]", "[IPv6:2001:db8::1]",
// "[::ffff:192.0.2.1]", "[fe80::1%4]", "2001:db8::1". IPv4 in IPv6 becomes
// IPv4, and zones are dropped.
//
// ok is false for names, and for numbers that are no address. port is 0 if
// there was none.
func literal(w string) (a netip.Addr, port uint16, ok bool) {
	w = trimEnd(w)
	if w == "" {
		return a, 0, false
	}
	if w[0] == '[' {
		end := strings.IndexByte(w, ']')
		if end < 0 {
			end = len(w)
		} else if rest := w[end+1:]; len(rest) > 1 && rest[0] == ':' {
			port = portNumber(rest[1:])
		}
		w = w[1:end]
	}
	if rest, found := text.CutPrefixFold(w, "ipv6:"); found {
		w = rest
	}
	// A zone identifies an interface of the server and nothing outside (RFC
	// 4007 section 11).
	if i := strings.IndexByte(w, '%'); i > 0 {
		w = w[:i]
	}
	// An IPv4 address with a port.
	if i := strings.IndexByte(w, ':'); i > 0 && i == strings.LastIndexByte(w, ':') && strings.IndexByte(w, '.') > 0 {
		port = portNumber(w[i+1:])
		w = w[:i]
	}
	if !numeric(w) {
		return netip.Addr{}, 0, false
	}
	a, err := netip.ParseAddr(w)
	if err != nil {
		return netip.Addr{}, 0, false
	}
	return a.Unmap(), port, true
}

// numeric reports whether w can be an address at all. It saves most words the
// costlier parsing.
func numeric(w string) bool {
	// "::" is the shortest address, and an IPv6 address with an IPv4 part in
	// decimal the longest (INET6_ADDRSTRLEN is 46 with its NUL).
	if len(w) < 2 || len(w) > 45 {
		return false
	}
	dots, colons := 0, 0
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'f':
		default:
			return false
		}
	}
	return dots == 3 || colons >= 2
}

// portNumber reads a port, 0 if it is none.
func portNumber(s string) uint16 {
	n := 0
	for i := 0; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if n = n*10 + int(s[i]-'0'); n > 65535 {
			return 0
		}
	}
	return uint16(n)
}

// nextWord splits the first word or nested comment off s, and drops quotes.
func nextWord(s string) (w, rest string) {
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] == '"') {
		i++
	}
	if i == len(s) {
		return "", ""
	}
	start := i
	if s[i] == '(' {
		end := min(commentEnd(s, i)+1, len(s))
		return s[start:end], s[end:]
	}
	for i < len(s) && s[i] != ' ' && s[i] != '"' && s[i] != '(' {
		i++
	}
	return s[start:i], s[i:]
}

// hasFold is strings.HasPrefix without regard to case. prefix is in lower case.
func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && (prefix == "" || s[0]|0x20 == prefix[0]|0x20) && strings.EqualFold(s[:len(prefix)], prefix)
}
