package graph

// Group is a line of argument. What two messages share within one group counts once,
// by its strongest feature: a host, its domain and its path are one argument, not three.
type Group uint8

const (
	Content Group = iota
	Subject
	Links
	Mailer
	Sending
	groups
)

func (g Group) String() string {
	return [...]string{"content", "subject", "links", "mailer", "sending"}[g]
}

// Kind is a kind of feature.
type Kind uint8

const (
	Text Kind = iota
	Attachment
	Phone
	Mailbox // an address to write to: in the text, or Reply-To
	SubjectText
	LinkDomain
	LinkTenant // one customer's corner of a shared host
	LinkPath   // path and query with what varies taken out
	MailerPrint
	HeaderOrder
	MessageIDBoundary
	MessageIDValue
	MailerName
	SenderAddress
	SenderNet
	HELOName
	HELOForm
	ReverseDomain
	FromAddress
	BounceDomain
	kinds
)

// kind is what is held of a kind before any message is seen.
type kind struct {
	name  string // stable: stored and shown
	group Group
	// ceiling is the most that sharing it can be worth, in bits: how easily two strangers
	// have it in common for reasons that no frequency of ours shows (a template that is
	// sold, a brand that is copied, an address that is rented out).
	ceiling int
	// stray is how many of priorMessages strangers' messages would have the value by
	// chance, in quarters: the frequency that an unseen value starts from, so that a
	// folder of 50 messages can be judged at all.
	stray int
}

// priorMessages is the size of the imagined background that is added to what was seen.
const priorMessages = 512

var kindTable = [kinds]kind{
	Text:              {"text", Content, 11, 1},
	Attachment:        {"attachment", Content, 11, 1},
	Phone:             {"phone", Content, 10, 1},
	Mailbox:           {"contact address", Content, 10, 1},
	SubjectText:       {"subject", Subject, 9, 4},
	LinkDomain:        {"link domain", Links, 10, 2},
	LinkTenant:        {"link at a shared host", Links, 10, 2},
	LinkPath:          {"link path", Links, 7, 4},
	MailerPrint:       {"mailer fingerprint", Mailer, 8, 4},
	HeaderOrder:       {"header order", Mailer, 6, 8},
	MessageIDBoundary: {"Message-ID and boundary form", Mailer, 6, 8},
	MessageIDValue:    {"Message-ID", Mailer, 10, 1},
	MailerName:        {"mailer name", Mailer, 4, 32},
	SenderAddress:     {"sender address", Sending, 8, 2},
	SenderNet:         {"sender network", Sending, 6, 8},
	HELOName:          {"HELO name", Sending, 7, 2},
	HELOForm:          {"HELO form", Sending, 5, 64},
	ReverseDomain:     {"reverse name's domain", Sending, 5, 8},
	FromAddress:       {"From address", Sending, 7, 4},
	BounceDomain:      {"bounce domain", Sending, 5, 8},
}

func (k Kind) String() string { return kindTable[k].name }

// Group returns the line of argument that the kind belongs to.
func (k Kind) Group() Group { return kindTable[k].group }

// Feature is one value of one kind.
type Feature struct {
	Kind  Kind
	Value string
}
