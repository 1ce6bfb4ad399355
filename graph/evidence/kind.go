package evidence

// Kind is a kind of feature. Its number is part of every stored Key, and of
// decisions about features. A number must never be reused; new kinds go to the
// end.
type Kind uint8

// The kinds. Their properties are in records.go.
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
	Lure
	LureName
	LureText
	Kinds // the number of kinds
)

// record holds the fixed properties of a kind. The weight of a value is not
// fixed: package mixture learns it.
type record struct {
	name   string // stored, displayed and typed; never changes
	group  Group
	words  string  // displayed before a value
	form   Form    // how values are written and typed
	show   Showing // how a value is displayed after the words
	nature Nature
	source Source
}

// Form is the notation of a kind's values. Every form but Free has a normal
// form, to which typed values are converted.
type Form uint8

// The forms of values. Package naming reads a value without a kind as every
// form that it fits.
const (
	Free      Form = iota // no notation in common
	Host                  // a host or domain
	Net                   // an IP address or network
	Mail                  // a mail address
	Telephone             // a phone number
	Page                  // a host and a path
	Hash                  // a SHA-256
	ID                    // a Message-ID without its brackets
)

// Showing is the way in which a screen displays a value.
type Showing uint8

// The ways of display.
const (
	Plain      Showing = iota // unchanged
	Quoted                    // in quotation marks: words of the sender
	Digits                    // first digits of a hash, enough to distinguish two
	Hidden                    // not displayed: a number without meaning for people
	Customer                  // a host with the name of its customer
	Moment                    // registrar and time window (see Domain.Features)
	HELOClass                 // class of a HELO name (see helo)
	Codes                     // codes of anomalies
	FieldNames                // header names, joined by ","
)

// Nature holds properties of all values of a kind, rare or frequent.
type Nature uint8

// The properties. A kind may have several.
const (
	// Inherited: messages have it only through answers about their domains and
	// addresses.
	Inherited Nature = 1 << iota
	// Person: it identifies a registrant.
	Person
	// Telling: its values are meaningful to people, so short lists show it
	// first.
	Telling
)

// String returns the name of the kind, as stored, displayed and typed.
func (k Kind) String() string {
	if k >= Kinds {
		return "unknown"
	}
	return records[k].name
}

// Group returns the line of argument to which the kind belongs.
func (k Kind) Group() Group { return records[k].group }

// Words returns the text that precedes a value of the kind.
func (k Kind) Words() string { return records[k].words }

// Form returns the notation of the kind's values.
func (k Kind) Form() Form { return records[k].form }

// Showing returns how a screen displays values of the kind.
func (k Kind) Showing() Showing { return records[k].show }

// Is reports whether the kind has the property n.
func (k Kind) Is(n Nature) bool { return records[k].nature&n != 0 }

// Source returns where a value of the kind is stored in readable form.
func (k Kind) Source() Source { return records[k].source }

// KindOf returns the kind with a name. The search is linear: it serves typed
// words, not messages.
func KindOf(name string) (Kind, bool) {
	for k := range Kinds {
		if records[k].name == name {
			return k, true
		}
	}
	return 0, false
}

// Names lists the names of the kinds for which fits holds, by number; nil means
// all.
func Names(fits func(Kind) bool) []string {
	var out []string
	for k := range Kinds {
		if fits == nil || fits(k) {
			out = append(out, k.String())
		}
	}
	return out
}
