package netblock

import (
	"net"
	"net/netip"
	"strings"

	"spoor/enrich"
	"spoor/enrich/rdap"
)

// whoisServers are the WHOIS servers of the regional registries.
var whoisServers = map[string]string{
	"ripe": "whois.ripe.net", "arin": "whois.arin.net", "apnic": "whois.apnic.net", "lacnic": "whois.lacnic.net", "afrinic": "whois.afrinic.net",
}

// ianaServer refers to the regional registry of an address.
const ianaServer = "whois.iana.org"

// nationalServers maps the names under which APNIC lists national registries as
// holders to their WHOIS servers.
var nationalServers = []struct{ owner, server string }{
	{"japan network information cent", "whois.nic.ad.jp"},
	{"korea network information cent", "whois.kisa.or.kr"}, {"korea internet & security agency", "whois.kisa.or.kr"}, {"korea internet security agency", "whois.kisa.or.kr"},
	{"taiwan network information cent", "whois.twnic.net.tw"},
}

// nationalServer returns the server of a national registry that a regional
// registry's record names as holder.
func nationalServer(nb *enrich.Netblock) string {
	owner := strings.ToLower(nb.Owner)
	for _, n := range nationalServers {
		if strings.HasPrefix(owner, n.owner) && nb.Registry == "apnic" {
			return n.server
		}
	}
	return ""
}

// whoisServer returns the first server to ask about addr: that of the
// responsible registry by the bootstrap, else IANA's, which refers to it.
//
// The user's servers go before the registries' own. A laboratory has servers
// under other names for the same registries.
func (l *Lookup) whoisServer(addr netip.Addr) string {
	registry := ""
	if l.Bootstrap != nil {
		registry = rdap.Registry(hostOfURL(l.Bootstrap.Address(addr)))
	}
	named := map[string]string{}
	if l.WHOIS != nil {
		named = l.WHOIS.Servers
	}
	switch {
	case registry != "" && named[registry] != "":
		return withPort(named[registry])
	case l.all() != "":
		return l.all()
	case named["iana"] != "": // named in order to find the others
		return withPort(named["iana"])
	case whoisServers[registry] == "":
		return withPort(ianaServer)
	}
	return withPort(whoisServers[registry])
}

// all returns the server that the user named for everything, or "".
func (l *Lookup) all() string {
	if l.WHOIS == nil {
		return ""
	}
	return l.WHOIS.All
}

// obeyed replaces a server to which an answer refers by the user's server for
// that registry.
func (l *Lookup) obeyed(server string) string {
	if own := l.WHOIS.Servers[rdap.Registry(hostOf(server))]; own != "" {
		return withPort(own)
	}
	return server
}

func hostOfURL(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	return hostOf(host)
}

// withPort appends the WHOIS port to a server without one.
func withPort(server string) string {
	if _, _, err := net.SplitHostPort(server); err == nil {
		return server
	}
	return net.JoinHostPort(strings.Trim(server, "[]"), "43")
}

// question returns the text to send to a server. ARIN needs to know that the
// question concerns networks and that the full answer is wanted ("n +"); JPNIC
// answers in English to "/e".
func question(server string, addr netip.Addr) string {
	switch rdap.Registry(hostOf(server)) {
	case "arin":
		return "n + " + addr.String()
	case "jpnic":
		return addr.String() + "/e"
	}
	return addr.String()
}
