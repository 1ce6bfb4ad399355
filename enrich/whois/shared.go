package whois

import (
	"spoor/enrich"

	"spoor/internal/text"
)

// RDAP answers use the same words as WHOIS answers for redactions, countries,
// phone numbers and status. Package rdap shares these functions.

// Country returns the ISO 3166-1 code of a country by its code or name, or "".
func Country(s string) string { return countryCode(s) }

// Email returns the first mail address in s, or "".
func Email(s string) string { return emailIn(text.Cut(s, maxField)) }

// Redacted reports whether a value consists of words of redaction.
func Redacted(s string) bool { return isRedacted(s) }

// Status returns the EPP name of a status in any spelling, or "".
func Status(s string) string { return eppName(s) }

// Polish completes a Registration from any source. It normalises countries and
// phone numbers, removes redactions and privacy services from the contacts, and
// sets the registrar's key and the anomalies. E-mail addresses must have an
// "@". asked is the domain in question.
func Polish(reg *enrich.Registration, asked string) { polish(reg, asked) }
