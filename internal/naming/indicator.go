package naming

import (
	"net/netip"
	"strings"

	"spoor/internal/domain"
	"spoor/sql/store/campaigns"
)

// refanged undoes the notation of abuse desks: hxxp://, [.], (.), [at], [:].
var refanged = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "[@]", "@", "[at]", "@", "(at)", "@", "[:]", ":", "[://]", "://", "[/]", "/")

// ParseIndicator determines which indicator s denotes. ok is false if it can be
// none.
func ParseIndicator(s string) (i campaigns.Indicator, ok bool) {
	s = refanged.Replace(strings.TrimSpace(s))
	if len(s) > 2048 {
		return i, false
	}
	if id, isID := strings.CutPrefix(s, "<"); isID && strings.HasSuffix(id, ">") && strings.Contains(id, "@") {
		return campaigns.Indicator{Kind: "message-id", Value: strings.TrimSuffix(id, ">")}, true
	}
	if i, ok := asNet(s); ok {
		return i, true
	}
	if scheme, rest, found := strings.Cut(s, "://"); found {
		return asURL(strings.ToLower(scheme), rest)
	}
	if local, host, found := strings.Cut(s, "@"); found {
		return asMail(local, host)
	}
	if IsHash(s) {
		return campaigns.Indicator{Kind: "hash", Value: strings.ToLower(s)}, true
	}
	if digits, ok := asPhone(s); ok {
		return campaigns.Indicator{Kind: "phone", Value: digits}, true
	}
	return asHost(s)
}

// asNet reads an address, an address literal of SMTP (RFC 5321, section 4.1.3)
// or a network in CIDR form.
func asNet(s string) (campaigns.Indicator, bool) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "IPv6:"), "ipv6:")
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return campaigns.Indicator{Kind: "net", Value: a.String(), Net: netip.PrefixFrom(a, a.BitLen())}, true
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		return campaigns.Indicator{Kind: "net", Value: p.Masked().String(), Net: p.Masked()}, true
	}
	return campaigns.Indicator{}, false
}

// asURL parses a URL. One without a path means the host, because people paste
// it in that form.
func asURL(scheme, rest string) (campaigns.Indicator, bool) {
	switch scheme {
	case "hxxp":
		scheme = "http"
	case "hxxps":
		scheme = "https"
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, path := rest[:end], rest[end:]
	if path == "" || path == "/" {
		if i, ok := asNet(host); ok {
			return i, true
		}
		return asHost(host)
	}
	return campaigns.Indicator{Kind: "url", Value: scheme + "://" + strings.ToLower(host) + path}, true
}

// asMail reads a mail address. Its case is folded in the local part too: RFC
// 5321 keeps it, but users write either form.
func asMail(local, host string) (campaigns.Indicator, bool) {
	if local == "" { // "@example.com" means everybody there
		return asHost(host)
	}
	if host == "" || strings.ContainsAny(host, " @") {
		return campaigns.Indicator{}, false
	}
	return campaigns.Indicator{Kind: "mail", Value: strings.ToLower(local + "@" + host)}, true
}

// IsHash reports whether s is a complete SHA-256 in hexadecimal.
func IsHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	return strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// asPhone parses a number of at least seven digits in the usual notations.
func asPhone(s string) (string, bool) {
	if !strings.HasPrefix(s, "+") && strings.Contains(s, ".") {
		return "", false
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()./", r) {
			return -1
		}
		return r
	}, s)
	number := strings.TrimPrefix(digits, "+")
	if len(number) < 7 || len(number) > 15 || strings.Trim(number, "0123456789") != "" {
		return "", false
	}
	return digits, true
}

// asHost reads a host name, with a port or without.
func asHost(s string) (campaigns.Indicator, bool) {
	if h, port, ok := strings.Cut(s, ":"); ok && strings.Trim(port, "0123456789") == "" {
		s = h
	}
	name, ok := domain.Parse(s)
	if !ok {
		return campaigns.Indicator{}, false
	}
	registered := name.Registered
	if registered == "" {
		registered = name.Host
	}
	return campaigns.Indicator{Kind: "host", Value: name.Host, Domain: registered}, true
}
