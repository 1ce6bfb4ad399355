package whois

import (
	"time"

	"spoor/enrich"
)

// Parse reads a WHOIS answer about domain from server (a host name; "" where unknown).
func Parse(domain, server string, raw []byte) Answer {
	return Answer{Outcome: enrich.Malformed}
}

// Decode returns the answer as UTF-8 text, whatever character set it came in.
func Decode(raw []byte) string { return string(raw) }

// ParseDate reads a date as registries write it.
func ParseDate(s string) (time.Time, bool) { return time.Time{}, false }
