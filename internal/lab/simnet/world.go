// Package simnet simulates a small Internet on loopback ports for tests:
// resolvers, WHOIS servers of registries and registrars in their own layouts,
// and RDAP servers with bootstrap files. A test declares a World and queries
// its servers over real sockets:
//
//	net := simnet.New(t, simnet.World{
//		Domains: []simnet.Domain{{Name: "spam.com", Registrar: "acme", ...}},
//		Records: []string{"www.spam.com. 300 IN A 192.0.2.7"},
//		Behave:  map[string]simnet.Behaviour{"whois.verisign.test": {Rate: 5}},
//	})
//	dialer := net.Dialer()             // a guard.Dialer in whose world the servers are public
//	... ask net.DNS(), net.WHOIS("com"), net.RDAP("com") ...
//	net.Stats("whois.verisign.test").MaxPerSecond
//
// Every server has a host name, a pretended public address that only Dialer
// knows, and a real address on 127.0.0.1. Answers depend on the World alone, so
// the same question gets the same bytes. Servers may be slow, strict, broken or
// hostile (Behaviour). They count their questions (Stats), so that tests can
// assert politeness.
package simnet

import (
	"net/netip"
	"time"
)

// World is the content of the simulated Internet. The zero value has the
// default registries and regional registries and no data.
type World struct {
	Domains    []Domain
	Records    []string // DNS records in master file format (RFC 1035 section 5.1) with absolute names
	Netblocks  []Netblock
	ASes       []AS
	Registrars []Registrar
	Registries []Registry // nil for DefaultRegistries
	Regional   []Regional // nil for DefaultRegional
	Resolvers  []string   // names of the DNS servers; nil for one, "dns"

	// Invent makes names of the form inv000123.TLD exist in every registry and
	// in DNS (see Invented), for tests with many domains.
	Invent bool

	// TLS makes the bootstrap files contain https URLs; Net.Roots has the
	// authority.
	TLS bool

	Default Behaviour            // of servers that Behave does not list
	Behave  map[string]Behaviour // by server name
	// Special changes the answer to one question at all servers: by domain
	// name, address ("192.0.2.7") or DNS name, in lower case without a trailing
	// dot.
	Special map[string]Behaviour
}

// Domain is a registration. Empty fields are omitted from answers.
type Domain struct {
	Name        string
	Handle      string
	Registrar   string // Key of a Registrar
	Reseller    string
	Registrant  Contact
	Admin       Contact
	Tech        Contact
	Billing     Contact
	Created     time.Time
	Updated     time.Time
	Expires     time.Time
	NameServers []NameServer // DNS has NS records and addresses for them without further Records
	Status      []string     // EPP: "clientTransferProhibited"
	DNSSEC      bool
	Redacted    bool         // contacts are answered as REDACTED FOR PRIVACY, in RDAP by RFC 9537
	Refers      string       // "Registrar WHOIS Server:" of a thin answer, instead of the registrar's own
	Addrs       []netip.Addr // A and AAAA of the domain and of www. below it
	MX          []string     // "10 mail.example.com"
}

// Contact is a person or organisation.
type Contact struct {
	Handle, Name, Organization string
	Street                     []string
	City, Region, PostalCode   string
	Country                    string // ISO 3166-1 alpha-2
	Phone, Fax                 string // EPP form: +48.223895469
	Email                      string
	Created                    time.Time
}

// NameServer is a name server of a domain.
type NameServer struct {
	Host   string
	Addrs  []netip.Addr
	Handle string
}

// Netblock is a range of addresses.
type Netblock struct {
	Prefix     netip.Prefix
	Handle     string // "NET-192-0-2-0-1"; RIPE and others use the range
	Name       string // "EXAMPLE-NET"
	Owner      string
	Country    string
	Registry   string // Key of a Regional: "ripe", "arin", "apnic", "lacnic", "afrinic", "rwhois"
	Status     string // "ASSIGNED PA"
	AbuseEmail string
	Created    time.Time
	Updated    time.Time
	Refers     string // server with a more specific answer: ARIN's ReferralServer and ResourceLink
}

// AS is an autonomous system with its announcements.
type AS struct {
	Number   uint32
	Name     string // "EXAMPLE-AS Example Network"
	Country  string
	Registry string
	Created  time.Time
	Prefixes []netip.Prefix
}

