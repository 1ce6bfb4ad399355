package evidence

// Kind is a kind of feature. Its number is stored in keys: new kinds go to the end.
type Kind uint8

const (
	Text            Kind = iota // hash of the normal text
	SubjectKey                  // subject without case, digits, reply prefixes
	SubjectForm                 // the same without what is tagged on at its ends
	Attachment                  // hash of an attached file
	FileName                    // name of an attached file, numbers taken out
	Mailbox                     // an address in the text to write to
	Phone                       //
	Wallet                      //
	HTMLForm                    // skeleton of the HTML
	LinkHost                    //
	LinkDomain                  // registered domain, or the host where it is an address
	LinkTenant                  // one customer's corner of a shared host
	LinkToken                   // an id inside a URL: account, affiliate, mailing, bucket
	LinkPath                    // path and parameter names with ids taken out
	LinkHostForm                // shape of the host name
	Unsubscribe                 // where the header says one may leave
	Registrant                  // name of a registrant
	RegistrantOrg               //
	RegistrantEmail             //
	RegistrantPhone             //
	RegistrantID                // handle
	Registrar                   //
	RegisteredAt                // registrar and ten minutes of creation
	NameServers                 // domain that the name servers stand in
	HostAddress                 // address of a linked host
	HostNet                     // /24 or /48 of it
	HostOwner                   // holder of its netblock
	HostAS                      //
	ServerAddress               // address of a name server
	SenderAddress               //
	SenderNet                   // /24 or /48
	SenderOwner                 // holder of the sender's netblock
	SenderAS                    //
	Origin                      // address behind a relay, as a hop below the boundary claims
	HELOName                    //
	HELOForm                    //
	ReverseDomain               // reverse name without its first label, numbers taken out
	FromAddress                 //
	FromDomain                  //
	FromForm                    // shape of the From address
	FromName                    //
	BounceDomain                //
	BounceForm                  // shape of the bounce address
	ReplyTo                     //
	Spamrun                     // one sender's burst; given by the grouping
	MXChosen                    // which of our mail exchangers it was brought to, with its priority
	MailerPrint                 // everything below about the mailer at once
	MailerCore                  // the same without what depends on the body
	HeaderOrder                 // header names, their order and case
	HeaderOdd                   // a header name that hardly anybody writes
	MessageIDForm               //
	MessageIDHost               // host in the Message-ID, where it is not the sender's own
	MessageID                   // the whole of it, met twice
	BoundaryForm                //
	IDAndBoundary               // the two together
	MailerName                  // X-Mailer
	DateForm                    //
	Encodings                   //
	MIMESkeleton                //
	ForgedHop                   // shape of a Received field below the boundary
	BrokenReaders               // how its recipients' addresses are damaged
	MessageIDPart               // a piece of the Message-ID that a program writes into each
	Oddities                    // anomalies and contradictions of the header, together
	SubjectWord                 // a word of the subject that not everybody writes
	LinkPathText                // path as it stands
	LinkService                 // domain of the service that sends it, where links lead through that
	Kinds                       // how many there are
)

// describe is what is held of a kind before any message is seen.
type describe struct {
	name  string // stable: stored, shown and typed
	group Group
	// ceiling is the most that sharing it can be worth, in bits: how easily two strangers
	// have it in common for reasons that no frequency of ours shows (a template that is
	// sold, a brand that is copied, an address that is rented out).
	ceiling float64
	// stray is how many of 512 strangers' messages would have one value by chance: the
	// frequency that an unseen value starts from, so that 50 messages can be judged.
	stray float64
}

