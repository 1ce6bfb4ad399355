package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/netblock"
	"spoor/enrich/polite"
	"spoor/enrich/rdap"
	"spoor/enrich/replay"
	"spoor/enrich/resolve"
	"spoor/enrich/whois"
	"spoor/internal/cli"
)

// asking is everything that look-ups need: one guard for all of them, and what each task
// is asked of.
type asking struct {
	settings *askSettings
	dialer   *guard.Dialer
	limits   *polite.Table
	names    *resolve.Client
	whois    *whois.Client
	rdap     *rdap.Client // nil for off
	tables   *netblock.Tables
	tape     *replay.Tape
	lookups  map[enrich.Task][]enrich.Lookup
}

// How long one question may take, and the ports of the protocols: WHOIS, rwhois, RDAP.
const questionTimeout = 15 * time.Second

var registryPorts = []uint16{43, 4321, 80, 443}

// newAsking builds the look-ups. shared may be nil: then limits are this process's alone.
func newAsking(ctx context.Context, env *cli.Env, s *askSettings, shared polite.Shared) (a *asking, err error) {
	a = &asking{settings: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.limits, err = s.limits(); err != nil {
		return a, err
	}
	resolvers := s.resolversToAsk()
	if err := a.openTape(); err != nil {
		return a, err
	}
	a.dialer = &guard.Dialer{
		Configured: s.configured(), Ports: registryPorts, Timeout: a.timeout(), MaxBytes: guard.MaxAnswer,
		// Servers of registries too are found by these resolvers alone.
		Resolve: func(ctx context.Context, host string) ([]netip.Addr, error) { return a.names.Resolve(ctx, host) },
	}
	if a.tape != nil {
		a.tape.Attach(a.dialer, resolvers)
	}
	var gate enrich.Gate
	if s.replay == "" {
		gate = polite.New(a.limits.Limit, shared, func(err error) { env.Notef("%s\n", env.Text(err.Error())) })
	}
	if a.names, err = resolve.New(resolve.Options{Servers: resolvers, Dialer: a.dialer, Gate: gate, ASNZone: s.zone()}); err != nil {
		return a, cli.Usage("%v", err)
	}
	if err := a.openRDAP(ctx, gate); err != nil {
		return a, err
	}
	a.openWHOIS(gate)
	if len(s.netblocks) > 0 {
		if a.tables, err = netblock.Open(s.netblocks...); err != nil {
			return a, &cli.Error{Code: cli.Misused, Message: err.Error()}
		}
	}
	a.choose(gate)
	return a, nil
}

func (a *asking) timeout() time.Duration {
	if a.settings.timeout > 0 {
		return a.settings.timeout
	}
	return questionTimeout
}

// resolversToAsk are the user's, else the system's. A replay asks none, but needs a name
// for it.
func (s *askSettings) resolversToAsk() []string {
	if len(s.resolvers) > 0 {
		return s.resolvers
	}
	list, err := resolve.System("/etc/resolv.conf")
	if s.replay != "" || err != nil {
		return []string{"127.0.0.1:53"} // what resolv.conf(5) says that an empty file means
	}
	return list
}

func (s *askSettings) zone() string {
	if s.asnZone == "off" {
		return ""
	}
	return s.asnZone
}

func (a *asking) openTape() (err error) {
	switch s := a.settings; {
	case s.replay != "":
		if a.tape, err = replay.Open(s.replay); err != nil {
			return &cli.Error{Code: cli.Misused, Message: err.Error()}
		}
	case s.record != "":
		if a.tape, err = replay.Record(s.record); err != nil {
			return &cli.Error{Code: cli.InPart, Message: err.Error()}
		}
		if err := os.WriteFile(filepath.Join(s.record, recordedConfig), s.config(), 0o644); err != nil {
			return &cli.Error{Code: cli.InPart, Message: "the answers cannot be kept", Err: err}
		}
	}
	return nil
}

func (a *asking) openRDAP(ctx context.Context, gate enrich.Gate) error {
	if a.settings.rdap == "off" {
		return nil
	}
	b, err := rdap.Shipped()
	if err != nil {
		return err
	}
	a.rdap = rdap.NewClient(a.dialer, b, gate)
	a.rdap.Base, a.rdap.Timeout = a.settings.rdap, a.timeout()
	if a.tape != nil {
		a.rdap.Around(a.tape.RoundTripper)
	}
	if at := a.settings.bootstrap; at != "" {
		if err := a.rdap.Refresh(ctx, at); err != nil {
			return &cli.Error{Code: cli.InPart, Message: "the RDAP bootstrap cannot be read", Err: err}
		}
	}
	return nil
}

func (a *asking) openWHOIS(gate enrich.Gate) {
	a.whois = &whois.Client{Dialer: a.dialer, Gate: gate, Servers: map[string]string{}, Timeout: a.timeout()}
	for _, w := range a.settings.whois {
		if tld, server := splitTLD(w); tld != "" {
			a.whois.Servers[tld] = server
		} else {
			a.whois.All = server
		}
	}
}

// choose says which look-ups each task has.
func (a *asking) choose(gate enrich.Gate) {
	s := a.settings
	a.lookups = map[enrich.Task][]enrich.Lookup{}
	add := func(task enrich.Task, l ...enrich.Lookup) {
		for i := range l {
			if a.tape != nil {
				l[i] = a.tape.Lookup(l[i])
			}
		}
		a.lookups[task] = append(a.lookups[task], l...)
	}
	var registration []enrich.Lookup
	if a.rdap != nil && s.uses(enrich.RDAP) {
		registration = append(registration, &rdap.Lookup{Client: a.rdap})
	}
	if s.uses(enrich.WHOIS) {
		registration = append(registration, &whois.Lookup{Client: a.whois})
	}
	if len(s.sources) == 0 && len(registration) > 1 {
		registration = []enrich.Lookup{enrich.First(registration...)}
	}
	add(enrich.RegistrationTask, registration...)
	if s.uses(enrich.DNS) {
		add(enrich.NamesTask, resolve.Names{Client: a.names})
	}
	if s.uses(enrich.PTR) {
		add(enrich.ReverseTask, resolve.Reverse{Client: a.names})
	}
	add(enrich.NetblockTask, a.netblocks(gate)...)
}

func (a *asking) netblocks(gate enrich.Gate) []enrich.Lookup {
	s := a.settings
	var origin enrich.Lookup
	if s.uses(enrich.Origin) && s.asnZone != "off" {
		origin = resolve.Origin{Client: a.names}
	}
	byRDAP, byWHOIS := s.uses(enrich.IPRDAP) && a.rdap != nil, s.uses(enrich.IPWHOIS)
	if !byRDAP && !byWHOIS && !(s.uses(enrich.Table) && a.tables != nil) {
		if origin != nil {
			return []enrich.Lookup{origin}
		}
		return nil
	}
	l := &netblock.Lookup{
		Dialer: a.dialer, Gate: gate, Server: a.whois.All, Origin: origin, Timeout: a.timeout(),
		WHOISOnly: !byRDAP, NoWHOIS: !byWHOIS, AskReserved: s.replay != "", Servers: map[string]string{},
	}
	if s.uses(enrich.Table) {
		l.Tables = a.tables
	}
	if a.rdap != nil {
		l.RDAP, l.Bootstrap = a.rdap, a.rdap.Bootstrap
	}
	for _, registry := range []string{"iana", "ripe", "arin", "apnic", "lacnic", "afrinic"} {
		if server := a.whois.Servers[registry]; server != "" {
			l.Servers[registry] = server
		}
	}
	return []enrich.Lookup{l}
}

// skips reports whether nothing of a lane is to be asked.
func (a *asking) skips(lane string) bool {
	switch lane {
	case "dns":
		return len(a.lookups[enrich.NamesTask])+len(a.lookups[enrich.ReverseTask]) == 0
	case "addresses":
		return len(a.lookups[enrich.NetblockTask]) == 0
	}
	return len(a.lookups[enrich.RegistrationTask]) == 0
}

// close gives back what was opened. Its error is that of a recording.
func (a *asking) close() error {
	var errs []error
	if a.names != nil {
		a.names.Close()
	}
	if a.rdap != nil {
		a.rdap.Close()
	}
	if a.tables != nil {
		errs = append(errs, a.tables.Close())
	}
	if a.tape != nil {
		errs = append(errs, a.tape.Close())
	}
	return errors.Join(errs...)
}

// online reports whether there is a network at all. It looks at the way to the resolvers
// and then asks one of them for the name of a registry; where the user named the servers,
// it is his word that they are there.
func (a *asking) online(ctx context.Context) bool {
	s := a.settings
	switch {
	case s.replay != "", s.tablesOnly():
		return true
	case s.offline:
		return false
	case s.named():
		return true
	}
	if !slices.ContainsFunc(a.names.Servers, routed) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	_, err := a.names.Resolve(ctx, "whois.iana.org")
	return err == nil
}

// tablesOnly reports whether nothing but the user's own files is asked, which takes no network.
func (s *askSettings) tablesOnly() bool {
	return len(s.sources) > 0 && !slices.ContainsFunc(s.sources, func(name string) bool { return name != string(enrich.Table) })
}

// routed reports whether there is a route to an address. Connecting a UDP socket sends
// nothing.
func routed(address string) bool {
	if a, err := netip.ParseAddrPort(address); err != nil || a.Addr().IsLoopback() {
		return err == nil
	}
	c, err := net.Dial("udp", address)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// whereText says in a line whom the look-ups ask.
func (a *asking) whereText() string {
	s := a.settings
	if s.replay != "" {
		return "answers recorded in " + s.replay + ", no network"
	}
	parts := []string{"DNS " + strings.Join(a.names.Servers, ", ")}
	if a.whois.All != "" {
		parts = append(parts, "WHOIS "+a.whois.All)
	} else {
		parts = append(parts, "WHOIS of the registries")
	}
	switch {
	case a.rdap == nil:
		parts = append(parts, "no RDAP")
	case s.rdap != "":
		parts = append(parts, "RDAP "+s.rdap)
	default:
		parts = append(parts, "RDAP of the registries")
	}
	return strings.Join(parts, ", ")
}
