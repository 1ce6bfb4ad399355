package asking

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/servers"
)

// Settings select the servers to ask, from flags and the configuration file.
type Settings struct {
	Resolvers []string
	WHOIS     []string // HOST:PORT, or TLD=HOST:PORT
	RDAP      string   // URL, "off", or ""
	Bootstrap string
	ASNZone   string
	Netblocks []string
	Sources   []string
	Rates     []string // SERVER=RATE[,AT-ONCE]
	Referrals []string // patterns of private servers to which answers may refer
	Record    string
	Replay    string

	InFlight int           // of one lane; 0 for the default
	Lease    time.Duration // 0 for the default
	Timeout  time.Duration // of one question; 0 for the default
	Offline  bool
}

// keys maps the words of the configuration file to their setters.
var keys = map[string]func(*Settings, string) error{
	"resolver":       func(s *Settings, v string) error { s.Resolvers = append(s.Resolvers, v); return nil },
	"whois":          func(s *Settings, v string) error { s.WHOIS = append(s.WHOIS, v); return nil },
	"rdap":           func(s *Settings, v string) error { s.RDAP = v; return nil },
	"rdap-bootstrap": func(s *Settings, v string) error { s.Bootstrap = v; return nil },
	"asn-zone":       func(s *Settings, v string) error { s.ASNZone = v; return nil },
	"netblocks":      func(s *Settings, v string) error { s.Netblocks = append(s.Netblocks, v); return nil },
	"sources":        func(s *Settings, v string) error { s.Sources = strings.Split(v, ","); return nil },
	"rate":           func(s *Settings, v string) error { s.Rates = append(s.Rates, v); return nil },
	"referrals-to": func(s *Settings, v string) error {
		s.Referrals = append(s.Referrals, strings.Split(v, ",")...)
		return nil
	},
	"in-flight": func(s *Settings, v string) (err error) { s.InFlight, err = positive(v); return err },
	"lease":     func(s *Settings, v string) (err error) { s.Lease, err = positiveTime(v); return err },
	"timeout":   func(s *Settings, v string) (err error) { s.Timeout, err = positiveTime(v); return err },
	"offline":   func(s *Settings, v string) (err error) { s.Offline, err = yesOrNo(v); return err },
}

// Keys lists the words that Set accepts, sorted.
func Keys() []string {
	out := make([]string, 0, len(keys))
	for k := range keys {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Set applies one line of a configuration file. key must be one of Keys.
func (s *Settings) Set(key, value string) error { return keys[key](s, value) }

// positive parses a count. Its upper limit keeps a slip from opening millions
// of connections.
func positive(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 100_000 {
		return 0, errors.New("must be a number from 1 to 100000")
	}
	return n, nil
}

// positiveTime parses a duration with its unit.
func positiveTime(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is not a time like 30s or 2m", v)
	}
	return d, nil
}

// yesOrNo parses a truth value in the forms of strconv.ParseBool.
func yesOrNo(v string) (bool, error) {
	yes, err := strconv.ParseBool(v)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", v)
	}
	return yes, nil
}

// Complete fills in unset values from c.
func (s *Settings) Complete(c Settings) {
	lists := []struct{ mine, theirs *[]string }{
		{&s.Resolvers, &c.Resolvers}, {&s.WHOIS, &c.WHOIS}, {&s.Netblocks, &c.Netblocks}, {&s.Sources, &c.Sources}, {&s.Referrals, &c.Referrals},
	}
	for _, l := range lists {
		if len(*l.mine) == 0 {
			*l.mine = *l.theirs
		}
	}
	s.Rates = append(c.Rates, s.Rates...) // later ones take precedence
	for _, p := range []struct{ mine, theirs *string }{
		{&s.RDAP, &c.RDAP}, {&s.Bootstrap, &c.Bootstrap}, {&s.ASNZone, &c.ASNZone},
	} {
		if *p.mine == "" {
			*p.mine = *p.theirs
		}
	}
	s.InFlight, s.Lease, s.Timeout = cmp.Or(s.InFlight, c.InFlight), cmp.Or(s.Lease, c.Lease), cmp.Or(s.Timeout, c.Timeout)
	s.Offline = s.Offline || c.Offline
}

// ForReplay drops the servers, because a replay asks those of the recording.
func (s *Settings) ForReplay() {
	s.Resolvers, s.WHOIS, s.RDAP, s.Bootstrap, s.ASNZone, s.Referrals = nil, nil, "", "", "", nil
}