var kinds = [Kinds]describe{
	Text:            {"text", Content, 11, 0.25},
	SubjectKey:      {"subject", Content, 5, 1},
	SubjectForm:     {"subject form", Content, 4, 2},
	Attachment:      {"attachment", Content, 11, 0.25},
	FileName:        {"file name", Content, 4, 2},
	Mailbox:         {"contact address", Content, 11, 0.25},
	Phone:           {"phone", Content, 11, 0.25},
	Wallet:          {"wallet", Content, 11, 0.25},
	HTMLForm:        {"HTML form", Content, 3, 4},
	LinkHost:        {"link host", Links, 10, 0.5},
	LinkDomain:      {"link domain", Links, 10, 0.5},
	LinkTenant:      {"link at a shared host", Links, 10, 0.5},
	LinkToken:       {"id in a link", Links, 11, 0.25},
	LinkPath:        {"link path", Links, 4, 2},
	LinkHostForm:    {"link host form", Links, 2, 8},
	Unsubscribe:     {"unsubscribe address", Links, 6, 1},
	Registrant:      {"registrant", Registration, 9, 0.5},
	RegistrantOrg:   {"registrant organisation", Registration, 8, 0.5},
	RegistrantEmail: {"registrant e-mail", Registration, 10, 0.25},
	RegistrantPhone: {"registrant phone", Registration, 10, 0.25},
	RegistrantID:    {"registrant handle", Registration, 10, 0.25},
	Registrar:       {"registrar", Registration, 3, 16},
	RegisteredAt:    {"registered at", Registration, 9, 0.5},
	NameServers:     {"name server domain", Registration, 8, 1},
	HostAddress:     {"link host's address", Hosting, 8, 1},
	HostNet:         {"link host's network", Hosting, 6, 2},
	HostOwner:       {"link host's netblock owner", Hosting, 4, 8},
	HostAS:          {"link host's AS", Hosting, 3, 16},
	ServerAddress:   {"name server's address", Hosting, 8, 1},
	SenderAddress:   {"sender address", Sending, 8, 0.5},
	SenderNet:       {"sender network", Sending, 6, 2},
	SenderOwner:     {"sender's netblock owner", Sending, 4, 8},
	SenderAS:        {"sender's AS", Sending, 3, 16},
	Origin:          {"origin", Sending, 8, 0.5},
	HELOName:        {"HELO name", Sending, 7, 0.5},
	HELOForm:        {"HELO form", Sending, 4, 16},
	ReverseDomain:   {"reverse name's domain", Sending, 5, 4},
	FromAddress:     {"From address", Sending, 8, 0.5},
	FromDomain:      {"From domain", Sending, 6, 2},
	FromForm:        {"From form", Sending, 5, 8},
	FromName:        {"From name", Sending, 5, 2},
	BounceDomain:    {"bounce domain", Sending, 6, 2},
	BounceForm:      {"bounce form", Sending, 5, 4},
	ReplyTo:         {"Reply-To", Sending, 10, 0.25},
	Spamrun:         {"spamrun", Sending, 8, 0.5},
	MXChosen:        {"MX chosen", Sending, 2, 64},
	MailerPrint:     {"mailer fingerprint", Mailer, 9, 1},
	MailerCore:      {"mailer core", Mailer, 8, 1},
	HeaderOrder:     {"header order", Mailer, 6, 4},
	HeaderOdd:       {"odd header", Mailer, 7, 2},
	MessageIDForm:   {"Message-ID form", Mailer, 5, 8},
	MessageIDHost:   {"Message-ID host", Mailer, 6, 2},
	MessageID:       {"Message-ID", Mailer, 10, 0.25},
	BoundaryForm:    {"boundary form", Mailer, 5, 8},
	IDAndBoundary:   {"Message-ID and boundary form", Mailer, 7, 2},
	MailerName:      {"mailer name", Mailer, 4, 8},
	DateForm:        {"date form", Mailer, 4, 8},
	Encodings:       {"encodings", Mailer, 2.5, 48},
	MIMESkeleton:    {"MIME skeleton", Mailer, 2, 64},
	ForgedHop:       {"forged hop", Mailer, 7, 1},
	BrokenReaders:   {"recipients broken", Mailer, 3, 8},
	LinkService:     {"link through the sender's service", Links, 5, 2},
	SubjectWord:     {"subject word", Content, 4, 4},
	LinkPathText:    {"link path as it stands", Links, 7, 1},
	MessageIDPart:   {"Message-ID part", Mailer, 9, 0.5},
	Oddities:        {"oddities", Mailer, 4, 8},
}

// String returns the name of the kind, as it is stored, shown and typed.
func (k Kind) String() string {
	if k >= Kinds {
		return "unknown"
	}
	return kinds[k].name
}

// Group returns the line of argument that the kind belongs to.
func (k Kind) Group() Group { return kinds[k].group }

// Ceiling is the most bits that sharing a value of the kind can be worth.
func (k Kind) Ceiling() float64 { return kinds[k].ceiling }

// Stray is how many of 512 strangers' messages have one value of the kind by chance.
func (k Kind) Stray() float64 { return kinds[k].stray }

// KindOf returns the kind of a name as String gives it.
func KindOf(name string) (Kind, bool) {
	for k := range Kinds {
		if kinds[k].name == name {
			return k, true
		}
	}
	return 0, false
}
