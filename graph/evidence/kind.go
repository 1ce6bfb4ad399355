package evidence

// Kind is a kind of feature. Its number is part of every stored Key, also of those that
// people have decided on: a number is never used for another kind, new ones go to the end.
type Kind uint8

// The kinds. What is known of each stands in its record (records.go).
const (
	Text Kind = iota
	SubjectKey
	SubjectForm
	Attachment
	FileName
	Mailbox
	Phone
	Wallet
	HTMLForm
	LinkHost
	LinkDomain
	LinkTenant
	LinkToken
	LinkPath
	LinkHostForm
	Unsubscribe
	Registrant
	RegistrantOrg
	RegistrantEmail
	RegistrantPhone
	RegistrantID
	Registrar
	RegisteredAt
	NameServers
	HostAddress
	HostNet
	HostOwner
	HostAS
	ServerAddress
	SenderAddress
	SenderNet
	SenderOwner
	SenderAS
	Origin
	HELOName
	HELOForm
	ReverseDomain
	FromAddress
	FromDomain
	FromForm
	FromName
	BounceDomain
	BounceForm
	ReplyTo
	Spamrun
	MXChosen
	MailerFingerprint
	MailerCore
	HeaderOrder
	OddHeader
	MessageIDForm
	MessageIDHost
	MessageID
	BoundaryForm
	IDAndBoundary
	MailerName
	DateForm
	Encodings
	MIMESkeleton
	ForgedHop
	BrokenReaders
	MessageIDPart
	Anomalies
	SubjectWord
	LinkPathText
	LinkService
	LinkNumber
	LinkPicture
	FeedbackID
	ListID
	FieldValue
	FieldStart
	FieldHabit
	BounceAccount
	BoundaryStart
	CloudTenant
	HostNumber
	Invisible
	BodyWord
	Signer
	Report
	Kinds // the number of kinds
)

// record holds what is known of a kind before any message is seen.
type record struct {
	name  string // stable: stored, shown and typed
	group Group
	// maxBits is the most that sharing a value can be worth: how easily two strangers have it
	// in common for reasons that no frequency shows (a template that is sold, a brand that is
	// copied, an address that is rented out).
	maxBits float64
	// prior is the number of messages among 512 of strangers that have one value by chance. A
	// value that was never seen starts from it, so that 50 messages can be judged.
	prior  float64
	words  string  // what people read before a value
	form   Form    // how its values are written, and so typed
	show   Showing // how a screen writes a value behind the words
	nature Nature
	source Source
}

// Form is how values of a kind are written. A value of any form but Free has a normal form,
// to which what people type is brought.
type Form uint8

const (
	Free      Form = iota // as the kind will have it
	Host                  // a host or domain
	Net                   // an IP address or network
	Mail                  // a mail address
	Telephone             // a phone number
	Page                  // a host and a path
	Hash                  // a SHA-256
	ID                    // a Message-ID without its brackets
)

// Showing is how a screen writes a value.
type Showing uint8

const (
	Plain      Showing = iota // as it stands
	Quoted                    // in quotation marks: the sender's own words
	Digits                    // the first digits of a hash: they only tell two apart
	Hidden                    // not at all: a number that says nothing to people
	Customer                  // a host, and what names its customer
	Moment                    // registrar, and a window of time (see Domain.Features)
	HELOClass                 // the class of a name in HELO (see helo)
	Codes                     // codes of anomalies
	FieldNames                // header names, joined by ","
)

// Nature holds what is true of all values of a kind, whatever their frequency.
type Nature uint8

const (
	// Habit: all messages of one campaign have one value, as a rule. Of other kinds a campaign
	// has a pool of values, from which it draws.
	Habit Nature = 1 << iota
	// Contact: where the reader is to write, call or pay.
	Contact
	// Copied: strangers copy it from one another, or happen upon it.
	Copied
	// Inherited: messages have it only through the answers of registries and DNS on their
	// domains and addresses.
	Inherited
	// Person: it names a registrant.
	Person
	// Telling: its values say something to people, so that a list of few traits shows it first.
	Telling
)

// String returns the name of the kind, as it is stored, shown and typed.
func (k Kind) String() string {
	if k >= Kinds {
		return "unknown"
	}
	return records[k].name
}

// Group returns the line of argument that the kind belongs to.
func (k Kind) Group() Group { return records[k].group }

// MaxBits is the most that sharing a value of the kind can be worth.
func (k Kind) MaxBits() float64 { return records[k].maxBits }

// PriorCount is the number of messages, of 512 of strangers, that have one value of the kind
// by chance.
func (k Kind) PriorCount() float64 { return records[k].prior }

// Words returns what people read before a value of the kind.
func (k Kind) Words() string { return records[k].words }

// Form returns how values of the kind are written.
func (k Kind) Form() Form { return records[k].form }

// Showing returns how a screen writes values of the kind.
func (k Kind) Showing() Showing { return records[k].show }

// Is reports whether the kind is of such a nature.
func (k Kind) Is(n Nature) bool { return records[k].nature&n != 0 }

// Source returns where in what is stored a value of the kind can be read.
func (k Kind) Source() Source { return records[k].source }

// KindOf returns the kind of a name as String gives it.
func KindOf(name string) (Kind, bool) {
	for k := range Kinds {
		if records[k].name == name {
			return k, true
		}
	}
	return 0, false
}

// Names lists the names of the kinds that fit, in the order of their numbers; nil fits all.
func Names(fits func(Kind) bool) []string {
	var out []string
	for k := range Kinds {
		if fits == nil || fits(k) {
			out = append(out, k.String())
		}
	}
	return out
}
