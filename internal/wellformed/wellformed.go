// Package wellformed checks syntax by the standards: host names, addresses,
// URIs, mail addresses. Files for strict readers accept values from mail and
// registries only through it. A value that fails is exported as text.
package wellformed

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// maxHost leaves room for a wildcard before a host name and the name of a zone
// after it. RFC 1035 section 2.3.4 allows 253 characters in all.
const maxHost = 253 - len("*.") - maxZone

// maxZone is the length of the longest zone name for which room is left.
const maxZone = 63

// Host accepts host names that servers look up.
func Host(value string) (string, bool) {
	value = strings.ToLower(value)
	if value == "" || len(value) > maxHost {
		return "", false
	}
	for label := range strings.SplitSeq(value, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return "", false
		}
	}
	return value, true
}

// Address accepts IP addresses and returns the form that servers look up.
func Address(value string) (string, bool) {
	a, err := netip.ParseAddr(value)
	if err != nil {
		return "", false
	}
	return a.Unmap().WithZone("").String(), true
}

// HostOrAddress accepts both.
func HostOrAddress(value string) (string, bool) {
	if a, ok := Address(value); ok {
		return a, true
	}
	return Host(value)
}

// URI converts a URL to the syntax of RFC 3986: characters that browsers accept
// and the RFC forbids are percent-encoded.
func URI(value string) (string, bool) {
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
	_, ok = HostOrAddress(u.Hostname())
	return b.String(), ok
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// Limits of a mail address in bytes (RFC 5321 section 4.5.3.1).
const (
	maxLocal   = 64
	maxAddress = 254
)

// Mail accepts mail addresses without quoting; quoted ones do not occur in
// practice.
func Mail(value string) (string, bool) {
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
	host, ok := Host(value[at+1:])
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
