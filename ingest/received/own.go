package received

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/text"
)

// maxPatterns limits Own, because every hop is compared with all of them.
const maxPatterns = 256

// ParseOwn parses the values of --own-mx: host names in which "*" stands for
// any run of characters and "?" for one, addresses, and networks in CIDR
// notation. One value may hold several, separated by commas or blanks.
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

// add adds a name pattern, an address or a network. A network of all addresses
// is refused, because it would make every host one of our own.
//
// Errors are for the command line, and say how to write it right.
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

// checkPattern reports why a pattern cannot match host names.
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

// Ahead reports whether a time that the receiver's server wrote is later than
// the reading of the message.
//
// A clock of our own that runs ahead spoils every statement about time, so it
// is told. It is false if Latest is zero.
func (o *Own) Ahead(t time.Time) bool { return o != nil && !o.Latest.IsZero() && t.After(o.Latest) }

// MatchesName reports whether a host name belongs to the receiver.
func (o *Own) MatchesName(name string) bool {
	if o == nil || name == "" {
		return false
	}
	name = strings.TrimRight(name, ".")
	for _, p := range o.Names {
		if text.Glob(p, name) {
			return true
		}
	}
	return false
}

// MatchesAddr reports whether an address belongs to the receiver. It does not
// cover loopback and private addresses, whose meaning depends on the server
// that records them.
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

// wrote reports whether a hop claims to be written by one of the receiver's
// servers.
func (o *Own) wrote(h *Hop) bool {
	return o.MatchesName(h.By) || o.MatchesAddr(h.ByAddr)
}
