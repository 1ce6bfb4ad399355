// Package logworld writes days of mail logs with known truth: the bursts and
// their senders, recipients, refusals, and the origin of each damaged
// recipient. Parsers, the finder of runs and the explanation of recipients are
// scored against it.
//
// A World has one domain, two MX of which the second is less well guarded,
// users, and correspondents. Spammers send bursts among the ordinary mail, of
// kinds that are hard to distinguish: see Mixture. The same seed makes the same
// world. All names and addresses are reserved ones.
package logworld

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Server identifies the server of a log.
type Server string

// Servers whose logs are written.
const (
	Postfix Server = "postfix"
	Exim    Server = "exim"
)

// Options choose a world.
type Options struct {
	Seed    uint64
	Server  Server
	Days    int
	Day     int  // of the first day, from 0
	Users   int  // of the domain
	Mail    int  // ordinary mails a day
	Mixture      // runs of each kind a day
	Filter  bool // the first MX has a content filter behind Postfix
	LongIDs bool // of Postfix
	Style        // of senders
	RFC3339 bool // stamps with zone and fraction, else RFC 3164 in UTC
}

// Mixture counts the runs of a day by kind.
type Mixture struct {
	Plain       int
	RefusedOnly int // by a blocklist: nothing of it is stored
	Paired      int // pairs of bursts of one sender, 15 to 40 minutes apart
	Slow        int // one mail each few minutes, for hours
	Hijacked    int // bursts through a relay with ordinary mail of its own
	Coordinated int // groups of senders that split the recipients among them
	Greylisted  int // each recipient is put off first and tried again
}

// Small is a mixture for tests.
var Small = Options{Seed: 1, Server: Postfix, Days: 1, Users: 300, Mail: 600, Filter: true,
	Mixture: Mixture{Plain: 4, RefusedOnly: 2, Paired: 2, Slow: 2, Hijacked: 2, Coordinated: 2, Greylisted: 2}}

// Attempt is the truth of one recipient that a client named.
type Attempt struct {
	At        time.Time // in whole seconds
	Server    string
	Client    netip.Addr
	Sender    string
	Recipient string
	Verdict   string // accepted, refused, deferred
	Outcome   string // of accepted ones
	MessageID string
	Delivery  int    // SMTP transaction
	Run       int    // spamrun, from 1; 0: ordinary mail
	RunKind   string // plain, refused_only, paired, slow, hijacked, greylisted, coordinated
	Group     int    // of senders that do the same together; 0: alone
	Kind      string // of recipient, see Kinds
	MadeFrom  string // whole address; "" if it has no original
}

// World is a world with its logs.
type World struct {
	Options
	Domain   string
	Users    []string // local parts
	Former   []string // that existed earlier
	Attempts []Attempt
	logs     map[string][]logLine

	dice      *rand.Rand
	greylists int       // per cent of the ordinary mail that is put off first
	crews     []manner  // of a drawn world
	traffic   []traffic // of a drawn world
	agents              // of a world of agents
	runs      int
	groups    int
	mails     int
	sessions  int
	start     time.Time
}

// logLine is a line before the lines of all servers are sorted by time.
type logLine struct {
	at   time.Time
	text string
}

// New makes a world.
func New(o Options) *World {
	w := &World{Options: o, Domain: "own.example", logs: map[string][]logLine{}, dice: rand.New(rand.NewPCG(o.Seed, 0x10c))}
	all := users(w.dice, o.Users+o.Users/10)
	w.Users, w.Former = all[:o.Users], all[o.Users:]
	w.draw()
	w.recruit()
	w.start = time.Date(2024, 3, 4+o.Day, 0, 0, 0, 0, time.UTC)
	for day := range o.Days {
		w.day(w.start.AddDate(0, 0, day))
	}
	for _, l := range w.logs {
		slices.SortStableFunc(l, func(a, b logLine) int { return a.at.Compare(b.at) })
	}
	slices.SortStableFunc(w.Attempts, func(a, b Attempt) int { return a.At.Compare(b.At) })
	return w
}

// End is when the logs were written.
func (w *World) End() time.Time { return w.start.AddDate(0, 0, w.Days).Add(6 * time.Hour) }

// Log returns the log of a server: "mx1" or "mx2".
func (w *World) Log(server string) string {
	var b strings.Builder
	for _, l := range w.logs[server] {
		if w.Server == Exim {
			b.WriteString(l.at.Format("2006-01-02 15:04:05"))
		} else if w.RFC3339 {
			b.WriteString(l.at.Format("2006-01-02T15:04:05.000000Z07:00") + " " + server)
		} else {
			b.WriteString(l.at.Format(time.Stamp) + " " + server)
		}
		b.WriteByte(' ')
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	return b.String()
}

// Servers names the servers.
func (w *World) Servers() []string { return []string{"mx1", "mx2"} }

// UserList returns the users as whole addresses.
func (w *World) UserList() []string { return w.whole(w.Users) }

// FormerList returns those that existed earlier.
func (w *World) FormerList() []string { return w.whole(w.Former) }

// whole adds the domain.
func (w *World) whole(locals []string) (all []string) {
	for _, u := range locals {
		all = append(all, u+"@"+w.Domain)
	}
	return all
}
