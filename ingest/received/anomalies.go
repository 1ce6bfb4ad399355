package received

import (
	"strings"
	"time"

	"spoor/ingest/date"
	"spoor/internal/text"
)

// AnomalyKind is one code with its meaning.
//
// Codes are stored with each message and used in queries, so a code never
// changes its meaning.
type AnomalyKind struct{ Code, Meaning string }

// AnomalyKinds lists every code that Anomalies returns. Users read these
// sentences on the screen, in the database and in the documentation.
var AnomalyKinds = []AnomalyKind{
	{"helo-number", "The client introduced itself with a bare number instead of a host name."},
	{"helo-literal-differs", "The client introduced itself with an address that is not the one it connected from."},
	{"helo-bare-address", "The client introduced itself with an address without the brackets that RFC 5321 demands."},
	{"helo-own-name", "The client introduced itself by the name or domain of the receiving side."},
	{"helo-no-dot", "The client introduced itself with a name without a dot, which no server on the Internet has."},
	{"helo-not-reverse", "The name the client gave and its reverse name belong to different registered domains."},
	{"reverse-unknown", "The receiving server looked for a reverse name of the client and found none."},
	{"reverse-dynamic", "The client's reverse name is of the kind that providers give to end users' lines."},
	{"hop-no-address", "The line names a client but not the address it connected from, which real servers record."},
	{"hop-bad-address", "In the place of the client's address stands a number that is not an address."},
	{"chain-broken", "The line was not written by the host that the line above names as its client."},
	{"time-backwards", "The message was received here later than at the next server on its way."},
	{"time-future", "The line's time lies more than a day after the moment our own server received the message."},
	{"time-zone", "The line's time has a zone that does not exist."},
	{"time-ahead", "Our own server stamped the line with a time that had not come when the message was read."},
	{"time-no-zone", "The line's time has no zone, so the moment is not known."},
	{"time-syntax", "The line's time is not written as servers write it."},
	{"id-not-postfix", "The queue id is not of a form that Postfix writes."},
	{"id-not-sendmail", "The queue id is not of a form that sendmail writes."},
	{"id-not-exim", "The message id is not of a form that Exim writes."},
	{"syntax-not-qmail", "The line claims to be qmail's, but qmail writes neither such a name nor an id."},
	{"syntax-not-postfix", "The line claims to be Postfix's, but Postfix words it differently."},
	{"private-in-middle", "A private address stands between public ones, where no server can have been reached by it."},
	{"msgid-domain", "The domain of the Message-ID is that of neither the sender nor any host on the way."},
	{"msgid-no-domain", "The Message-ID has no domain."},
	{"date-far", "The Date is more than seven days from the moment our own server received the message."},
	{"date-zone", "The Date has no zone, or one that does not exist."},
	{"date-unreadable", "The Date is not a date."},
}

// meaning returns the reason for a code. A test checks that every code has one.
func meaning(code string) string {
	for i := range AnomalyKinds {
		if AnomalyKinds[i].Code == code {
			return AnomalyKinds[i].Meaning
		}
	}
	return ""
}

// Limits of the result, and tolerances of time.
const (
	// In bytes: a whole field would fill the screen.
	maxEvidence  = 300
	maxAnomalies = 64                 // for one message
	clockSlack   = time.Hour          // clocks differ, and some servers forget summer time
	farDate      = 7 * 24 * time.Hour // mail queues give up earlier (RFC 5321 section 4.5.4.1)
)

// audit is the state of one call of Anomalies.
//
// found is in the order of the hops from the top, and those of the whole
// message come last.
type audit struct {
	hops     []Hop
	boundary int
	own      *Own
	env      Envelope
	found    []Anomaly
}

