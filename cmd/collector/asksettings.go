package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
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

	"github.com/spf13/pflag"

	"spoor/enrich"
	"spoor/enrich/polite"
	"spoor/internal/cli"
	"spoor/internal/cluster"
	"spoor/internal/text"
)

// askSettings say whom to ask, by flags or by the configuration file.
type askSettings struct {
	resolvers []string
	whois     []string // HOST:PORT, or TLD=HOST:PORT
	rdap      string   // URL, "off", or ""
	bootstrap string
	asnZone   string
	netblocks []string
	sources   []string
	rates     []string // SERVER=RATE[,AT-ONCE]
	record    string
	replay    string

	inFlight int           // of one lane; 0 for the defaults
	lease    time.Duration // 0 for the default
	timeout  time.Duration // of one question; 0 for the defaults
	offline  bool
}

// addFlags defines the flags of where to ask.
func (s *askSettings) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVar(&s.resolvers, "resolver", nil, "`ADDRESS:PORT` DNS server; may be given again\nWithout it, the system's resolvers.")
	flags.StringArrayVar(&s.whois, "whois", nil, "`[TLD=]HOST:PORT` WHOIS server, of all or of one TLD\nMay be given again. One without TLD is asked everything, addresses too, and no other is asked then. Servers named here may be anywhere; others have to be public.")
	flags.StringVar(&s.rdap, "rdap", "", "`URL|off` RDAP server of everything, or none\nWithout it, those of the bootstrap files that ship with Spoor.")
	flags.StringVar(&s.bootstrap, "rdap-bootstrap", "", "`PATH|URL` newer files of who has RDAP\nA folder with IANA's dns.json, ipv4.json and ipv6.json, or their URL.")
	flags.StringVar(&s.asnZone, "asn-zone", "", "`ZONE` of origin AS by DNS\nDefault asn.cymru.com; \"off\" for none.")
	flags.StringArrayVar(&s.netblocks, "netblocks", nil, "`FILE` table of netblocks: mmdb, TSV, delegated\nMay be given again. Asked before any server.")
	flags.StringSliceVar(&s.sources, "sources", nil, "`LIST` ask only these\nOf rdap, whois, dns, ptr, origin, rdap-ip, whois-ip, table. Without it, all; of a domain, WHOIS only where RDAP has no answer. Sources named together are all asked, and all their answers kept.")
	flags.StringArrayVar(&s.rates, "rate", nil, "`SERVER=RATE[,N]` its limit, as 5/s,2 at once\nMay be given again; /s, /min, /h or /day. SERVER is HOST, HOST:PORT, *.SUFFIX or :PORT.")
	flags.StringVar(&s.record, "record", "", "`DIR` keep every answer in this folder")
	flags.StringVar(&s.replay, "replay", "", "`DIR` answer from such a folder, without a network")
}

// configKeys are what a configuration file may say.
var configKeys = map[string]func(*askSettings, string) error{
	"resolver":       func(s *askSettings, v string) error { s.resolvers = append(s.resolvers, v); return nil },
	"whois":          func(s *askSettings, v string) error { s.whois = append(s.whois, v); return nil },
	"rdap":           func(s *askSettings, v string) error { s.rdap = v; return nil },
	"rdap-bootstrap": func(s *askSettings, v string) error { s.bootstrap = v; return nil },
	"asn-zone":       func(s *askSettings, v string) error { s.asnZone = v; return nil },
	"netblocks":      func(s *askSettings, v string) error { s.netblocks = append(s.netblocks, v); return nil },
	"sources":        func(s *askSettings, v string) error { s.sources = strings.Split(v, ","); return nil },
	"rate":           func(s *askSettings, v string) error { s.rates = append(s.rates, v); return nil },
	"in-flight":      func(s *askSettings, v string) (err error) { s.inFlight, err = positive(v); return err },
	"lease":          func(s *askSettings, v string) (err error) { s.lease, err = positiveTime(v); return err },
	"timeout":        func(s *askSettings, v string) (err error) { s.timeout, err = positiveTime(v); return err },
	"offline":        func(s *askSettings, v string) (err error) { s.offline, err = yesOrNo(v); return err },
}

func positive(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 100_000 {
		return 0, errors.New("must be a number from 1 to 100000")
	}
	return n, nil
}

func positiveTime(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is not a time like 30s or 2m", v)
	}
	return d, nil
}

func yesOrNo(v string) (bool, error) {
	yes, err := strconv.ParseBool(v)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", v)
	}
	return yes, nil
}

// maxConfig bounds a configuration file.
const maxConfig = 1 << 20

