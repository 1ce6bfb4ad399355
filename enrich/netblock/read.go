package netblock

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"spoor/enrich"
	"spoor/enrich/rdap"
	"spoor/enrich/whois"
	"spoor/internal/text"
)

// Keys of a block's own record in all layouts. The first key with a value
// counts.
var (
	// Several languages: JPNIC and KRNIC answer in their own unless they are
	// asked for English.
	nameKeys    = []string{"netname", "network-name", "net-name", "ネットワーク名", "service-name", "서비스명", "네트워크이름"}
	ownerKeys   = []string{"owner", "organization", "organization-name", "org-name", "customer", "기관명", "조직명", "organisation-name", "company-name", "組織名", "chinese-name"}
	countryKeys = []string{"country", "country-code", "org-country-code", "org-country"}
	statusKeys  = []string{"status", "nettype", "network-type", "네트워크구분"}
	handleKeys  = []string{"nethandle", "id", "net-handle", "inetnum", "inet6num", "network-number", "ipネットワークアドレス"}
	createdKeys = []string{"created", "regdate", "registration-date", "assigned-date", "allocated-date", "割当年月日", "割振年月日", "등록일자", "할당일자", "할당내역등록일"}
	updatedKeys = []string{"last-modified", "updated", "last-update", "last-updated", "最終更新"}
	abuseKeys   = []string{"rabuseemail", "abuse-email", "abuse-mailbox", "abuse-contact", "org-abuse-email", "abuse", "abusecontact"}
)

// read parses the record of a network.
//
// Fields that the layout does not have stay empty. Nothing is taken from
// another block of the answer.
func (p *page) read(n network) *block {
	b := &block{network: n}
	if n.at < 0 {
		b.nb = enrich.Netblock{Handle: n.line.handle, Name: n.line.name, Owner: n.line.owner, Registry: "arin"}
		b.stub = p.isStub(b, nil)
		return b
	}
	r := &p.records[n.at]
	b.nb = enrich.Netblock{
		Handle: clean(r.get(handleKeys...)), Name: clean(r.get(nameKeys...)), Status: clean(r.get(statusKeys...)),
		Created: date(r.get(createdKeys...)), Updated: date(r.get(updatedKeys...)), AbuseEmail: firstEmail(r, abuseKeys),
	}
	if b.nb.Updated.IsZero() {
		b.nb.Updated = lastChange(r.all("changed"))
	}
	b.nb.Registry = p.registry(b)
	org := p.organization(b)
	if b.nb.Owner = p.owner(b, org); rdap.Hides(b.nb.Owner) {
		b.nb.Owner = ""
	}
	if b.nb.Name == "" && r.has("owner") {
		b.nb.Name = b.nb.Owner // LACNIC's networks have no name; its RDAP gives the owner's, so both agree
	}
	b.nb.Country = p.country(b, org)
	b.refers = p.referral(b)
	b.stub = p.isStub(b, org)
	return b
}

// owner returns the name of the holder. In RPSL that is the organisation of
// "org:", or else the first line of "descr:". LACNIC has "owner:", ARIN
// "Organization:" or, for a provider's customer, "CustName:".
//
// "" means that no holder is named, or that the name hides one.
func (p *page) owner(b *block, org *record) string {
	r := &p.records[b.at]
	if org != nil {
		if name := clean(org.get("org-name", "orgname", "custname", "org-name-english")); name != "" {
			return name
		}
	}
	for _, k := range ownerKeys {
		if name := clean(r.get(k)); name != "" {
			if b.style == arin {
				name = withoutID(name)
			}
			return name
		}
	}
	for _, d := range r.all("descr") {
		if d = clean(d); d != "" {
			return d
		}
	}
	return ""
}

// withoutID removes the handle of "Example Networks, Inc. (EXAMP-1)".
func withoutID(s string) string {
	if i := strings.LastIndex(s, " ("); i > 0 && strings.HasSuffix(s, ")") {
		return strings.TrimSpace(s[:i])
	}
	return s
}

// organization returns the record of the block's holder, or nil.
func (p *page) organization(b *block) *record {
	r := &p.records[b.at]
	if b.style == arin {
		return p.arinOrg(b, r)
	}
	if b.style == krnic && !r.has("organization-name") { // in 2002 "[ Organization Information ]" followed
		return p.find(b.at+1, p.sectionEnd(b.at), func(o *record) bool { return o.get("org-name") != "" })
	}
	id := r.get("org")
	if id == "" {
		return nil
	}
	return p.find(0, len(p.records), func(o *record) bool { return strings.EqualFold(o.get("organisation"), id) })
}

