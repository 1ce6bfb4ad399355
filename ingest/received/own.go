package received

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// maxPatterns bounds what Own holds; more would make every hop slow to judge.
const maxPatterns = 256

// ParseOwn reads the values of --own-mx: host names in which "*" and "?" stand for any
// run and any one character, addresses, and networks in CIDR form. A value may hold
// several, separated by commas or blanks.
func ParseOwn(patterns []string) (Own, error) {
	var o Own
	for _, value := range patterns {
		for _, p := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' }) {
			if err := o.add(p); err != nil {
				return Own{}, fmt.Errorf("own server %q: %w", p, err)
			}
		}
	}
	if len(o.Names)+len(o.Addrs) == 0 && len(patterns) > 0 {
		return Own{}, errors.New("own server: the value is empty; give a host name (mx.example.com, *.example.com), an address, or a network (192.0.2.0/24)")
	}
	return o, nil
}

func (o *Own) add(p string) error {
	if len(o.Names)+len(o.Addrs) >= maxPatterns {
		return fmt.Errorf("more than %d names and networks; use a pattern such as *.example.com", maxPatterns)
	}
	if strings.Contains(p, "/") {
		pre, err := netip.ParsePrefix(p)
		if err != nil {
			return errors.New("not a network in CIDR form (192.0.2.0/24, 2001:db8::/32)")
		}
		if pre.Bits() == 0 {
			return errors.New("that is every address; nothing would be left outside")
		}
		o.Addrs = append(o.Addrs, unmapPrefix(pre).Masked())
		return nil
	}
	if a, _, ok := literal(p); ok {
		o.Addrs = append(o.Addrs, netip.PrefixFrom(a, a.BitLen()))
		return nil
	}
	name := strings.ToLower(strings.TrimRight(p, "."))
	if err := checkPattern(name); err != nil {
		return err
	}
	o.Names = append(o.Names, name)
	return nil
}

// unmapPrefix turns ::ffff:192.0.2.0/120 into 192.0.2.0/24.
func unmapPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

func checkPattern(name string) error {
	if name == "" || len(name) > 253 {
		return errors.New("not a host name")
	}
	letters, digitsOnly := 0, true
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z' || r == '_' || r >= 0x80:
			letters++
			digitsOnly = false
		case r >= '0' && r <= '9':
			letters++
		case r == '-' || r == '.' || r == '*' || r == '?':
		case r == '@':
			return errors.New("that is a mail address; give the name or address of the server that receives for it")
		default:
			return fmt.Errorf("%q cannot stand in a host name", r)
		}
	}
	switch {
	case letters == 0:
		return errors.New("that matches every server; nothing would be left outside")
	case digitsOnly && !strings.Contains(name, "*"):
		return errors.New("neither a host name nor an address (192.0.2.1, 2001:db8::1)")
	case strings.Contains(name, ".."):
		return errors.New("a host name has no two dots in a row")
	}
	return nil
}

// Ahead reports whether a time that a server of ours wrote had not come yet when the
// message was read.
func (o *Own) Ahead(t time.Time) bool { return o != nil && !o.Latest.IsZero() && t.After(o.Latest) }

// MatchesName tells whether a host name is one of ours.
func (o *Own) MatchesName(name string) bool {
	if o == nil || name == "" {
		return false
	}
	name = strings.TrimRight(name, ".")
	for _, p := range o.Names {
		if matchPattern(p, name) {
			return true
		}
	}
	return false
}

// MatchesAddr tells whether an address is one of ours. Loopback and private addresses
// are not meant here: they are ours only in the mouth of one of our servers.
func (o *Own) MatchesAddr(a netip.Addr) bool {
	if o == nil || !a.IsValid() {
		return false
	}
	for _, p := range o.Addrs {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// wrote tells whether a hop says that one of our servers wrote it.
func (o *Own) wrote(h *Hop) bool {
	return o.MatchesName(h.By) || o.MatchesAddr(h.ByAddr)
}

// matchPattern compares without regard to case; "*" is any run, "?" any one character.
// One step back per star keeps it at len(pattern)*len(name).
func matchPattern(pattern, name string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || lower(pattern[p]) == lower(name[n])):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
