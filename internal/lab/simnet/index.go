package simnet

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// index is a World prepared for questions. It is immutable.
//
// Servers read it from many goroutines without locks.
type index struct {
	World
	domains    map[string]*Domain
	hosts      map[string][]netip.Addr // addresses of name servers
	registrars map[string]*Registrar
	records    map[string]map[uint16][]dns.RR // by canonical name
	exists     map[string]bool                // names with records at or below them
}

// newIndex indexes a world, with usual registries and one resolver where it
// names none.
//
// It returns the error of the first record that is not in zone file form.
func newIndex(w World) (*index, error) {
	ix := &index{
		World: w, domains: map[string]*Domain{}, hosts: map[string][]netip.Addr{}, registrars: map[string]*Registrar{},
		records: map[string]map[uint16][]dns.RR{}, exists: map[string]bool{},
	}
	if ix.Registries == nil {
		ix.Registries = DefaultRegistries()
	}
	if ix.Regional == nil {
		ix.Regional = DefaultRegional()
	}
	if ix.Resolvers == nil {
		ix.Resolvers = []string{"dns"}
	}
	for i := range w.Registrars {
		ix.registrars[w.Registrars[i].Key] = &w.Registrars[i]
	}
	for i := range w.Domains {
		ix.domains[w.Domains[i].Name] = &w.Domains[i]
	}
	return ix, ix.addRecords()
}

// addRecords fills the DNS: first the explicit Records, then those that follow
// from the rest.
//
// An explicit SOA or address therefore wins where the two would differ.
func (ix *index) addRecords() error {
	for _, line := range ix.Records {
		if err := ix.addLine(line); err != nil {
			return err
		}
	}
	for i := range ix.Domains {
		if err := ix.addDomain(&ix.Domains[i]); err != nil {
			return err
		}
	}
	return ix.addOrigins()
}

// addLine adds a line of a zone.
func (ix *index) addLine(line string) error {
	rr, err := dns.NewRR(line)
	if err != nil || rr == nil {
		return fmt.Errorf("record %q: %w", line, err)
	}
	ix.add(rr)
	return nil
}

// add adds a record once. The names above it exist then too, though without
// records (empty non-terminals, RFC 4592, section 2.2.2).
func (ix *index) add(rr dns.RR) {
	name := dns.CanonicalName(rr.Header().Name)
	if ix.records[name] == nil {
		ix.records[name] = map[uint16][]dns.RR{}
	}
	t := rr.Header().Rrtype
	if !slices.ContainsFunc(ix.records[name][t], func(have dns.RR) bool { return dns.IsDuplicate(have, rr) }) {
		ix.records[name][t] = append(ix.records[name][t], rr)
	}
	for i, end := 0, false; !end; i, end = dns.NextLabel(name, i) {
		ix.exists[name[i:]] = true
	}
}

// addDomain adds the DNS records of a registered domain.
//
// A domain without addresses and name servers still has a SOA: it exists.
func (ix *index) addDomain(d *Domain) error {
	apex := d.Name + "."
	var lines []string
	for _, ns := range d.NameServers {
		lines = append(lines, fmt.Sprintf("%s 3600 IN NS %s.", apex, ns.Host))
		for _, a := range ns.Addrs {
			lines = append(lines, addressLine(ns.Host, a))
		}
		if len(ns.Addrs) > 0 {
			ix.hosts[ns.Host] = ns.Addrs
		}
	}
	if len(ix.records[apex][dns.TypeSOA]) == 0 {
		lines = append(lines, soaLine(d.Name, d.NameServers))
	}
	for _, a := range d.Addrs {
		lines = append(lines, addressLine(d.Name, a), addressLine("www."+d.Name, a))
	}
	for _, mx := range d.MX {
		lines = append(lines, fmt.Sprintf("%s 3600 IN MX %s.", apex, mx))
	}
	for _, line := range lines {
		if err := ix.addLine(line); err != nil {
			return fmt.Errorf("domain %q: %w", d.Name, err)
		}
	}
	return nil
}

// addressLine is a record A or AAAA.
func addressLine(host string, a netip.Addr) string {
	if a.Is4() {
		return fmt.Sprintf("%s. 300 IN A %s", host, a)
	}
	return fmt.Sprintf("%s. 300 IN AAAA %s", host, a)
}

// soaLine is a record SOA.
//
// The serial is of the fourth of January 2006, as all fixed dates here.
func soaLine(zone string, servers []NameServer) string {
	primary := "ns." + zone
	if len(servers) > 0 {
		primary = servers[0].Host
	}
	return fmt.Sprintf("%s. 3600 IN SOA %s. hostmaster.%s. 2006010401 7200 3600 1209600 3600", zone, primary, zone)
}

// addOrigins adds the records about ASes to the zone of Team Cymru. Those about
// addresses are made when they are asked for, see origins.
func (ix *index) addOrigins() error {
	for _, as := range ix.ASes {
		date := ""
		if !as.Created.IsZero() {
			date = as.Created.Format("2006-01-02")
		}
		line := fmt.Sprintf(`AS%d.asn.cymru.com. 3600 IN TXT "%d | %s | %s | %s | %s"`, as.Number, as.Number, as.Country, as.Registry, date, as.Name)
		if err := ix.addLine(line); err != nil {
			return fmt.Errorf("AS%d: %w", as.Number, err)
		}
	}
	return nil
}

