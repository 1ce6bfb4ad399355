package whois

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"spoor/enrich"
	"spoor/enrich/guard"
)

// Lookup asks about domains: the registry, and where its answer is thin the registrar that
// it refers to, once.
type Lookup struct{ Client *Client }

// Source is the registry's WHOIS.
func (l *Lookup) Source() enrich.Source { return enrich.WHOIS }

// Look asks about a Domain. Where the Gate says that the registry's server is left alone
// for now, that is its error (*enrich.BackedOff).
func (l *Lookup) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	if s.Kind != enrich.Domain {
		return nil, nil
	}
	c := l.Client
	name, ok := validName(s.Name)
	if !ok {
		return []enrich.Observation{{
			Subject: s, Source: enrich.WHOIS, AskedAt: c.now(), Outcome: enrich.Guarded, Detail: "not a name that anybody could register",
		}}, nil
	}
	server, problem, err := c.serverFor(ctx, name)
	if err != nil {
		return nil, err
	}
	if server == "" {
		return []enrich.Observation{{
			Subject: s, Source: enrich.WHOIS, Server: c.iana(), AskedAt: c.now(), Outcome: problem.outcome, Detail: brief(problem.detail),
		}}, nil
	}
	first, err := c.observe(ctx, enrich.Subject{Kind: s.Kind, Name: name}, enrich.WHOIS, server)
	if err != nil {
		return nil, err
	}
	out := []enrich.Observation{first}
	if next := referral(&first); next != "" {
		if o, ok := c.refer(ctx, first.Subject, server, next); ok {
			out = append(out, o)
		}
	}
	for i := range out {
		out[i].Subject = s
	}
	return out, nil
}

// referral is where an answer refers to that does not tell who the registrant is.
func referral(o *enrich.Observation) string {
	reg, _ := o.Parsed.(*enrich.Registration)
	if reg == nil || !thin(reg) {
		return ""
	}
	if reg.Refers != "" {
		return reg.Refers
	}
	return reg.Registrar.WHOIS
}

// thin reports whether the registry leaves the registrant to the registrar. One that hides
// who it is does not: the registrar hides it too.
func thin(reg *enrich.Registration) bool {
	r := &reg.Registrant
	return r.Name == "" && r.Organization == "" && r.Email == "" && r.Handle == "" && reg.Privacy == "" && len(reg.Redacted) == 0
}

// refer follows a referral, once. An answer that refers to its own server is a loop; a
// port that is not WHOIS is never asked, nor, where the user named one server for
// everything, another that the user did not name.
func (c *Client) refer(ctx context.Context, s enrich.Subject, from, to string) (enrich.Observation, bool) {
	o := enrich.Observation{Subject: s, Source: enrich.RegistrarWHOIS, Server: clipServer(to), AskedAt: c.now(), Outcome: enrich.Guarded}
	server, ok := hostPortIn(to)
	if !ok {
		o.Detail = "the referral names no server"
		return o, true
	}
	if server == from {
		return o, false
	}
	o.Server = clipServer(server)
	if !c.configured(server) {
		if why := forbidden(server); why != "" {
			o.Detail = brief((&guard.Error{Server: server, Reason: why}).Error())
			return o, true
		}
		if c.All != "" {
			return o, false
		}
	}
	asked, err := c.observe(ctx, s, enrich.RegistrarWHOIS, server)
	if err != nil {
		backed, ok := errors.AsType[*enrich.BackedOff](err)
		if !ok {
			return o, false
		}
		o.Outcome, o.Detail = enrich.Throttled, brief(backed.Error())
		return o, true
	}
	return asked, true
}

// forbidden tells why a server that nobody configured must not be asked, as far as its
// name tells; the guard looks at where the name leads.
func forbidden(server string) string {
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		return "it is not host:port"
	}
	if port != "43" {
		return "port " + port + " is not that of WHOIS"
	}
	if a, err := netip.ParseAddr(host); err == nil && !guard.Public(a) {
		return host + " is not a public address"
	}
	return ""
}

func clipServer(s string) string {
	s = brief(s)
	return s[:min(len(s), 255)]
}
