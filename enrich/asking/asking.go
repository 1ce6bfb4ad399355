// Package asking turns settings into look-ups: the servers to ask about a
// domain or address, with their guard, rate limits and recording.
//
//	Settings ──▶ New ──▶ Asking: a []enrich.Lookup for each enrich.Task
//
// It reads no command line, and no files except those that the settings name.
// It sends no question by itself; the exception is Online, which tests for a
// network.
package asking

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/netblock"
	"spoor/enrich/polite"
	"spoor/enrich/rdap"
	"spoor/enrich/replay"
	"spoor/enrich/resolve"
	"spoor/enrich/whois"
)

// Asking holds everything that look-ups need. All of them share one guard and
// one gate.
//
// Nil fields are parts that the settings turned off. Close may be called on a
// partly built one.
type Asking struct {
	Lookups map[enrich.Task][]enrich.Lookup

	settings  *Settings
	dialer    *guard.Dialer
	gate      enrich.Gate
	limits    *polite.Table
	names     *resolve.Client
	whois     *whois.Client
	rdap      *rdap.Client // nil for off
	bootstrap *rdap.Bootstrap
	tables    *netblock.Tables
	tape      *replay.Tape
}

// Error reports that the look-ups could not be set up.
type Error struct {
	Message string
	Misuse  bool // the settings are wrong, and not the environment
	Err     error
}

// Error returns the message with its cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// misused is an error of the settings.
func misused(message string, err error) error { return &Error{message, true, err} }

// questionTimeout limits one question, from the connection to the last byte.
const questionTimeout = 15 * time.Second

// registryPorts are those of WHOIS, rwhois (RFC 2167), HTTP and HTTPS.
var registryPorts = []uint16{43, 4321, 80, 443}

