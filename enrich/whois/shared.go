package whois

import (
	"spoor/enrich"

	"spoor/internal/text"
)

// What registries write in WHOIS they write in RDAP too: the same words for what they
// hide, the same ways to write countries, numbers and states.

// Country returns the ISO 3166-1 code of a country by its code or name, or "".
func Country(s string) string { return countryCode(s) }

// Email returns the first mail address in s, or "".
func Email(s string) string { return emailIn(text.Cut(s, maxField)) }

// Redacted reports whether a value is only words that stand for a hidden one.
func Redacted(s string) bool { return isRedacted(s) }

// Status returns the EPP name of a state however it is written, or "".
func Status(s string) string { return eppName(s) }

// Polish settles a Registration, from wherever it was read: countries and phone numbers
// in normal form, redactions and privacy services out of the contacts, the registrar's
// key, oddities. E-mail addresses must have an "@". asked is the domain that was asked for.
func Polish(reg *enrich.Registration, asked string) { polish(reg, asked) }
