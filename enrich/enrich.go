// Package enrich asks registries and DNS about the domains, host names and
// addresses in the facts. It stores every answer with its time, as an
// Observation.
//
//	facts ──▶ Queue ──▶ Run ──▶ a Lookup each (resolve, whois, rdap, netblock) ──▶ Observations ──▶ Store
//
// Run alone decides when something is asked. It claims due subjects, respects
// the limits of each server, and hands every result, failures included, to the
// Store. A Lookup implements one protocol: how to ask and how to read the
// answer. All of them reach the network through guard.Dialer.
//
// The package never contacts a host that a message names. It contacts only the
// configured resolvers, registries and tables, and registries to which those
// refer, as far as the guard permits. Answers are untrusted input: their size
// is bounded, and they may answer another question than the one asked.
package enrich

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"
)

// Kind is the type of a Subject.
type Kind string

// The kinds, as stored.
const (
	Domain  Kind = "domain"  // registered domain; registries are asked
	Host    Kind = "host"    // host name; DNS is asked
	Address Kind = "address" // IP address; reverse DNS and the regional registries are asked
)

// Subject is the object of a question. Name is normalised (package domain):
// ASCII, lower case, no trailing dot. An address has the form of
// netip.Addr.String.
type Subject struct {
	Kind Kind
	Name string
}

// Addr returns the address of an Address subject.
func (s Subject) Addr() (netip.Addr, bool) {
	a, err := netip.ParseAddr(s.Name)
	return a, err == nil && s.Kind == Address
}

// Source is the protocol and database from which an answer came.
type Source string

// The sources, as stored.
const (
	WHOIS          Source = "whois"           // the registry's WHOIS (RFC 3912)
	RegistrarWHOIS Source = "whois-registrar" // the registrar's WHOIS, if the registry's is thin
	RDAP           Source = "rdap"            // RFC 9082, 9083
	DNS            Source = "dns"             // forward records
	PTR            Source = "ptr"             // reverse name, forward-confirmed
	Origin         Source = "origin"          // origin AS by DNS (Team Cymru's format)
	IPWHOIS        Source = "whois-ip"        // a regional registry's WHOIS
	IPRDAP         Source = "rdap-ip"
	Table          Source = "table" // a file of the user
	PassiveDNS     Source = "pdns"  // passive DNS: observations of sensors (package history)
	CertificateLog Source = "ct"    // certificate transparency (RFC 9162)
)

// Outcome is the result of asking. A failed look-up is a result like any other,
// and is stored.
type Outcome string

// The outcomes, as stored.
const (
	Answered  Outcome = "answered"
	None      Outcome = "none"      // the server knows that the subject does not exist
	Refused   Outcome = "refused"   // the server refuses to answer (REFUSED, 403, access denied)
	Throttled Outcome = "throttled" // too many questions, quota, 429
	TimedOut  Outcome = "timed out"
	Malformed Outcome = "malformed" // the bytes are not an answer
	Guarded   Outcome = "guarded"   // not asked: the guard forbids the address or port
	Failed    Outcome = "failed"    // connection refused or dropped, no such server, no network
)

// Final reports whether asking again soon is pointless.
func (o Outcome) Final() bool { return o == Answered || o == None || o == Guarded }

// Observation is one answer at one time. It is never changed afterwards.
type Observation struct {
	Subject
	Source  Source
	Server  string // host:port, URL, or name of the table
	AskedAt time.Time
	Took    time.Duration
	Outcome Outcome
	Detail  string    // reason if Outcome is not Answered; at most 300 bytes of clean text
	Raw     []byte    // the answer as received, at most guard.MaxAnswer; nil if there is none
	Parsed  any       // *Registration, *Records, *Reverse, *Netblock, *OriginAS or *Certificate; nil if unreadable
	Expires time.Time // end of the time for which the answer is fresh

	// LastSeen is the end of the period in which others saw the answer, for
	// observations from files; AskedAt is its begin. It is zero for an answer
	// to our own question.
	LastSeen time.Time
}

// JSON returns Parsed in the form in which it is stored; null if it is nil.
func (o *Observation) JSON() ([]byte, error) { return json.Marshal(o.Parsed) }

// Lookup asks one Source about subjects of some kinds.
//
// Look returns an Observation for every question that it asked, in order,
// failures included. The answers of a thin registry and of the registrar are
// two. The error is a *BackedOff if a server that Look needs is backed off;
// observations of other servers may accompany it. Otherwise an error means that
// ctx ended before anything was asked. No observation and no error mean that no
// question was necessary.
//
// Look passes the Gate before each question to any server, and reports the
// outcome to it.
type Lookup interface {
	Source() Source
	Look(ctx context.Context, s Subject) ([]Observation, error)
}

// Task is one thing to find out about a Subject: the queue's unit of work.
type Task string

// The tasks, as stored.
const (
	RegistrationTask Task = "registration" // of a Domain: RDAP, WHOIS, the registrar's WHOIS
	NamesTask        Task = "names"        // of a Domain or Host: forward DNS
	ReverseTask      Task = "reverse"      // of an Address
	NetblockTask     Task = "netblock"     // of an Address: holder and origin AS
)

// Claim is a Task that this process holds until its lease ends.
type Claim struct {
	Subject
	Task     Task
	Lane     string // groups tasks that mostly share a server: the top-level domain, "dns", "addresses"
	Priority float64
	Attempts int // failures since the last answer
}

// Queue hands out due tasks. Several processes may share one.
type Queue interface {
	// Claim takes up to n due tasks of a lane, highest priority first, for the
	// length of lease.
	Claim(ctx context.Context, lane string, n int, lease time.Duration) ([]Claim, error)
	// Lanes counts the due tasks by lane.
	Lanes(ctx context.Context) (map[string]int, error)
	// Finish stores the observations and next due times of claims in one
	// transaction. If the process is killed before, the lease ends and another
	// process takes the claim.
	Finish(ctx context.Context, done []Done) error
	// Return gives claims back unasked, due at the given time. server is the
	// one that is backed off until then, or "" for any other reason.
	Return(ctx context.Context, claims []Claim, due time.Time, server string) error
}

// Done is a finished claim.
type Done struct {
	Claim
	Observations []Observation
	Due          time.Time // when to ask again
	PutOffBy     string    // a server that is backed off until Due and has more data; "" for none
}

// Gate keeps all processes that share a database within the limits of each
// server. Package polite implements it.
type Gate interface {
	// Wait returns when one question may be sent to server ("host:port"). The
	// caller must call release when the question is over. Wait returns a
	// *BackedOff if it would take long. about names the subject, because a
	// server may refuse a single subject.
	Wait(ctx context.Context, server, about string) (release func(Outcome), err error)
}

// BackedOff reports that a server must not be asked at present.
type BackedOff struct {
	Server string
	Until  time.Time
	Reason string
}

// Error names the server, the end of the back-off and its reason.
func (b *BackedOff) Error() string {
	return fmt.Sprintf("%s is left alone until %s: %s", b.Server, b.Until.Format(time.RFC3339), b.Reason)
}