// Registrar sells domains. If the registry is thin, the registrar's WHOIS has
// the contacts.
type Registrar struct {
	Key        string
	Name       string
	IANAID     int
	URL        string
	WHOIS      string // server name; "" for none
	RDAP       string // server name; "" for none
	Layout     Layout // "" for Thick
	AbuseEmail string
	AbusePhone string
}

// Registry answers for top-level domains.
type Registry struct {
	TLDs   []string // "com", "net", "co.uk"
	WHOIS  string   // server name; "" for none
	RDAP   string   // server name; "" for none
	Layout Layout
}

// Regional is a regional Internet registry, or a provider's rwhois server.
type Regional struct {
	Key    string
	WHOIS  string
	RDAP   string
	Layout Layout
}

// Layout is the format of a WHOIS server's answers, including its words for "no
// such domain" and "quota exceeded".
type Layout string

// Layouts of domain registries and registrars.
const (
	Verisign Layout = "verisign" // thin: registrar, dates, name servers
	Thick    Layout = "thick"    // ICANN's registrar format
	PIR      Layout = "pir"      // .org today: ICANN's registry format
	Afilias  Layout = "afilias"  // .info of 2005: Sponsoring Registrar, dates like 30-Dec-2005 09:45:58 UTC
	DENIC    Layout = "denic"    // .de: no registrant, nserver, changed
	Nominet  Layout = "nominet"  // .uk: indented sections
	AFNIC    Layout = "afnic"    // .fr: nic-hdl objects
	TCI      Layout = "tci"      // .ru: person, org, paid-till
	JPRS     Layout = "jprs"     // .jp: [Domain Name] lines
	KRNIC    Layout = "krnic"    // .kr: Korean in EUC-KR, then English
	NICBR    Layout = "nicbr"    // .br: owner, nic-hdl-br, in Latin-1
	SIDN     Layout = "sidn"     // .nl
	EURid    Layout = "eurid"    // .eu
	CNNIC    Layout = "cnnic"    // .cn: ROID, Registration Time
	Old2005  Layout = "old2005"  // a French registrar of 2005: "Registrant / Admin Contact :"
	NetSol   Layout = "netsol"   // a registrar of 2003: indented blocks, "Record expires on 30-Dec-2006."
	IANA     Layout = "iana"     // refers to the registry of a TLD or to a regional registry
)

// Layouts of address registries.
const (
	RIPE    Layout = "ripe"
	ARIN    Layout = "arin"
	APNIC   Layout = "apnic"
	LACNIC  Layout = "lacnic"
	AFRINIC Layout = "afrinic"
	RWhois  Layout = "rwhois" // RFC 2167
)

// Behaviour is the way in which a server treats clients.
type Behaviour struct {
	Latency time.Duration // before each answer
	Rate    float64       // questions in any second; further ones are throttled
	Quota   int           // questions in all; further ones are throttled
	AtOnce  int           // questions in progress; further ones are throttled
	// RetryAfter is sent by RDAP when throttled, in seconds.
	RetryAfter int
	Refuse     bool   // "access denied", 403, REFUSED
	Fault      Fault  // defect of the server
	FaultEvery int    // only every n-th question meets the Fault; 0 for all
	Raw        []byte // answer to send instead of one from the World
	Refers     string // referral in every WHOIS answer, and "related" link in every RDAP answer
	Redirect   string // target of RDAP redirects
}

// Fault is a way of being broken or hostile.
type Fault string

const (
	Dead      Fault = "dead"      // connection refused; UDP silent or ICMP unreachable
	Blackhole Fault = "blackhole" // accepts the question but never answers
	Reset     Fault = "reset"     // resets the connection in the middle of the answer
	Closed    Fault = "closed"    // closes without a byte
	Lame      Fault = "lame"      // SERVFAIL; for WHOIS and RDAP an error of its own (500)
	Endless   Fault = "endless"   // never stops answering
	Drip      Fault = "drip"      // a byte a second
	Binary    Fault = "binary"    // random bytes, NULs and terminal escapes
	Cut       Fault = "cut"       // the answer ends in its last line, a referral, without a newline
	HugeJSON  Fault = "huge-json" // 10 MB
	DeepJSON  Fault = "deep-json" // 100,000 levels
	HTMLPage  Fault = "html"      // an HTML page, in RDAP with status 200

	Truncates     Fault = "truncates"      // DNS: TC and nothing over UDP, whole over TCP
	WrongID       Fault = "wrong-id"       // DNS: only answers with another id
	WrongQuestion Fault = "wrong-question" // DNS: answers to another question
	Spoofed       Fault = "spoofed"        // DNS: a wrong answer with another id first, then the right one
)
