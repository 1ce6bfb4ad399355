// Package dossier describes one campaign in full for those who pass it on:
// exports, abuse reports and evidence packs.
//
// It holds data only; package sql/store/dossiers fills it. Texts are as mail
// and registries wrote them, so each writer must escape them for its format.
// Zero values mean unknown.
package dossier

import (
	"net/netip"
	"strconv"
	"time"

	"spoor/internal/block"
)

// Campaign holds everything that is passed on about one campaign.
type Campaign struct {
	ID   int64  // id in this store
	Key  string // SHA-256 of its first message in hex, which identifies it in other stores
	Name string // name that people gave it, else one from its own words

	FirstSeen, LastSeen time.Time
	Found               time.Time // first run that found it
	AsOf                time.Time // last run or decision that may have changed it
	Members             int64
	Confidence          float64 // mean over its members, 0 to 1
	WeakestBits         float64

	Traits     []Trait
	Indicators []Indicator
	Senders    []Sender
	Domains    []Domain
	Hosts      []Host
	Messages   []Message
	Runs       []Run
}

// Label is the campaign's id as displayed.
func (c *Campaign) Label() string { return "c" + strconv.FormatInt(c.ID, 10) }

// Title is the label with the name, if there is one.
func (c *Campaign) Title() string {
	if c.Name == "" {
		return c.Label()
	}
	return c.Label() + ": " + c.Name
}

// Kind is the kind of an indicator.
type Kind string

// Kinds of indicators.
const (
	LinkDomain Kind = "domain"  // registered domain in links
	LinkHost   Kind = "host"    // host or address in links
	URL        Kind = "url"     // normalised
	SenderIP   Kind = "sender"  // address that connected to our servers
	HELO       Kind = "helo"    // HELO name
	Subject    Kind = "subject" // decoded
	FromMail   Kind = "from"    // address in From, a claim
	Contact    Kind = "mail"    // mail address for replies of the reader
	Phone      Kind = "phone"
	Wallet     Kind = "wallet"
	File       Kind = "file" // SHA-256 of an attachment
	Mailer     Kind = "mailer"
)

// Kinds lists them in the order in which they are written.
func Kinds() []Kind {
	return []Kind{LinkDomain, LinkHost, URL, SenderIP, HELO, Subject, FromMail, Contact, Phone, Wallet, File, Mailer}
}

// Indicator is one property by which mail of the campaign can be recognised.
type Indicator struct {
	Kind               Kind
	Value              string
	Members, Spam, Ham int64 // messages of the campaign, all spam, ham
	FirstSeen          time.Time
	LastSeen           time.Time
	Shared             string // kind of shared service; "" if none is known
	Own                bool   // it belongs to the receiver
	Verdict            block.Verdict
}

// Share is the campaign's part of all mail with the indicator, 0 to 1. It
// serves as confidence that the indicator means this campaign.
func (i *Indicator) Share() float64 {
	if all := i.Spam + i.Ham; all > 0 {
		return min(float64(i.Members)/float64(all), 1)
	}
	return 0
}

// Trait is a feature that holds the campaign together, with the correlator's
// weight.
type Trait struct {
	Evidence, Kind, Value   string
	Members, Elsewhere, Ham int64
	Bits                    float64
}

// Sender is an address that sent members, with its registration data.
type Sender struct {
	Addr                netip.Addr
	Messages            int64
	HELO, ReverseName   string
	Nameless            bool // our own servers looked for a reverse name and found none
	FirstSeen, LastSeen time.Time
	Network
}

// Network is the registration data of an address.
type Network struct {
	Netblock            netip.Prefix // invalid if unknown
	NetName             string
	Owner               string
	Country             string
	ASN                 int64 // 0 if unknown
	ASName              string
	AbuseMail           string
	Registry            string
	LookedUp, Confirmed time.Time
}

// Domain is a registered domain to which members link, with its registration.
type Domain struct {
	Name           string
	Members        int64
	Shared         string
	State          string
	Registrar      string
	RegistrarKey   string // its one normal name
	RegistrarAbuse string
	RegistrantName string
	RegistrantOrg  string
	RegistrantMail string
	Created        time.Time
	Expires        time.Time
	LookedUp       time.Time
	NameServers    []string
	// FirstSeen and LastSeen refer to mail with links to it.
	FirstSeen, LastSeen time.Time
}

// Host is a name with an address that it had: a link host or a name server.
type Host struct {
	Name        string
	NameServer  bool
	Addr        netip.Addr
	Since, Till time.Time // observed; Till is zero while it still holds
	Network
}

// Message is a member.
type Message struct {
	SHA256      string
	MessageID   string
	Received    time.Time
	Date        time.Time
	FromName    string
	FromAddress string
	Subject     string
	Sender      netip.Addr // invalid if unknown
	Port        int        // source port of the connection; 0 if no server recorded it
	ReturnPath  string
	HELO        string
	Mailer      string
	Confidence  float64
	Size        int64
	Parts       []Part
}

// Multipart reports whether the message has several parts.
func (m *Message) Multipart() bool { return len(m.Parts) > 1 }

// Part is a leaf of a message's MIME tree.
type Part struct {
	Type       string
	Name       string
	SHA256     string
	Size       int64
	Attachment bool
}

// Run is a spamrun: a burst of one sender.
type Run struct {
	Sender     netip.Addr
	Start, End time.Time
	Messages   int64
}
