package history

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"spoor/enrich"
	"spoor/enrich/rdap"
	"spoor/enrich/whois"
	"spoor/internal/domain"
	"spoor/internal/text"
)

// maxData limits the values of a record set and the names of a certificate.
const maxData = 100

// passiveDNS reads a set of records that sensors observed.
func (o Options) passiveDNS(it item) ([]enrich.Observation, error) {
	first, last, err := o.seen(it)
	if err != nil {
		return nil, err
	}
	name, kind := strings.ToLower(strings.TrimSuffix(it.text("rrname"), ".")), strings.ToUpper(it.text("rrtype"))
	data := it.texts("rdata")
	data = data[:min(len(data), maxData)]
	// A PTR record is about the address that its owner name encodes (RFC 1035
	// section 3.5).
	if kind == "PTR" {
		return o.reverse(name, data, enrich.Observation{AskedAt: first, LastSeen: last})
	}
	s, ok := subject(name)
	if !ok {
		return nil, fmt.Errorf("%q is no name of DNS", text.Cut(name, 100))
	}
	var r enrich.Records
	for _, d := range data {
		addRecord(&r, kind, strings.TrimSpace(d))
	}
	if empty(&r) {
		return nil, fmt.Errorf("nothing is kept of a record of type %q", text.Cut(kind, 20))
	}
	return []enrich.Observation{{
		Subject: s, Source: enrich.PassiveDNS, Server: o.server(kind, data), AskedAt: first, LastSeen: last, Expires: last, Outcome: enrich.Answered, Parsed: &r,
	}}, nil
}

// server returns the Server of a record set. The hash of its data keeps sets
// apart that were first seen in the same second.
func (o Options) server(kind string, data []string) string {
	h := sha256.Sum256([]byte(strings.Join(data, "\n")))
	return o.Name + "#" + kind + ":" + hex.EncodeToString(h[:4])
}

// subject returns the Subject of records with a name.
func subject(name string) (enrich.Subject, bool) {
	n, ok := domain.Parse(strings.TrimPrefix(name, "*."))
	if !ok || n.Malformed || !strings.Contains(n.Host, ".") {
		return enrich.Subject{}, false
	}
	kind := enrich.Host
	if n.Host == n.Registered {
		kind = enrich.Domain
	}
	return enrich.Subject{Kind: kind, Name: n.Host}, true
}

// addRecord adds one record in text form (RFC 1035 section 5.1).
func addRecord(r *enrich.Records, kind, data string) {
	host := strings.ToLower(strings.TrimSuffix(data, "."))
	switch kind {
	case "A", "AAAA":
		a, err := netip.ParseAddr(data)
		switch {
		case err != nil || a.Zone() != "" || a.Is4() != (kind == "A"):
		case kind == "A":
			r.A = append(r.A, a)
		default:
			r.AAAA = append(r.AAAA, a)
		}
	case "NS":
		if _, ok := subject(host); ok {
			r.NS = append(r.NS, enrich.NameServer{Host: host})
		}
	case "CNAME":
		if _, ok := subject(host); ok {
			r.CNAME = append(r.CNAME, host)
		}
	case "MX":
		// A value that does not parse is dropped, and the others of the set
		// stay.
		preference, target, ok := strings.Cut(host, " ")
		n, err := strconv.ParseUint(preference, 10, 16)
		if _, named := subject(target); ok && err == nil && named {
			r.MX = append(r.MX, enrich.MX{Preference: uint16(n), Host: strings.TrimSpace(target)})
		}
	case "SOA":
		f := strings.Fields(host)
		if len(f) >= 3 {
			serial, _ := strconv.ParseUint(f[2], 10, 32)
			r.SOA = &enrich.SOA{MName: strings.TrimSuffix(f[0], "."), RName: strings.TrimSuffix(f[1], "."), Serial: uint32(serial)}
		}
	case "TXT":
		r.TXT = append(r.TXT, text.Cut(strings.Trim(data, `"`), 500))
	}
}

// empty reports whether no record was kept.
func empty(r *enrich.Records) bool {
	return len(r.A)+len(r.AAAA)+len(r.NS)+len(r.CNAME)+len(r.MX)+len(r.TXT) == 0 && r.SOA == nil
}

