// Package whois asks WHOIS servers about domains (RFC 3912) and reads what they
// answer.
//
// The reading half is pure: Parse takes the bytes of one answer and returns
// what they say, as an Answer. Every registry writes its own layout, in its own
// language and character set, so Parse has three stages:
//
//	bytes ──Decode──▶ text ──▶ lines ──▶ fields of sections ──▶ Registration
//
// What an answer hides ("REDACTED FOR PRIVACY") is named in
// Registration.Redacted and never becomes a field; whatever cannot be told
// stays zero. Nothing here trusts the server: every size is bounded, time is
// linear, and no field holds control characters.
package whois

import "spoor/enrich"

// Answer is what one WHOIS answer about a domain says.
type Answer struct {
	Outcome enrich.Outcome // Answered, None, Throttled, Refused or Malformed
	Detail  string         // the server's words where Outcome is not Answered

	// Registration is what the answer says of the domain; nil unless Outcome is
	// Answered.
	Registration *enrich.Registration

	// Reserved is true where the registry says that nobody may register the
	// name.
	Reserved bool
}
