package labelled

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/simnet"
)

// Registries are the answers of a world: the content of world.json.
//
// Keys of maps are names in lower case and addresses as netip writes them.
// Times are seconds since 1970.
type Registries struct {
	Meta       Meta                 `json:"meta"`
	Domains    map[string]*Domain   `json:"domains"` // registrations and their zones
	Hosts      map[string][]string  `json:"hosts"`   // addresses of host names
	IPs        map[string]IP        `json:"ips"`
	Nets       []Net                `json:"nets"`
	Net6       []Net                `json:"net6"`
	ASNs       map[string]string    `json:"asns"`
	TLDs       map[string]TLD       `json:"tlds"`
	Registrars map[string]Registrar `json:"registrars"`
	Faults     map[string]string    `json:"faults"`
}

// Meta describes the world and the receiver's part of it.
type Meta struct {
	Seed      string   `json:"seed"`
	Preset    string   `json:"preset"`
	Messages  int      `json:"messages"`
	Campaigns int      `json:"campaigns"`
	Epoch     int64    `json:"epoch"`
	Own       []string `json:"own"` // domains of the receiver
	MX        []string `json:"mx"`  // hosts of the receiver that accept mail
}

// Domain is a registration with the zone of the domain.
type Domain struct {
	NS         []string   `json:"ns"`
	A          []string   `json:"a"`
	AAAA       []string   `json:"aaaa"`
	MX         []MX       `json:"mx"`
	SOA        SOA        `json:"soa"`
	TXT        []string   `json:"txt"`
	Created    int64      `json:"created"`
	Updated    int64      `json:"updated"`
	Expires    int64      `json:"expires"`
	Registrar  string     `json:"registrar"`
	Registrant Registrant `json:"registrant"`
	Privacy    *Privacy   `json:"privacy"`
	DNS        string     `json:"dns"`   // "ok", "nxdomain", "servfail", ...
	WHOIS      string     `json:"whois"` // "ok", "nomatch", "quota"
	WWW        string     `json:"cname_www,omitempty"`
}

// SOA is the start of authority (RFC 1035 section 3.3.13).
type SOA struct {
	MName   string `json:"mname"`
	RName   string `json:"rname"`
	Serial  int64  `json:"serial"`
	Refresh int64  `json:"refresh"`
	Retry   int64  `json:"retry"`
	Expire  int64  `json:"expire"`
	Minimum int64  `json:"minimum"`
}

// MX is encoded as [preference, host].
type MX struct {
	Preference int
	Host       string
}

// MarshalJSON writes the pair.
func (m MX) MarshalJSON() ([]byte, error) { return json.Marshal([]any{m.Preference, m.Host}) }

// UnmarshalJSON reads the pair.
func (m *MX) UnmarshalJSON(b []byte) error {
	pair := []any{&m.Preference, &m.Host}
	return json.Unmarshal(b, &pair)
}

// Registrant is the person or company that registered a domain.
type Registrant struct {
	Name    string `json:"name"`
	Org     string `json:"org"`
	Street  string `json:"street"`
	City    string `json:"city"`
	State   string `json:"state"`
	ZIP     string `json:"zip"`
	Country string `json:"country"`
	Phone   string `json:"phone"`
	Email   string `json:"email"`
}

// Privacy replaces the registrant in answers.
type Privacy struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// IP is an address that occurs in mail or DNS.
//
// RDNS is nil if the address has no reverse name.
type IP struct {
	RDNS  *string `json:"rdns"`
	Net   string  `json:"net"`
	Owner string  `json:"owner"`
	ASN   uint32  `json:"asn"`
}

// Net is a netblock.
type Net struct {
	CIDR    string `json:"cidr"`
	Owner   string `json:"owner"`
	CC      string `json:"cc"`
	RIR     string `json:"rir"`
	ASN     uint32 `json:"asn"`
	Name    string `json:"netname,omitempty"`
	Created string `json:"created,omitempty"`
	Abuse   string `json:"abuse,omitempty"`
	Address string `json:"address,omitempty"`
}

// TLD is the WHOIS server of a top-level domain and its layout.
type TLD struct {
	Server string `json:"server"`
	Format string `json:"format"`
}

// Registrar sells domains.
type Registrar struct {
	IANA  int    `json:"iana"`
	WHOIS string `json:"whois"`
	Style string `json:"style"`
}

// Simnet converts the world to servers on loopback. It omits the faults of
// servers, because figures with registries assume that every question is
// answered.
//
// Maps are walked in the order of their keys, so one file gives one world.
func (r *Registries) Simnet() (simnet.World, error) {
	w := simnet.World{Registries: r.simRegistries()}
	for _, name := range slices.Sorted(maps.Keys(r.Registrars)) {
		w.Registrars = append(w.Registrars, simnet.Registrar{
			Key: name, Name: name, IANAID: r.Registrars[name].IANA, WHOIS: r.Registrars[name].WHOIS, Layout: registrarLayouts[r.Registrars[name].Style],
		})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Domains)) {
		d, err := r.simDomain(name)
		if err != nil {
			return w, err
		}
		if d.Name != "" {
			w.Domains = append(w.Domains, d)
		}
	}
	for _, host := range slices.Sorted(maps.Keys(r.Hosts)) {
		for _, a := range r.Hosts[host] {
			w.Records = append(w.Records, fmt.Sprintf("%s. 300 IN A %s", host, a))
		}
	}
	return w, r.simNets(&w)
}

