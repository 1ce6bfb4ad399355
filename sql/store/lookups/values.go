package lookups

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"spoor/enrich"
	"spoor/sql/store/wire"
)

// Limits of the indexed values of one observation.
const (
	// A registration has about forty values. DNS answers of hostile zones have
	// thousands.
	maxValues = 200 // of all fields together
	maxValue  = 500 // bytes; a longer value identifies nothing
)

// value is one field of an observation in the form in which people search for
// it.
type value struct{ field, value string }

// valuesOf lists the values by which people pivot, each once.
//
// The result is sorted, so that the same answer gives the same rows in the same
// order of locks. Field names are stored and documented: they never change
// their meaning.
func valuesOf(parsed any) []value {
	var v values
	switch p := parsed.(type) {
	case *enrich.Registration:
		v.registration(p)
	case *enrich.Records:
		v.records(p)
	case *enrich.Reverse:
		v.addAll("ptr", lower(p.Names))
		v.addAll("ptr.confirmed", lower(p.Confirmed))
	case *enrich.Netblock:
		for _, prefix := range p.Prefixes {
			v.add("netblock", prefix.Masked().String())
		}
		v.add("netblock.handle", p.Handle)
		v.add("netblock.name", p.Name)
		v.add("owner", p.Owner)
		v.add("country", p.Country)
		v.add("abuse", strings.ToLower(p.AbuseEmail))
	case *enrich.Certificate:
		v.add("certificate", p.Serial)
		v.addAll("certificate.name", lower(p.Names))
	case *enrich.OriginAS:
		for _, n := range p.ASNs {
			v.add("asn", strconv.FormatUint(uint64(n), 10))
		}
	}
	slices.SortFunc(v.list, func(a, b value) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.value, b.value))
	})
	return slices.Compact(v.list)
}

// values collects the values of one observation.
type values struct{ list []value }

// add keeps a value that fits into a btree index. A longer value is left out,
// because a truncated one would equal others.
func (v *values) add(field, s string) {
	s = wire.Clean(strings.TrimSpace(strings.Map(visible, s)), maxValue+1)
	if s != "" && len(s) <= maxValue && len(v.list) < maxValues {
		v.list = append(v.list, value{field, s})
	}
}

// visible drops characters that a terminal interprets or does not display.
// Values are found by index in this form, and views show them unchanged. The
// original answer keeps them.
func visible(r rune) rune {
	if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
		return -1
	}
	return r
}

// addAll adds a list of values.
func (v *values) addAll(field string, list []string) {
	for _, s := range list {
		v.add(field, s)
	}
}

// addAddrs adds addresses. One with a zone belongs to a single link and
// identifies nothing.
func (v *values) addAddrs(field string, list []netip.Addr) {
	for _, a := range list {
		if a.IsValid() && a.Zone() == "" {
			v.add(field, a.Unmap().String())
		}
	}
}

// registration adds the values of a registration. The registrar has its key, so
// that spellings are equal.
func (v *values) registration(r *enrich.Registration) {
	v.add("registrar", cmp.Or(r.Registrar.Key, strings.ToLower(r.Registrar.Name)))
	v.contact("registrant", &r.Registrant)
	v.contact("admin", &r.Admin)
	v.contact("tech", &r.Tech)
	v.contact("billing", &r.Billing)
	for _, ns := range r.NameServers {
		v.add("ns", strings.ToLower(ns.Host))
	}
	v.add("privacy", r.Privacy)
	v.add("reseller", r.Reseller)
}

// contact adds the values of a contact under its role.
func (v *values) contact(role string, c *enrich.Contact) {
	v.add(role+".handle", c.Handle)
	v.add(role+".name", c.Name)
	v.add(role+".organization", c.Organization)
	v.add(role+".email", strings.ToLower(c.Email))
	v.add(role+".phone", cmp.Or(c.Phone, c.PhoneRaw))
	v.add(role+".country", c.Country)
	v.add(role+".street", strings.Join(c.Street, ", "))
}

// records adds the values of forward DNS.
func (v *values) records(r *enrich.Records) {
	v.addAddrs("address", r.A)
	v.addAddrs("address", r.AAAA)
	for _, ns := range r.NS {
		v.add("ns", strings.ToLower(ns.Host))
	}
	for _, mx := range r.MX {
		v.add("mx", strings.ToLower(mx.Host))
	}
	v.addAll("cname", lower(r.CNAME))
	if r.SOA != nil {
		v.add("soa.mname", strings.ToLower(r.SOA.MName))
		v.add("soa.rname", strings.ToLower(r.SOA.RName))
	}
}

// lower returns a copy in lower case: DNS names are equal in any case (RFC
// 4343).
func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}