// Named reports whether the user named any server.
func (s *Settings) Named() bool {
	return len(s.Resolvers)+len(s.WHOIS) > 0 || s.RDAP != "" && s.RDAP != "off"
}

// recordedConfig is the file in which a recording keeps its servers for the
// replay.
const recordedConfig = "servers.conf"

// Recorded returns name and content of the servers file of a recording; no
// content if there is none.
func (s *Settings) Recorded() (name string, text []byte, err error) {
	if s.Replay == "" {
		return "", nil, nil
	}
	text, err = os.ReadFile(filepath.Join(s.Replay, recordedConfig))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", nil, misused("the answers cannot be read", err)
	}
	return recordedConfig, text, nil
}

// Check refuses contradictory settings and normalises the others.
func (s *Settings) Check() error {
	if s.Record != "" && s.Replay != "" {
		return errors.New("--record and --replay exclude each other")
	}
	for i, r := range s.Resolvers {
		fixed, err := resolverAddress(r)
		if err != nil {
			return fmt.Errorf("--resolver: %w", err)
		}
		s.Resolvers[i] = fixed
	}
	for i, w := range s.WHOIS {
		tld, server := splitTLD(w)
		host, port, err := net.SplitHostPort(server)
		if n, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || n == 0 || host == "" {
			return fmt.Errorf("--whois: %q is not HOST:PORT or TLD=HOST:PORT", w)
		}
		s.WHOIS[i] = strings.TrimPrefix(tld+"="+strings.ToLower(server), "=")
	}
	if s.RDAP != "" && s.RDAP != "off" {
		if u, err := url.Parse(s.RDAP); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("--rdap: %q is neither a URL nor off", s.RDAP)
		}
	}
	return s.checkRest()
}

// checkRest is the second half of Check: sources, zone, tables, referrals and
// rates.
func (s *Settings) checkRest() error {
	for _, name := range s.Sources {
		if !slices.Contains(allSources, enrich.Source(name)) {
			return fmt.Errorf("--sources: no source %q; there are %s", name, joined(allSources))
		}
	}
	if zone := strings.Trim(s.ASNZone, "."); zone != "" && zone != "off" && !isZone(zone) {
		return fmt.Errorf("--asn-zone: %q is not a name of DNS", s.ASNZone)
	}
	for _, p := range s.Netblocks {
		if _, err := os.Stat(p); err != nil {
			return fmt.Errorf("--netblocks: %w", err)
		}
	}
	if _, err := s.referred(); err != nil {
		return fmt.Errorf("--referrals-to: %w", err)
	}
	_, err := s.limits()
	return err
}

// isZone reports whether questions can be asked below a name.
func isZone(zone string) bool {
	const most = 180 // leaves 64 of 255 octets for an IPv6 address in nibbles (RFC 1035 section 3.1)
	_, err := servers.Parse("*." + zone)
	return err == nil && len(zone) <= most
}

// allSources are the sources that can be asked, in the order of the manual.
// Passive DNS and certificates come from files only.
var allSources = []enrich.Source{enrich.RDAP, enrich.WHOIS, enrich.DNS, enrich.PTR, enrich.Origin, enrich.IPRDAP, enrich.IPWHOIS, enrich.Table}

// joined lists sources for a message.
func joined(sources []enrich.Source) string {
	var out []string
	for _, s := range sources {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}

// uses reports whether a source is to be asked.
func (s *Settings) uses(source enrich.Source) bool {
	return len(s.Sources) == 0 || slices.Contains(s.Sources, string(source))
}

// splitTLD parses "TLD=HOST:PORT". tld is "" for a server of all domains.
func splitTLD(w string) (tld, server string) {
	if tld, server, ok := strings.Cut(w, "="); ok {
		return strings.ToLower(strings.Trim(tld, ".")), server
	}
	return "", w
}

// resolverAddress adds the port to the address of a resolver.
func resolverAddress(r string) (string, error) {
	if host, port, err := net.SplitHostPort(r); err == nil && strings.EqualFold(host, "localhost") {
		r = net.JoinHostPort("127.0.0.1", port)
	}
	if a, err := netip.ParseAddr(strings.Trim(r, "[]")); err == nil {
		return netip.AddrPortFrom(a, 53).String(), nil
	}
	a, err := netip.ParseAddrPort(r)
	if err != nil || a.Port() == 0 {
		return "", fmt.Errorf("%q is not ADDRESS:PORT", r)
	}
	return a.String(), nil
}
