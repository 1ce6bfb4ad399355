package evidence

import "strings"

// Place is the part of what is stored in which a value can be read.
type Place uint8

const (
	_              Place = iota // a record must name one
	Nowhere                     // no one line shows it
	Fields                      // header fields of certain names
	OddField                    // the header field that the value names
	FieldOrder                  // the names of all header fields in order, and the Message-ID
	OwnHop                      // the Received field of our own server
	LowerHops                   // Received fields below it, which the sender's side wrote
	AnomalyDetails              // what was kept with each anomaly
	BodyText                    // the text
	Attached                    // the names and hashes of attachments
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
	// Fact gives the field's content where the message itself was not kept.
	Fact func(*Message) string
	// Labels are beginnings of the label of a line in an answer, in lower case, for values in
	// a normal form that no answer need have; lines whose label has one of Unless are not meant.
	Labels, Unless []string
	DNS            bool // DNS answers show it too (DomainAnswers)
}

// fields names the header fields that show a value.
func fields(fact func(*Message) string, names ...string) Source {
	return Source{Place: Fields, Fields: names, Fact: fact}
}

// at is a source that its place says all of.
func at(p Place) Source { return Source{Place: p} }

func subjectOf(m *Message) string { return m.Subject }

func fromOf(m *Message) string { return m.From }

func returnPathOf(m *Message) string { return m.ReturnPath }

func replyToOf(m *Message) string { return strings.Join(m.ReplyTo, ", ") }

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
