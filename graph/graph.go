// Package graph groups messages into campaigns by what they share.
//
// In go Messages, the facts that bear on who sent what; out comes a Result: which of
// them belong together, how strong the weakest link of each group is, and what its
// members have in common. Each fact becomes a Feature of a kind, and each kind belongs
// to one group of evidence (content, subject, links, mailer, sending). The messages
// and their features form an incidence, kept as compressed sparse rows; pairs of
// messages are never listed.
//
// Everything here is a pure function of its input: no clock, no randomness, no I/O, no
// order of input, no map iteration that shows. Bits are whole numbers, so that neither
// the processor's rounding nor one unrelated message more moves a link.
//
// It is the first and simple grouping: docs/campaigns.md tells the method and its limits.
package graph

import (
	"net/netip"
	"slices"
)

// Message is what the grouping uses of one message. Zero values mean that the message
// does not say, and are no evidence for or against anything.
type Message struct {
	Key        int64 // identity; unique within one Builder
	Background bool  // wanted mail: counted in every frequency, never a member

	Text          int64 // hash of the normal text, 0 if there is too little of it
	Subject       string
	From          string // address
	ReplyTo       []string
	ReturnPath    string
	ListID        string
	MessageID     string
	MessageIDForm string
	BoundaryForm  string
	MIMESkeleton  string
	HeaderNames   string // joined by ","
	Mailer        string
	Sender        netip.Addr
	HELO          string
	ReverseName   string
	Links         []Link
	Phones        []string
	Mailboxes     []string // addresses in the text, to which the reader is to write
	Attachments   []string // hashes
}

// Link is one URL of a message.
type Link struct {
	URL, Host, Domain string // Domain is the registered domain
	Shared            string // why Domain does not name one owner; "" if it does
}

// Options are the limits of a run; the zero value means Defaults.
type Options struct {
	// LinkBits is what two messages must share, over at least two groups, to be linked.
	LinkBits int
	// LargeShare is the share of all messages (in 1/1000) above which a campaign is
	// looked at again: without a common trait its loosest links are cut.
	LargeShare int
	// Traits is how many common traits of a campaign are kept.
	Traits int
}

// Defaults are what the commands use.
var Defaults = Options{LinkBits: 12, LargeShare: 30, Traits: 12}

func (o Options) withDefaults() Options {
	if o.LinkBits == 0 {
		o.LinkBits = Defaults.LinkBits
	}
	if o.LargeShare == 0 {
		o.LargeShare = Defaults.LargeShare
	}
	if o.Traits == 0 {
		o.Traits = Defaults.Traits
	}
	return o
}

// Result is the outcome of a run.
type Result struct {
	Messages   int // candidates for membership: all but the background
	Background int
	Incidences int
	LinkBits   int        // what two messages had to share in this store
	Campaigns  []Campaign // largest first, then by the smallest key of a member
	SetAside   []Trait    // link domains too common to be evidence, most messages first
}

// Campaign is one group of at least two messages.
type Campaign struct {
	Members []int64 // keys, ascending
	Weakest int     // bits of the weakest link that holds it together
	Traits  []Trait // what its members share, strongest first
}

// Trait is a feature that many members of a campaign share.
type Trait struct {
	Feature
	Members   int // members that have it
	Elsewhere int // other messages that have it, background left out
	Ham       int // background messages that have it
	Bits      int // what sharing it is worth; 0 if it is too common
}

// Group finds the campaigns among the messages that were added.
func (b *Builder) Group(o Options) Result {
	o = o.withDefaults()
	x := b.incidence()
	x.weigh()
	members := x.connect(o)
	r := Result{Messages: x.spam, Background: len(x.keys) - x.spam, Incidences: len(x.rows.to),
		LinkBits: o.LinkBits + caution(len(x.keys))}
	for _, g := range members {
		r.Campaigns = append(r.Campaigns, x.describe(g, o))
	}
	slices.SortFunc(r.Campaigns, largestFirst)
	r.SetAside = x.setAside()
	return r
}

func largestFirst(a, b Campaign) int {
	if d := len(b.Members) - len(a.Members); d != 0 {
		return d
	}
	switch {
	case a.Members[0] < b.Members[0]:
		return -1
	case a.Members[0] > b.Members[0]:
		return 1
	}
	return 0
}