// configFile is where the configuration is: beside the store, else where XDG has it.
func configFile(env *cli.Env) (string, []byte, error) {
	var places []string
	if dir := env.Getenv("SPOOR_HOME"); dir != "" {
		places = append(places, filepath.Join(dir, "config"))
	}
	if dir := env.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		places = append(places, filepath.Join(dir, "spoor", "config"))
	} else if home := env.Getenv("HOME"); filepath.IsAbs(home) {
		places = append(places, filepath.Join(home, ".config", "spoor", "config"))
	}
	if home, err := cluster.DefaultHome(env.Getenv); err == nil {
		places = append(places, filepath.Join(home, "config"))
	}
	for _, p := range places {
		f, err := os.Open(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return p, nil, &cli.Error{Code: cli.Misused, Message: "the configuration cannot be read", Err: err}
		}
		data, err := io.ReadAll(io.LimitReader(f, maxConfig))
		if err = errors.Join(err, f.Close()); err != nil {
			return p, nil, &cli.Error{Code: cli.Misused, Message: "the configuration cannot be read", Err: err}
		}
		return p, data, nil
	}
	return "", nil, nil
}

// parseConfig reads lines of "KEY VALUE" or "KEY = VALUE"; "#" begins a comment.
func parseConfig(name string, data []byte) (askSettings, error) {
	var s askSettings
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		at := strings.IndexAny(text, " \t=")
		if at < 0 {
			return s, cli.Usage("%s, line %d: %q has no value", name, n, text)
		}
		key, value := text[:at], strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text[at:]), "="))
		set, ok := configKeys[key]
		if !ok {
			return s, unknownKey(name, n, key)
		}
		if err := set(&s, value); err != nil {
			return s, cli.Usage("%s, line %d: %s: %v", name, n, key, err)
		}
	}
	return s, nil
}

func unknownKey(name string, line int, key string) error {
	best, most := "", 3
	for k := range configKeys {
		if d := text.Distance(key, k); d < most || d == most && best != "" && k < best {
			best, most = k, d
		}
	}
	if best != "" {
		return cli.Usage("%s, line %d: unknown key %q; did you mean %q?", name, line, key, best)
	}
	return cli.Usage("%s, line %d: unknown key %q", name, line, key)
}

// complete fills in what flags leave open from a configuration.
func (s *askSettings) complete(c askSettings) {
	lists := []struct{ mine, theirs *[]string }{
		{&s.resolvers, &c.resolvers}, {&s.whois, &c.whois}, {&s.netblocks, &c.netblocks}, {&s.sources, &c.sources},
	}
	for _, l := range lists {
		if len(*l.mine) == 0 {
			*l.mine = *l.theirs
		}
	}
	s.rates = append(c.rates, s.rates...) // the later ones count
	for _, p := range []struct{ mine, theirs *string }{
		{&s.rdap, &c.rdap}, {&s.bootstrap, &c.bootstrap}, {&s.asnZone, &c.asnZone},
	} {
		if *p.mine == "" {
			*p.mine = *p.theirs
		}
	}
	s.inFlight, s.lease, s.timeout = max(s.inFlight, c.inFlight), max(s.lease, c.lease), max(s.timeout, c.timeout)
	s.offline = s.offline || c.offline
}

// named reports whether anybody was told where to ask.
func (s *askSettings) named() bool {
	return len(s.resolvers)+len(s.whois) > 0 || s.rdap != "" && s.rdap != "off"
}

// recordedConfig is where a recording keeps whom it asked, so that a replay asks the same.
const recordedConfig = "servers.conf"

// load completes the flags by the recording's and the user's configuration.
func (s *askSettings) load(env *cli.Env) error {
	if s.record != "" && s.replay != "" {
		return cli.Usage("--record and --replay exclude each other")
	}
	if s.replay != "" {
		data, err := os.ReadFile(filepath.Join(s.replay, recordedConfig))
		switch {
		case err == nil:
			c, err := parseConfig(recordedConfig, data)
			if err != nil {
				return err
			}
			s.complete(c)
		case !errors.Is(err, fs.ErrNotExist):
			return &cli.Error{Code: cli.Misused, Message: "the answers cannot be read", Err: err}
		}
	}
	name, data, err := configFile(env)
	if err != nil {
		return err
	}
	c, err := parseConfig(env.Tilde(name), data)
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return cli.Usage("%s: %v", env.Tilde(name), err) // not a flag of this command line
	}
	if s.replay != "" {
		// A replay asks those whom the recording asked, not those of today.
		c.resolvers, c.whois, c.rdap, c.bootstrap, c.asnZone = nil, nil, "", "", ""
	}
	s.complete(c)
	if v := env.Getenv("SPOOR_OFFLINE"); v != "" && v != "0" {
		s.offline = true
	}
	return s.check()
}

