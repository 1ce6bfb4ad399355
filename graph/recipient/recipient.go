// Package recipient explains the addresses to which spam is sent. Addresses
// that do not exist are mostly real ones that a list maker damaged. The kind of
// damage identifies the list and the mailer.
//
// Knowledge of our own addresses and a recipient go in. The kind of damage, the
// original address, the basis of the explanation and its confidence come out.
// The package does no I/O and does not guess: if several explanations fit about
// equally, the kind is Unknown. It belongs to graph and not to ingest, because
// an address is explained by all others.
//
// # Method
//
// All kinds of damage affect the front of the local part. Each known user is
// indexed by the local part, and by the local part without its first letter and
// without its first two. A recipient finds all possible originals by looking up
// its own front, cut in the same ways. The time depends on the length of an
// address and not on the number of users.
//
// Each explanation has a likelihood: the prior share of its kind, divided by
// the number of addresses that the same damage could have produced. The
// alternative is coincidence, since a short address resembles some user by
// chance. The confidence of an explanation is its likelihood, normalised over
// all. A list of users is trusted as given. Without one, accepted addresses
// serve, although a server may accept an address that does not exist. The last
// resort are the other recipients: an address from which several others can be
// made is the real one.
package recipient

import (
	"strings"
)

// Kind is the way in which a recipient was produced.
type Kind string

// The kinds. Each example damages susan@own.example. Their words are stored
// (view recipients_v).
const (
	Valid            Kind = "valid"
	DomainPrefix     Kind = "domain_prefix"      // own.examplesusan@own.example
	DomainHostPrefix Kind = "domain_host_prefix" // own.examplesmtpsusan@own.example
	HostPrefix       Kind = "host_prefix"        // smtpsusan@own.example
	CharPrefix       Kind = "char_prefix"        // 0susan@own.example
	CutFront         Kind = "cut_front"          // usan@own.example, san@own.example
	FirstReplaced    Kind = "first_replaced"     // tusan@own.example
	CutReplaced      Kind = "cut_replaced"       // osan@own.example: one letter removed, the next replaced
	MessageID        Kind = "message_id"         // 4ECEA00F.9040306@own.example
	Dictionary       Kind = "dictionary"         // a word that dictionary attacks try
	Role             Kind = "role"               // sales@own.example
	Stale            Kind = "stale"              // existed formerly
	Foreign          Kind = "foreign"            // not in our domains
	Unknown          Kind = "unknown"
)

// Basis is the data on which an explanation rests.
type Basis string

// The bases, from the most to the least reliable; see trust.
const (
	List     Basis = "list"     // list of our users
	Accepted Basis = "accepted" // addresses that a server accepted, by the logs
	Compared Basis = "compared" // other recipients
)

// Known holds the addresses and domains known to be ours or not. Addresses are
// complete; case does not matter.
type Known struct {
	Domains  []string // ours
	Users    []string // existing ones; a bare local part exists in every domain
	Former   []string // existing formerly
	Accepted []string // for which a server of ours accepted mail
	Refused  []string // all other recipients, which are compared with each other
	Hosts    []string // names of our hosts beside the usual ones, such as "mx1"
}

// Explanation describes one recipient.
type Explanation struct {
	Kind     Kind
	MadeFrom string  // original address; "" for none
	Basis    Basis   // "" if the address explains itself
	Sure     float64 // confidence from 0 to 1
}

// Explainer explains recipients. It is immutable and safe for concurrent use.
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

// New returns an Explainer. Its time is linear in the size of k.
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

// in returns the users of a domain and creates the entry if necessary.
func in(m map[string]*users, domain string, b Basis) *users {
	u := m[domain]
	if u == nil {
		u = newUsers(b)
		m[domain] = u
	}
	return u
}

// split returns local part and domain in lower case, and unquotes the local
// part.
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

// maxLocal limits the bytes examined. RFC 5321 section 4.5.3.1.1 allows 64 for
// the local part; a domain at its front makes it longer.
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
			return Explanation{Stale, whole, Accepted, 0.6} // or a catch-all, or a spamtrap
		}
		return Explanation{Kind: Unknown}
	}
	return e.withoutList(local, domain)
}

// list returns the users of a domain if a list was given.
func (e *Explainer) list(domain string) (l []*users) {
	if u := e.listed[domain]; u != nil {
		l = append(l, u)
	}
	if e.everywhere.n > 0 {
		l = append(l, e.everywhere)
	}
	return l
}

// foreign explains an address outside of our domains. Names of our hosts occur
// on the right side of Message-IDs.
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

// withoutList explains by accepted addresses, and then by comparison.
func (e *Explainer) withoutList(local, domain string) Explanation {
	accepted, compared := e.accepted[domain], e.compared[domain]
	var tiers []*users
	if accepted != nil {
		tiers = append(tiers, accepted)
		if accepted.exact[local] > 0 {
			// A catch-all accepts damaged addresses too, so only damage that
			// cannot be a name counts.
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

// structural reports whether the damage is visible in the address itself.
func (x *Explanation) structural() bool {
	return x.Kind == DomainPrefix || x.Kind == DomainHostPrefix || x.Kind == HostPrefix
}