// reverse reads the PTR records of an address, such as
// "7.2.0.192.in-addr.arpa".
func (o Options) reverse(name string, data []string, obs enrich.Observation) ([]enrich.Observation, error) {
	octets, ok := strings.CutSuffix(name, ".in-addr.arpa")
	parts := strings.Split(octets, ".")
	slices.Reverse(parts)
	a, err := netip.ParseAddr(strings.Join(parts, "."))
	if !ok || err != nil {
		return nil, fmt.Errorf("%q is not the reverse name of an IPv4 address", text.Cut(name, 100))
	}
	var names []string
	for _, d := range data {
		if s, ok := subject(strings.ToLower(strings.TrimSuffix(d, "."))); ok {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("the address has no name")
	}
	obs.Subject, obs.Source, obs.Server = enrich.Subject{Kind: enrich.Address, Name: a.String()}, enrich.PassiveDNS, o.server("PTR", data)
	obs.Outcome, obs.Parsed, obs.Expires = enrich.Answered, &enrich.Reverse{Names: names}, obs.LastSeen
	return []enrich.Observation{obs}, nil
}

// whois reads an archived WHOIS answer.
func (o Options) whois(it item) ([]enrich.Observation, error) {
	name := it.text("domain", "domain_name", "domainname", "query", "name", "fqdn")
	s, ok := subject(strings.ToLower(name))
	if !ok {
		return nil, fmt.Errorf("%q is no domain", text.Cut(name, 100))
	}
	raw := []byte(it.text("raw", "whois", "whois_raw", "raw_text", "rawtext", "text", "body"))
	server := it.text("server", "whois_server", "registrar_whois_server")
	a := whois.Parse(s.Name, server, raw)
	obs := enrich.Observation{Source: enrich.WHOIS, Server: o.from(server), Outcome: a.Outcome, Detail: a.Detail, Raw: raw}
	if a.Registration != nil {
		obs.Parsed = a.Registration
	}
	return o.answers(it, s, obs)
}

// rdap reads an archived RDAP answer. If nothing else gives its time, the "last
// update of RDAP database" event does (RFC 9083 section 10.2.3).
func (o Options) rdap(it item, raw []byte) ([]enrich.Observation, error) {
	var answer struct {
		LDHName string `json:"ldhName"`
		Events  []struct {
			Action string `json:"eventAction"`
			Date   string `json:"eventDate"`
		} `json:"events"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, errors.New("the RDAP answer can't be read")
	}
	// The name in question, if the collection has it: an answer may be about
	// another domain.
	name := it.text("domain", "query")
	if name == "" {
		name = answer.LDHName
	}
	s, ok := subject(strings.ToLower(strings.TrimSuffix(name, ".")))
	if !ok {
		return nil, fmt.Errorf("%q is no domain", text.Cut(name, 100))
	}
	for _, e := range answer.Events {
		if e.Action == "last update of RDAP database" && !it.has("seen_at") {
			it["seen_at"] = json.RawMessage(strconv.Quote(e.Date))
		}
	}
	a := rdap.ParseDomain(s.Name, raw)
	obs := enrich.Observation{Source: enrich.RDAP, Server: o.from(it.text("server", "url")), Outcome: a.Outcome, Detail: a.Detail, Raw: raw}
	if a.Registration != nil {
		obs.Parsed = a.Registration
	}
	return o.answers(it, s, obs)
}

// from returns the server of an archived answer.
func (o Options) from(server string) string {
	if server == "" {
		return o.Name
	}
	return text.Cut(server, 200) + " (" + o.Name + ")"
}

// answers sets the times of an answer. If it was seen again later, it is
// confirmed at that time too.
func (o Options) answers(it item, s enrich.Subject, obs enrich.Observation) ([]enrich.Observation, error) {
	first, last, err := o.seen(it)
	if err != nil {
		return nil, err
	}
	obs.Subject = enrich.Subject{Kind: enrich.Domain, Name: s.Name}
	obs.AskedAt, obs.Expires = first, first
	if !last.After(first) {
		return []enrich.Observation{obs}, nil
	}
	again := obs
	again.AskedAt, again.Expires = last, last
	return []enrich.Observation{obs, again}, nil
}

// certificate reads a log entry of crt.sh, Cert Spotter or certstream.
func (o Options) certificate(it item) ([]enrich.Observation, error) {
	// certstream puts the certificate below leaf_cert; the others have its
	// fields at the top.
	if leaf := it.object("leaf_cert"); leaf != nil {
		var inner map[string]json.RawMessage
		if json.Unmarshal(leaf, &inner) == nil {
			for k, v := range inner {
				if k = strings.ToLower(k); !it.has(k) {
					it[k] = v
				}
			}
		}
	}
	var names []string
	// name_value of crt.sh has one name on each line.
	for _, key := range []string{"name_value", "dns_names", "all_domains", "common_name"} {
		for _, list := range it.texts(key) {
			names = append(names, strings.Fields(strings.ToLower(list))...)
		}
	}
	c := enrich.Certificate{
		Issuer: text.Cut(it.text("issuer_name", "issuer_dn"), 300), Serial: text.Cut(strings.ToLower(it.text("serial_number", "cert_sha256", "fingerprint")), 100),
		NotBefore: it.time("not_before"), NotAfter: it.time("not_after"),
	}
	var domains []enrich.Subject
	for _, name := range names {
		s, ok := subject(name)
		if !ok || len(c.Names) >= maxData {
			continue
		}
		c.Names = append(c.Names, s.Name)
		if n, ok := domain.Parse(s.Name); ok && n.Registered != "" {
			domains = append(domains, enrich.Subject{Kind: enrich.Domain, Name: n.Registered})
		}
	}
	slices.Sort(c.Names)
	c.Names = slices.Compact(c.Names)
	if len(domains) == 0 {
		return nil, errors.New("the certificate names no domain")
	}
	first, last, err := o.seen(it)
	if err != nil { // a log without times: use the validity of the certificate
		if first, last = c.NotBefore, c.NotBefore; first.IsZero() {
			return nil, err
		}
	}
	// The registered domain of each name is the subject, once each.
	slices.SortFunc(domains, func(a, b enrich.Subject) int { return strings.Compare(a.Name, b.Name) })
	var out []enrich.Observation
	for _, s := range slices.Compact(domains) {
		out = append(out, enrich.Observation{
			Subject: s, Source: enrich.CertificateLog, Server: o.server("CT", append(c.Names, c.Serial)), AskedAt: first, LastSeen: last, Expires: last,
			Outcome: enrich.Answered, Parsed: &c,
		})
	}
	return out, nil
}
