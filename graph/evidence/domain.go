package evidence

import (
	"strconv"
	"strings"
	"time"

	"spoor/internal/domain"
)

// Features returns what the registries and DNS say of d, as features that every message
// which links to it inherits. What is redacted names nobody.
func (d *Domain) Features() []Feature {
	c := collector{}
	if !d.Privacy {
		c.named(Registrant, d.RegistrantName)
		c.named(RegistrantOrg, d.RegistrantOrg)
		c.named(RegistrantEmail, d.RegistrantEmail)
		c.named(RegistrantPhone, d.RegistrantPhone)
		c.named(RegistrantID, d.Handle)
	}
	registrar := strings.ToLower(d.Registrar)
	c.put(Registrar, registrar)
	if !d.Created.IsZero() {
		c.created(registrar, d.Created)
	}
	for _, ns := range head(d.NameServers, maxValues) {
		c.put(NameServers, orSelf(domain.Registered(strings.ToLower(ns)), strings.ToLower(ns)))
	}
	for i, a := range d.Addresses {
		if i < maxValues {
			c.put(HostAddress, a.Unmap().String())
			c.put(HostNet, netOf(a))
		}
	}
	for i, a := range d.ServerAddresses {
		if i < maxValues {
			c.put(ServerAddress, a.Unmap().String())
		}
	}
	return c.out
}

// created says that a domain was made by the same registrar within minutes of others. A
// window has edges, so each moment lies in two windows. Registries that tell only the day
// say less.
func (c *collector) created(registrar string, at time.Time) {
	if at.Equal(at.Truncate(24 * time.Hour)) {
		c.put(RegisteredAt, registrar+" "+at.Format(time.DateOnly))
		return
	}
	const window = 600
	s := at.Unix()
	c.put(RegisteredAt, registrar+" "+strconv.FormatInt(s/window, 36))
	c.put(RegisteredAt, registrar+" +"+strconv.FormatInt((s+window/2)/window, 36))
}

// named puts a value that somebody wrote about himself, without case and repeated blanks;
// not what stands there instead of a value.
func (c *collector) named(k Kind, v string) {
	v = strings.ToLower(strings.Join(strings.Fields(v), " "))
	if len(v) < 4 {
		return
	}
	for _, w := range []string{"redacted", "privacy", "private", "protect", "proxy", "not disclosed", "withheld", "whoisguard", "n/a", "none", "gdpr", "data protected", "not available", "unknown", "hidden", "anonymi"} {
		if strings.Contains(v, w) {
			return
		}
	}
	c.put(k, v)
}

// Features returns what the registries say of a, as features of the mail that it sent.
func (a *Address) Features() []Feature { return a.features(SenderOwner, SenderAS) }

// HostFeatures returns what the registries say of a, as features of what links to it.
func (a *Address) HostFeatures() []Feature { return a.features(HostOwner, HostAS) }

func (a *Address) features(owner, as Kind) []Feature {
	c := collector{}
	c.put(owner, strings.ToLower(strings.Join(strings.Fields(a.Owner), " ")))
	if a.ASN != 0 {
		c.put(as, strconv.FormatInt(a.ASN, 10))
	}
	return c.out
}