// arinOrg finds the "OrgName:" or "CustName:" record of a net: by the handle in
// "Organization: Example (EXAMP-1)", else the next one before another net, else
// the one before it, as in answers from 2000 to 2010.
func (p *page) arinOrg(b *block, r *record) *record {
	isOrg := func(o *record) bool { return o.get("orgname", "custname") != "" }
	if isOrg(r) {
		return r
	}
	named := r.get("organization", "customer")
	if i := strings.LastIndexByte(named, '('); i >= 0 {
		id := strings.TrimSuffix(named[i+1:], ")")
		byID := func(o *record) bool { return isOrg(o) && strings.EqualFold(o.get("orgid", "customer-id"), id) }
		if o := p.find(0, len(p.records), byID); o != nil {
			return o
		}
	}
	if o := p.find(b.at+1, p.sectionEnd(b.at), isOrg); o != nil && (named == "" || strings.HasPrefix(named, o.get("orgname", "custname"))) {
		return o
	}
	if named != "" {
		return nil
	}
	return p.find(p.sectionStart(b.at), b.at, isOrg)
}

// sectionEnd returns the index of the next net's record after at.
func (p *page) sectionEnd(at int) int {
	for _, n := range p.nets {
		if n.at > at {
			return n.at
		}
	}
	return len(p.records)
}

// sectionStart returns the index after the last net before at.
func (p *page) sectionStart(at int) int {
	start := 0
	for _, n := range p.nets {
		if n.at >= 0 && n.at < at {
			start = n.at + 1
		}
	}
	return start
}

// find returns the first of records[from:to] for which wanted holds.
func (p *page) find(from, to int, wanted func(*record) bool) *record {
	for i := from; i < to; i++ {
		if wanted(&p.records[i]) {
			return &p.records[i]
		}
	}
	return nil
}

// country returns the ISO code of the record or else of the organisation. The
// registries of Japan and Korea write none, since they serve one country.
func (p *page) country(b *block, org *record) string {
	r := &p.records[b.at]
	for _, c := range r.all("country") {
		if code := rdap.Country(c); code != "" {
			return code
		}
	}
	if code := rdap.Country(r.get(countryKeys...)); code != "" {
		return code
	}
	if org != nil {
		if code := rdap.Country(org.get(countryKeys...)); code != "" {
			return code
		}
	}
	switch b.style {
	case jpnic:
		return "JP"
	case krnic:
		return "KR"
	}
	return ""
}

// sources maps the values of "source:" that differ from the registry's name.
var sources = map[string]string{"ripe-nonauth": "ripe", "afrinic-nonauth": "afrinic", "krnic-db": "krnic", "ripencc": "ripe"}

// registry returns the registry of the record: from "source:", else from the
// layout or the server's name.
func (p *page) registry(b *block) string {
	if f := strings.Fields(strings.ToLower(p.records[b.at].get("source"))); len(f) > 0 {
		s := strings.TrimRight(f[0], ",;")
		return text.Cut(cmp.Or(sources[s], s), 20)
	}
	switch b.style {
	case arin:
		return "arin"
	case jpnic:
		return "jpnic"
	case krnic:
		return "krnic"
	case rwhois:
		return "rwhois"
	case twnic:
		return cmp.Or(rdap.Registry(p.server), "twnic")
	}
	head := strings.ToLower(p.text[:min(len(p.text), 4096)])
	switch {
	case strings.Contains(head, "iana whois server"):
		return "iana"
	case strings.Contains(head, "nic.br") || strings.Contains(head, "registro.br"):
		return "nicbr"
	case strings.Contains(head, "lacnic"):
		return "lacnic"
	}
	return rdap.Registry(p.server)
}

// clean collapses blanks. It returns "" for a value without information: one
// without letters and digits, or a word for "none".
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		return ""
	}
	switch strings.ToLower(s) {
	case "n/a", "na", "none", "null", "nil", "unknown", "not available", "unspecified":
		return ""
	}
	return s
}

func date(s string) time.Time {
	t, _ := whois.ParseDate(s)
	return t
}

// lastChange returns the latest date of the "changed:" lines:
// "hostmaster@example.net 20021025" in RPSL, "20140716" at LACNIC.
func lastChange(lines []string) (last time.Time) {
	for _, l := range lines {
		f := strings.Fields(l)
		if t := date(f[len(f)-1]); t.After(last) {
			last = t
		}
	}
	return last
}
