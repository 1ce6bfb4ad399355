// Package message turns the bytes of one message (RFC 5322, MIME) into header fields
// and parts with decoded text. It is lenient: whatever bytes come in, a Message comes
// out, with a Defect for everything that was not as the standards have it. It never
// panics, runs in linear time, and keeps to fixed bounds of depth, parts and memory.
//
// It knows nothing of what fields mean: hops are ingest/received's business, links
// ingest/links'. It is the only package that knows MIME.
package message

// Limits of one message. What lies beyond is still counted, hashed where it belongs to
// a part, and reported as a Defect; it is never silently lost.
const (
	MaxDepth       = 100      // nested multiparts and messages
	MaxParts       = 10_000   // parts of one message
	MaxFields      = 20_000   // header fields of one entity
	MaxFieldBytes  = 16 << 20 // one header field
	MaxTextBytes   = 16 << 20 // decoded text kept of one part
	MaxHeaderValue = 64 << 10 // decoded header value kept, in bytes
	MaxDefects     = 1_000    // defects of one message
)

// Message is a parsed message. Its slices point into the bytes that were parsed.
type Message struct {
	Header  Header
	Parts   []Part // in order of appearance; Parts[0] is the whole message's own body
	Defects []Defect
}

// Header is the fields of an entity in the order in which they stand.
type Header []Field

// Field is one header field, as it stands.
type Field struct {
	Name []byte // as written, case kept, without blanks before the colon
	Raw  []byte // value with its folding, without name, colon and final line end

	charset string // of the message's text, for raw 8-bit bytes that are no UTF-8
}

// Part is a leaf or an inner node of the MIME tree.
type Part struct {
	Parent      int    // index into Message.Parts, -1 for the root
	Depth       int    // 0 for the root
	Header      Header // nil for the root: see Message.Header
	Type        string // declared media type in lower case ("text/html"); "text/plain" where none is declared
	Charset     string // declared, as written in lower case
	Encoding    string // declared Content-Transfer-Encoding in lower case
	Disposition string // "attachment", "inline", ""
	Name        string // file name from Content-Disposition or Content-Type, decoded (RFC 2231, 2047), as claimed: never a path to write to
	ContentID   string
	Boundary    string
	Sniffed     string   // media type that the decoded bytes look like; "" for multiparts
	Size        int64    // decoded bytes
	SHA256      [32]byte // of the decoded bytes of a leaf
	Text        []byte   // decoded UTF-8 text of text/* leaves and of what is shown as text; else nil
	HTML        bool     // Text is HTML
	Attachment  bool     // a leaf or embedded message that a reader would offer to save
	Message     bool     // holds a message: Body is that message once decoded, and its parts follow with this one as Parent
	Outside     string   // "preamble", "epilogue", "rest": text that stands outside of the declared structure; "inline": a file inside a text (uuencode, yEnc)
	Links       []string // URLs that the part bears outside of its text: a PDF's actions, an external body's place
	Body        []byte   // raw bytes, still encoded; for message/rfc822 the embedded message once decoded

	delSp bool // lines are joined without a blank (RFC 3676, 4.1)
}

// Defect is something that is not as the standards have it, kept as a fact: broken mail
// is often broken in its sender's own way.
type Defect struct {
	Code   string // short and stable: "header-no-colon", "base64-short", "boundary-missing", ...
	Part   int    // index of the part, -1 for the header of the message
	Detail string // the bytes that show it (at most 200, made valid UTF-8), or a count
}

// Parse reads one message. It always returns a usable Message. Its time is linear in
// len(data), and it keeps no more than a fixed multiple of it.
func Parse(data []byte) *Message {
	m := &Message{}
	s := &state{m: m, budget: 4*len(data) + 1<<20}
	w := &walker{state: s, data: s.lineEnds(data)}
	w.run(-1, 0)
	m.Header, m.Parts[0].Header = m.Parts[0].Header, nil
	s.finish()
	return m
}

// Get returns the first field of that name, compared without case, or nil.
func (h Header) Get(name string) *Field {
	for i := range h {
		if equalFold(h[i].Name, name) {
			return &h[i]
		}
	}
	return nil
}

// ParseHeader reads only the header of a message, for callers that need no more; data
// may be cut in the body.
func ParseHeader(data []byte) Header {
	s := &state{m: &Message{}}
	w := &walker{state: s, data: s.lineEnds(data[:min(len(data), headerOnlyBytes)])}
	h, _ := w.header(0, true, -1)
	return h
}

// headerOnlyBytes is more than any honest header has; ParseHeader stops there.
const headerOnlyBytes = 32 << 20
