package netblock

import (
	"net/netip"
	"strconv"
	"strings"

	"go4.org/netipx"

	"spoor/enrich"
	"spoor/enrich/rdap"
	"spoor/internal/text"
)

// record returns the file's record of addr and the prefix to which it applies.
// It recovers from panics, because the reader trusts offsets in the file, which
// may be damaged.
func (t *table) record(addr netip.Addr) (rec map[string]any, p netip.Prefix, ok bool) {
	defer func() {
		if recover() != nil {
			rec, ok = nil, false
		}
	}()
	r := t.mmdb.Lookup(addr)
	if !r.Found() || r.Err() != nil {
		return nil, p, false
	}
	if err := r.Decode(&rec); err != nil {
		return nil, p, false
	}
	p = r.Prefix()
	return rec, p, p.IsValid() && p.Contains(addr)
}

// field returns the first of the named values that is present.
//
// Databases differ in names and types: numbers may be integers, and countries
// maps with a code.
func field(rec map[string]any, names ...string) string {
	for _, n := range names {
		switch v := rec[n].(type) {
		case string:
			if s := text.Cut(clean(v), maxValue); s != "" {
				return s
			}
		case uint64:
			return strconv.FormatUint(v, 10)
		case uint32:
			return strconv.FormatUint(uint64(v), 10)
		case map[string]any:
			if s, ok := v["iso_code"].(string); ok {
				return s
			}
		}
	}
	return ""
}

// mmdbNetblock returns the network of an address by the fields that the common
// databases have.
func (t *table) mmdbNetblock(addr netip.Addr) (enrich.Netblock, bool) {
	rec, p, ok := t.record(addr)
	if !ok {
		return enrich.Netblock{}, false
	}
	nb := enrich.Netblock{
		Owner: field(rec, "organization", "isp", "owner", "company"), Name: field(rec, "netname", "network_name"),
		Country: rdap.Country(field(rec, "country", "country_code", "registered_country")), Registry: strings.ToLower(field(rec, "registry", "rir")),
	}
	if nb.Owner == "" && nb.Name == "" && nb.Country == "" {
		return enrich.Netblock{}, false
	}
	r := netipx.RangeOfPrefix(p)
	nb.First, nb.Last, nb.Prefixes = r.From(), r.To(), []netip.Prefix{p}
	return nb, true
}

// mmdbOrigin returns the AS of an address by the fields that the common
// databases have.
func (t *table) mmdbOrigin(addr netip.Addr) (enrich.OriginAS, bool) {
	rec, p, ok := t.record(addr)
	if !ok {
		return enrich.OriginAS{}, false
	}
	numbers, ok := asNumbers(field(rec, "autonomous_system_number", "asn", "as_number"))
	if !ok {
		return enrich.OriginAS{}, false
	}
	return as{
		numbers: numbers, name: field(rec, "autonomous_system_organization", "as_name", "asname", "name"), country: rdap.Country(field(rec, "country_code", "country")),
	}.origin(p), true
}
