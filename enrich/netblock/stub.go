package netblock

import (
	"slices"
	"strings"

	"go4.org/netipx"

	"spoor/enrich"
)

// Words in entries that cover addresses for which the registry is not
// responsible. They fill gaps in its address space, and another registry knows
// the holder.
var (
	// stubNames are prefixes of network names.
	stubNames = []string{
		"iana-blk", "iana-netblock", "iana-reserved", "non-ripe-ncc-managed", "eu-zz-", "not-allocated-by-apnic", "non-apnic", "non-afrinic", "non-lacnic",
		"erx-netblock", "apnic-erx-", "ripe-erx-", "lacnic-erx-", "afrinic-erx-", "unallocated", "not-allocated",
	}
	// stubWords occur in names, descriptions and kinds of such entries.
	stubWords = []string{
		"not managed by the ripe", "not managed by ripe", "the whole ipv4 address space", "the whole ipv6 address space", "whole address space",
		"early registrations, transferred", "early registrations, maintained", "early registration addresses", "not allocated by apnic", "not allocated to apnic", "not allocated by",
		"transferred to the apnic", "transferred to ripe", "transferred to apnic", "transferred to lacnic", "transferred to afrinic", "transferred to arin",
		"allocated to ripe", "allocated to apnic", "allocated to lacnic", "allocated to afrinic", "allocated to arin", "address block not managed", "unallocated and unassigned",
		"iana special use", "iana reserved", "internet assigned numbers authority",
	}
	// stubRemarks occur in remarks of such entries only; a holder's remarks may
	// mention transfers too.
	stubRemarks = []string{
		"not registered in the arin database", "have been further assigned to users in", "this network range is not fully allocated", "address block not managed by",
		"the apnic whois database as", "this block is reserved for later",
	}
)

// isStub reports whether a block names no holder.
//
// A holder that is wrongly taken for a placeholder is unknown; a placeholder
// taken for a holder would link all addresses of the world. The lists are
// therefore generous.
func (p *page) isStub(b *block, org *record) bool {
	if Stub(&b.nb, b.rng) {
		return true
	}
	if b.nb.Registry == "iana" {
		return true
	}
	if b.at < 0 {
		return false
	}
	r := &p.records[b.at]
	if slices.ContainsFunc(r.all("descr"), stubText) || slices.ContainsFunc(r.all("nettype"), stubText) {
		return true
	}
	for _, key := range []string{"comment", "remarks"} {
		if slices.ContainsFunc(r.all(key), func(v string) bool { return containsAny(v, stubRemarks) }) {
			return true
		}
	}
	return org != nil && b.style == arin && foreignRegistry(org.get("orgid")) && strings.Contains(strings.ToLower(b.nb.Status), "allocated to")
}

// foreignRegistry reports whether an organisation of ARIN's database is another
// registry.
func foreignRegistry(id string) bool {
	switch strings.ToUpper(id) {
	case "RIPE", "APNIC", "LACNIC", "AFRINIC", "IANA":
		return true
	}
	return false
}

// Stub reports whether a netblock from WHOIS or RDAP names no holder, by its
// name, its kind or its size. The largest IPv4 holdings are /8 blocks. For
// IPv6, registries receive /12 blocks and assign /13 at most.
func Stub(nb *enrich.Netblock, rng netipx.IPRange) bool {
	if rng.From().Is4() && widerThan(rng, 8) || rng.From().Is6() && widerThan(rng, 13) {
		return true
	}
	name := strings.ToLower(nb.Name)
	for _, s := range stubNames {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	return stubText(nb.Name) || stubText(nb.Owner) || stubText(nb.Status)
}

func stubText(s string) bool { return containsAny(s, stubWords) }

func containsAny(s string, words []string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
