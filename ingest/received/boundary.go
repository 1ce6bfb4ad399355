package received

import (
	"net/netip"
	"strings"
)

// Boundary returns the index of the boundary hop: the last one from the top
// that the receiver's own servers wrote. Its client is the sender. It returns
// -1 if no hop can be believed.
//
// The walk goes down from the top and stops at the first client that is not one
// of the receiver's. The hops below were brought by that client and may name
// any server.
//
// If the user named the servers (Inferred is false), the hops above the first
// match must be of the kinds that local delivery writes: from localhost, from a
// private address, by LMTP, by fetchmail. A message that names none of the
// servers came another way and is judged by structure. With inferred names the
// top hop is always believed, because whoever stored the message wrote it.
//
// Each step looks at a few neighbours and at most eight hops above, so the cost
// is linear in the hops.
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

// elsewhere returns the boundary of a message that reached none of the servers
// that the user named. If no hop even claims one, the message came another way,
// and the top hop was written by the server that stored it. If a hop claims
// one, the hops above it are undecided, and the result is -1.
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
//
// The zero Sender means that the boundary is unknown.
type Sender struct {
	Addr         netip.Addr // invalid if none was recorded, or if it is one of the receiver's
	HELO         string
	Reverse      string
	ReverseState ReverseState
	Local        bool // no stranger connected: the message originated on the receiver's machines
}

// Sender returns the client that connected to the receiver. A loopback or
// private address, or one of the receiver's own, is not a sender; then Local is
// true.
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

// passes reports whether the client of the believed hop i belongs to the
// receiver too, so that hop i+1 is believed.
func (o *Own) passes(hops []Hop, i int) bool {
	h, next := &hops[i], &hops[i+1]
	switch {
	case h.Authenticated && isPublic(h.Addr):
		return false // an authenticated user
	// The order matters from here on: a transfer that excludes strangers counts
	// before any look at addresses, and the user's addresses before names.
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
	// No name is believed at such an edge, as every customer of the provider
	// has one of the same domain.
	case providerEdge(h):
		return false
	case microsoft.Contains(h.ByAddr):
		// This is Exchange Online's internal network, which is unreachable from
		// outside. Its edge servers share a network with customers' outgoing
		// mail, so for them the names must match too.
		return microsoft.Contains(h.Addr) || microsoftEdges.Contains(h.Addr) && sameHost(h.From, next.By)
	}
	return o.passesByName(h, writerBelow(hops, i))
}

// withinHouse judges a client without an address between two hops of one
// organisation. A milter, a content scanner or a local program returns the
// message to the server that took it. It introduces itself by the server's
// name, "localhost", "unknown", or not at all.
func (o *Own) withinHouse(h, next *Hop) bool {
	if !o.wrote(next) && !sameName(h.By, next.By) {
		return false
	}
	if h.By == "" || next.By == "" || badAddress(h.Raw) != "" {
		return false
	}
	// Short names and "localhost" are within the house; a full name must be
	// ours or that of either hop.
	for _, name := range [...]string{h.From, h.Reverse} {
		if qualified(name) && !o.MatchesName(name) && !sameName(name, h.By) && !sameName(name, next.By) {
			return false
		}
	}
	return true
}

// unrecorded judges a client whose address was not recorded. A server that
// faces the Internet should record it (RFC 5321 section 4.4). The client
// therefore belongs to the receiver if the hop below is its own and shows an
// inner network: the client's name is a private address (Yahoo), or the server
// has no public name (iCloud). The exception is Exchange, which never omits an
// address: there somebody has edited the message.
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

