// Package world generates mail whose campaigns and operations are known,
// together with the part of the Internet behind it: registrations, name
// servers, hosts and netblocks.
//
// It is the adversary of the correlator: it is modelled on how unwanted mail is
// made, and does not know how campaigns are found. Its output is the messages
// of a spam folder, the truth about each, and a simnet.World that answers for
// every name and address in them. The same options give the same bytes. The
// package makes no network requests. All people, firms and domains are invented
// at run time; only well-known shared services appear by name, as in the list
// of shared names.
//
// An operation has one to four campaigns. They share the mailer, the pool of
// senders, the registrar, the name servers and the registrants. They differ in
// product, text, ids of links and contacts. The evidence that links the
// messages of a campaign is recorded (Message.Traits) and tested: every message
// of a campaign can be linked to it by an attentive reader.
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

// Class is the kind of a message.
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
	Campaign  string // each newsletter and each single mail is a class of its own
	Operation string
	Issuer    string // a newsletter's publisher
	At        time.Time
	Sender    netip.Addr // that connected to us
	Subject   string
	Link      string  // the link of the message's call; "" without one
	Traits    []Trait // evidence that links it to its campaign; only of campaigns
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
