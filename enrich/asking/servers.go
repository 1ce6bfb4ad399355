package asking

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"spoor/enrich/polite"
	"spoor/enrich/servers"
)

// configured lists the servers that the user named, in the guard's notation.
func (s *Settings) configured() []string {
	out := slices.Clone(s.Resolvers)
	for _, w := range s.WHOIS {
		_, server := splitTLD(w)
		out = append(out, server)
	}
	for _, at := range []string{s.RDAP, s.Bootstrap} {
		if server := hostPort(at); server != "" {
			out = append(out, server)
		}
	}
	return out
}

// hostPort returns the server of a URL, or "".
func hostPort(at string) string {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// referred parses the patterns of private servers to which answers may refer.
func (s *Settings) referred() ([]servers.Pattern, error) {
	var out []servers.Pattern
	for _, text := range s.Referrals {
		p, err := servers.Parse(text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Limits of servers on this machine or in the user's network, which belong to
// no registry.
var (
	ownResolver = polite.Limit{Rate: 5000, AtOnce: 500, Failures: 50}
	ownServer   = polite.Limit{Rate: 300, AtOnce: 32}
)

// limits combines the built-in table of rates with the user's.
//
// Public servers keep the built-in limits even if the user names them. Private
// ones get generous limits, and --rate overrides everything.
func (s *Settings) limits() (*polite.Table, error) {
	t, err := polite.Defaults()
	if err != nil {
		return nil, err
	}
	for _, server := range slices.Concat(s.configured(), s.Referrals) {
		p, err := servers.Parse(server)
		if err != nil {
			return nil, err
		}
		switch resolver := slices.Contains(s.Resolvers, server); {
		case p.Private() && resolver:
			err = t.Set(server, ownResolver)
		case p.Private():
			err = t.Set(server, ownServer)
		case resolver: // any port: it is asked like a resolver
			host, _, _ := net.SplitHostPort(server)
			err = t.Set(server, t.Limit(net.JoinHostPort(host, "53")))
		}
		if err != nil {
			return nil, err
		}
	}
	for _, r := range s.Rates {
		if err := override(t, r); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// override parses "SERVER=RATE[,N]" or "SERVER RATE[,N]".
func override(t *polite.Table, r string) error {
	server, limit, ok := strings.Cut(r, "=")
	if server, limit = strings.TrimSpace(server), strings.TrimSpace(limit); !ok {
		server, limit, _ = strings.Cut(strings.TrimSpace(r), " ")
	}
	rate, atOnce, more := strings.Cut(strings.TrimSpace(limit), ",")
	rate, atOnce = strings.TrimSpace(rate), strings.TrimSpace(atOnce)
	if server == "" || rate == "" || more && atOnce == "" {
		return fmt.Errorf("--rate: %q is not SERVER=RATE[,N]", r)
	}
	if err := t.Override(server, rate, atOnce); err != nil {
		return fmt.Errorf("--rate %q: %w", r, err)
	}
	return nil
}

// recorded writes the servers of a recording as a configuration file.
func (s *Settings) recorded() []byte {
	var b strings.Builder
	for key, values := range map[string][]string{"resolver": s.Resolvers, "whois": s.WHOIS, "referrals-to": s.Referrals} {
		for _, v := range values {
			fmt.Fprintf(&b, "%s %s\n", key, v)
		}
	}
	for _, l := range [][2]string{{"rdap", s.RDAP}, {"asn-zone", s.ASNZone}} {
		if l[1] != "" {
			fmt.Fprintf(&b, "%s %s\n", l[0], l[1])
		}
	}
	lines := strings.SplitAfter(b.String(), "\n")
	slices.SortStableFunc(lines, func(a, b string) int { // keep the order within a key
		ka, _, _ := strings.Cut(a, " ")
		kb, _, _ := strings.Cut(b, " ")
		return strings.Compare(ka, kb)
	})
	return []byte(strings.Join(lines, ""))
}
