package evidence

// records holds the properties of each kind. The numbers were tuned by hand on
// labelled mail (docs/campaigns.md). The order within a line is that of record.
var records = [Kinds]record{
	// What a message says.
	Text:        {"text", Content, 11, 0.25, "same text ", Free, Digits, Habit, at(Nowhere)},                                      // a hash of the normal text
	SubjectKey:  {"subject", Content, 5, 1, "subject ", Free, Quoted, Copied | Telling, fields(subjectOf, "Subject")},             // in normal form (text.SubjectKey)
	SubjectForm: {"subject form", Content, 4, 2, "subject like ", Free, Quoted, Copied, fields(subjectOf, "Subject")},             // without tags at its ends
	SubjectWord: {"subject word", Content, 4, 4, "in the subject: ", Free, Plain, Copied | Telling, fields(subjectOf, "Subject")}, // one that not everybody writes
	BodyWord:    {"word", Content, 3, 8, "in the text: ", Free, Plain, Copied, at(Nowhere)},                                       // of a sample of the text
	Invisible:   {"invisible characters", Content, 4, 4, "invisible characters ", Free, Plain, Habit | Copied, at(Nowhere)},
	Attachment:  {"attachment", Content, 11, 0.25, "same attachment ", Hash, Digits, 0, at(Attached)},
	FileName:    {"file name", Content, 4, 2, "file ", Free, Quoted, Copied | Telling, at(Attached)}, // numbers taken out
	Mailbox:     {"contact address", Content, 11, 0.25, "write to ", Mail, Plain, Contact | Telling, at(BodyText)},
	Phone:       {"phone", Content, 11, 0.25, "phone ", Telephone, Plain, Contact | Telling, at(BodyText)},
	Wallet:      {"wallet", Content, 11, 0.25, "wallet ", Free, Plain, Contact | Telling, at(BodyText)},
	HTMLForm:    {"HTML form", Content, 3, 4, "same HTML skeleton ", Free, Digits, Habit | Copied, at(Nowhere)},

	// Where it leads.
	LinkHost:     {"link host", Links, 10, 0.5, "link host ", Host, Plain, Telling, at(URLs)},
	LinkDomain:   {"link domain", Links, 10, 0.5, "link ", Host, Plain, Telling, at(URLs)},                  // registered domain; the host where it has none
	LinkTenant:   {"link at a shared host", Links, 10, 0.5, "link ", Page, Customer, Telling, at(URLs)},     // one customer's corner of it
	LinkToken:    {"id in a link", Links, 11, 0.25, "id in links ", Free, Plain, Telling, at(URLs)},         // of an account, affiliate, mailing or bucket
	LinkPath:     {"link path", Links, 4, 2, "link path like ", Free, Plain, Habit | Copied, at(URLs)},      // path and parameter names without ids
	LinkPathText: {"link path as it stands", Links, 7, 1, "link path ", Free, Plain, Copied, at(URLs)},      //
	LinkHostForm: {"link host form", Links, 2, 8, "link host like ", Free, Plain, Habit | Copied, at(URLs)}, // its shape
	LinkService:  {"link through the sender's service", Links, 5, 2, "link through the sender's service ", Free, Plain, 0, at(URLs)},
	LinkNumber:   {"number in a link", Links, 8, 1, "number in links ", Free, Plain, Telling, at(URLs)},                               // inside a made-up segment, or a short id
	LinkPicture:  {"picture", Links, 8, 1, "picture ", Free, Plain, Telling, at(Nowhere)},                                             // wherever it lies
	HostNumber:   {"number in a host name", Links, 8, 1, "number in host names ", Free, Plain, 0, at(Nowhere)},                        // a cloud project
	Unsubscribe:  {"unsubscribe address", Links, 6, 1, "to unsubscribe at ", Host, Plain, Copied, fields(noFact, "List-Unsubscribe")}, // domain in the header

	// Who registered that.
	Registrant:      {"registrant", Registration, 9, 0.5, "registrant ", Free, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantOrg:   {"registrant organisation", Registration, 8, 0.5, "registrant organisation ", Free, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantEmail: {"registrant e-mail", Registration, 10, 0.25, "registrant e-mail ", Mail, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantPhone: {"registrant phone", Registration, 10, 0.25, "registrant phone ", Telephone, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	RegistrantID:    {"registrant handle", Registration, 10, 0.25, "registrant handle ", Free, Plain, Inherited | Person | Telling, at(DomainAnswers)},
	Registrar:       {"registrar", Registration, 3, 16, "registrar ", Free, Plain, Habit | Inherited, Source{Place: DomainAnswers, Labels: []string{"registrar", "sponsoring registrar"}, Unless: []string{"whois", "url", "abuse", "iana", "id", "handle", "email", "phone"}}},
	RegisteredAt:    {"registered at", Registration, 9, 0.5, "registered ", Free, Moment, Inherited, Source{Place: DomainAnswers, Labels: []string{"creat", "registered", "registration date", "registration time", "domain registration date", "domain create"}}},
	NameServers:     {"name server domain", Registration, 8, 1, "name servers in ", Host, Plain, Habit | Inherited | Telling, Source{Place: DomainAnswers, DNS: true}},

	// Where that is.
	HostAddress:   {"link host's address", Hosting, 8, 1, "hosted at ", Net, Plain, Inherited, at(AddressAnswers)},
	HostNet:       {"link host's network", Hosting, 6, 2, "hosted in ", Net, Plain, Inherited, at(AddressAnswers)}, // /24, or /48 of IPv6
	HostOwner:     {"link host's netblock owner", Hosting, 4, 8, "hosted by ", Free, Plain, Habit | Inherited, at(HostBlocks)},
	HostAS:        {"link host's AS", Hosting, 3, 16, "hosted in AS", Free, Plain, Habit | Inherited, at(HostBlocks)},
	ServerAddress: {"name server's address", Hosting, 8, 1, "name server at ", Net, Plain, Inherited, at(AddressAnswers)},

	// Who sends it.
	FeedbackID:    {"Feedback-ID", Sending, 8, 1, "Feedback-ID ", Free, Plain, Telling, at(Nowhere)}, // a piece of it
	ListID:        {"List-ID", Sending, 8, 1, "List-ID ", Free, Plain, Telling, at(Nowhere)},
	FieldValue:    {"account in a field", Sending, 8, 1, "field ", Free, Plain, Telling, at(Nowhere)},      // a field of the sender's side with an account-like value
	FieldStart:    {"start of a field", Sending, 5, 4, "field begins ", Free, Plain, 0, at(Nowhere)},       // of a longer value
	BounceAccount: {"bounce account", Sending, 8, 1, "bounce account ", Free, Plain, Telling, at(Nowhere)}, // a service's customer in the bounce address
	CloudTenant:   {"cloud tenant", Sending, 8, 1, "cloud tenant ", Free, Plain, Telling, at(Nowhere)},     // onmicrosoft.com, or a CrossTenant id
	Signer:        {"DKIM signer", Sending, 6, 2, "signed by ", Free, Plain, Telling, at(Nowhere)},         // domain and selector
	SenderAddress: {"sender address", Sending, 8, 0.5, "sent from ", Net, Plain, Telling, at(OwnHop)},
	SenderNet:     {"sender network", Sending, 6, 2, "sent from ", Net, Plain, 0, at(OwnHop)}, // /24, or /48 of IPv6
	SenderOwner:   {"sender's netblock owner", Sending, 4, 8, "sent from the network of ", Free, Plain, Habit | Inherited, at(SenderBlock)},
	SenderAS:      {"sender's AS", Sending, 3, 16, "sent from AS", Free, Plain, Habit | Inherited, at(SenderBlock)},
	Origin:        {"origin", Sending, 8, 0.5, "first hop ", Net, Plain, 0, at(LowerHops)}, // an address behind a relay, as a hop below the boundary claims
	HELOName:      {"HELO name", Sending, 7, 0.5, "HELO name ", Host, Plain, Telling, at(OwnHop)},
	HELOForm:      {"HELO form", Sending, 4, 16, "HELO like ", Free, HELOClass, Habit, at(OwnHop)},
	ReverseDomain: {"reverse name's domain", Sending, 5, 4, "reverse name in ", Host, Plain, Habit, at(OwnHop)}, // without the first label and numbers
	FromAddress:   {"From address", Sending, 8, 0.5, "From ", Mail, Plain, Telling, fields(fromOf, "From")},
	FromDomain:    {"From domain", Sending, 6, 2, "From @", Host, Plain, Habit | Telling, fields(fromOf, "From")},
	FromForm:      {"From form", Sending, 5, 8, "From like ", Free, Plain, Habit, fields(fromOf, "From")}, // shape of the address
	FromName:      {"From name", Sending, 5, 2, "From ", Free, Quoted, Telling, fields(fromOf, "From")},
	BounceDomain:  {"bounce domain", Sending, 6, 2, "bounces to @", Host, Plain, Habit | Telling, fields(returnPathOf, "Return-Path")},
	BounceForm:    {"bounce form", Sending, 5, 4, "bounces to the like of ", Free, Plain, Habit, fields(returnPathOf, "Return-Path")}, // shape of the address
	ReplyTo:       {"Reply-To", Sending, 10, 0.25, "Reply-To ", Mail, Plain, Contact | Telling, fields(replyToOf, "Reply-To")},
	Spamrun:       {"spamrun", Sending, 8, 0.5, "one spamrun", Free, Hidden, 0, at(OwnHop)},         // one sender's burst; the grouping gives it
	MXChosen:      {"MX chosen", Sending, 2, 64, "brought to MX ", Free, Plain, Copied, at(OwnHop)}, // which of our servers, with its priority

	// What program wrote it.
	MailerFingerprint: {"mailer fingerprint", Mailer, 9, 1, "same mailer, all of its habits ", Free, Digits, Habit, at(FieldOrder)}, // header order, forms and skeleton at once
	MailerCore:        {"mailer core", Mailer, 8, 1, "same mailer ", Free, Digits, Habit, at(FieldOrder)},                           // without what depends on the body
	HeaderOrder:       {"header order", Mailer, 6, 4, "header order ", Free, FieldNames, Habit, at(FieldOrder)},                     // names, their order and case
	OddHeader:         {"odd header", Mailer, 7, 2, "odd header ", Free, Plain, Habit | Telling, at(OddField)},                      // a name that hardly anybody writes
	MessageIDForm:     {"Message-ID form", Mailer, 5, 8, "Message-ID like ", Free, Plain, Habit, fields(messageIDOf, "Message-ID")},
	MessageIDHost:     {"Message-ID host", Mailer, 6, 2, "Message-ID @", Host, Plain, Habit, fields(messageIDOf, "Message-ID")},          // where it is not the sender's own
	MessageID:         {"Message-ID", Mailer, 10, 0.25, "Message-ID ", ID, Plain, Habit, fields(messageIDOf, "Message-ID")},              // the whole of it, met twice
	MessageIDPart:     {"Message-ID part", Mailer, 9, 0.5, "in the Message-ID: ", Free, Plain, Habit, fields(messageIDOf, "Message-ID")}, // a piece that a program writes into each
	BoundaryForm:      {"boundary form", Mailer, 5, 8, "boundary like ", Free, Plain, Habit, fields(skeletonOf, "Content-Type")},
	IDAndBoundary:     {"Message-ID and boundary form", Mailer, 7, 2, "Message-ID and boundary like ", Free, Plain, Habit, fields(messageIDOf, "Message-ID", "Content-Type")},
	MailerName:        {"mailer name", Mailer, 4, 8, "X-Mailer ", Free, Plain, Habit | Telling, fields(mailerOf, "X-Mailer", "User-Agent")},
	DateForm:          {"date form", Mailer, 4, 8, "Date like ", Free, Plain, Habit, fields(noFact, "Date")},
	Encodings:         {"encodings", Mailer, 2.5, 48, "encodings ", Free, Plain, Habit, fields(encodingsOf, "Content-Transfer-Encoding")},
	MIMESkeleton:      {"MIME skeleton", Mailer, 2, 64, "parts ", Free, Plain, Habit, fields(skeletonOf, "Content-Type")},
	Report:            {"report", Mailer, 0.5, 64, "delivery report ", Free, Plain, 0, at(Nowhere)}, // multipart/report, or a null sender
	FieldHabit:        {"field habit", Mailer, 5, 8, "field ", Free, Plain, Habit, at(Nowhere)},     // a field with a value that names no account
	BoundaryStart:     {"boundary start", Mailer, 5, 4, "boundary begins ", Free, Plain, Habit, at(Nowhere)},
	ForgedHop:         {"forged hop", Mailer, 7, 1, "Received by the sender's side like ", Free, Plain, Habit, at(LowerHops)}, // shape of a Received field below the boundary
	BrokenReaders:     {"recipients broken", Mailer, 3, 8, "recipients broken by a leading ", Free, Plain, Habit | Copied, at(Nowhere)},
	Anomalies:         {"anomalies", Mailer, 4, 8, "anomalies of the header: ", Free, Codes, Habit, at(AnomalyDetails)}, // and contradictions, together
}
