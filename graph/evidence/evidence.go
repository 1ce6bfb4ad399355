// Package evidence says what a message offers as evidence: the features that it may
// share with others.
//
// In goes a Message, the facts that ingest found; out come Features, each of a Kind, each
// kind in one Group of evidence. A feature's Key is 64 bits wide, so that a store keeps
// numbers and the grouping never touches a string; the values are derived anew from the
// facts where people want to read them. What the registries and DNS say of a domain or an
// address gives features too (Domain.Features, Address.Features); messages inherit them
// through the domains that they link to and the address that sent them.
//
// Nothing here compares messages, and nothing is weighed: that is package graph. All is a
// pure function of the message, linear in its size and bounded.
package evidence

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Version names the rules by which features are derived. It rises whenever the same
// facts would give others.
const Version = 6

// Message is what the facts say of one message. Zero values mean that it does not say,
// and are no evidence for or against anything.
type Message struct {
	Key        int64 // identity
	Background bool  // wanted mail: counted in every frequency, never a member
	ReceivedAt time.Time

	Text     int64  // hash of the normal text, 0 if there is too little of it
	Sketch   []byte // of the text, by package sketch; nil if there is too little
	HTMLForm int64

	Subject       string // as it stands
	SubjectKey    string // without case, digits, Re:
	FromName      string
	From          string // address
	ReplyTo       []string
	ReturnPath    string
	Readers       []string // To, Cc and envelope recipients
	ListID        string
	MessageID     string
	MessageIDForm string
	BoundaryForm  string
	MIMESkeleton  string
	Encodings     string
	HeaderNames   string // joined by ","
	Mailer        string
	DateForm      string

	Sender       netip.Addr
	HELO         string
	ReverseName  string
	ReverseState string // "given", "unknown", ""
	AcceptedBy   string // our own server that took it
	MXPriority   int    // of that server; -1 if unknown
	Claims       []Claim

	Links       []Link
	Phones      []string
	Mailboxes   []string // addresses in the text, to which the reader is to write
	Wallets     []string
	Attachments []string // hashes
	FileNames   []string // of attachments
	Anomalies   []string // codes

	SenderFields  []string // identifying fields of the sender's side, "name: value"
	BoundaryStart string   // of the first MIME boundary
	Invisible     string   // code points that a reader does not see, with their places
	Words         []string // sample of the words of the text
	Report        bool     // multipart/report, or a null sender
}

// Link is one URL of a message.
type Link struct {
	URL, Host, Domain string // Domain is the registered domain
	Shared            string // why Domain does not name one owner; "" if it does
	Tenant            string
	Found             string // where it stood: "a@href", "img@src", "text", "list-unsubscribe", ...
}

// Claim is a Received field below the trust boundary: written by the sender's side, or
// forged.
type Claim struct {
	Raw     string     // as it stands, at most 1,000 bytes
	Address netip.Addr // of the client that it names
}

// Domain is what registries and DNS say of a registered domain.
type Domain struct {
	Name            string
	RegistrantName  string
	RegistrantOrg   string
	RegistrantEmail string
	RegistrantPhone string
	Handle          string
	Registrar       string // key of the registrar
	Privacy         bool   // registrant hidden
	Created         time.Time
	NameServers     []string
	Addresses       []netip.Addr // of the domain and its hosts
	ServerAddresses []netip.Addr // of its name servers
}

// Address is what registries say of an address.
type Address struct {
	Addr  netip.Addr
	Block netip.Prefix
	Owner string
	ASN   int64
}

// Knowledge is what registries and DNS say of the domains and addresses that occur in mail.
type Knowledge struct {
	Domains   []Domain
	Addresses []Address
}

// Feature is one value of one kind.
type Feature struct {
	Kind  Kind
	Value string
}

// Key names a feature: its kind in the top byte, a hash of its value below.
type Key uint64

// Kind returns the kind of the feature that k names.
func (k Key) Kind() Kind { return Kind(k >> 56) }

// Key returns the key of f.
func (f Feature) Key() Key {
	return Key(uint64(f.Kind)<<56 | xxhash.Sum64String(f.Value)>>8)
}

// Compare orders features by kind and value.
func Compare(a, b Feature) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
}

// Of returns the features of m, distinct, ordered by kind and value.
func Of(m *Message) []Feature {
	c := collector{}
	c.content(m)
	c.links(m)
	c.linkIdentifiers(m)
	c.textIdentifiers(m)
	if m.Report {
		c.put(Report, "report")
	}
	switch {
	case forwarded(m):
	case relayed(m):
		c.from(m)
		c.replies(m)
	default:
		c.sending(m)
		c.mailer(m)
		c.fieldIdentifiers(m)
	}
	slices.SortFunc(c.out, Compare)
	return slices.Compact(c.out)
}

// Keys returns the keys of features, distinct and ascending.
func Keys(features []Feature) []Key {
	out := make([]Key, len(features))
	for i, f := range features {
		out[i] = f.Key()
	}
	slices.Sort(out)
	return slices.Compact(out)
}
