package netblock

import (
	"strings"

	"spoor/enrich/whois"
)

// abuse returns the complaint address that is stored outside of the block's own
// record, from the most reliable place.
func (p *page) abuse(b *block) string {
	if b.at < 0 {
		return ""
	}
	for _, find := range []func(*block) string{p.abuseNote, p.abuseOfARIN, p.abuseByHandle, p.abuseRemark, p.abuseOfSection} {
		if mail := find(b); mail != "" {
			return mail
		}
	}
	return ""
}

// abuseNote reads "% Abuse contact for '192.0.2.0 - 192.0.2.255' is
// 'abuse@example.net'", in the comment before RIPE's, APNIC's and AFRINIC's
// records.
func (p *page) abuseNote(b *block) string {
	for _, n := range p.records[b.at].notes {
		low := strings.ToLower(n)
		if i := strings.Index(low, "abuse contact for"); i >= 0 {
			if j := strings.LastIndex(low, " is "); j > i {
				return whois.Email(n[j:])
			}
		}
	}
	return ""
}

// abuseOfARIN reads "OrgAbuseEmail:", which ARIN puts in a record of its own
// after the net.
func (p *page) abuseOfARIN(b *block) string {
	if b.style != arin {
		return ""
	}
	end := p.sectionEnd(b.at)
	for _, key := range []string{"rabuseemail", "orgabuseemail", "abuseemail"} {
		if r := p.find(b.at, end, func(r *record) bool { return whois.Email(r.get(key)) != "" }); r != nil {
			return whois.Email(r.get(key))
		}
	}
	return ""
}

// abuseByHandle follows abuse-c and mnt-irt, then the other contacts, to
// records with a complaint address.
//
// Eight references of a kind are enough: records name one or two, and each
// costs a search of the answer.
func (p *page) abuseByHandle(b *block) string {
	r := &p.records[b.at]
	for _, ref := range []struct {
		key  string
		any  bool // the contact is for complaints, so any address of it counts
		from []string
	}{
		{"abuse-c", true, r.all("abuse-c")}, {"mnt-irt", true, r.all("mnt-irt")},
		{"tech-c", false, r.all("tech-c")}, {"admin-c", false, r.all("admin-c")}, {"org", false, r.all("org")},
	} {
		for _, h := range ref.from[:min(len(ref.from), 8)] {
			if mail := p.abuseOf(h, ref.any); mail != "" {
				return mail
			}
		}
	}
	return ""
}

// abuseOf returns the abuse address of a contact record. With any, its ordinary
// e-mail address is accepted too.
func (p *page) abuseOf(handle string, any bool) string {
	r := p.find(0, len(p.records), func(r *record) bool {
		return strings.EqualFold(r.get("nic-hdl", "nic-hdl-br", "irt", "organisation"), handle)
	})
	if r == nil {
		return ""
	}
	if mail := whois.Email(r.get("abuse-mailbox")); mail != "" {
		return mail
	}
	for _, m := range r.all("e-mail") {
		if m = whois.Email(m); m != "" && (any || strings.HasPrefix(m, "abuse@")) {
			return m
		}
	}
	return ""
}

// abuseRemark reads "remarks: please send abuse reports to abuse@example.net"
// and ARIN's "Comment:" lines, if they mention abuse or spam.
func (p *page) abuseRemark(b *block) string {
	r := &p.records[b.at]
	for i := range r.pairs {
		if k := r.pairs[i].key; k != "remarks" && k != "comment" && k != "descr" {
			continue
		}
		low := strings.ToLower(r.pairs[i].value)
		if strings.Contains(low, "abuse") || strings.Contains(low, "spam") {
			if mail := whois.Email(r.pairs[i].value); mail != "" {
				return mail
			}
		}
	}
	return ""
}

// abuseOfSection returns the contact of the network that KRNIC lists before it,
// or an abuse@ address in a contact of a provider's rwhois record.
func (p *page) abuseOfSection(b *block) string {
	if b.style != krnic && b.style != rwhois && b.style != twnic {
		return ""
	}
	for i := b.at; i < p.sectionEnd(b.at); i++ {
		for _, pr := range p.records[i].pairs {
			mail := whois.Email(pr.value)
			if mail != "" && (strings.HasPrefix(mail, "abuse@") || b.style == krnic && (pr.key == "e-mail" || pr.key == "전자우편")) {
				return mail
			}
		}
	}
	return ""
}

// firstEmail returns the first mail address in the values of the keys.
func firstEmail(r *record, keys []string) string {
	for _, k := range keys {
		for _, v := range r.all(k) {
			if mail := whois.Email(v); mail != "" {
				return mail
			}
		}
	}
	return ""
}
