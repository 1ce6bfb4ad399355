// Package received parses the Received fields of a message (RFC 5321 section
// 4.4). It turns each into a Hop, finds the trust boundary between the
// receiver's own hops and the claims of strangers, and lists anomalies:
// statements that cannot be true.
//
// Field values go in; Hops, a boundary and Anomalies with reason and evidence
// come out. The package does no I/O and no look-ups.
package received

import (
	"net/netip"
	"time"
)

// ReverseState says whether the server recorded the client's reverse name.
type ReverseState string

// The states, as stored.
const (
	NotRecorded ReverseState = ""        // its format has no place for it, or it was omitted
	Unknown     ReverseState = "unknown" // the server looked and found none (Postfix writes "unknown")
	Given       ReverseState = "given"
)

// Hop is one Received field. An empty string, an invalid address and the zero
// time mean that the field does not say.
type Hop struct {
	From          string // HELO/EHLO name that the client gave
	Reverse       string // reverse name of the client, as the server looked it up
	ReverseState  ReverseState
	Addr          netip.Addr // address of the client
	Port          uint16
	Ident         string // ident user, or Exim/CommuniGate account, sendmail "user@"
	Authenticated bool   // the server says that the client logged in
	By            string
	ByAddr        netip.Addr
	Via, With     string
	ID            string
	For           string // recipient without brackets
	EnvelopeFrom  string // "(envelope-from <…>)" and its like
	TLS           string // protocol version and cipher as written
	Time          time.Time
	Zone          string // as written; "" if absent
	Syntax        string // software whose format it has: "postfix", "sendmail", "exim", "qmail", "exchange", "gmail", "fetchmail", ...; "" if unknown
	Comment       string // other comments, at most 200 bytes
	Raw           string // the field value, unfolded to single spaces, at most 4 KiB
}

// Own describes the receiver's servers, whose hops are believed. ParseOwn makes
// it from the user's patterns, Survey.Infer from a sample of mail.
type Own struct {
	Names    []string // host names; "*" stands for any run of characters ("*.outlook.com")
	Addrs    []netip.Prefix
	MX       []MX // mail exchangers among them, as far as known
	Inferred bool

	// Latest is the latest time that a server of the receiver can have written:
	// the time of reading plus a day for clocks that are ahead. Zero means no
	// limit.
	Latest time.Time
}

// Anomaly is a statement in the header that cannot be true, or that legitimate
// servers do not make.
type Anomaly struct {
	Code     string // short and stable: "helo-number", "helo-not-reverse", "hop-no-address", ...
	Hop      int    // index of the hop; -1 for the whole message
	Reason   string // one sentence without bytes of the message
	Evidence string // the bytes that show it, at most 300
}

// Envelope holds other header fields for comparison with the hops.
type Envelope struct {
	MessageID          string // without brackets
	From               string // address
	Date               time.Time
	DateOK, DateZoneOK bool
	DateRaw            string
	Recipients         []string
}
