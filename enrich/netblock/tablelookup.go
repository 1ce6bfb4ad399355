package netblock

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"go4.org/netipx"

	"spoor/enrich"
)

// netblock returns the smallest block that contains addr. ok is false if the
// table has none.
//
// The range of the line is returned, and its prefixes: a range need not be one
// prefix.
func (t *table) netblock(addr netip.Addr) (enrich.Netblock, bool) {
	if t.mmdb != nil {
		return t.mmdbNetblock(addr)
	}
	i, ok := t.blocks.Lookup(addr)
	if !ok {
		return enrich.Netblock{}, false
	}
	h := &t.holders[i]
	nb := enrich.Netblock{
		First: h.first, Last: h.last, Prefixes: netipx.IPRangeFrom(h.first, h.last).Prefixes(),
		Handle: h.handle, Name: h.name, Owner: h.owner, Country: h.country, Registry: h.registry, Status: h.status,
	}
	if h.created != 0 {
		nb.Created = time.Unix(h.created, 0).UTC()
	}
	return nb, true
}

// origin returns the AS of the longest prefix that contains addr, as routers
// choose it.
func (t *table) origin(addr netip.Addr) (enrich.OriginAS, bool) {
	if t.mmdb != nil {
		return t.mmdbOrigin(addr)
	}
	p, i, ok := t.nets.LookupPrefixLPM(netip.PrefixFrom(addr, addr.BitLen()))
	if !ok {
		return enrich.OriginAS{}, false
	}
	return t.ases[i].origin(p), true
}

// origin returns the AS with the prefix. A name belongs to the first of several
// AS numbers.
func (a as) origin(p netip.Prefix) enrich.OriginAS {
	o := enrich.OriginAS{Prefix: p, Country: a.country, Registry: a.registry}
	for f := range strings.FieldsSeq(a.numbers) {
		if n, err := strconv.ParseUint(f, 10, 32); err == nil {
			o.ASNs = append(o.ASNs, uint32(n))
		}
	}
	if a.name != "" {
		o.Names = make([]string, len(o.ASNs))
		o.Names[0] = a.name
	}
	return o
}
