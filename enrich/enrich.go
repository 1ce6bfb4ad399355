// Package enrich asks the world about the domains, host names and addresses that the
// facts hold, and keeps every answer with its time: observations.
//
//	facts ──▶ Queue ──▶ Run ──▶ a Lookup each (resolve, whois, rdap, netblock) ──▶ Observations ──▶ Store
//
// Run is the only place that decides when something is asked: it claims due subjects,
// keeps to each server's limits, and hands every outcome, also a failed one, to the
// Store. A Lookup knows one protocol: how to ask, and how to read the answer. All of
// them reach the network through guard.Dialer alone.
//
// Nothing here ever contacts a host that a message names: only the resolvers, registries
// and tables that were configured, and registries they refer to as far as the guard
// lets them. Answers are foreign bytes: bounded, and never trusted to be what was asked.
package enrich

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"
)

// Kind says what a Subject is.
type Kind string

const (
	Domain  Kind = "domain"  // a registered domain: asked of registries
	Host    Kind = "host"    // a host name: asked of DNS
	Address Kind = "address" // an IP address: asked of reverse DNS and the regional registries
)

// Subject is what is asked about. Name is in normal form (package domain): ASCII, lower
// case, no trailing dot; for addresses netip.Addr.String.
type Subject struct {
	Kind Kind
	Name string
}

// Addr returns the address of an Address subject.
func (s Subject) Addr() (netip.Addr, bool) {
	a, err := netip.ParseAddr(s.Name)
	return a, err == nil && s.Kind == Address
}

// Source says by what protocol, and from whose books, an answer came.
type Source string

const (
	WHOIS          Source = "whois"           // the registry's WHOIS (RFC 3912)
	RegistrarWHOIS Source = "whois-registrar" // the registrar's, where the registry's is thin
	RDAP           Source = "rdap"            // RFC 9082, 9083
	DNS            Source = "dns"             // forward records
	PTR            Source = "ptr"             // reverse name, forward-confirmed
	Origin         Source = "origin"          // origin AS by DNS (Team Cymru's format)
	IPWHOIS        Source = "whois-ip"        // a regional registry's WHOIS
	IPRDAP         Source = "rdap-ip"
	Table          Source = "table" // a file of the user's
	PassiveDNS     Source = "pdns"  // what sensors saw of DNS (package history)
	CertificateLog Source = "ct"    // certificate transparency (RFC 9162)
)

// Outcome says how asking went. A failed look-up is a result like any other.
type Outcome string

const (
	Answered  Outcome = "answered"
	None      Outcome = "none"      // the server knows that there is no such thing
	Refused   Outcome = "refused"   // the server would not answer (REFUSED, 403, access denied)
	Throttled Outcome = "throttled" // too many questions, quota, 429
	TimedOut  Outcome = "timed out"
	Malformed Outcome = "malformed" // bytes that are no answer
	Guarded   Outcome = "guarded"   // we would not ask: the address or port was not allowed
	Failed    Outcome = "failed"    // connection refused or dropped, no such server, no network
)

// Final reports whether asking again soon is pointless.
func (o Outcome) Final() bool { return o == Answered || o == None || o == Guarded }

// Observation is one answer at one time.
type Observation struct {
	Subject
	Source  Source
	Server  string // host:port, URL, or the table's name
	AskedAt time.Time
	Took    time.Duration
	Outcome Outcome
	Detail  string    // why, in words, where Outcome is not Answered; at most 300 bytes of clean text
	Raw     []byte    // the answer as it came, at most guard.MaxAnswer; nil if none
	Parsed  any       // *Registration, *Records, *Reverse, *Netblock, *OriginAS or *Certificate; nil if nothing could be read
	Expires time.Time // the answer is fresh until then

	// LastSeen ends the time in which others saw it, of observations out of files; AskedAt
	// begins it then. Zero for an answer of our own.
	LastSeen time.Time
}

// JSON returns Parsed as it is stored; null where there is none.
func (o *Observation) JSON() ([]byte, error) { return json.Marshal(o.Parsed) }

// Lookup asks one Source about subjects of some kind.
//
// Look returns an Observation for every question it put, in order, whatever came of it
// (a thin registry's answer and the registrar's are two). It returns an error only when
// ctx ended before anything was asked, or a *BackedOff when a server that it would ask is
// left alone for now: with observations, if others were asked before. No observation and no
// error mean that nothing had to be asked.
// Before each question, to whatever server, it passes the Gate; after it, it reports.
type Lookup interface {
	Source() Source
	Look(ctx context.Context, s Subject) ([]Observation, error)
}

// Task is one thing to find out about a Subject; the queue's unit of work.
type Task string

const (
	RegistrationTask Task = "registration" // of a Domain: RDAP, WHOIS, the registrar's WHOIS
	NamesTask        Task = "names"        // of a Domain or Host: forward DNS
	ReverseTask      Task = "reverse"      // of an Address
	NetblockTask     Task = "netblock"     // of an Address: holder and origin AS
)

// Claim is a Task on a Subject that this process holds until its lease runs out.
type Claim struct {
	Subject
	Task     Task
	Lane     string // what mostly shares a server: the top-level domain, "dns", "addresses"
	Priority float64
	Attempts int // failed ones since the last answer
}

// Queue hands out what is due. Any number of processes may share one.
type Queue interface {
	// Claim takes up to n due tasks of a lane, best first, for the length of lease.
	Claim(ctx context.Context, lane string, n int, lease time.Duration) ([]Claim, error)
	// Lanes tells which lanes have due tasks, and how many.
	Lanes(ctx context.Context) (map[string]int, error)
	// Finish stores the observations of a claim and when it is due again, in one
	// transaction: a kill before it leaves the claim to whoever takes it next.
	Finish(ctx context.Context, done []Done) error
	// Return gives claims back unasked, due at the time given. server is the one that is left
	// alone until then; "" where there is another reason.
	Return(ctx context.Context, claims []Claim, due time.Time, server string) error
}

// Done is a claim that was worked on.
type Done struct {
	Claim
	Observations []Observation
	Due          time.Time // when it should be asked again
	PutOffBy     string    // a server that is left alone until Due and has more to tell; "" for none
}

// Gate keeps all processes on one database below each server's limits. Package polite
// has it.
type Gate interface {
	// Wait returns when one question may be put to server ("host:port"), with a function to
	// be called when it is over. It returns a *BackedOff where that would take long. about
	// names the subject of the question: a server may be unwilling about one subject alone.
	Wait(ctx context.Context, server, about string) (release func(Outcome), err error)
}

// BackedOff says that a server is left alone for now.
type BackedOff struct {
	Server string
	Until  time.Time
	Reason string
}

func (b *BackedOff) Error() string {
	return fmt.Sprintf("%s is left alone until %s: %s", b.Server, b.Until.Format(time.RFC3339), b.Reason)
}
