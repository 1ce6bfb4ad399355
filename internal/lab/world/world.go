// Package world makes mail whose true campaigns and operations are known, and the part of
// the Internet behind it: registrations, name servers, hosts, netblocks.
//
// It is the adversary of the correlator: it knows nothing of how campaigns are found, and
// is built after how unwanted mail is made. Options go in; out come messages as they lie
// in a spam folder, the truth about each, and a simnet.World that answers for every name
// and address in them. The same options give the same bytes. The package asks nobody
// anything, and all people, firms and domains in it are made up when it runs; only
// well-known shared services stand by name, as in the list of shared names.
//
// An operation has one to four campaigns. What its campaigns share says who: mailer,
// pool of senders, registrar, name servers, registrants. What they do not share says what:
// product, text, ids in links, contacts. What holds a campaign together is kept with its
// messages (Message.Traits), and a test follows it: no message is part of a campaign that
// a patient reader could not join it to.
package world

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/simnet"
)

// Grade is how well the operations of a world hide.
type Grade string

const (
	Easy    Grade = "easy"    // most traits of a campaign are stable and its own
	Medium  Grade = "medium"  // rotation, light spinning, some sharing
	Hard    Grade = "hard"    // heavy rotation and spinning, shared kits, botnets and hosts, copied lures
	Mixture Grade = "mixture" // heavy-tailed sizes over operations of all three
)

// Grades are all grades.
func Grades() []Grade { return []Grade{Easy, Medium, Hard, Mixture} }

// Styles is the number of styles of worlds; each shifts the weights of trades and the year.
const Styles = 6

// Options choose a world.
type Options struct {
	Grade    Grade
	Seed     uint64
	Messages int // about that many; 0 for 3000
	Style    int // 1 to Styles; 0 leaves it to the seed
}

// Class is what a message is.
type Class int

const (
	Campaign   Class = iota // spam of a campaign
	Newsletter              // wanted bulk mail
	OneOff                  // personal mail, receipts, notices, lists, and spam that came once
)

func (c Class) String() string { return [...]string{"campaign", "newsletter", "one-off"}[c] }

// Message is one message and the truth about it.
type Message struct {
	Raw       []byte
	ID        string // Message-ID without brackets, unique
	Class     Class
	Campaign  string // newsletters and one-offs are each a class of their own
	Operation string
	Issuer    string // a newsletter's publisher
	At        time.Time
	Sender    netip.Addr // that connected to us
	Subject   string
	Link      string  // the link of the message's call; "" for none
	Traits    []Trait // what joins it to others; of campaigns only
}

// World is a world.
type World struct {
	Options  Options
	Messages []Message // by time of arrival
	Net      simnet.World
	OwnMX    []string // patterns for --own-mx
	MX       []string // for --mx, NAME=PRIORITY
	Clock    time.Time
}

// New makes the world of the options.
func New(o Options) *World {
	if o.Messages <= 0 {
		o.Messages = 3000
	}
	if o.Grade == "" {
		o.Grade = Medium
	}
	b := newBuilder(o)
	b.ground()
	b.crime()
	b.innocence()
	slices.SortStableFunc(b.messages, func(x, y Message) int { return x.At.Compare(y.At) })
	w := &World{Options: b.o, Messages: b.messages, OwnMX: []string{"*." + b.home}, Clock: b.end.AddDate(0, 0, 3)}
	for _, x := range b.exchangers {
		w.MX = append(w.MX, fmt.Sprintf("%s=%d", x.name, x.priority))
	}
	w.Net = simnet.World{
		Domains: b.settle(b.start), Records: b.records, Netblocks: b.blocks, ASes: b.ases, Registrars: b.registrars, Registries: registries(),
	}
	return w
}

// WriteMbox writes the messages as an mbox (the mboxrd variant).
func (w *World) WriteMbox(out io.Writer) error {
	buf := bufio.NewWriterSize(out, 1<<18)
	for _, m := range w.Messages {
		fmt.Fprintf(buf, "From MAILER-DAEMON %s\n", m.At.UTC().Format(time.ANSIC))
		for line := range strings.Lines(string(m.Raw)) {
			if strings.HasPrefix(strings.TrimLeft(line, ">"), "From ") {
				buf.WriteByte('>')
			}
			buf.WriteString(line)
		}
		buf.WriteByte('\n')
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write mbox: %w", err)
	}
	return nil
}

// WriteTruth writes message-id, campaign and operation, separated by tabs.
func (w *World) WriteTruth(out io.Writer) error {
	buf := bufio.NewWriter(out)
	for _, m := range w.Messages {
		fmt.Fprintf(buf, "%s\t%s\t%s\n", m.ID, m.Campaign, m.Operation)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write truth: %w", err)
	}
	return nil
}
