package simnet

import (
	"fmt"
)

// bootstrap writes a file of RFC 9224.
//
// nil means that there is no such file. A registry without RDAP is not listed.
func (ix *index) bootstrap(file string) []byte {
	var services list
	add := func(entries list, server string) {
		if len(entries) > 0 && server != "" {
			services = append(services, list{entries, ix.baseURLs(server)})
		}
	}
	switch file {
	case "dns.json":
		for _, r := range ix.Registries {
			tlds := list{}
			for _, t := range r.TLDs {
				tlds = append(tlds, t)
			}
			add(tlds, r.RDAP)
		}
	case "ipv4.json", "ipv6.json":
		for _, r := range ix.Regional {
			add(ix.prefixesOf(r.Key, file == "ipv4.json"), r.RDAP)
		}
	case "asn.json":
		for _, r := range ix.Regional {
			numbers := list{}
			for _, as := range ix.ASes {
				if as.Registry == r.Key {
					numbers = append(numbers, fmt.Sprintf("%d-%d", as.Number, as.Number))
				}
			}
			add(numbers, r.RDAP)
		}
	default:
		return nil
	}
	return toJSON(object{"version": "1.0", "publication": "2006-01-05T12:00:00Z", "services": services})
}

// baseURLs are the URLs of a server in the bootstrap files; https first if the
// server has it.
func (ix *index) baseURLs(server string) list {
	if ix.TLS {
		return list{"https://" + server + "/", "http://" + server + "/"}
	}
	return list{"http://" + server + "/"}
}

// prefixesOf are the netblocks of a registry. A netblock inside of another is
// listed too, which RFC 9224 allows: the longest match counts.
func (ix *index) prefixesOf(key string, v4 bool) list {
	out := list{}
	for _, b := range ix.Netblocks {
		if b.Registry != key || b.Prefix.Addr().Is4() != v4 {
			continue
		}
		out = append(out, b.Prefix.String())
	}
	return out
}
