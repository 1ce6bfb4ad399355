package ingest

import (
	"net/netip"
	"time"

	"spoor/ingest/dsn"
	"spoor/ingest/links"
	"spoor/ingest/received"
)

// Facts holds everything derived from one message. A zero value means that the
// message does not have it. Lengths are bytes unless a comment states another
// unit.
type Facts struct {
	Hash  Hash
	Size  int64
	Class Class

	MessageID     string // without brackets
	Subject       string // decoded (RFC 2047)
	SubjectKey    string // see text.SubjectKey
	From          Address
	Sender        string // address of the Sender field
	ReplyTo       []string
	ReturnPath    string
	To            []string // addresses of To and Cc
	Recipients    []string // recorded by the receiver's own servers (Delivered-To, "for" of Received)
	Date          time.Time
	DateRaw       string
	Mailer        string // X-Mailer, User-Agent or X-Newsreader
	ListID        string
	HeaderNames   string // names in order and case as written, joined by ","; at most 2 KiB
	MIMESkeleton  string // nested media types, e.g. "multipart/alternative(text/plain,text/html)", at most 500 bytes
	BoundaryForm  string // first MIME boundary as a character-class template
	MessageIDForm string // Message-ID as a character-class template
	TextHash      int64  // hash of the body's normal text; 0 if it is too short to compare
	TextLength    int    // runes of the normal text
	TextSketch    []byte // MinHash of the body's words, 64 bytes; nil if there are too few
	HTMLForm      int64  // hash of the order of HTML tags; 0 below 8 tags
	DateForm      string // see dateForm
	Encodings     string // see encodings

	SenderFields  []string // identifying fields of the sender's side, "name: value"
	BoundaryStart string   // of the first MIME boundary, at most 24 bytes
	Invisible     string   // invisible code points and where they occur; see invisible
	Words         []string // sample of the body's words; see package text
	Terms         []string // distinct words of subject and text, in the order of their bytes, at most 1,000
	Report        bool     // a mail server's report, by sender and by structure or prose

	Boundary     int // index into Hops of the receiver's own last hop; -1 if unknown
	SenderAddr   netip.Addr
	HELO         string
	ReverseName  string
	ReverseState received.ReverseState
	ReceivedAt   time.Time // of the boundary hop
	AcceptedBy   string    // the receiver's server that took the message from the sender
	MXPriority   int       // preference of AcceptedBy among the receiver's MX records; -1 if unknown

	Hops      []received.Hop
	Anomalies []received.Anomaly
	Parts     []Part
	Links     []links.Link
	Contacts  []links.Contact
	Defects   []Defect

	Reports  []dsn.Report // one for each recipient if this is a delivery report; nil otherwise
	Returned Returned

	Raw    []byte // the message, zstd-compressed; nil unless it is kept
	RawCut bool   // the message exceeded the size limit, so only its first part was kept
}

// Address is a mailbox of RFC 5322 section 3.4: display name and addr-spec.
type Address struct{ Name, Address string }

// Part is one node of the MIME tree, in the order of the message. Parent is its
// index in Facts.Parts, -1 for the root.
type Part struct {
	Parent      int
	Type        string
	Sniffed     string // media type that the decoded bytes look like
	Charset     string
	Encoding    string
	Disposition string
	Name        string
	Size        int64
	Hash        Hash // SHA-256 of the decoded bytes; zero for multipart nodes
	Attachment  bool
	Outside     string // "preamble", "epilogue", "rest" or "inline" for text that no part declares; "" otherwise
}

// Defect records a departure from the standards. Defects are facts too: kits
// make the same mistakes in every copy.
type Defect struct {
	Code   string
	Part   int // index into Parts; -1 for the header
	Detail string
}
