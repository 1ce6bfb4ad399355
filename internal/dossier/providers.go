package dossier

import (
	"net/netip"
	"strings"

	"spoor/internal/block"
	"spoor/internal/domain"
)

// A server counts as a provider's if this number of unrelated parties send
// through servers of its domain in its network; fewer suffice if ham is among
// their mail. A spammer's own network carries only campaigns of one operation.
const (
	manyParties       = 4
	partiesBesidesHam = 2
)

// judgeSenders notes the senders that are providers' servers, and their HELO
// names.
func (j *judge) judgeSenders(senders []Sender) {
	pools := poolsOf(j.k.Neighbours)
	for i := range senders {
		s := &senders[i]
		address, helo := s.Addr.String(), strings.ToLower(s.HELO)
		name := s.ReverseName
		if name == "" && !s.Nameless {
			// There was no reverse look-up: even an unverified name keeps the
			// server out of block lists.
			name = s.HELO
		}
		if block.IsRelay(s.ReverseName, s.HELO, func(d string) bool { return j.linkDomains[d] }) || block.IsProvider(name) {
			j.relays[address], j.relays[helo] = true, true
		}
		if pools[poolOf(s.Addr, name)].isProvider() && !spells(name, s.Addr) {
			j.parties[address], j.parties[helo] = true, true
		}
	}
}

// pool is the servers of one domain in one network.
type pool struct {
	net    netip.Prefix
	domain string
}

// poolOf returns the pool of a server: /24 or /48, the smallest prefixes that
// are usually routed.
func poolOf(a netip.Addr, name string) pool {
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	net, err := a.Prefix(bits)
	if err != nil {
		return pool{}
	}
	return pool{net, domain.Registered(strings.ToLower(name))}
}

// customers are the parties whose mail a pool sends.
type customers struct {
	parties map[string]bool
	ham     bool
}

// isProvider reports whether enough unrelated parties send through the pool.
func (c *customers) isProvider() bool {
	return c != nil && (len(c.parties) >= manyParties || c.ham && len(c.parties) >= partiesBesidesHam)
}

// poolsOf groups the neighbours' mail by pool. A server without a name or an
// owner of its mail is left out.
func poolsOf(list []Neighbour) map[pool]*customers {
	out := make(map[pool]*customers)
	for _, n := range list {
		of := pool{n.Net.Masked(), domain.Registered(n.Name)}
		if of.domain == "" || n.Party == "" {
			continue
		}
		if out[of] == nil {
			out[of] = &customers{parties: make(map[string]bool)}
		}
		out[of].parties[n.Party] = true
		out[of].ham = out[of].ham || n.Ham
	}
	return out
}

// spells reports whether a name spells the last two bytes of an IPv4 address,
// as the names of end users' lines do. A pool of such lines has many parties
// too: each is a hijacked machine.
func spells(name string, a netip.Addr) bool {
	if a = a.Unmap(); !a.Is4() {
		return false
	}
	b := a.As4()
	digits := make(map[string]bool)
	for number := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < '0' || r > '9' }) {
		digits[strings.TrimLeft(number, "0")] = true
	}
	last := func(b byte) bool { return digits[strings.TrimLeft(decimal(b), "0")] }
	return last(b[2]) && last(b[3])
}

func decimal(b byte) string { return netip.AddrFrom4([4]byte{0, 0, 0, b}).String()[len("0.0.0."):] }

// ReadSPF lists the networks in an SPF record (RFC 7208) itself, without its
// includes.
func ReadSPF(record string) (out []netip.Prefix) {
	for term := range strings.FieldsSeq(record) {
		term = strings.TrimPrefix(strings.ToLower(term), "+")
		value, ok := strings.CutPrefix(term, "ip4:")
		if !ok {
			value, ok = strings.CutPrefix(term, "ip6:")
		}
		if !ok {
			continue
		}
		if a, err := netip.ParseAddr(value); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		} else if p, err := netip.ParsePrefix(value); err == nil && p.Bits() >= 8 {
			out = append(out, p.Masked())
		}
	}
	return out
}
