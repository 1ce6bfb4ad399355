package enrich

import (
	"net/netip"
	"time"
)

// Registration is the answer of a registry or registrar about a domain. Fields
// that the answer lacks are zero. The names of hidden fields are in Redacted,
// and their placeholder text never becomes a value.
type Registration struct {
	Domain      string       `json:"domain,omitempty"`
	Handle      string       `json:"handle,omitempty"` // the registry's id of the domain
	Registrar   Registrar    `json:"registrar,omitzero"`
	Reseller    string       `json:"reseller,omitempty"`
	Registrant  Contact      `json:"registrant,omitzero"`
	Admin       Contact      `json:"admin,omitzero"`
	Tech        Contact      `json:"tech,omitzero"`
	Billing     Contact      `json:"billing,omitzero"`
	Created     time.Time    `json:"created,omitzero"`
	Updated     time.Time    `json:"updated,omitzero"`
	Expires     time.Time    `json:"expires,omitzero"`
	NameServers []NameServer `json:"name_servers,omitempty"`
	Status      []string     `json:"status,omitempty"` // names of EPP (RFC 8056) where known
	DNSSEC      string       `json:"dnssec,omitempty"`
	Redacted    []string     `json:"redacted,omitempty"` // names of hidden fields, such as "registrant.name"
	Privacy     string       `json:"privacy,omitempty"`  // service that replaces the registrant's data
	Refers      string       `json:"refers,omitempty"`   // WHOIS server (host or host:port) that the answer refers to
	Raw         Undated      `json:"raw,omitzero"`       // dates as written
	Anomalies   []string     `json:"oddities,omitempty"` // codes: "phone-country-differs", "free-mail", ...; stored answers have the older key
}

// Undated keeps dates as the answer writes them.
type Undated struct {
	Created string `json:"created,omitempty"`
	Updated string `json:"updated,omitempty"`
	Expires string `json:"expires,omitempty"`
}

// Registrar is the company through which the domain was registered.
type Registrar struct {
	Name       string `json:"name,omitempty"` // as written
	Key        string `json:"key,omitempty"`  // normalised by IANA id or alias table, for comparison
	IANAID     int    `json:"iana_id,omitempty"`
	URL        string `json:"url,omitempty"`
	WHOIS      string `json:"whois,omitempty"`
	AbuseEmail string `json:"abuse_email,omitempty"`
	AbusePhone string `json:"abuse_phone,omitempty"`
}

// Contact is a person or organisation as the answer gives it.
type Contact struct {
	Handle       string    `json:"handle,omitempty"`
	Name         string    `json:"name,omitempty"`
	Organization string    `json:"organization,omitempty"`
	Street       []string  `json:"street,omitempty"`
	City         string    `json:"city,omitempty"`
	Region       string    `json:"region,omitempty"`
	PostalCode   string    `json:"postal_code,omitempty"`
	Country      string    `json:"country,omitempty"`     // ISO 3166-1 alpha-2
	CountryRaw   string    `json:"country_raw,omitempty"` // as written
	Phone        string    `json:"phone,omitempty"`       // E.164 if the country is known
	PhoneRaw     string    `json:"phone_raw,omitempty"`
	PhoneCountry string    `json:"phone_country,omitempty"` // ISO 3166-1 alpha-2
	Fax          string    `json:"fax,omitempty"`
	Email        string    `json:"email,omitempty"`
	Created      time.Time `json:"created,omitzero"`
}

// NameServer is a name server as a registry lists it.
type NameServer struct {
	Host   string       `json:"host"`
	Addrs  []netip.Addr `json:"addrs,omitempty"`
	Handle string       `json:"handle,omitempty"`
}

// Records are the DNS records of a host name.
type Records struct {
	A     []netip.Addr `json:"a,omitempty"`
	AAAA  []netip.Addr `json:"aaaa,omitempty"`
	CNAME []string     `json:"cname,omitempty"` // the chain, in order
	MX    []MX         `json:"mx,omitempty"`
	NS    []NameServer `json:"ns,omitempty"` // with the addresses to which they resolve
	SOA   *SOA         `json:"soa,omitempty"`
	TXT   []string     `json:"txt,omitempty"`
	TTL   uint32       `json:"ttl,omitempty"` // least TTL of all answers, in seconds

	Missing   []string `json:"missing,omitempty"`  // questions without an answer: "MX", "A of ns.example.com"
	Anomalies []string `json:"oddities,omitempty"` // stable codes: "private-address", "cname-loop", "long-cname-chain", "many-records", "null-mx"
}

// MX is a mail exchanger.
type MX struct {
	Preference uint16 `json:"preference"`
	Host       string `json:"host"`
}

// SOA is a zone's start of authority.
type SOA struct {
	Zone, MName, RName string
	Serial             uint32
}

// Reverse is the reverse name of an address.
type Reverse struct {
	Names     []string `json:"names"`
	Confirmed []string `json:"confirmed,omitempty"` // names that resolve back to the address
	Missing   []string `json:"missing,omitempty"`   // questions without an answer: "A of mail.example.com"
}

// Netblock is a range of addresses with its holder.
type Netblock struct {
	First      netip.Addr     `json:"first"`
	Last       netip.Addr     `json:"last"`
	Prefixes   []netip.Prefix `json:"prefixes"` // the range as prefixes
	Handle     string         `json:"handle,omitempty"`
	Name       string         `json:"name,omitempty"`
	Owner      string         `json:"owner,omitempty"`
	Country    string         `json:"country,omitempty"`  // ISO 3166-1 alpha-2
	Registry   string         `json:"registry,omitempty"` // "ripe", "arin", "apnic", "lacnic", "afrinic", "jpnic", "krnic", ...
	Status     string         `json:"status,omitempty"`
	AbuseEmail string         `json:"abuse_email,omitempty"`
	Created    time.Time      `json:"created,omitzero"`
	Updated    time.Time      `json:"updated,omitzero"`
	Refers     string         `json:"refers,omitempty"` // WHOIS or rwhois server with a more specific answer
}

// OriginAS is the autonomous system that announces an address in BGP.
type OriginAS struct {
	ASNs     []uint32     `json:"asns"`
	Prefix   netip.Prefix `json:"prefix"`
	Country  string       `json:"country,omitempty"`
	Registry string       `json:"registry,omitempty"`
	Names    []string     `json:"names,omitempty"` // of the ASNs in their order; "" if unknown
}

// Certificate is a log entry about a certificate that names a domain.
type Certificate struct {
	Names     []string  `json:"names"` // all names that it is valid for
	Issuer    string    `json:"issuer,omitempty"`
	Serial    string    `json:"serial,omitempty"`
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
}
