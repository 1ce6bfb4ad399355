// Package whois queries WHOIS servers about domains (RFC 3912) and parses their
// answers.
//
// Parse is a pure function from the bytes of one answer to an Answer. Every
// registry has its own layout, in its own language and character set, so Parse
// has three stages:
//
//	bytes ──Decode──▶ text ──▶ lines ──▶ fields of sections ──▶ Registration
//
// Redacted fields ("REDACTED FOR PRIVACY") are listed in Registration.Redacted
// and stay empty; unknown fields stay zero. The server is not trusted: every
// size is bounded, time is linear, and no field has control characters.
package whois

import "spoor/enrich"

// Answer is the parsed form of one WHOIS answer about a domain.
type Answer struct {
	Outcome enrich.Outcome // Answered, None, Throttled, Refused or Malformed
	Detail  string         // the server's words where Outcome is not Answered

	// Registration holds the registration data; nil unless Outcome is Answered.
	Registration *enrich.Registration

	// Reserved is true if the registry states that nobody may register the
	// name.
	Reserved bool
}