// writerBelow returns the hop that names the host that had the message before
// hop i was written. That is usually the next hop. A note without a name, such
// as "(qmail 123 invoked by alias)", is skipped until a full name follows.
func writerBelow(hops []Hop, i int) *Hop {
	next := &hops[i+1]
	if next.By != "" {
		return next
	}
	// qmail writes several notes without a name for one delivery.
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

// passesPrivate judges a client on a loopback or private address. It belongs to
// the receiver, unless it uses a stranger's name and that stranger continues
// below. In that case the receiver's server sits behind address translation and
// records the same address for every client.
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

// foreign reports whether hop i+1 was written by a host unrelated to those
// above: its full name is in another domain and is not one of the receiver's.
func (o *Own) foreign(hops []Hop, i int) bool {
	next := &hops[i+1]
	if !qualified(next.By) || o.wrote(next) {
		return false
	}
	known := false
	// Eight hops are more than any filter adds between two names.
	for j := i; j >= 0 && j > i-8; j-- {
		if hops[j].Syntax == "fetchmail" {
			break // the lines below belong to the provider of the mailbox
		}
		if sameDomain(hops[j].By, next.By) {
			return false
		}
		known = known || qualified(hops[j].By)
	}
	return known // under "by localhost" or qmail's notes any full name is the first
}

// passesByName judges a client with a public address by its name. The server
// must have verified the name, or the address must be in the server's own
// network, and that host must have written the hop below.
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

// related reports whether a client belongs to the receiver by its name alone,
// which means the same registered domain. If the user has named the servers,
// this counts only within one network, because the customers of an Internet
// provider share its domain.
//
// An inferred Own may be generous: Infer has checked the domain with the whole
// sample.
func (o *Own) related(h *Hop, name string) bool {
	if !sameDomain(name, h.By) {
		return false
	}
	return o.Inferred || sameNet(h.Addr, h.ByAddr)
}

// vouchedName returns the client's name if the server vouches for it: the
// reverse name that it looked up. If its format has no place for that, the HELO
// name counts when the address is in the server's own network.
func vouchedName(h *Hop) (string, bool) {
	switch {
	case h.Reverse != "":
		// qmail and qpsmtpd write the name that the PTR record gives without
		// looking it up again, and the owner of the address sets that record.
		return h.Reverse, !strings.Contains(h.Raw, "may be forged") && h.Syntax != "qmail" && h.Syntax != "qpsmtpd"
	// The server looked and found nothing, so the HELO name is a mere claim.
	case h.ReverseState == Unknown:
		return "", false
	case !h.Addr.IsValid():
		return h.From, h.From != "" && sameDomain(h.From, h.By)
	}
	return h.From, h.From != "" && sameNet(h.Addr, h.ByAddr)
}

// continues reports whether the client of the hop above wrote the hop below. If
// the client's name was verified, a sibling of it counts too, because in a pool
// mx02 receives and mx01 passes on.
func continues(h, next *Hop, name string) bool {
	if next.ByAddr.IsValid() && next.ByAddr == h.Addr {
		return true
	}
	return sameHost(name, next.By) || sameHost(h.From, next.By) || h.Reverse != "" && sameDomain(h.Reverse, next.By)
}

// noClient reports whether a hop records no client: a local submission, a note
// such as "(qmail 123 invoked from network)", or Google's "by 2002:a05:…".
func noClient(h *Hop) bool {
	return h.From == "" && h.Reverse == "" && h.ReverseState == NotRecorded && !h.Addr.IsValid()
}

// pulled reports whether the transfer excludes strangers. fetchmail connects to
// the server that its user configured. LMTP (RFC 2033), QMQP, GroupWise's
// protocol and Exchange's store driver run between servers of one organisation.
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
		return strings.EqualFold(h.With, "qmqp") || hasFold(h.With, "qmail-scanner") // copies the client's address from the line below
	case 'n':
		return hasFold(h.With, "novell_groupwise")
	case 'm':
		return h.Syntax == "exchange" && strings.EqualFold(h.With, "mapi")
	case 'h':
		return h.Syntax == "exchange" && strings.EqualFold(h.With, "https")
	}
	return false
}

// providerEdge reports whether a hop was written by a large provider's server
// that accepts mail from outside. The provider's customers send from hosts with
// the same names, so the name proves nothing there.
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

// hasSuffixFold compares a suffix without regard to case (RFC 4343).
func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

// cutSuffixFold removes a suffix without regard to case, and reports whether it
// was there.
func cutSuffixFold(s, suffix string) (string, bool) {
	if !hasSuffixFold(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}
