// Package recipient explains the addresses that spam is sent to: those that nobody has are
// mostly real ones that a list maker broke, and how they are broken tells which list and
// which mailer it was.
//
// In go what is known of our own addresses, and a recipient; out comes the kind of
// damage, the address that it was made from, what that rests on, and how sure it is. The
// package reads nothing, keeps nothing and guesses nothing: where several explanations fit
// about equally the kind is Unknown. It is part of graph, not of ingest, because an
// address is explained by all the others.
//
// # Method
//
// All kinds of damage are at the front of the local part. So each known user is filed under
// its local part and under that without the first, and without the first two letters; a
// recipient finds all users that it can be made from by looking up its own front cut in
// the same ways. That takes time in proportion to the length of an address, whatever the number of
// users.
//
// Each explanation has a likelihood: the share of its kind, divided by the number of
// addresses that the same damage could have made. Against them stands coincidence: a
// short address is near some user by chance. The likelihoods, scaled to one, are how sure
// each explanation is. A list of users is taken as it is. Without one, addresses that
// were accepted stand in, though a server may accept what does not exist; and at last the
// other recipients: the address that several others can be made from is the real one.
package recipient

import (
	"strings"
)

// Kind is how a recipient came to be.
type Kind string

const (
	Valid            Kind = "valid"
	DomainPrefix     Kind = "domain_prefix"      // own.examplesusan@own.example
	DomainHostPrefix Kind = "domain_host_prefix" // own.examplesmtpsusan@own.example
	HostPrefix       Kind = "host_prefix"        // smtpsusan@own.example
	CharPrefix       Kind = "char_prefix"        // 0susan@own.example
	CutFront         Kind = "cut_front"          // usan@own.example, san@own.example
	FirstReplaced    Kind = "first_replaced"     // tusan@own.example
	CutReplaced      Kind = "cut_replaced"       // osan@own.example: one letter cut, the next replaced
	MessageID        Kind = "message_id"         // 4ECEA00F.9040306@own.example
	Dictionary       Kind = "dictionary"         // a word that is tried everywhere
	Role             Kind = "role"               // sales@own.example
	Stale            Kind = "stale"              // existed earlier
	Foreign          Kind = "foreign"            // not our domain
	Unknown          Kind = "unknown"
)

// Basis is what an explanation rests on.
type Basis string

const (
	List     Basis = "list"     // of our users
	Accepted Basis = "accepted" // addresses that the logs show accepted
	Compared Basis = "compared" // other recipients
)

// Known is what is known of our addresses. Addresses are whole ones; case does not matter.
type Known struct {
	Domains  []string // ours
	Users    []string // that exist; a bare local part exists in every domain
	Former   []string // that existed earlier
	Accepted []string // that a server of ours took mail for
	Refused  []string // all other recipients: they are compared with each other
	Hosts    []string // names of our own hosts beside the usual ones, as "mx1"
}

// Explanation is what is known of one recipient.
type Explanation struct {
	Kind     Kind
	MadeFrom string  // the real user; "" if none
	Basis    Basis   // "" for what the address alone tells
	Sure     float64 // 0 to 1
}

// Explainer explains recipients. It does not change, so many goroutines can use one.
type Explainer struct {
	domains    map[string]bool
	hosts      map[string]bool
	names      map[string]bool // given names and other words of a dictionary
	roles      map[string]bool
	listed     map[string]*users // by domain
	everywhere *users            // bare local parts
	former     map[string]bool
	accepted   map[string]*users
	compared   map[string]*users
}

// New returns an Explainer. It takes time in proportion to what is known.
func New(k Known) *Explainer {
	e := &Explainer{domains: map[string]bool{}, names: wordSet(names, guesses), roles: wordSet(roles), hosts: wordSet(hostWords), former: map[string]bool{},
		listed: map[string]*users{}, everywhere: newUsers(List), accepted: map[string]*users{}, compared: map[string]*users{}}
	for _, d := range k.Domains {
		e.domains[strings.ToLower(strings.TrimSuffix(d, "."))] = true
	}
	for _, h := range k.Hosts {
		h, _, _ = strings.Cut(strings.ToLower(h), ".")
		e.hosts[h] = true
	}
	for _, a := range k.Former {
		e.former[strings.ToLower(a)] = true
	}
	for _, a := range k.Users {
		if local, domain := split(a); domain == "" {
			e.everywhere.add(local)
		} else {
			in(e.listed, domain, List).add(local)
		}
	}
	for _, a := range k.Accepted {
		if local, domain := split(a); domain != "" {
			in(e.accepted, domain, Accepted).add(local)
		}
	}
	e.compare(k.Refused)
	return e
}

