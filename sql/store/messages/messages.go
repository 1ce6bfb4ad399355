// Package messages reads one stored message in full: its bytes and all that was found in it.
// It reads rows and judges nothing.
package messages

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/klauspost/compress/zstd"

	"spoor/sql/store"
)

// Store holds the messages of a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the messages of db.
func New(db *store.DB) *Store { return &Store{db} }

// Message is a stored message with its facts. The zero value of a field means
// unknown.
type Message struct {
	Head
	Hops      []Hop // newest first
	Anomalies []Anomaly
	Links     []Link
	Contacts  []Contact
	Files     []File
	Places    []Place
}

// Head holds the properties of the message as a whole.
type Head struct {
	Key        int64
	SHA256     string
	Ham        bool
	Size       int64
	ReceivedAt time.Time
	Sender     *netip.Addr
	HELO       string

	ReverseName string
	AcceptedBy  string
	Boundary    int // index of the last hop written by our own servers; -1 if none is trustworthy

	MessageID, FromName, FromAddress string
	ReplyTo, ToAddresses, Recipients []string
	ReturnPath, Date                 string
	Subject, Mailer                  string

	Campaign   int64 // 0: none
	Confidence float64
	Spamrun    int64 // 0: none
	Operation  int64 // 0: none

	// Why it is set aside from campaigns.
	Publisher string // it is an issue of; "": none
	Report    bool   // it is a delivery report
	// Returned is the campaign whose mail a delivery report returns, ReturnedBy
	// the evidence for it; 0: none is known.
	Returned   int64
	ReturnedBy string

	Data []byte // zstd-compressed; nil if the bytes are not kept
	Cut  bool   // only the first part is kept
}

// Hop is one Received field.
type Hop struct {
	N                      int
	At                     time.Time
	Trusted, Authenticated bool
	Address                *netip.Addr
	HELO, ReverseName      string
	ByName                 string
	ByAddress              *netip.Addr
	Protocol, QueueID      string
	Recipient, Syntax, Raw string
}

// Anomaly is a property that is impossible, or that honest servers do not
// write.
type Anomaly struct {
	Hop                    int // -1: about the message
	Code, Reason, Evidence string
}

// Link is one link: its text and its place.
type Link struct {
	URL, Host, Shared, FoundIn, Visible string
	Count                               int64
	Notes                               []string
}

// Contact is an address, a phone number or a wallet.
type Contact struct{ Kind, Value, Raw, FoundIn string }

// File is an attachment. Its name is the sender's claim: never a path to write to.
type File struct {
	N                        int
	Name, MediaType, Sniffed string
	Size                     int64
	SHA256                   string
}

// Place is a source of a message.
type Place struct {
	Path, Name string
	ByteOffset int64
}

// Read returns the message with that key; nil if there is none.
func (s *Store) Read(ctx context.Context, key int64) (*Message, error) {
	heads, err := store.Collect[Head](ctx, s.db, "message_one", key)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	m := &Message{Head: heads[0]}
	for _, read := range []func() error{
		func() (err error) { m.Hops, err = store.Collect[Hop](ctx, s.db, "message_hops", key); return },
		func() (err error) {
			m.Anomalies, err = store.Collect[Anomaly](ctx, s.db, "message_anomalies", key)
			return
		},
		func() (err error) { m.Links, err = store.Collect[Link](ctx, s.db, "message_links", key); return },
		func() (err error) {
			m.Contacts, err = store.Collect[Contact](ctx, s.db, "message_contacts", key)
			return
		},
		func() (err error) { m.Files, err = store.Collect[File](ctx, s.db, "message_files", key); return },
		func() (err error) { m.Places, err = store.Collect[Place](ctx, s.db, "message_places", key); return },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// maxRaw bounds a message as it was received.
const maxRaw = 64 << 20

// Raw returns the message as received, as far as it is kept; nil if it is not.
func (m *Message) Raw() ([]byte, error) {
	if m.Data == nil {
		return nil, nil
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxRaw))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	raw, err := z.DecodeAll(m.Data, nil)
	if err != nil {
		return nil, fmt.Errorf("message %s is damaged in the store: %w", m.SHA256, err)
	}
	return raw, nil
}
