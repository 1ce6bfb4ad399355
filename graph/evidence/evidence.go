// Package evidence defines the evidence in a message: the features that it may
// share with other messages.
//
// A Message, the facts that ingest found, goes in. Features come out, each of a
// Kind, and each kind in one Group. The Key of a feature has 64 bits, so a
// store keeps numbers and clustering touches no strings. Readable values are
// derived again from the facts. Answers of registries and DNS give features too
// (Domain.Features, Address.Features). Messages inherit those through the
// domains of their links and the address of their sender.
//
// Nothing here compares messages or weighs features; packages campaign and
// mixture do. Every function is pure, linear in the size of the message, and
// bounded.
package evidence

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Version is the version of the rules that derive features. Raise it whenever
// the same facts give other features.
const Version = 12

// Message holds the facts of one message. A zero value means that the message
// does not say, which is evidence neither for nor against anything.
type Message struct {
	Key        int64 // primary key
	Ham        bool  // ham: counted in every frequency, never a member
	ReceivedAt time.Time

	Text     int64  // hash of the normal text; 0 if it is too short
	Sketch   []byte // MinHash of the text (package sketch); nil if it is too short
	HTMLForm int64

	Subject       string // as written
	SubjectKey    string // without case, digits and reply prefixes
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
	AcceptedBy   string // the receiver's server that took it
	MXPriority   int    // preference of AcceptedBy; -1 if unknown
	Claims       []Claim

	Links       []Link
	Phones      []string
	Mailboxes   []string // mail addresses in the text
	Wallets     []string
	Attachments []string // hashes
	FileNames   []string // of attachments
	Anomalies   []string // codes

	SenderFields  []string // identifying fields of the sender's side, "name: value"
	BoundaryStart string   // of the first MIME boundary
	Invisible     string   // invisible code points with their places
	Words         []string // sample of the words in the text
	Report        bool     // a mail server's report

	Own // our own hosts and addresses, which are never evidence
}

// Link is one URL of a message.
type Link struct {
	URL, Host, Domain string // Domain is the registered domain
	Shared            string // reason why Domain has many owners; "" if it has one
	Tenant            string
	Found             string // where it was found: "a@href", "img@src", "text", "list-unsubscribe", ...
}

// Claim is a Received field below the trust boundary, which the sender's side
// wrote or forged.
type Claim struct {
	Raw     string     // as written, at most 1,000 bytes
	Address netip.Addr // of the client that it names
}

// Domain holds the answers of registries and DNS about a registered domain.
type Domain struct {
	Name            string
	RegistrantName  string
	RegistrantOrg   string
	RegistrantEmail string
	RegistrantPhone string
	Handle          string
	Registrar       string // key of the registrar
	Privacy         bool   // the registrant is hidden
	Created         time.Time
	NameServers     []string
	Addresses       []netip.Addr // of the domain and its hosts
	ServerAddresses []netip.Addr // of its name servers
}

// Address holds the answers of registries about an address.
type Address struct {
	Addr  netip.Addr
	Block netip.Prefix
	Owner string
	ASN   int64
}

// Knowledge holds the answers about all domains and addresses in mail.
type Knowledge struct {
	Domains   []Domain
	Addresses []Address
}

// Feature is one value of one kind.
type Feature struct {
	Kind  Kind
	Value string
}

// Key identifies a feature: the kind in the top byte, a hash of the value
// below.
type Key uint64

// Kind returns the kind of the feature.
func (k Key) Kind() Kind { return Kind(k >> 56) }

// Value returns the hash of the value, which is the same for every kind.
func (k Key) Value() Key { return k &^ (0xFF << 56) }

// Key returns the key of f.
func (f Feature) Key() Key {
	return Key(uint64(f.Kind)<<56 | xxhash.Sum64String(f.Value)>>8)
}

// Compare orders features by kind and value.
func Compare(a, b Feature) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
}

// Of returns the distinct features of m, ordered by kind and value. Of
// forwarded mail only content and links count, because the rest describes the
// reader who forwarded it. Of mail that a list relayed, the author's addresses
// count, too; server, bounces and header are the list's.
func Of(m *Message) []Feature {
	m = foreign(m)
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

// Keys returns the keys of features, distinct and ascending: the form in which
// the store keeps them and package campaign intersects them.
func Keys(features []Feature) []Key {
	out := make([]Key, len(features))
	for i, f := range features {
		out[i] = f.Key()
	}
	slices.Sort(out)
	return slices.Compact(out)
}
