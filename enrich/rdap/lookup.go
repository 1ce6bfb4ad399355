package rdap

import (
	"context"
	"strings"

	"spoor/enrich"
)

// Lookup asks the registry about domains. If the answer is thin, it asks the
// registrar at the link in the answer.
type Lookup struct{ Client *Client }

// Source returns enrich.RDAP.
func (l *Lookup) Source() enrich.Source { return enrich.RDAP }

// Look asks about a Domain. It returns nothing if no RDAP server of the
// registry is known; then WHOIS is the alternative. If the server is backed off
// and nothing was asked, the error is the Gate's *enrich.BackedOff.
//
// The registry's observation is returned even if the registrar's question
// fails.
func (l *Lookup) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	if s.Kind != enrich.Domain {
		return nil, nil
	}
	o, related, ok, err := l.Client.Domain(ctx, s.Name)
	if err != nil || !ok {
		return nil, err
	}
	out := []enrich.Observation{o}
	reg, _ := o.Parsed.(*enrich.Registration)
	if reg == nil || !thin(reg) || related == "" || sameURL(related, o.Server) {
		return out, nil
	}
	own, _, err := l.Client.domainAt(ctx, s.Name, related)
	if err == nil {
		out = append(out, own)
	}
	return out, err
}

// Registrar asks a registrar about a Domain, at its base URL or, if that is
// unknown, at the link in the registry's answer.
func (l *Lookup) Registrar(ctx context.Context, s enrich.Subject, base string) ([]enrich.Observation, error) {
	if base == "" {
		return l.Look(ctx, s)
	}
	at := base
	if !strings.Contains(base, "/domain/") {
		at = withSlash(base) + "domain/" + s.Name
	}
	o, _, err := l.Client.domainAt(ctx, s.Name, at)
	if err != nil {
		return nil, err
	}
	return []enrich.Observation{o}, nil
}

// thin reports whether a registry's answer lacks the registrant. A redacted
// registrant does not count, since the registrar redacts it too.
func thin(reg *enrich.Registration) bool {
	r := &reg.Registrant
	if r.Name != "" || r.Organization != "" || r.Email != "" || reg.Privacy != "" {
		return false
	}
	for _, p := range reg.Redacted {
		if strings.HasPrefix(p, "registrant.") {
			return false
		}
	}
	return true
}

func sameURL(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "/"), strings.TrimSuffix(b, "/"))
}
