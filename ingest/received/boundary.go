package received

import (
	"net/netip"
	"strings"
)

// Boundary returns the index of the boundary hop: the last (counted from the top) that
// our own servers wrote; its client is the sender. -1 if there is no hop to believe.
//
// The walk goes from the top, hop by hop, and stops at the first client that is not
// ours. What stands below that was brought by the client and may name our servers as it
// likes.
//
// With names given by the user (Inferred is false) the hops above the first one that
// matches must be such as our own delivery writes (from localhost, from a private
// address, by LMTP, by fetchmail). A message in which no server of theirs is named at
// all came another way, and is judged by structure. With inferred names the top hop is
// believed in any case, because whoever stored the message wrote it.
func (o *Own) Boundary(hops []Hop) int {
	if len(hops) == 0 {
		return -1
	}
	if o == nil {
		o = &Own{Inferred: true}
	}
	i := 0
	if !o.Inferred {
		for !o.wrote(&hops[i]) {
			if i+1 == len(hops) || !o.passes(hops, i) {
				return o.elsewhere(hops)
			}
			i++
		}
	}
	for i+1 < len(hops) && o.passes(hops, i) {
		i++
	}
	return i
}

// elsewhere is the boundary of a message that none of the servers the user named is
// reached by. If none is even claimed, the message came another way into the folder, and
// whoever stored it wrote the top hop; what lies above a claim to be ours stays open.
func (o *Own) elsewhere(hops []Hop) int {
	for i := range hops {
		if o.wrote(&hops[i]) {
			return -1
		}
	}
	structure := Own{Inferred: true, Addrs: o.Addrs}
	return structure.Boundary(hops)
}

// Sender is the client that the boundary hop recorded.
type Sender struct {
	Addr         netip.Addr // invalid if none was recorded, or one of ours was
	HELO         string
	Reverse      string
	ReverseState ReverseState
	Local        bool // no stranger connected: the message began on our own machines
}

// Sender returns who connected to us. A loopback or private address, or one of ours, is
// not a sender: the message then began on our side, and Local says so.
func (o *Own) Sender(hops []Hop, boundary int) Sender {
	if boundary < 0 || boundary >= len(hops) {
		return Sender{}
	}
	h := &hops[boundary]
	if noClient(h) || isPrivate(h.Addr) || o.MatchesAddr(h.Addr) {
		return Sender{Local: true}
	}
	return Sender{Addr: h.Addr, HELO: h.From, Reverse: h.Reverse, ReverseState: h.ReverseState}
}

// passes tells, hop i being believed, whether its client is ours too, so that hop i+1
// is to be believed.
func (o *Own) passes(hops []Hop, i int) bool {
	h, next := &hops[i], &hops[i+1]
	switch {
	case h.Authenticated && isPublic(h.Addr):
		return false // a user at his desk, or who has his password
	case pulled(h):
		return true
	case noClient(h):
		return !o.foreign(hops, i)
	case o.MatchesAddr(h.Addr):
		return true
	case isPrivate(h.Addr):
		return o.passesPrivate(hops, i)
	case !h.Addr.IsValid() && (o.withinHouse(h, next) || unrecorded(hops, i)):
		return true
	case providerEdge(h):
		return false
	case microsoft.Contains(h.ByAddr):
		// Within Exchange Online; from outside it is reached by other addresses. Its edge
		// hands on from a network from which customers' mail leaves as well.
		return microsoft.Contains(h.Addr) || microsoftEdges.Contains(h.Addr) && sameHost(h.From, next.By)
	}
	return o.passesByName(h, writerBelow(hops, i))
}

// withinHouse judges a client without address that stands between two lines of one house:
// a milter, a content scanner or a local program hands the message back to the server that
// took it, and names itself by the server's name, "localhost", "unknown", or not at all.
func (o *Own) withinHouse(h, next *Hop) bool {
	if !o.wrote(next) && !sameName(h.By, next.By) {
		return false
	}
	if h.By == "" || next.By == "" || badAddress(h.Raw) != "" {
		return false
	}
	for _, name := range [...]string{h.From, h.Reverse} {
		if qualified(name) && !o.MatchesName(name) && !sameName(name, h.By) && !sameName(name, next.By) {
			return false
		}
	}
	return true
}

// unrecorded judges a client of which no address was recorded. A server that faces the
// Internet writes the address down (RFC 5321, section 4.4), so it is one of the house if
// the line below is its own, and the line bears a mark of the inner network: the client
// is named by a private address (Yahoo), the server has no public name (iCloud), or
// it is Exchange, which never omits an address, but somebody who removed a word from
// all over the message has spoilt this one.
func unrecorded(hops []Hop, i int) bool {
	h, next := &hops[i], &hops[i+1]
	if h.From == "" || next.By == "" {
		return false
	}
	if a, _, ok := literal(h.From); ok {
		return isPrivate(a) && (a == next.ByAddr || h.From == next.By)
	}
	if h.Syntax == "exchange" && strings.EqualFold(firstLabel(h.From), firstLabel(next.By)) {
		for j := i; j >= 0 && j > i-8; j-- {
			if sameDomain(h.From, hops[j].By) {
				return true
			}
		}
		return false
	}
	return !qualified(h.By) && !isLocalName(h.From) && sameName(h.From, next.By)
}

// writerBelow returns the hop that names the host that had the message before hop i was
// written: the next one, or, where that is a queue's note without any name ("(qmail 123
// invoked by alias)"), the first below with a full one.
func writerBelow(hops []Hop, i int) *Hop {
	next := &hops[i+1]
	if next.By != "" {
		return next
	}
	for j := i + 1; j < len(hops) && j < i+6; j++ {
		if qualified(hops[j].By) {
			return &hops[j]
		}
		if !noClient(&hops[j]) && !pulled(&hops[j]) {
			break
		}
	}
	return next
}

