// Package received reads the Received fields of a message (RFC 5321, section 4.4): each
// into a Hop; where our own servers' hops end and the claims of strangers begin (the
// trust boundary); and what in them cannot be true (anomalies).
//
// In go field values; out come Hops, a boundary, Anomalies with their reason and the
// bytes that show them. No I/O, no look-ups.
package received

import (
	"net/netip"
	"time"
)

// ReverseState tells whether the writing server recorded the client's reverse name.
type ReverseState string

const (
	NotRecorded ReverseState = ""        // the server's format has no place for it, or left it out
	Unknown     ReverseState = "unknown" // the server looked and found none (Postfix "unknown")
	Given       ReverseState = "given"
)

// Hop is one Received field. Empty strings, an invalid address and the zero time mean
// that the field does not say.
type Hop struct {
	From          string // HELO/EHLO name that the client gave
	Reverse       string // reverse name of the client, as the server found it
	ReverseState  ReverseState
	Addr          netip.Addr // address of the client
	Port          uint16
	Ident         string // ident user, or Exim/CommuniGate account, sendmail "user@"
	Authenticated bool   // the writing server says that the client logged in
	By            string
	ByAddr        netip.Addr
	Via, With     string
	ID            string
	For           string // recipient, without brackets
	EnvelopeFrom  string // "(envelope-from <…>)" and its like
	TLS           string // protocol version and cipher as written
	Time          time.Time
	Zone          string // as written, "" if none
	Syntax        string // whose format it is: "postfix", "sendmail", "exim", "qmail", "exchange", "gmail", "fetchmail", ...; "" if not known
	Comment       string // other comments, at most 200 bytes
	Raw           string // the field value, unfolded to single spaces, at most 4 KiB
}

// Own says which servers are ours: who wrote a hop we may believe. ParseOwn makes one of
// the user's patterns, Survey.Infer of a folder.
type Own struct {
	Names    []string // host names, "*" stands for any run of characters ("*.outlook.com")
	Addrs    []netip.Prefix
	MX       []MX // those of them that are mail exchangers, where that was told
	Inferred bool

	// Latest is the last moment at which a server of ours can have stamped a line: the time
	// of the reading, and a day for clocks that are ahead. Zero is no bound.
	Latest time.Time
}

// Anomaly is something in the header chain that cannot be, or that honest servers do
// not write.
type Anomaly struct {
	Code     string // short and stable: "helo-number", "helo-not-reverse", "hop-no-address", ...
	Hop      int    // index of the hop, -1 for the message
	Reason   string // one sentence in words, without foreign bytes
	Evidence string // the bytes that show it, at most 300
}

// Envelope holds other fields of the header, for comparison with the hops.
type Envelope struct {
	MessageID          string // without brackets
	From               string // address
	Date               time.Time
	DateOK, DateZoneOK bool
	DateRaw            string
	Recipients         []string
}