// origins answers a name below Team Cymru's zones with the ASes of the longest
// prefix.
//
// Several ASes of one prefix stand in one record, with blanks between. It costs
// a pass over all prefixes: a World has some dozens.
func (ix *index) origins(name string) []dns.RR {
	a, ok := originAddr(name)
	if !ok {
		return nil
	}
	best, numbers := netip.Prefix{}, []string(nil)
	var from AS
	for _, as := range ix.ASes {
		for _, p := range as.Prefixes {
			switch {
			case !p.Contains(a):
			case !best.IsValid() || p.Bits() > best.Bits():
				best, numbers, from = p, []string{strconv.FormatUint(uint64(as.Number), 10)}, as
			case p == best:
				numbers = append(numbers, strconv.FormatUint(uint64(as.Number), 10))
			}
		}
	}
	if !best.IsValid() {
		return nil
	}
	date := ""
	if !from.Created.IsZero() {
		date = from.Created.Format("2006-01-02")
	}
	text := fmt.Sprintf("%s | %s | %s | %s | %s", strings.Join(numbers, " "), best, from.Country, from.Registry, date)
	return []dns.RR{&dns.TXT{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 3600}, Txt: []string{text}}}
}

// originAddr parses the address in 7.2.0.192.origin.asn.cymru.com.
//
// IPv6 has 32 nibbles, from the last on, as in ip6.arpa (RFC 3596 section 2.5).
func originAddr(name string) (netip.Addr, bool) {
	if rest, ok := strings.CutSuffix(name, ".origin.asn.cymru.com."); ok {
		octets := strings.Split(rest, ".")
		slices.Reverse(octets)
		a, err := netip.ParseAddr(strings.Join(octets, "."))
		return a, err == nil && a.Is4()
	}
	rest, ok := strings.CutSuffix(name, ".origin6.asn.cymru.com.")
	nibbles := strings.Split(rest, ".")
	if !ok || len(nibbles) != 32 {
		return netip.Addr{}, false
	}
	slices.Reverse(nibbles)
	var text strings.Builder
	for i, n := range nibbles {
		if i > 0 && i%4 == 0 {
			text.WriteByte(':')
		}
		text.WriteString(n)
	}
	a, err := netip.ParseAddr(text.String())
	return a, err == nil
}

// domain finds a registration by its name.
func (ix *index) domain(name string) (*Domain, bool) {
	if d, ok := ix.domains[name]; ok {
		return d, true
	}
	n, tld, ok := ix.invented(name)
	if !ok || strings.Count(name, ".") != strings.Count(tld, ".")+1 {
		return nil, false
	}
	d := Invented(n, tld)
	if len(ix.Registrars) > 0 {
		d.Registrar = ix.Registrars[0].Key
	}
	return &d, true
}

// invented reports whether name is inv000123.TLD or below it.
//
// Six digits follow "inv", and a registry of the World must be responsible for
// the rest.
func (ix *index) invented(name string) (n int, tld string, ok bool) {
	if !ix.Invent {
		return 0, "", false
	}
	i := strings.LastIndex("."+name, ".inv")
	if i < 0 || len(name) < i+11 || name[i+9] != '.' {
		return 0, "", false
	}
	n, err := strconv.Atoi(name[i+3 : i+9])
	tld = name[i+10:]
	return n, tld, err == nil && ix.registry(tld) != nil
}

// registry finds the registry of a name by the longest suffix.
//
// So "co.uk" comes before "uk". nil means that the World has no such registry.
func (ix *index) registry(name string) *Registry {
	var best *Registry
	length := -1
	for i := range ix.Registries {
		for _, tld := range ix.Registries[i].TLDs {
			if (name == tld || strings.HasSuffix(name, "."+tld)) && len(tld) > length {
				best, length = &ix.Registries[i], len(tld)
			}
		}
	}
	return best
}

// block finds the smallest netblock of a registry around an address; of any
// registry for "".
//
// Of two blocks of one size the first counts.
func (ix *index) block(a netip.Addr, registry string) *Netblock {
	var best *Netblock
	for i := range ix.Netblocks {
		b := &ix.Netblocks[i]
		if b.Prefix.Contains(a) && (registry == "" || b.Registry == registry) && (best == nil || b.Prefix.Bits() > best.Prefix.Bits()) {
			best = b
		}
	}
	return best
}

// regional finds a registry of addresses.
func (ix *index) regional(key string) *Regional {
	for i := range ix.Regional {
		if ix.Regional[i].Key == key {
			return &ix.Regional[i]
		}
	}
	return nil
}

// as finds an autonomous system.
func (ix *index) as(number uint64) *AS {
	for i := range ix.ASes {
		if uint64(ix.ASes[i].Number) == number {
			return &ix.ASes[i]
		}
	}
	return nil
}