// check refuses what makes no sense before anything is done.
func (s *askSettings) check() error {
	for i, r := range s.resolvers {
		fixed, err := resolverAddress(r)
		if err != nil {
			return cli.Usage("--resolver: %v", err)
		}
		s.resolvers[i] = fixed
	}
	for i, w := range s.whois {
		tld, server := splitTLD(w)
		host, port, err := net.SplitHostPort(server)
		if n, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || n == 0 || host == "" {
			return cli.Usage("--whois: %q is not HOST:PORT or TLD=HOST:PORT", w)
		}
		s.whois[i] = strings.TrimPrefix(tld+"="+strings.ToLower(server), "=")
	}
	if s.rdap != "" && s.rdap != "off" {
		if u, err := url.Parse(s.rdap); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return cli.Usage("--rdap: %q is neither a URL nor off", s.rdap)
		}
	}
	for _, name := range s.sources {
		if !slices.Contains(allSources, enrich.Source(name)) {
			return cli.Usage("--sources: no source %q; there are %s", name, joined(allSources))
		}
	}
	if zone := strings.Trim(s.asnZone, "."); zone != "" && zone != "off" && !isZone(zone) {
		return cli.Usage("--asn-zone: %q is not a name of DNS", s.asnZone)
	}
	for _, p := range s.netblocks {
		if _, err := os.Stat(p); err != nil {
			return cli.Usage("--netblocks: %v", err)
		}
	}
	_, err := s.limits()
	return err
}

// isZone reports whether questions can be put below a name.
func isZone(zone string) bool {
	const most = 180 // leaves room for an IPv6 address before it: 64 octets of 255 (RFC 1035, 3.1)
	for label := range strings.SplitSeq(zone, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return len(zone) <= most && !strings.ContainsFunc(zone, func(r rune) bool {
		return !(r == '-' || r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
}

var allSources = []enrich.Source{enrich.RDAP, enrich.WHOIS, enrich.DNS, enrich.PTR, enrich.Origin, enrich.IPRDAP, enrich.IPWHOIS, enrich.Table}

func joined(sources []enrich.Source) string {
	var out []string
	for _, s := range sources {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}

// uses reports whether a source is to be asked.
func (s *askSettings) uses(source enrich.Source) bool {
	return len(s.sources) == 0 || slices.Contains(s.sources, string(source))
}

// splitTLD reads "TLD=HOST:PORT"; tld is "" for a server of everything.
func splitTLD(w string) (tld, server string) {
	if tld, server, ok := strings.Cut(w, "="); ok {
		return strings.ToLower(strings.Trim(tld, ".")), server
	}
	return "", w
}

// resolverAddress completes the address of a resolver by its port.
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

// configured lists the servers that the user named, as the guard knows them.
func (s *askSettings) configured() []string {
	out := slices.Clone(s.resolvers)
	for _, w := range s.whois {
		_, server := splitTLD(w)
		out = append(out, server)
	}
	for _, at := range []string{s.rdap, s.bootstrap} {
		if u, err := url.Parse(at); err == nil && u.Host != "" {
			port := u.Port()
			if port == "" {
				port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
			}
			out = append(out, net.JoinHostPort(strings.ToLower(u.Hostname()), port))
		}
	}
	return out
}

// limits is the table of what servers tolerate: ours, then the user's. A server that the
// user named on this machine or in his own network is no registry's: it may be asked more.
func (s *askSettings) limits() (*polite.Table, error) {
	t, err := polite.Defaults()
	if err != nil {
		return nil, err
	}
	for _, server := range s.configured() {
		host, _, _ := net.SplitHostPort(server)
		a, err := netip.ParseAddr(host)
		own := err == nil && (a.IsLoopback() || a.IsPrivate()) || host == "localhost"
		switch {
		case own && slices.Contains(s.resolvers, server):
			t.Set(server, polite.Limit{Rate: 5000, AtOnce: 500, Failures: 50})
		case own:
			t.Set(server, polite.Limit{Rate: 300, AtOnce: 32})
		case slices.Contains(s.resolvers, server):
			t.Set(server, t.Limit(net.JoinHostPort(host, "53")))
		}
	}
	for _, r := range s.rates {
		server, limit, ok := strings.Cut(r, "=")
		if server, limit = strings.TrimSpace(server), strings.TrimSpace(limit); !ok {
			server, limit, _ = strings.Cut(strings.TrimSpace(r), " ")
		}
		rate, atOnce, more := strings.Cut(strings.TrimSpace(limit), ",")
		if server == "" || rate == "" || more && strings.TrimSpace(atOnce) == "" {
			return nil, cli.Usage("--rate: %q is not SERVER=RATE[,N]", r)
		}
		if !more {
			atOnce = "-"
		}
		if err := t.Read(strings.NewReader(server + " " + strings.TrimSpace(rate) + " " + strings.TrimSpace(atOnce))); err != nil {
			return nil, cli.Usage("--rate %q: %v", r, err)
		}
	}
	return t, nil
}

// config writes whom a recording asks.
func (s *askSettings) config() []byte {
	var b strings.Builder
	for _, r := range s.resolvers {
		fmt.Fprintf(&b, "resolver %s\n", r)
	}
	for _, w := range s.whois {
		fmt.Fprintf(&b, "whois %s\n", w)
	}
	for _, l := range [][2]string{{"rdap", s.rdap}, {"asn-zone", s.asnZone}} {
		if l[1] != "" {
			fmt.Fprintf(&b, "%s %s\n", l[0], l[1])
		}
	}
	return []byte(b.String())
}
