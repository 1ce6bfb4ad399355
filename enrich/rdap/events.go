package rdap

import (
	"strings"
	"time"

	"spoor/enrich/whois"
	"spoor/internal/text"
)

// times are the events of an object (RFC 9083 section 4.5), parsed and as
// written.
type times struct {
	created, updated, expires          time.Time
	createdRaw, updatedRaw, expiresRaw string
}

// events reads the events of o; the first of a kind counts.
func events(o object) times {
	var t times
	for _, e := range o.objects("events") {
		raw := text.Cut(e.str("eventDate"), 60)
		at, ok := parseTime(raw)
		if !ok {
			continue
		}
		switch strings.ToLower(e.str("eventAction")) {
		case "registration":
			setTime(&t.created, &t.createdRaw, at, raw)
		case "last changed":
			setTime(&t.updated, &t.updatedRaw, at, raw)
		case "expiration", "soft expiration":
			setTime(&t.expires, &t.expiresRaw, at, raw)
		case "registrar expiration": // the registrar's; the registry's takes precedence
			if t.expires.IsZero() {
				setTime(&t.expires, &t.expiresRaw, at, raw)
			}
		}
	}
	return t
}

func setTime(t *time.Time, raw *string, at time.Time, as string) {
	if t.IsZero() {
		*t, *raw = at, as
	}
}

// parseTime parses RFC 3339 and the formats that servers write instead.
func parseTime(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), t.Year() >= 1983 // AFRINIC and others fill in 1970 for an unknown time
	}
	return whois.ParseDate(s)
}
