package whois

import (
	"strings"
)

// emailIn returns the first mail address in s, or "".
//
// The length limits are those of RFC 5321 section 4.5.3.1 for local part and
// domain.
func emailIn(s string) string {
	s = plainAt(s)
	for {
		at := strings.IndexByte(s, '@')
		if at < 0 {
			return ""
		}
		i, j := at, at+1
		for i > 0 && isLocalByte(s[i-1]) {
			i--
		}
		for j < len(s) && isHostByte(s[j]) {
			j++
		}
		host := strings.Trim(s[at+1:j], ".-")
		if at > i && strings.Contains(host, ".") && at-i <= 64 && len(host) <= 253 {
			return strings.TrimLeft(s[i:at], ".'") + "@" + host
		}
		s = s[at+1:]
	}
}

// plainAt restores "user AT example.com" and "user [at] example.com".
func plainAt(s string) string {
	if strings.IndexByte(s, '@') >= 0 {
		return s
	}
	for _, at := range []string{" AT ", " [at] ", "[at]", "(at)", " (at) ", "_at_"} {
		if i := strings.Index(s, at); i > 0 && strings.Contains(s[i:], ".") {
			return strings.TrimRight(s[:i], " ") + "@" + strings.TrimLeft(s[i+len(at):], " ")
		}
	}
	return s
}

func isHostByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c >= 0x80
}

func isLocalByte(c byte) bool {
	return isHostByte(c) || strings.IndexByte("!#$&'*+=?^_`{|}~/%", c) >= 0
}
