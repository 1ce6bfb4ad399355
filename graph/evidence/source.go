package evidence

import "strings"

// Place is the part of the stored data in which a value can be read.
type Place uint8

// The places. Package explain searches them to show a value in the message or
// answer that contains it.
const (
	_              Place = iota // the zero value is an error: a record must name a place
	Nowhere                     // no single line shows it
	Fields                      // header fields of certain names
	OddField                    // the header field that the value names
	FieldOrder                  // names of all header fields in order, and the Message-ID
	OwnHop                      // Received field of the receiver's own server
	LowerHops                   // Received fields below it, written by the sender's side
	AnomalyDetails              // evidence of each anomaly
	BodyText                    // the text
	Attached                    // names and hashes of attachments
	URLs                        // the URLs
	DomainAnswers               // answers of registries on a linked domain
	AddressAnswers              // DNS answers on linked hosts
	HostBlocks                  // netblocks of linked hosts
	SenderBlock                 // netblock of the sender
)

// Source says where a value can be read.
type Source struct {
	Place  Place
	Fields []string // header fields (Fields)
	// Fact returns the field's content if the message itself was not kept.
	Fact func(*Message) string
	// Labels are prefixes, in lower case, of the label of a line in an answer.
	// They serve for normalised values that the answer does not contain
	// literally. Lines whose label has a prefix in Unless do not count.
	Labels, Unless []string
	DNS            bool // DNS answers contain it too (DomainAnswers)
}

// fields names the header fields that contain a value.
func fields(fact func(*Message) string, names ...string) Source {
	return Source{Place: Fields, Fields: names, Fact: fact}
}

// at returns a Source that needs only a place.
func at(p Place) Source { return Source{Place: p} }

func subjectOf(m *Message) string { return m.Subject }

func fromOf(m *Message) string { return m.From }

func returnPathOf(m *Message) string { return m.ReturnPath }

func replyToOf(m *Message) string { return strings.Join(m.ReplyTo, ", ") }

// messageIDOf returns the Message-ID with the brackets that the header has (RFC
// 5322 section 3.6.4).
func messageIDOf(m *Message) string {
	if m.MessageID == "" {
		return ""
	}
	return "<" + m.MessageID + ">"
}

func skeletonOf(m *Message) string { return m.MIMESkeleton }

func mailerOf(m *Message) string { return m.Mailer }

func encodingsOf(m *Message) string { return m.Encodings }

func noFact(*Message) string { return "" }
