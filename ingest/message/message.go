// Package message parses the bytes of one message (RFC 5322, MIME) into header
// fields and parts with decoded text. It is lenient: any bytes yield a Message,
// with a Defect for each departure from the standards. It never panics, runs in
// linear time, and bounds depth, parts and memory.
//
// It is the only package that parses MIME. It does not interpret fields:
// package received parses hops, package links finds URLs.
package message

// Limits of one message. Content beyond them is still counted, hashed if it
// belongs to a part, and reported as a Defect. It is never dropped silently.
const (
	// The root has depth 0. Deeper parts are kept, as siblings of the part at
	// this depth.
	MaxDepth  = 100    // nested multiparts and messages
	MaxParts  = 10_000 // parts of one message
	MaxFields = 20_000 // header fields of one entity
	// Lists of recipients and of references have no bound in RFC 5322, which
	// limits lines only (section 2.1.1).
	MaxFieldBytes = 16 << 20 // one header field
	MaxTextBytes  = 16 << 20 // decoded text kept of one part
	// Screens and keys need the beginning of a value. Raw bytes are complete up
	// to MaxFieldBytes.
	MaxHeaderValue = 64 << 10 // decoded header value kept, in bytes
	MaxDefects     = 1_000    // defects of one message
)

// Message is a parsed message. Its slices point into the parsed bytes, which
// must not change.
type Message struct {
	Header  Header
	Parts   []Part // in order of appearance; Parts[0] is the body of the whole message
	Defects []Defect
}

// Header holds the fields of an entity in their order.
type Header []Field

// Field is one header field as written.
//
// Raw values are kept because the form itself is evidence: programs differ in
// the way they fold and encode. Text and Value return the readable form.
type Field struct {
	Name []byte // as written, without blanks before the colon
	Raw  []byte // value with its folding, without the final line end

	charset string // of the message's text, for raw 8-bit bytes that are not UTF-8
}

// Part is a leaf or inner node of the MIME tree.
//
// The root is Parts[0] even for a message without MIME fields: it is a leaf of
// type text/plain then (RFC 2045 section 5.2). Children follow their parent, so
// Parent is always smaller than the part's own index.
type Part struct {
	Parent      int    // index into Message.Parts; -1 for the root
	Depth       int    // 0 for the root
	Header      Header // nil for the root, whose header is Message.Header
	Type        string // declared media type in lower case ("text/html"); "text/plain" if none
	Charset     string // declared, as written in lower case
	Encoding    string // declared Content-Transfer-Encoding in lower case
	Disposition string // "attachment", "inline", ""
	Name        string // file name from Content-Disposition or Content-Type, decoded (RFC 2231, 2047), as claimed: never a path to write to
	ContentID   string
	Boundary    string
	Sniffed     string   // media type that the decoded bytes look like; "" for multiparts
	Size        int64    // decoded bytes
	SHA256      [32]byte // of the decoded bytes of a leaf
	Text        []byte   // decoded UTF-8 text of text/* leaves and of others displayed as text; else nil
	HTML        bool     // Text is HTML
	Attachment  bool     // leaf or embedded message that a reader would offer to save
	Message     bool     // holds a message: Body is that message once decoded, and its parts follow with this one as Parent
	Outside     string   // "preamble", "epilogue", "rest": text that stands outside of the declared structure; "inline": a file inside a text (uuencode, yEnc)
	Links       []string // URLs that the part bears outside of its text: a PDF's actions, an external body's place
	Body        []byte   // raw bytes, still encoded; for message/rfc822 the embedded message once decoded

	delSp bool // lines are joined without a blank (RFC 3676 section 4.1)
}

// Defect is a departure from the standards. It is kept as a fact, because
// programs break mail in characteristic ways.
type Defect struct {
	Code   string // short and stable: "header-no-colon", "base64-short", "boundary-missing", ...
	Part   int    // index of the part; -1 for the header of the message
	Detail string // the bytes that show it (at most 200, as valid UTF-8), or a count
}

// Parse parses one message and always returns a usable Message. Time is linear
// in len(data), and memory at most a fixed multiple of it.
//
// An encoded message inside a message is decoded and walked again, and may hold
// another. The budget bounds the sum of such bytes by four times the input, so
// that a chain of encodings cannot multiply the work.
func Parse(data []byte) *Message {
	m := &Message{}
	s := &state{m: m, budget: 4*len(data) + 1<<20}
	w := &walker{state: s, data: s.lineEnds(data)}
	w.run(-1, 0)
	m.Header, m.Parts[0].Header = m.Parts[0].Header, nil
	s.finish()
	return m
}

// Get returns the first field with the name, without regard to case, or nil.
// Fields may repeat (RFC 5322 section 3.6 allows it for some, forgers do it for
// all). The first is the one that mail readers show.
func (h Header) Get(name string) *Field {
	for i := range h {
		if equalFold(h[i].Name, name) {
			return &h[i]
		}
	}
	return nil
}

// ParseHeader parses only the header. data may be truncated in the body.
//
// It serves messages returned in reports, the survey for our own servers, and
// masking, none of which needs the body.
func ParseHeader(data []byte) Header {
	s := &state{m: &Message{}}
	w := &walker{state: s, data: s.lineEnds(data[:min(len(data), headerOnlyBytes)])}
	h, _ := w.header(0, true, -1)
	return h
}

// headerOnlyBytes is where ParseHeader stops; no legitimate header is so long.
const headerOnlyBytes = 32 << 20