// Anomalies compares the hops with each other and with the envelope. boundary
// is the result of Own.Boundary. Hops above it were written by the receiver's
// own servers and are not judged. Without a boundary all hops are judged.
//
// The result depends on the arguments alone. A message without hops is judged
// by its Message-ID and Date.
func Anomalies(hops []Hop, boundary int, own *Own, env Envelope) []Anomaly {
	a := audit{hops: hops, boundary: boundary, own: own, env: env}
	if boundary >= len(hops) {
		a.boundary = -1
	}
	if own == nil {
		a.own = &Own{}
	}
	for i := max(a.boundary, 0); i < len(hops); i++ {
		// At the boundary the line is our own server's, and its statements
		// about the stranger are judged. The form of the line is not: our
		// server may write as it likes.
		a.checkHELO(i)
		a.checkAddress(i)
		a.checkTime(i)
		if i > a.boundary {
			a.checkSyntax(i)
			a.checkPrivate(i)
		}
		if i+1 < len(hops) {
			a.checkChain(i)
		}
		if len(a.found) >= maxAnomalies {
			break
		}
	}
	a.checkMessageID()
	a.checkDate()
	return a.found
}

func (a *audit) add(code string, hop int, evidence ...string) {
	if len(a.found) < maxAnomalies {
		a.found = append(a.found, Anomaly{Code: code, Hop: hop, Reason: meaning(code), Evidence: text.Cut(strings.Join(evidence, " "), maxEvidence)})
	}
}

// checkHELO judges how the client introduced itself. Names that are merely
// unusual, and only for a server on the Internet, are judged at the boundary
// alone: hosts further down may be on private networks.
//
// A missing reverse name is a fact only if the server says that it looked.
// Formats without a place for it leave ReverseState at NotRecorded.
func (a *audit) checkHELO(i int) {
	h := &a.hops[i]
	if local(h) {
		return
	}
	a.checkName(i, h)
	if i != a.boundary {
		return
	}
	switch {
	case h.ReverseState == Unknown:
		a.add("reverse-unknown", i, h.Addr.String())
	case isDynamic(h.Reverse, h.Addr):
		a.add("reverse-dynamic", i, h.Reverse)
	}
}

// checkName judges a HELO name.
func (a *audit) checkName(i int, h *Hop) {
	name := strings.TrimRight(h.From, ".")
	if name == "" {
		return
	}
	if lit, _, ok := literal(name); ok {
		// An address literal has brackets (RFC 5321 section 4.1.3).
		if name[0] != '[' {
			a.add("helo-bare-address", i, name)
		}
		if h.Addr.IsValid() && lit != h.Addr {
			a.add("helo-literal-differs", i, name, h.Addr.String())
		}
		return
	}
	if allDigits(name) {
		a.add("helo-number", i, name)
		return
	}
	if i != a.boundary {
		return
	}
	switch {
	case a.ownName(h, name):
		a.add("helo-own-name", i, name)
	case !strings.Contains(name, "."):
		a.add("helo-no-dot", i, name)
	case h.Reverse != "" && qualified(name) && qualified(h.Reverse) && !sameDomain(name, h.Reverse):
		a.add("helo-not-reverse", i, name, h.Reverse)
	}
}

// ownName reports whether a stranger introduces itself with a name of the
// receiver: that of the server it talks to, one of the user's patterns where
// the reverse name disagrees, or a recipient's domain.
//
// Spammers do so since some servers let their own name pass unchecked.
func (a *audit) ownName(h *Hop, name string) bool {
	if sameDomain(h.Reverse, name) {
		return false
	}
	if sameName(name, h.By) {
		return true
	}
	for _, r := range a.env.Recipients {
		if d := mailDomain(r); d != "" && strings.EqualFold(d, name) {
			return true
		}
	}
	// If the server records no reverse name, the client may be a customer who
	// rightly has the provider's name.
	return h.ReverseState != NotRecorded && a.own.MatchesName(name)
}

// local reports whether the client of a hop cannot be a stranger.
func local(h *Hop) bool {
	return noClient(h) || pulled(h) || isPrivate(h.Addr)
}

