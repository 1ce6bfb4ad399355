package whois

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
)

// Lookup asks the registry about domains. If the answer is thin, it asks the
// registrar to which it refers, once.
type Lookup struct {
	Client *Client
	// RDAP asks a registrar that has ended its WHOIS: at the URL in its answer,
	// or, for "", at the link of the registry. nil asks nobody.
	RDAP func(ctx context.Context, s enrich.Subject, url string) ([]enrich.Observation, error)
}

// Source returns enrich.WHOIS, the registry's.
func (l *Lookup) Source() enrich.Source { return enrich.WHOIS }

// Look asks about a Domain. If the registry's server is backed off, the error
// is the Gate's *enrich.BackedOff.
//
// Observations made before an error are returned with it: the registry's answer
// is stored even if the registrar has to wait. Names that nobody can register
// and top-level domains without a server give an observation, too, so that they
// are not asked again at once.
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
	out, err := c.fromRegistry(ctx, enrich.Subject{Kind: s.Kind, Name: name}, server)
	if len(out) > 0 && err == nil {
		last := &out[len(out)-1]
		if next := referral(last); next != "" {
			var own []enrich.Observation
			own, err = c.refer(ctx, last.Subject, server, next)
			// Keep the registry's answer, so that the next try asks the
			// registrar only.
			if _, waits := errors.AsType[*enrich.BackedOff](err); waits {
				c.thin.keep(*last)
			}
			out = append(out, own...)
			// A registrar without WHOIS may have RDAP, as ICANN requires.
			if url, yes := retired(own); yes && l.RDAP != nil && err == nil {
				var more []enrich.Observation
				more, err = l.RDAP(ctx, last.Subject, url)
				out = append(out, more...)
			}
		}
	}
	// Answers are filed under the name as the caller spelled it.
	for i := range out {
		out[i].Subject = s
	}
	return out, err
}

// retired reports whether a registrar's last answer says that RDAP has replaced
// its WHOIS, and at which URL. ICANN permits registrars to end WHOIS since
// January 2025.
func retired(own []enrich.Observation) (url string, yes bool) {
	if len(own) == 0 {
		return "", false
	}
	last := &own[len(own)-1]
	said := strings.ToLower(Decode(last.Raw[:min(len(last.Raw), 16<<10)], last.Name, last.Server))
	at := strings.Index(said, "rdap")
	if last.Outcome != enrich.Refused || at < 0 {
		return "", false
	}
	for _, part := range []string{said[at:], said[:at]} { // usually "use RDAP at …"
		for w := range strings.FieldsSeq(part) {
			w = strings.Trim(w, "<>()\"'.,;")
			if strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "http://") {
				return w, true
			}
		}
	}
	return "", true
}

// fromRegistry asks the registry. If it answered a moment ago and only the
// registrar was backed off, its kept answer serves.
func (c *Client) fromRegistry(ctx context.Context, s enrich.Subject, server string) ([]enrich.Observation, error) {
	if o, ok := c.thin.take(s.Name, server, c.now()); ok {
		return []enrich.Observation{o}, nil
	}
	return c.observe(ctx, s, enrich.WHOIS, server)
}

// thinAnswers keeps answers of registries whose registrar was backed off.
type thinAnswers struct {
	mu   sync.Mutex
	kept map[string]enrich.Observation
}

// Limits of the kept answers.
const (
	maxThin = 4096      // beyond that the registry is asked again
	thinFor = time.Hour // longest usual back-off
)

// keep remembers an answer until its registrar can be asked. A full memory is
// emptied, which costs one repeated question for each domain.
func (t *thinAnswers) keep(o enrich.Observation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == nil || len(t.kept) >= maxThin {
		t.kept = map[string]enrich.Observation{}
	}
	t.kept[o.Name] = o
}

// take returns an answer of the same server once, if it is fresh.
func (t *thinAnswers) take(name, server string, now time.Time) (enrich.Observation, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o, ok := t.kept[name]
	delete(t.kept, name)
	return o, ok && o.Server == server && now.Sub(o.AskedAt) < thinFor
}

// referral returns the server to which an answer without a registrant refers.
//
// Registries without data of registrants (.com, .net) name the registrar's
// server. Others do so as well, but have answered already.
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

// thin reports whether the registry leaves the registrant to the registrar. A
// redacted registrant does not count, since the registrar redacts it too.
func thin(reg *enrich.Registration) bool {
	r := &reg.Registrant
	return r.Name == "" && r.Organization == "" && r.Email == "" && r.Handle == "" && reg.Privacy == "" && len(reg.Redacted) == 0
}

// refer follows one referral. A referral to the same server is a loop. A port
// other than WHOIS is never contacted, and neither is another server if the
// user named one for everything. The error is the Gate's.
func (c *Client) refer(ctx context.Context, s enrich.Subject, from, to string) ([]enrich.Observation, error) {
	server, ok := hostPortIn(to)
	if !ok {
		return c.notAsked(s, to, "the referral names no server"), nil
	}
	if server == from {
		return nil, nil
	}
	if !c.configured(server) {
		if why := c.forbidden(server); why != "" {
			return c.notAsked(s, server, (&guard.Error{Server: server, Reason: why}).Error()), nil
		}
		if c.All != "" && len(c.Dialer.Referred) == 0 {
			return nil, nil
		}
	}
	return c.observe(ctx, s, enrich.RegistrarWHOIS, server)
}

// notAsked is the observation of a referral that must not be followed.
func (c *Client) notAsked(s enrich.Subject, server, why string) []enrich.Observation {
	return []enrich.Observation{{
		Subject: s, Source: enrich.RegistrarWHOIS, Server: clipServer(server), AskedAt: c.now(), Outcome: enrich.Guarded, Detail: brief(why),
	}}
}

// forbidden returns why a server that is not configured must not be queried,
// judged by its name. The guard judges the address.
//
// A hostile answer could otherwise make this program connect to any port, or to
// machines of the local network.
func (c *Client) forbidden(server string) string {
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		return "it is not host:port"
	}
	_, notAddress := netip.ParseAddr(host)
	if lab := notAddress != nil && len(c.Dialer.Referred) > 0; lab {
		return "" // the guard judges the address
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
