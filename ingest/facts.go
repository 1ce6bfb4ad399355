package ingest

import (
	"net/netip"
	"time"

	"spoor/ingest/dsn"
	"spoor/ingest/links"
	"spoor/ingest/received"
)

// Facts holds the facts of one message. A zero value means that the message does not tell.
type Facts struct {
	Hash  Hash
	Size  int64
	Class Class

	MessageID     string // without brackets
	Subject       string
	SubjectKey    string // normal form for comparison: without Re:, digits, case, blanks at the ends
	From          Address
	Sender        string // Sender field's address
	ReplyTo       []string
	ReturnPath    string
	To            []string // To and Cc, addresses
	Recipients    []string // envelope recipients that our own servers recorded (Delivered-To, for ...)
	Date          time.Time
	DateRaw       string
	Mailer        string // X-Mailer or User-Agent
	ListID        string
	HeaderNames   string // names in order and case as written, joined by ",", at most 2 KiB: the mailer's habit
	MIMESkeleton  string // nested media types, e.g. "multipart/alternative(text/plain,text/html)", at most 500 bytes
	BoundaryForm  string // first MIME boundary as a character-class template
	MessageIDForm string // Message-ID as a character-class template
	TextHash      int64  // of the normal text of the body; 0 if there is too little to compare
	TextLength    int    // runes of the normal text
	TextSketch    []byte // of the words of the body, 64 bytes; nil if there is too little to compare
	HTMLForm      int64  // hash of the order of tags in its HTML; 0 if there are fewer than 8
	DateForm      string // Date field as a template, at most 80 bytes
	Encodings     string // type, charset and encoding of each text part as written, at most 200 bytes

	SenderFields  []string // identifying fields of the sender's side, "name: value"
	BoundaryStart string   // of the first MIME boundary, at most 24 bytes
	Invisible     string   // code points that a reader does not see, with their places
	Words         []string // sample of the words of the text, by least hash
	Report        bool     // multipart/report (RFC 6522)

	Boundary     int // index into Hops of the last hop of our own; -1 unknown
	SenderAddr   netip.Addr
	HELO         string
	ReverseName  string
	ReverseState received.ReverseState
	ReceivedAt   time.Time // of the boundary hop
	AcceptedBy   string    // our own server that took it from the sender
	MXPriority   int       // of that server among our exchangers; -1 if that was not told

	Hops      []received.Hop
	Anomalies []received.Anomaly
	Parts     []Part
	Links     []links.Link
	Contacts  []links.Contact
	Defects   []Defect

	Reports    []dsn.Report // fate at each recipient, of a delivery report; nil for other messages
	ReturnedID string       // Message-ID of the message that it returns

	Raw    []byte // the message, zstd-compressed; nil if it is not to be kept
	RawCut bool   // only the first part of a message over the size limit was kept
}

// Address is a mailbox: display name and addr-spec.
type Address struct{ Name, Address string }

// Part is one node of the MIME tree.
type Part struct {
	Parent      int
	Type        string
	Sniffed     string
	Charset     string
	Encoding    string
	Disposition string
	Name        string
	Size        int64
	Hash        Hash // of the decoded bytes; zero for inner nodes
	Attachment  bool
	Outside     string // "preamble", "epilogue", "rest", "inline": text that no part declares; "" otherwise
}

// Defect is a departure from the standards, kept as a fact.
type Defect struct {
	Code   string
	Part   int // -1 for the header
	Detail string
}
