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

const ianaServer = "whois.iana.org"

// nationalServers are the WHOIS servers of national registries by how APNIC calls those
// as the holder of what they give out.
var nationalServers = []struct{ owner, server string }{
	{"japan network information cent", "whois.nic.ad.jp"},
	{"korea network information cent", "whois.kisa.or.kr"}, {"korea internet & security agency", "whois.kisa.or.kr"}, {"korea internet security agency", "whois.kisa.or.kr"},
	{"taiwan network information cent", "whois.twnic.net.tw"},
}

// nationalServer returns the server of the national registry that stands in a regional
// registry's record where the holder should.
func nationalServer(nb *enrich.Netblock) string {
	owner := strings.ToLower(nb.Owner)
	for _, n := range nationalServers {
		if strings.HasPrefix(owner, n.owner) && nb.Registry == "apnic" {
			return n.server
		}
	}
	return ""
}

// whoisServer returns whom to ask about addr first: the registry that looks after it as
// the bootstrap has it, else IANA, which refers to the registry.
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
	case named["iana"] != "": // named to find the others
		return withPort(named["iana"])
	case whoisServers[registry] == "":
		return withPort(ianaServer)
	}
	return withPort(whoisServers[registry])
}

// all is the server that the user named for everything; "" for none.
func (l *Lookup) all() string {
	if l.WHOIS == nil {
		return ""
	}
	return l.WHOIS.All
}

// obeyed puts the user's server of a registry in the place of the one that an answer
// refers to.
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

// withPort returns host:port, with the port of WHOIS where server has none.
func withPort(server string) string {
	if _, _, err := net.SplitHostPort(server); err == nil {
		return server
	}
	return net.JoinHostPort(strings.Trim(server, "[]"), "43")
}

// question returns what to send to a server: ARIN wants to be told that it is about
// networks, in full ("n +"), and JPNIC that the answer is to be in English ("/e").
func question(server string, addr netip.Addr) string {
	switch rdap.Registry(hostOf(server)) {
	case "arin":
		return "n + " + addr.String()
	case "jpnic":
		return addr.String() + "/e"
	}
	return addr.String()
}
