package resolve

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"spoor/enrich"
)

// maxOrigins limits the ASes of one prefix. More than a few are a mistake.
const maxOrigins = 16

func decimalOf(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// readOrigin parses lines such as "64500 64501 | 192.0.2.0/24 | CN | apnic |
// 2001-02-03". Nested announcements give a line each; the longest prefix
// counts, because packets follow it.
func readOrigin(texts []string, a netip.Addr) (*enrich.OriginAS, bool) {
	var best *enrich.OriginAS
	for _, text := range texts {
		o, ok := originLine(text)
		if !ok || !o.Prefix.Contains(a) {
			continue
		}
		switch {
		case best == nil || o.Prefix.Bits() > best.Prefix.Bits():
			best = o
		case o.Prefix == best.Prefix:
			for _, n := range o.ASNs {
				add(&best.ASNs, n, maxOrigins)
			}
		}
	}
	if best == nil {
		return nil, false
	}
	slices.Sort(best.ASNs)
	return best, true
}

// originLine reads a TXT record of Team Cymru's origin zone: AS numbers,
// prefix, country, registry, date.
func originLine(text string) (*enrich.OriginAS, bool) {
	fields := strings.SplitN(text, "|", 6)
	if len(fields) < 2 {
		return nil, false
	}
	prefix, err := netip.ParsePrefix(strings.TrimSpace(fields[1]))
	if err != nil {
		return nil, false
	}
	o := &enrich.OriginAS{Prefix: prefix.Masked()}
	for _, word := range strings.Fields(fields[0]) {
		n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToUpper(word), "AS"), 10, 32)
		if err == nil && n > 0 {
			add(&o.ASNs, uint32(n), maxOrigins)
		}
	}
	if len(fields) > 2 {
		o.Country = countryCode(fields[2])
	}
	if len(fields) > 3 {
		o.Registry = registryName(fields[3])
	}
	return o, len(o.ASNs) > 0
}

// countryCode accepts the form of ISO 3166-1 alpha-2. It rejects "EU" and "AP",
// which registries use for regions.
func countryCode(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' || s == "EU" || s == "AP" {
		return ""
	}
	return s
}

// registryName maps to the names that enrich uses: "ripencc" becomes "ripe".
func registryName(s string) string {
	switch s = strings.ToLower(strings.TrimSpace(s)); s {
	case "ripencc", "ripe":
		return "ripe"
	case "arin", "apnic", "lacnic", "afrinic", "jpnic", "krnic":
		return s
	}
	return ""
}

// readASName parses "64500 | CN | apnic | 2001-02-03 | EXAMPLE-AS Example
// Network, CN".
//
// The number is compared, because a zone may answer for another AS. 256 bytes
// hold any name that registries accept.
func readASName(texts []string, number uint32) string {
	for _, text := range texts {
		fields := strings.SplitN(text, "|", 5)
		if len(fields) == 5 && strings.TrimSpace(fields[0]) == decimalOf(number) {
			return clean(strings.TrimSpace(fields[4]), 256)
		}
	}
	return ""
}