// checkAddress reports a hop that names a client without its address, or with a
// number in its place. Web mail and local deliveries have none.
//
// RFC 5321 section 4.4: the from clause should contain the HELO name and, as a
// literal, the address of the connection.
func (a *audit) checkAddress(i int) {
	h := &a.hops[i]
	if h.Addr.IsValid() || local(h) {
		return
	}
	if number := badAddress(h.Raw); number != "" {
		a.add("hop-bad-address", i, number)
		return
	}
	if h.From != "" && !strings.EqualFold(h.With, "http") && !isLocalName(h.From) {
		a.add("hop-no-address", i, h.Raw)
	}
}

// badAddress finds text in a from clause that stands in place of an address and
// is none: in brackets, or a dotted or long number, such as "(144848872
// [146990032])" or "([300.1.2.3])".
//
// Dates and queue ids stand behind "by" and would look like numbers in the
// wrong place, so the search ends there.
func badAddress(raw string) string {
	if i := indexFold(raw, " by "); i >= 0 {
		raw = raw[:i]
	}
	open := strings.IndexByte(raw, '(')
	if open < 0 {
		return ""
	}
	// The address of the client is in brackets, within the comment before "by".
	for rest := raw[open:]; ; {
		i := strings.IndexByte(rest, '[')
		if i < 0 {
			break
		}
		rest = rest[i:]
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			break
		}
		if w := rest[:end+1]; numberish(w[1:end]) {
			if _, _, ok := literal(w); !ok {
				return raw[open:]
			}
		}
		rest = rest[end:]
	}
	w := strings.Trim(raw[open:], "() ")
	if _, _, ok := literal(w); !ok && len(w) >= 5 && numberish(w) {
		return raw[open:]
	}
	return ""
}

// numberish reports whether s consists of digits and dots.
func numberish(s string) bool {
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' {
			return false
		}
	}
	return s != ""
}

func allDigits(s string) bool {
	_, ok := number(s[:min(len(s), 9)])
	return ok && numberish(s) && strings.IndexByte(s, '.') < 0
}

// indexFold returns the index of sep in s without regard to case. sep is in
// lower case.
func indexFold(s, sep string) int {
	for i := 0; i+len(sep) <= len(s); i++ {
		if s[i]|0x20 == sep[0]|0x20 && strings.EqualFold(s[i:i+len(sep)], sep) {
			return i
		}
	}
	return -1
}

// checkTime looks for times that no server writes.
func (a *audit) checkTime(i int) {
	h := &a.hops[i]
	if h.Time.IsZero() {
		switch {
		// Without a zone the moment is unknown, so h.Time is zero although the
		// date reads well.
		case h.Zone == "" && date.Parse(dateText(h.Raw)).Time.Year() >= firstYear:
			a.add("time-no-zone", i, dateText(h.Raw))
		// A zone in letters that is not known may exist all the same. A number
		// outside of the range of zones exists nowhere.
		case h.Zone != "" && (h.Zone[0] == '+' || h.Zone[0] == '-'):
			a.add("time-zone", i, h.Zone)
		}
		return
	}
	if i <= a.boundary {
		if a.own.Ahead(h.Time) {
			a.add("time-ahead", i, dateText(h.Raw))
		}
		return
	}
	if forgedTime(h.Raw) {
		a.add("time-syntax", i, dateText(h.Raw))
	}
	if a.boundary >= 0 {
		// Compared with our own server's clock and not with today: old mail is
		// read for years. A day covers wrong zones.
		if t := a.hops[a.boundary].Time; !t.IsZero() && h.Time.Sub(t) > 24*time.Hour {
			a.add("time-future", i, dateText(h.Raw))
		}
	}
}

// dateText returns the text after the last semicolon.
func dateText(raw string) string {
	return strings.TrimSpace(raw[strings.LastIndexByte(raw, ';')+1:])
}

// forgedTime recognises habits of bulk mailers: the month in place of the
// weekday ("Sep, 11 2002"), and AM or PM.
func forgedTime(raw string) bool {
	s := dateText(raw)
	if len(s) > 5 && s[3] == ',' && month(s[:3]) > 0 {
		return true
	}
	return strings.Contains(s, " AM") || strings.Contains(s, " PM")
}

