package evidence

// records holds the properties of each kind. The order within a line is that of
// record.
var records = [Kinds]record{
	// The content of a message.
	Text:        {"text", Content, "same text ", Free, Digits, 0, at(Nowhere)},                                     // a hash of the normal text
	SubjectKey:  {"subject", Content, "subject ", Free, Quoted, Telling, fields(subjectOf, "Subject")},             // in normal form (text.SubjectKey)
	SubjectForm: {"subject form", Content, "subject like ", Free, Quoted, 0, fields(subjectOf, "Subject")},         // without tags at its ends
	SubjectWord: {"subject word", Content, "in the subject: ", Free, Plain, Telling, fields(subjectOf, "Subject")}, // one that not everybody writes
	BodyWord:    {"word", Content, "in the text: ", Free, Plain, 0, at(Nowhere)},                                   // of a sample of the text
	Lure:        {"lure", Content, "sells ", Free, Plain, 0, fields(subjectOf, "Subject")},                         // by words of subject and From name
	LureName:    {"lure of the name", Content, "its sender's name sells ", Free, Plain, 0, at(Nowhere)},
	LureText:    {"lure of the text", Content, "its text sells ", Free, Plain, 0, at(Nowhere)}, // by its words
	Invisible:   {"invisible characters", Content, "invisible characters ", Free, Plain, 0, at(Nowhere)},
	Attachment:  {"attachment", Content, "same attachment ", Hash, Digits, 0, at(Attached)},
	FileName:    {"file name", Content, "file ", Free, Quoted, Telling, at(Attached)}, // numbers taken out
	Mailbox:     {"contact address", Content, "write to ", Mail, Plain, Telling, at(BodyText)},
	Phone:       {"phone", Content, "phone ", Telephone, Plain, Telling, at(BodyText)},
	Wallet:      {"wallet", Content, "wallet ", Free, Plain, Telling, at(BodyText)},
	HTMLForm:    {"HTML form", Content, "same HTML skeleton ", Free, Digits, 0, at(Nowhere)},

	// The targets of its links.
	LinkHost:     {"link host", Links, "link host ", Host, Plain, Telling, at(URLs)},
	LinkDomain:   {"link domain", Links, "link ", Host, Plain, Telling, at(URLs)},              // registered domain; the host where it has none
	LinkTenant:   {"link at a shared host", Links, "link ", Page, Customer, Telling, at(URLs)}, // one customer's corner of it
	LinkToken:    {"id in a link", Links, "id in links ", Free, Plain, Telling, at(URLs)},      // of an account, affiliate, mailing or bucket
	LinkPath:     {"link path", Links, "link path like ", Free, Plain, 0, at(URLs)},            // path and parameter names without ids
	LinkPathText: {"link path as it stands", Links, "link path ", Free, Plain, 0, at(URLs)},    //
	LinkHostForm: {"link host form", Links, "link host like ", Free, Plain, 0, at(URLs)},       // its shape
	LinkService:  {"link through the sender's service", Links, "link through the sender's service ", Free, Plain, 0, at(URLs)},
	LinkNumber:   {"number in a link", Links, "number in links ", Free, Plain, Telling, at(URLs)},                          // inside a made-up segment, or a short id
	LinkPicture:  {"picture", Links, "picture ", Free, Plain, Telling, at(Nowhere)},                                        // wherever it lies
	HostNumber:   {"number in a host name", Links, "number in host names ", Free, Plain, 0, at(Nowhere)},                   // a cloud project
	Unsubscribe:  {"unsubscribe address", Links, "to unsubscribe at ", Host, Plain, 0, fields(noFact, "List-Unsubscribe")}, // domain in the header

	// The registration of these.
	Registrant:      {"registrant", Registration, "registrant ", Free, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantOrg:   {"registrant organisation", Registration, "registrant organisation ", Free, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantEmail: {"registrant e-mail", Registration, "registrant e-mail ", Mail, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantPhone: {"registrant phone", Registration, "registrant phone ", Telephone, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantID:    {"registrant handle", Registration, "registrant handle ", Free, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	Registrar:       {"registrar", Registration, "registrar ", Free, Plain, Inherited, Source{Place: DomainAnswers, Labels: []string{"registrar", "sponsoring registrar"}, Unless: []string{"whois", "url", "abuse", "iana", "id", "handle", "email", "phone"}}},
	RegisteredAt:    {"registered at", Registration, "registered ", Free, Moment, Inherited, Source{Place: DomainAnswers, Labels: []string{"creat", "registered", "registration date", "registration time", "domain registration date", "domain create"}}},
	NameServers:     {"name server domain", Registration, "name servers in ", Host, Plain, Inherited | Telling, Source{Place: DomainAnswers, DNS: true}},

	// The hosting of these.
	HostAddress:   {"link host's address", Hosting, "hosted at ", Net, Plain, Inherited, at(AddressAnswers)},
	HostNet:       {"link host's network", Hosting, "hosted in ", Net, Plain, Inherited, at(AddressAnswers)}, // /24, or /48 of IPv6
	HostOwner:     {"link host's netblock owner", Hosting, "hosted by ", Free, Plain, Inherited, at(HostBlocks)},
	HostAS:        {"link host's AS", Hosting, "hosted in AS", Free, Plain, Inherited, at(HostBlocks)},
	ServerAddress: {"name server's address", Hosting, "name server at ", Net, Plain, Inherited, at(AddressAnswers)},

	// The sender.
	FeedbackID:    {"Feedback-ID", Sending, "Feedback-ID ", Free, Plain, Telling, at(Nowhere)}, // a piece of it
	ListID:        {"List-ID", Sending, "List-ID ", Free, Plain, Telling, at(Nowhere)},
	FieldValue:    {"account in a field", Sending, "field ", Free, Plain, Telling, at(Nowhere)},      // a field of the sender's side with an account-like value
	FieldStart:    {"start of a field", Sending, "field begins ", Free, Plain, 0, at(Nowhere)},       // of a longer value
	BounceAccount: {"bounce account", Sending, "bounce account ", Free, Plain, Telling, at(Nowhere)}, // a service's customer in the bounce address
	CloudTenant:   {"cloud tenant", Sending, "cloud tenant ", Free, Plain, Telling, at(Nowhere)},     // onmicrosoft.com, or a CrossTenant id
	Signer:        {"DKIM signer", Sending, "signed by ", Free, Plain, Telling, at(Nowhere)},         // domain and selector
	SenderAddress: {"sender address", Sending, "sent from ", Net, Plain, Telling, at(OwnHop)},
	SenderNet:     {"sender network", Sending, "sent from ", Net, Plain, 0, at(OwnHop)}, // /24, or /48 of IPv6
	SenderOwner:   {"sender's netblock owner", Sending, "sent from the network of ", Free, Plain, Inherited, at(SenderBlock)},
	SenderAS:      {"sender's AS", Sending, "sent from AS", Free, Plain, Inherited, at(SenderBlock)},
	Origin:        {"origin", Sending, "first hop ", Net, Plain, 0, at(LowerHops)}, // an address behind a relay, as a hop below the boundary claims
	HELOName:      {"HELO name", Sending, "HELO name ", Host, Plain, Telling, at(OwnHop)},
	HELOForm:      {"HELO form", Sending, "HELO like ", Free, HELOClass, 0, at(OwnHop)},
	ReverseDomain: {"reverse name's domain", Sending, "reverse name in ", Host, Plain, 0, at(OwnHop)}, // without the first label and numbers
	FromAddress:   {"From address", Sending, "From ", Mail, Plain, Telling, fields(fromOf, "From")},
	FromDomain:    {"From domain", Sending, "From @", Host, Plain, Telling, fields(fromOf, "From")},
	FromForm:      {"From form", Sending, "From like ", Free, Plain, 0, fields(fromOf, "From")}, // shape of the address
	FromName:      {"From name", Sending, "From ", Free, Quoted, Telling, fields(fromOf, "From")},
	BounceDomain:  {"bounce domain", Sending, "bounces to @", Host, Plain, Telling, fields(returnPathOf, "Return-Path")},
	BounceForm:    {"bounce form", Sending, "bounces to the like of ", Free, Plain, 0, fields(returnPathOf, "Return-Path")}, // shape of the address
	ReplyTo:       {"Reply-To", Sending, "Reply-To ", Mail, Plain, Telling, fields(replyToOf, "Reply-To")},
	Spamrun:       {"spamrun", Sending, "one spamrun", Free, Hidden, 0, at(OwnHop)},     // one sender's burst; the grouping gives it
	MXChosen:      {"MX chosen", Sending, "brought to MX ", Free, Plain, 0, at(OwnHop)}, // which of our servers, with its priority

	// The program that wrote it.
	MailerFingerprint: {"mailer fingerprint", Mailer, "same mailer, all of its habits ", Free, Digits, 0, at(FieldOrder)}, // header order, forms and skeleton at once
	MailerCore:        {"mailer core", Mailer, "same mailer ", Free, Digits, 0, at(FieldOrder)},                           // without the forms that depend on the body
	HeaderOrder:       {"header order", Mailer, "header order ", Free, FieldNames, 0, at(FieldOrder)},                     // names, their order and case
	OddHeader:         {"odd header", Mailer, "odd header ", Free, Plain, Telling, at(OddField)},                          // a name that hardly anybody writes
	MessageIDForm:     {"Message-ID form", Mailer, "Message-ID like ", Free, Plain, 0, fields(messageIDOf, "Message-ID")},
	MessageIDHost:     {"Message-ID host", Mailer, "Message-ID @", Host, Plain, 0, fields(messageIDOf, "Message-ID")},        // where it is not the sender's own
	MessageID:         {"Message-ID", Mailer, "Message-ID ", ID, Plain, 0, fields(messageIDOf, "Message-ID")},                // the whole of it, met twice
	MessageIDPart:     {"Message-ID part", Mailer, "in the Message-ID: ", Free, Plain, 0, fields(messageIDOf, "Message-ID")}, // a piece that a program writes into each
	BoundaryForm:      {"boundary form", Mailer, "boundary like ", Free, Plain, 0, fields(skeletonOf, "Content-Type")},
	IDAndBoundary:     {"Message-ID and boundary form", Mailer, "Message-ID and boundary like ", Free, Plain, 0, fields(messageIDOf, "Message-ID", "Content-Type")},
	MailerName:        {"mailer name", Mailer, "X-Mailer ", Free, Plain, Telling, fields(mailerOf, "X-Mailer", "User-Agent")},
	DateForm:          {"date form", Mailer, "Date like ", Free, Plain, 0, fields(noFact, "Date")},
	Encodings:         {"encodings", Mailer, "encodings ", Free, Plain, 0, fields(encodingsOf, "Content-Transfer-Encoding")},
	MIMESkeleton:      {"MIME skeleton", Mailer, "parts ", Free, Plain, 0, fields(skeletonOf, "Content-Type")},
	Report:            {"report", Mailer, "delivery report ", Free, Plain, 0, at(Nowhere)}, // of a mail server
	FieldHabit:        {"field habit", Mailer, "field ", Free, Plain, 0, at(Nowhere)},      // a field with a value that names no account
	BoundaryStart:     {"boundary start", Mailer, "boundary begins ", Free, Plain, 0, at(Nowhere)},
	ForgedHop:         {"forged hop", Mailer, "Received by the sender's side like ", Free, Plain, 0, at(LowerHops)}, // shape of a Received field below the boundary
	BrokenReaders:     {"recipients broken", Mailer, "recipients broken by a leading ", Free, Plain, 0, at(Nowhere)},
	Anomalies:         {"anomalies", Mailer, "anomalies of the header: ", Free, Codes, 0, at(AnomalyDetails)}, // and contradictions, together
}
