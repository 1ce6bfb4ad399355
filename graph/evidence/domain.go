package evidence

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"spoor/internal/domain"
)

// Features returns the registration and DNS data of d as features, which every
// message with a link to d inherits. Redacted values are omitted.
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
		c.put(NameServers, cmp.Or(domain.Registered(strings.ToLower(ns)), strings.ToLower(ns)))
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

// window is the time, in seconds, within which registrations count as made
// together: a script registers a batch at one registrar in a few minutes.
const window = 600

// created adds the time of the registration with the registrar. A single grid
// of windows would separate registrations at its edges. So each moment lies in
// two windows: one at multiples of the window, and one ("+") that begins half a
// window earlier. Some registries give only the day, which is weaker evidence.
// Registered parses the value.
func (c *collector) created(registrar string, at time.Time) {
	if at.Equal(at.Truncate(24 * time.Hour)) {
		c.put(RegisteredAt, registrar+" "+at.Format(time.DateOnly))
		return
	}
	s := at.Unix()
	c.put(RegisteredAt, registrar+" "+strconv.FormatInt(s/window, 36))
	c.put(RegisteredAt, registrar+" +"+strconv.FormatInt((s+window/2)/window, 36))
}

// Registered parses a value of RegisteredAt: the registrar, and the day or the
// middle of the window. ok is false for any other value.
func Registered(value string) (registrar string, at time.Time, day, ok bool) {
	i := strings.LastIndexByte(value, ' ')
	registrar, when := value[:max(i, 0)], value[i+1:]
	if at, err := time.Parse(time.DateOnly, when); err == nil {
		return registrar, at, true, true
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(when, "+"), 36, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return registrar, time.Time{}, false, false
	}
	middle := n*window + window/2
	if strings.HasPrefix(when, "+") {
		middle -= window / 2
	}
	return registrar, time.Unix(middle, 0), false, true
}

// named adds a value that people enter about themselves, without case and
// repeated blanks. It skips placeholders.
func (c *collector) named(k Kind, v string) {
	v = strings.ToLower(strings.Join(strings.Fields(v), " "))
	if len(v) >= 4 && !hides(v) {
		c.put(k, v)
	}
}

// hides reports whether a value stands for a hidden name. Package whois knows
// more such words and services; the words here must not connect strangers if
// they pass. "Private Limited" is the legal form of many companies in India.
func hides(v string) bool {
	switch strings.Trim(v, "-.! ") {
	case "", "none", "unknown", "hidden", "masked", "private", "anonymous", "ano nymous", "whois agent", "diffusion restreinte",
		"ukryte", "skryto", "nezverejnene", "rejtett", "частное лицо", "非公開":
		return true
	}
	v = strings.NewReplacer("private limited", "", "(private) limited", "").Replace(v)
	for _, w := range []string{"redacted", "privacy", "private ", " private", "protect", "protegid", "proxy", "not disclosed", "withheld", "whoisguard", "gdpr",
		"masking", "masked ", "not available", "anonymi", "隐私", "隱私"} {
		if strings.Contains(v, w) {
			return true
		}
	}
	return strings.HasPrefix(v, "on behalf of ")
}

// Features returns the netblock data of a as features of the mail that it sent.
func (a *Address) Features() []Feature { return a.features(SenderOwner, SenderAS) }

// HostFeatures returns the netblock data of a as features of messages that link
// to it.
func (a *Address) HostFeatures() []Feature { return a.features(HostOwner, HostAS) }

// features returns holder and AS as features of the given kinds. The holder's
// name is folded, because registries write the same holder with different case
// and blanks.
func (a *Address) features(owner, as Kind) []Feature {
	c := collector{}
	c.put(owner, strings.ToLower(strings.Join(strings.Fields(a.Owner), " ")))
	if a.ASN != 0 {
		c.put(as, strconv.FormatInt(a.ASN, 10))
	}
	return c.out
}
