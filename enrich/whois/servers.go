package whois

import (
	_ "embed"
	"strings"
)

//go:embed servers.txt
var serversText string

// ianaServer refers to the WHOIS server of every top-level domain that has one.
const ianaServer = "whois.iana.org:43"

// shippedServers parses the built-in table: "host:43" by suffix.
func shippedServers() map[string]string {
	out := make(map[string]string, 512)
	for line := range strings.Lines(serversText) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		for _, suffix := range words[1:] {
			out[suffix] = words[0] + ":43"
		}
	}
	return out
}

// question returns the text to send to a server about a domain.
func question(server, name string) string {
	host, _, _ := strings.Cut(server, ":")
	switch host {
	case "whois.verisign-grs.com":
		return "domain " + name // otherwise it lists name servers and registrars with that name too
	case "whois.denic.de":
		return "-T dn,ace " + name // otherwise the answer is only "connect" or "free"
	case "whois.jprs.jp":
		return name + "/e" // answers in English
	case "whois.punktum.dk", "whois.dk-hostmaster.dk":
		return "--show-handles " + name
	case "whois.nic.name":
		return "domain=" + name
	}
	return name
}

// longestSuffix looks up a name by its longest suffix, the name itself
// included.
func longestSuffix(table map[string]string, name string) (server string, ok bool) {
	for s := name; ; {
		if server, ok = table[s]; ok {
			return server, true
		}
		_, rest, more := strings.Cut(s, ".")
		if !more {
			return "", false
		}
		s = rest
	}
}

// ServerOf returns the first server for a name, without asking.
func (c *Client) ServerOf(name string) string {
	if s, ok := longestSuffix(c.Servers, name); ok {
		return s
	}
	if c.All != "" {
		return c.All
	}
	if s, ok := longestSuffix(shippedServers(), name); ok {
		return s
	}
	return c.iana()
}