// passesPrivate judges a client on loopback or a private address. It is ours, unless it
// calls itself by a stranger's name and that stranger goes on below: then our server
// sits behind address translation and sees every client so.
func (o *Own) passesPrivate(hops []Hop, i int) bool {
	h := &hops[i]
	if !o.foreign(hops, i) {
		return true
	}
	if h.Addr.IsLoopback() {
		return !qualified(h.From) || sameDomain(h.From, h.By) || o.MatchesName(h.From)
	}
	return h.Reverse != "" && sameHost(h.Reverse, hops[i+1].By) ||
		!qualified(h.From) && sameHost(h.From, hops[i+1].By)
}

// foreign tells whether hop i+1 was written by a host that has nothing to do with those
// above it: its full name is in another domain than theirs, and none of ours.
func (o *Own) foreign(hops []Hop, i int) bool {
	next := &hops[i+1]
	if !qualified(next.By) || o.wrote(next) {
		return false
	}
	known := false
	for j := i; j >= 0 && j > i-8; j-- {
		if hops[j].Syntax == "fetchmail" {
			break // the lines below are those of the mailbox's provider
		}
		if sameDomain(hops[j].By, next.By) {
			return false
		}
		known = known || qualified(hops[j].By)
	}
	return known // under "by localhost" or qmail's notes any full name is the first
}

// passesByName judges a client with a public address by its name. The name must be one
// that our server checked, or stand beside an address in our server's own network, and
// the hop below must be written by that host.
func (o *Own) passesByName(h, next *Hop) bool {
	name, ok := vouchedName(h)
	if !ok || !continues(h, next, name) {
		return false
	}
	if o.MatchesName(name) {
		return true
	}
	return o.related(h, name) && !isDynamic(name, h.Addr)
}

// related tells whether a client is of the house by its name alone: the same registered
// domain. That is not asked when the user has named his servers, except within one
// network, because an Internet provider's customers share its domain.
func (o *Own) related(h *Hop, name string) bool {
	if !sameDomain(name, h.By) {
		return false
	}
	return o.Inferred || sameNet(h.Addr, h.ByAddr)
}

// vouchedName returns the client's name as far as our server vouches for it: the reverse
// name that it looked up, or, where its format has no place for one, the HELO name if
// the address is in the server's own network.
func vouchedName(h *Hop) (string, bool) {
	switch {
	case h.Reverse != "":
		return h.Reverse, !strings.Contains(h.Raw, "may be forged") && h.Syntax != "qmail" && h.Syntax != "qpsmtpd"
	case h.ReverseState == Unknown:
		return "", false
	case !h.Addr.IsValid():
		return h.From, h.From != "" && sameDomain(h.From, h.By)
	}
	return h.From, h.From != "" && sameNet(h.Addr, h.ByAddr)
}

// continues tells whether the hop below was written by the client of the hop above, or,
// where the client's name was checked, by a sibling: machines of a pool answer for one
// another (mx02 receives, mx01 hands on).
func continues(h, next *Hop, name string) bool {
	if next.ByAddr.IsValid() && next.ByAddr == h.Addr {
		return true
	}
	return sameHost(name, next.By) || sameHost(h.From, next.By) || h.Reverse != "" && sameDomain(h.Reverse, next.By)
}

// noClient tells that a hop records no client: a local submission, a queue's note
// ("(qmail 123 invoked from network)"), Google's "by 2002:a05:…".
func noClient(h *Hop) bool {
	return h.From == "" && h.Reverse == "" && h.ReverseState == NotRecorded && !h.Addr.IsValid()
}

// pulled knows the transfers in which no stranger can be the client: fetchmail asks the
// server that its user named; LMTP (RFC 2033), QMQP, GroupWise's own protocol and
// Exchange's store driver run between servers of one house.
func pulled(h *Hop) bool {
	switch {
	case h.Syntax == "fetchmail":
		return true
	case len(h.With) < 4:
		return false
	}
	switch h.With[0] | 0x20 {
	case 'l':
		return hasFold(h.With, "lmtp")
	case 'q':
		return strings.EqualFold(h.With, "qmqp") || hasFold(h.With, "qmail-scanner") // copies the client's address out of the line below
	case 'n':
		return hasFold(h.With, "novell_groupwise")
	case 'm':
		return h.Syntax == "exchange" && strings.EqualFold(h.With, "mapi")
	case 'h':
		return h.Syntax == "exchange" && strings.EqualFold(h.With, "https")
	}
	return false
}

// providerEdge knows the servers of the large providers that accept mail from outside.
// The providers' customers send from hosts of the same names, so there a name proves
// nothing.
func providerEdge(h *Hop) bool {
	name, ok := cutSuffixFold(h.By, ".com")
	if !ok {
		return hasSuffixFold(h.By, ".mail.protection.partner.outlook.cn") || hasSuffixFold(h.By, ".yahoo.co.jp")
	}
	switch {
	case hasSuffixFold(name, ".google"):
		return hasFold(h.By, "mx") || hasFold(h.By, "gmr-mx.")
	case hasSuffixFold(name, ".outlook"):
		return hasSuffixFold(name, ".mail.protection.outlook") || hasSuffixFold(name, ".mail.eo.outlook")
	}
	return hasSuffixFold(name, ".yahoo") || hasSuffixFold(name, ".hotmail") || hasSuffixFold(name, ".mx.aol")
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if !hasSuffixFold(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}