// checkChain compares hop i with the one below it.
//
// The times are compared only if both have a zone.
func (a *audit) checkChain(i int) {
	h, next := &a.hops[i], &a.hops[i+1]
	if a.brokenChain(h, next) {
		a.add("chain-broken", i+1, clientText(h), "/ by", next.By)
	}
	if h.Zone != "" && next.Zone != "" && !h.Time.IsZero() && !next.Time.IsZero() && next.Time.Sub(h.Time) > clockSlack {
		a.add("time-backwards", i+1, dateText(next.Raw), "/", dateText(h.Raw))
	}
}

// brokenChain reports whether the writer of the hop below has nothing in common
// with the client above. Only full names count, because hosts of one
// organisation use short names among themselves.
//
// One agreement is enough, of the HELO name or of the reverse name: a server
// often has several names.
func (a *audit) brokenChain(h, next *Hop) bool {
	if local(h) || !qualified(next.By) || !qualified(h.From) && !qualified(h.Reverse) {
		return false
	}
	if next.ByAddr.IsValid() && next.ByAddr == h.Addr {
		return false
	}
	return !sameDomain(h.From, next.By) && !sameDomain(h.Reverse, next.By)
}

// clientText writes the client of a hop in the form that servers use.
func clientText(h *Hop) string {
	s := h.From
	if h.Reverse != "" && h.Reverse != h.From {
		s += " (" + h.Reverse + ")"
	}
	if h.Addr.IsValid() {
		s += " [" + h.Addr.String() + "]"
	}
	return s
}

// checkPrivate finds a private client between public ones, below the boundary.
// Organisations have inner networks behind their exchangers, so the hop above
// must be in another domain.
//
// Two networks cannot reach each other by a private address (RFC 1918 section
// 3), and loopback is left to local deliveries.
func (a *audit) checkPrivate(i int) {
	h := &a.hops[i]
	if !isPrivate(h.Addr) || h.Addr.IsLoopback() || i+1 >= len(a.hops) {
		return
	}
	next := &a.hops[i+1]
	if isPublic(next.Addr) && qualified(h.By) && qualified(next.By) && !sameDomain(h.By, next.By) {
		a.add("private-in-middle", i, clientText(h))
	}
}

// checkMessageID compares the domain of the Message-ID with all hosts that the
// message names.
//
// Mail services make Message-IDs in the name of their own servers, which then
// appear on the way. So the domain is compared with every name of the header
// before it counts as invented.
func (a *audit) checkMessageID() {
	id := a.env.MessageID
	if id == "" {
		return
	}
	domain := mailDomain(id)
	if domain == "" {
		a.add("msgid-no-domain", -1, id)
		return
	}
	related := func(name string) bool { return sameDomain(domain, name) || sameName(domain, name) }
	if related(mailDomain(a.env.From)) {
		return
	}
	for i := range a.hops {
		h := &a.hops[i]
		if related(h.From) || related(h.Reverse) || related(h.By) || related(mailDomain(h.EnvelopeFrom)) {
			return
		}
		// RFC 5322 section 3.6.4 allows an address literal at the right side.
		if lit, _, ok := literal(domain); ok && (lit == h.Addr || lit == h.ByAddr) {
			return
		}
	}
	a.add("msgid-domain", -1, id)
}

// checkDate compares the Date field with the time at which the receiver's own
// server took the message.
func (a *audit) checkDate() {
	switch {
	case a.env.DateRaw == "":
	// First, since no zone is found in text that is no date.
	case !a.env.DateOK:
		a.add("date-unreadable", -1, a.env.DateRaw)
	case !a.env.DateZoneOK:
		a.add("date-zone", -1, a.env.DateRaw)
	case a.boundary >= 0 && !a.hops[a.boundary].Time.IsZero():
		if d := a.env.Date.Sub(a.hops[a.boundary].Time); d > farDate || d < -farDate {
			a.add("date-far", -1, a.env.DateRaw, "/", dateText(a.hops[a.boundary].Raw))
		}
	}
}