// New builds the look-ups. shared may be nil; then limits hold for this process
// alone. New calls failed whenever shared does not work.
//
// s must not change afterwards.
func New(ctx context.Context, s *Settings, shared polite.Shared, failed func(error)) (a *Asking, err error) {
	a = &Asking{settings: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if a.limits, err = s.limits(); err != nil {
		return a, misused("the limits make no sense", err)
	}
	// The order matters: the guard dials through the tape, and all clients
	// through the guard.
	resolvers := s.resolversToAsk()
	if err := a.openTape(); err != nil {
		return a, err
	}
	if err := a.openGuard(resolvers); err != nil {
		return a, err
	}
	if s.Replay == "" {
		// A replay asks no server, so it needs no gate.
		a.gate = polite.New(a.limits.Limit, shared, failed)
	}
	if a.names, err = resolve.New(resolve.Options{Servers: resolvers, Dialer: a.dialer, Gate: a.gate, ASNZone: s.zone()}); err != nil {
		return a, misused("the resolvers make no sense", err)
	}
	if err := a.openRDAP(ctx); err != nil {
		return a, err
	}
	a.openWHOIS()
	if len(s.Netblocks) > 0 {
		if a.tables, err = netblock.Open(s.Netblocks...); err != nil {
			return a, misused("the tables of netblocks cannot be read", err)
		}
	}
	a.choose()
	return a, nil
}

// timeout is the user's time limit for one question, or the default.
func (a *Asking) timeout() time.Duration {
	if a.settings.Timeout > 0 {
		return a.settings.Timeout
	}
	return questionTimeout
}

// openGuard builds the dialer through which every connection goes.
func (a *Asking) openGuard(resolvers []string) error {
	s := a.settings
	referred, err := s.referred()
	if err != nil {
		return misused("the servers for referrals make no sense", err)
	}
	a.dialer = &guard.Dialer{
		Configured: s.configured(), Referred: referred, Ports: registryPorts, Timeout: a.timeout(), MaxBytes: guard.MaxAnswer,
		// The hosts of registries are resolved by these resolvers only, too.
		Resolve: func(ctx context.Context, host string) ([]netip.Addr, error) { return a.names.Resolve(ctx, host) },
	}
	if a.tape != nil {
		a.tape.Attach(a.dialer, resolvers)
	}
	return nil
}

// resolversToAsk returns the user's resolvers or else the system's. A replay
// asks none but needs a name for it.
func (s *Settings) resolversToAsk() []string {
	if len(s.Resolvers) > 0 {
		return s.Resolvers
	}
	list, err := resolve.System("/etc/resolv.conf")
	if s.Replay != "" || err != nil {
		return []string{"127.0.0.1:53"} // resolv.conf(5) defines an empty file like this
	}
	return list
}

// zone is the DNS zone for origin AS numbers; "" if they are not looked up.
func (s *Settings) zone() string {
	if s.ASNZone == "off" {
		return ""
	}
	return s.ASNZone
}

// openTape opens the recording to write or to replay, if there is one.
func (a *Asking) openTape() (err error) {
	switch s := a.settings; {
	case s.Replay != "":
		if a.tape, err = replay.Open(s.Replay); err != nil {
			return &Error{err.Error(), true, nil}
		}
	case s.Record != "":
		if a.tape, err = replay.Record(s.Record); err != nil {
			return &Error{Message: err.Error()}
		}
		if err := os.WriteFile(filepath.Join(s.Record, recordedConfig), s.recorded(), 0o644); err != nil {
			return &Error{Message: "the answers cannot be kept", Err: err}
		}
	}
	return nil
}

// openRDAP reads the bootstrap registry even if RDAP is off, since it also says
// which regional registry's WHOIS is responsible for an address.
func (a *Asking) openRDAP(ctx context.Context) (err error) {
	if a.bootstrap, err = rdap.Shipped(); err != nil {
		return err
	}
	c := rdap.NewClient(a.dialer, a.bootstrap, a.gate)
	c.Timeout = a.timeout()
	off := a.settings.RDAP == "off"
	if !off {
		c.Base, a.rdap = a.settings.RDAP, c
	}
	if a.tape != nil {
		c.Around(a.tape.RoundTripper)
	}
	if at := a.settings.Bootstrap; at != "" {
		if err := c.Refresh(ctx, at); err != nil {
			return &Error{Message: "the RDAP bootstrap cannot be read", Err: err}
		}
	}
	if off {
		c.Close()
	}
	return nil
}

// openWHOIS builds the WHOIS client with the configured servers.
func (a *Asking) openWHOIS() {
	a.whois = &whois.Client{Dialer: a.dialer, Gate: a.gate, Servers: map[string]string{}, Timeout: a.timeout()}
	for _, w := range a.settings.WHOIS {
		if tld, server := splitTLD(w); tld != "" {
			a.whois.Servers[tld] = server
		} else {
			a.whois.All = server
		}
	}
	a.whois.IANA = a.whois.Servers["iana"]
}

// choose assembles the look-ups of each task.
//
// The order within a task is that of preference. Tasks without a source have no
// look-ups, and Skips says so to the queue.
func (a *Asking) choose() {
	s := a.settings
	a.Lookups = map[enrich.Task][]enrich.Lookup{}
	add := func(task enrich.Task, l ...enrich.Lookup) {
		for i := range l {
			if a.tape != nil {
				l[i] = a.tape.Lookup(l[i])
			}
		}
		a.Lookups[task] = append(a.Lookups[task], l...)
	}
	var registration []enrich.Lookup
	if a.rdap != nil && s.uses(enrich.RDAP) {
		registration = append(registration, &rdap.Lookup{Client: a.rdap})
	}
	if s.uses(enrich.WHOIS) {
		w := &whois.Lookup{Client: a.whois}
		if a.rdap != nil && s.uses(enrich.RDAP) {
			w.RDAP = (&rdap.Lookup{Client: a.rdap}).Registrar
		}
		registration = append(registration, w)
	}
	// By default WHOIS is asked only where RDAP has no answer. A user who names
	// both sources wants both answers, to compare them.
	if len(s.Sources) == 0 && len(registration) > 1 {
		registration = []enrich.Lookup{enrich.First(registration...)}
	}
	add(enrich.RegistrationTask, registration...)
	if s.uses(enrich.DNS) {
		add(enrich.NamesTask, resolve.Names{Client: a.names})
	}
	if s.uses(enrich.PTR) {
		add(enrich.ReverseTask, resolve.Reverse{Client: a.names})
	}
	add(enrich.NetblockTask, a.netblocks()...)
}

// netblocks returns the look-ups of an address in the order of preference.
//
// One look-up serves RDAP, WHOIS, tables and origin, because an answer of any
// of them saves the questions to the others.
func (a *Asking) netblocks() []enrich.Lookup {
	s := a.settings
	var origin enrich.Lookup
	if s.uses(enrich.Origin) && s.ASNZone != "off" {
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
		WHOIS: a.whois, RDAP: a.rdap, Bootstrap: a.bootstrap, Origin: origin,
		WHOISOnly: !byRDAP, NoWHOIS: !byWHOIS, AskReserved: s.Replay != "",
	}
	if s.uses(enrich.Table) {
		l.Tables = a.tables
	}
	return []enrich.Lookup{l}
}

// Skips reports whether a lane has nothing to ask.
func (a *Asking) Skips(lane string) bool {
	switch lane {
	case "dns":
		return len(a.Lookups[enrich.NamesTask])+len(a.Lookups[enrich.ReverseTask]) == 0
	case "addresses":
		return len(a.Lookups[enrich.NetblockTask]) == 0
	}
	return len(a.Lookups[enrich.RegistrationTask]) == 0
}

// Close releases all resources. It returns the error of an incomplete
// recording.
func (a *Asking) Close() error {
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