// in returns the users of a domain, and makes room for them.
func in(m map[string]*users, domain string, b Basis) *users {
	u := m[domain]
	if u == nil {
		u = newUsers(b)
		m[domain] = u
	}
	return u
}

// split returns local part and domain in lower case. A quoted local part loses its quotes.
func split(address string) (local, domain string) {
	address = strings.ToLower(strings.Trim(address, "<> "))
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return address, ""
	}
	local, domain = address[:i], strings.TrimSuffix(address[i+1:], ".")
	if len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"' {
		local = local[1 : len(local)-1]
	}
	return local, domain
}

// maxLocal bounds what is looked at: RFC 5321 allows 64 octets of local part; a domain in
// front makes it longer.
const maxLocal = 320

// Explain explains one recipient.
func (e *Explainer) Explain(address string) Explanation {
	local, domain := split(address)
	if domain == "" || local == "" || len(local) > maxLocal {
		return Explanation{Kind: Unknown}
	}
	whole := local + "@" + domain
	if !e.domains[domain] {
		return e.foreign(local, domain)
	}
	list := e.list(domain)
	base, _, tagged := strings.Cut(local, "+")
	for _, u := range list {
		switch {
		case u.exact[local] > 0:
			return Explanation{Valid, whole, List, 1}
		case tagged && u.exact[base] > 0:
			return Explanation{Valid, base + "@" + domain, List, 0.98}
		}
	}
	if e.former[whole] {
		return Explanation{Stale, whole, List, 0.98}
	}
	if len(list) > 0 {
		if x := e.weigh(local, domain, list); x.Kind != Unknown {
			return x
		}
		if u := e.accepted[domain]; u != nil && u.exact[local] > 0 {
			return Explanation{Stale, whole, Accepted, 0.6} // or a catch-all, or a trap
		}
		return Explanation{Kind: Unknown}
	}
	return e.withoutList(local, domain)
}

// list returns the users of a domain, if a list was given.
func (e *Explainer) list(domain string) (l []*users) {
	if u := e.listed[domain]; u != nil {
		l = append(l, u)
	}
	if e.everywhere.n > 0 {
		l = append(l, e.everywhere)
	}
	return l
}

// foreign explains an address outside of our domains. Names of our hosts are on the right
// side of Message-IDs.
func (e *Explainer) foreign(local, domain string) Explanation {
	if looksLikeMessageID(local) {
		for i := range len(domain) {
			if domain[i] == '.' && e.domains[domain[i+1:]] {
				return Explanation{Kind: MessageID, Sure: 0.9}
			}
		}
	}
	return Explanation{Kind: Foreign, Sure: 1}
}

// withoutList explains by what was accepted, and then by comparison.
func (e *Explainer) withoutList(local, domain string) Explanation {
	accepted, compared := e.accepted[domain], e.compared[domain]
	var tiers []*users
	if accepted != nil {
		tiers = append(tiers, accepted)
		if accepted.exact[local] > 0 {
			// A catch-all accepts what is broken too. Only damage that can't be a name tells.
			if x := e.weigh(local, domain, tiers); x.structural() && x.Sure > 0.8 {
				return x
			}
			return Explanation{Valid, local + "@" + domain, Accepted, 0.9}
		}
	}
	x := e.weigh(local, domain, tiers)
	if x.Kind != Unknown && x.Basis == Accepted {
		return x
	}
	if compared != nil {
		if y := e.weigh(local, domain, append(tiers, compared)); y.Kind != Unknown {
			return y
		}
	}
	return x
}

// structural reports whether the damage shows by itself.
func (x *Explanation) structural() bool {
	return x.Kind == DomainPrefix || x.Kind == DomainHostPrefix || x.Kind == HostPrefix
}
