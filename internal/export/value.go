package export

import (
	"fmt"
	"net/url"
	"strings"
)

// asURI makes a URL one by RFC 3986: what browsers take and the RFC does not allow is
// percent-encoded.
func asURI(value string) (string, bool) {
	scheme, rest, ok := strings.Cut(value, "://")
	if !ok {
		return "", false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	var b strings.Builder
	b.WriteString(scheme + "://" + rest[:end])
	fragment := false
	for i := end; i < len(rest); i++ {
		switch c := rest[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~:/?@!$&'()*+,;=", c) >= 0:
			b.WriteByte(c)
		case c == '#' && !fragment:
			fragment = true
			b.WriteByte(c)
		case c == '%' && i+2 < len(rest) && isHex(rest[i+1]) && isHex(rest[i+2]):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	u, err := url.Parse(b.String())
	if err != nil {
		return "", false
	}
	_, ok = asEither(u.Hostname())
	return b.String(), ok
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// Bounds of a mail address (RFC 5321, section 4.5.3.1).
const (
	maxLocal   = 64
	maxAddress = 254
)

// asMail lets through mail addresses of plain words: what needs quotes, and what is none,
// stays a text.
func asMail(value string) (string, bool) {
	at := strings.LastIndexByte(value, '@')
	if at < 1 || at > maxLocal || len(value) > maxAddress {
		return "", false
	}
	local := value[:at]
	for word := range strings.SplitSeq(local, ".") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~") != "" {
			return "", false
		}
	}
	host, ok := asHost(value[at+1:])
	if !ok || strings.Contains(host, "_") || !strings.Contains(host, ".") {
		return "", false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label[0] == '-' || label[len(label)-1] == '-' {
			return "", false
		}
	}
	return local + "@" + host, true
}