// registryLayouts maps the names of layouts in world.json to those of the
// simulated registries.
var registryLayouts = map[string]simnet.Layout{
	"thin": simnet.Verisign, "icann": simnet.PIR, "gdpr": simnet.PIR, "ripn": simnet.TCI, "cnnic": simnet.CNNIC, "afnic": simnet.AFNIC,
	"denic": simnet.DENIC, "nominet": simnet.Nominet, "jprs": simnet.JPRS,
}

// registrarLayouts does so for registrars.
var registrarLayouts = map[string]simnet.Layout{
	"icann": simnet.Thick, "gdpr": simnet.Thick, "bookmyname": simnet.Old2005, "oldlist": simnet.NetSol,
}

// simRegistries returns one registry for each WHOIS server, with all its
// top-level domains.
func (r *Registries) simRegistries() (out []simnet.Registry) {
	byServer := map[string]*simnet.Registry{}
	for _, tld := range slices.Sorted(maps.Keys(r.TLDs)) {
		t := r.TLDs[tld]
		if byServer[t.Server] == nil {
			byServer[t.Server] = &simnet.Registry{WHOIS: t.Server, Layout: registryLayouts[t.Format]}
		}
		byServer[t.Server].TLDs = append(byServer[t.Server].TLDs, tld)
	}
	for _, server := range slices.Sorted(maps.Keys(byServer)) {
		out = append(out, *byServer[server])
	}
	return out
}

// simDomain converts a registration. It omits those that WHOIS or DNS does not
// know.
func (r *Registries) simDomain(name string) (simnet.Domain, error) {
	d := r.Domains[name]
	if d.WHOIS == "nomatch" || d.DNS == "nxdomain" {
		return simnet.Domain{}, nil
	}
	out := simnet.Domain{
		Name: name, Handle: strings.ToUpper(strings.ReplaceAll(name, ".", "-")), Registrar: d.Registrar, Registrant: d.contact(), Created: time.Unix(d.Created, 0).UTC(),
		Updated: time.Unix(d.Updated, 0).UTC(), Expires: time.Unix(d.Expires, 0).UTC(), Status: []string{"clientTransferProhibited"},
		Redacted: r.TLDs[name[strings.LastIndexByte(name, '.')+1:]].Format == "gdpr" || r.Registrars[d.Registrar].Style == "gdpr",
	}
	out.Admin, out.Tech = out.Registrant, out.Registrant
	for _, ns := range d.NS {
		out.NameServers = append(out.NameServers, simnet.NameServer{Host: ns})
	}
	for _, mx := range d.MX {
		out.MX = append(out.MX, fmt.Sprintf("%d %s", mx.Preference, mx.Host))
	}
	for _, a := range slices.Concat(d.A, d.AAAA) {
		addr, err := netip.ParseAddr(a)
		if err != nil {
			return out, fmt.Errorf("domain %s: %w", name, err)
		}
		out.Addrs = append(out.Addrs, addr)
	}
	return out, nil
}

// contact is the registrant, or the privacy service in its place.
//
// A privacy service hides all of it, country and all.
func (d *Domain) contact() simnet.Contact {
	if p := d.Privacy; p != nil {
		return simnet.Contact{Name: p.Name, Email: p.Email}
	}
	r := d.Registrant
	return simnet.Contact{
		Name: r.Name, Organization: r.Org, Street: []string{r.Street}, City: r.City, Region: r.State, PostalCode: r.ZIP, Country: r.Country, Phone: r.Phone, Email: r.Email,
	}
}

// simNets adds netblocks, autonomous systems and reverse names.
//
// A netblock's date is optional; without it the zero time stands for unknown.
// Reverse names are for IPv4 only.
func (r *Registries) simNets(w *simnet.World) error {
	ases := map[uint32]*simnet.AS{}
	for _, n := range slices.Concat(r.Nets, r.Net6) {
		p, err := netip.ParsePrefix(n.CIDR)
		if err != nil {
			return fmt.Errorf("netblock %q: %w", n.CIDR, err)
		}
		created, _ := time.Parse(time.DateOnly, n.Created)
		w.Netblocks = append(w.Netblocks, simnet.Netblock{
			Prefix: p, Name: n.Name, Owner: n.Owner, Country: n.CC, Registry: n.RIR, Status: "ASSIGNED PA", AbuseEmail: n.Abuse, Created: created,
		})
		if ases[n.ASN] == nil {
			ases[n.ASN] = &simnet.AS{Number: n.ASN, Name: n.Owner, Country: n.CC, Registry: n.RIR, Created: created}
		}
		ases[n.ASN].Prefixes = append(ases[n.ASN].Prefixes, p)
	}
	for _, number := range slices.Sorted(maps.Keys(ases)) {
		w.ASes = append(w.ASes, *ases[number])
	}
	for _, ip := range slices.Sorted(maps.Keys(r.IPs)) {
		addr, err := netip.ParseAddr(ip)
		if name := r.IPs[ip].RDNS; err == nil && addr.Is4() && name != nil && *name != "" {
			b := addr.As4()
			w.Records = append(w.Records, fmt.Sprintf("%d.%d.%d.%d.in-addr.arpa. 3600 IN PTR %s.", b[3], b[2], b[1], b[0], *name))
		}
	}
	return nil
}
