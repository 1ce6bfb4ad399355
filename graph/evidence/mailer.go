package evidence

import (
	"strings"
	"unicode"

	"github.com/cespare/xxhash/v2"

	"spoor/internal/text"
)

// mailer adds the habits of the mail program. MailerFingerprint combines all of
// them.
func (c *collector) mailer(m *Message) {
	order, core, odd := ownHeaders(m.HeaderNames)
	for _, name := range odd {
		c.put(OddHeader, name)
	}
	if order != "" {
		c.put(HeaderOrder, shortened(order))
		habits := m.MessageIDForm + "\n" + m.Mailer + "\n" + m.DateForm
		c.put(MailerCore, hashed(core+"\n"+habits))
		c.put(MailerFingerprint, hashed(order+"\n"+habits+"\n"+m.MIMESkeleton+"\n"+m.BoundaryForm+"\n"+m.Encodings))
	}
	c.put(MessageIDForm, m.MessageIDForm)
	c.put(BoundaryForm, m.BoundaryForm)
	if m.MessageIDForm != "" && m.BoundaryForm != "" {
		c.put(IDAndBoundary, m.MessageIDForm+" "+m.BoundaryForm)
	}
	c.messageID(m)
	c.put(MailerName, m.Mailer)
	if !standardDates[m.DateForm] {
		c.put(DateForm, m.DateForm)
	}
	c.put(Encodings, m.Encodings)
	c.put(MIMESkeleton, m.MIMESkeleton)
	for i := range head(m.Claims, 5) {
		c.put(ForgedHop, hopForm(m.Claims[i].Raw))
	}
	c.put(Anomalies, anomalies(m.Anomalies))
	for _, r := range head(m.Readers, maxValues) {
		c.put(BrokenReaders, damage(strings.ToLower(r)))
	}
}

// damage returns the residue that harvesters and mailers leave before a
// recipient's address: "smtp" or "0" from a badly parsed list, or its own
// domain (client.examplesusan.nobody@client.example). It returns "" if the
// address alone does not show any. Package recipient explains addresses fully,
// but needs all recipients; a message's features may depend on the message
// only.
func damage(address string) string {
	local, host, ok := strings.Cut(address, "@")
	if !ok || host == "" {
		return ""
	}
	if rest, ok := strings.CutPrefix(local, host); ok && rest != "" {
		return "domain"
	}
	for _, before := range [...]string{"smtp", "0"} {
		rest, ok := strings.CutPrefix(local, before)
		if rest = strings.TrimLeft(rest, "0"); ok && rest != "" && isAlpha(rest[0]) {
			return before
		}
	}
	return ""
}

// standardDates are the usual forms of RFC 5322 dates.
var standardDates = map[string]bool{
	"Www, 99 Mmm 9999 99:99:99 +9999": true, "Www, 9 Mmm 9999 99:99:99 +9999": true,
	"Www, 99 Mmm 9999 99:99:99 +9999 (UTC)": true, "Www, 9 Mmm 9999 99:99:99 +9999 (UTC)": true,
	"Www, 99 Mmm 9999 99:99:99 GMT": true, "Www, 9 Mmm 9999 99:99:99 GMT": true,
	"99 Mmm 9999 99:99:99 +9999": true, "9 Mmm 9999 99:99:99 +9999": true,
}

// messageID adds the whole Message-ID, and its host if it is neither that of
// the From address nor that of the sender. A program that invents a host does
// so in its own way.
func (c *collector) messageID(m *Message) {
	c.put(MessageID, m.MessageID)
	at := strings.LastIndexByte(m.MessageID, '@')
	if at < 0 {
		return
	}
	c.messageIDParts(m.MessageID[:at])
	host := strings.ToLower(m.MessageID[at+1:])
	_, from, _ := strings.Cut(strings.ToLower(m.From), "@")
	if host == "" || m.Own.host(host) && !m.Own.sends(m) || host == from || host == strings.ToLower(m.HELO) && !madeUp(m) || host == strings.ToLower(m.ReverseName) {
		return
	}
	if strings.IndexByte(host, '.') < 0 {
		c.put(MessageIDHost, numberForm(host))
		return
	}
	c.put(MessageIDHost, host)
}

// madeUp reports whether the program invents the same name for HELO and
// Message-IDs. The two are one habit.
func madeUp(m *Message) bool {
	at := strings.LastIndexByte(m.MessageID, '@')
	return at >= 0 && m.HELO != "" && strings.EqualFold(m.MessageID[at+1:], m.HELO) && !strings.EqualFold(m.HELO, m.ReverseName) &&
		(m.ReverseName != "" || m.ReverseState == "unknown")
}

// messageIDParts adds the parts of a Message-ID's local part that are too long
// for coincidence, and its two ends. Some programs write a constant into each.
// Parts of digits alone are times and counters and are left out.
func (c *collector) messageIDParts(local string) {
	if len(local) > 200 {
		return
	}
	const end = 10
	n := 0
	for piece := range strings.FieldsFuncSeq(local, func(r rune) bool { return strings.ContainsRune("._$+=/-", r) }) {
		if len(piece) >= 8 && len(piece) < len(local) && n < 4 && hasLetter(piece) {
			c.put(MessageIDPart, piece)
			n++
		}
	}
	if len(local) >= 2*end {
		for _, s := range [...]string{local[:end], local[len(local)-end:]} {
			if hasLetter(s) {
				c.put(MessageIDPart, s)
			}
		}
	}
}

// hasLetter reports whether s is more than a time or counter.
func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// ownHeaders returns the order and case of the header names that the sender's
// program chose. core lacks those that depend on body and reader. odd lists
// names that hardly any program writes.
func ownHeaders(names string) (order, core string, odd []string) {
	var all, some strings.Builder
	for name := range strings.SplitSeq(names, ",") {
		l := strings.ToLower(name)
		if l == "" || traceHeaders[l] || hasAnyPrefix(l, tracePrefixes) {
			continue
		}
		all.WriteString(name)
		all.WriteByte(',')
		if !strings.HasPrefix(l, "content-") && !bodyHeaders[l] {
			some.WriteString(name)
			some.WriteByte(',')
		}
		if !commonHeaders[l] && len(odd) < 6 && len(l) < 60 {
			odd = append(odd, numberForm(name))
		}
	}
	return all.String(), some.String(), odd
}

// bodyHeaders depend on the content and not on the program.
var bodyHeaders = map[string]bool{"mime-version": true, "reply-to": true, "in-reply-to": true, "references": true, "importance": true, "x-priority": true}

// traceHeaders are added in transit or on arrival and do not describe the
// sender's program. Names are in lower case; those in tracePrefixes match by
// prefix.
var traceHeaders = map[string]bool{
	"received": true, "return-path": true, "delivered-to": true, "x-original-to": true, "envelope-to": true,
	"authentication-results": true, "received-spf": true, "x-sender-ip": true, "x-envelope-from": true,
	"x-envelope-to": true, "delivery-date": true, "x-uidl": true, "status": true, "x-status": true,
	"x-keywords": true, "x-incomingheadercount": true, "x-mozilla-status": true, "x-mozilla-status2": true,
	"x-rcpt-to": true, "x-apparently-to": true, "x-received": true, "x-resolved-to": true, "lines": true,
	"dkim-signature": true, "domainkey-signature": true, "content-length": true, "x-virus-scanned": true,
	"x-incomingtopheadermarker": true, "x-message-info": true, "x-message-delivery": true, "to": true, "cc": true, "bcc": true,
	"x-loop": true, "x-pyzor": true, "x-evolution": true, "x-folder": true, "x-uid": true, "x-env-from": true,
}

// tracePrefixes are the beginnings of header names that filters and mailbox
// providers add in families, as X-Spam-Status or ARC-Seal (RFC 8617).
var tracePrefixes = []string{"arc-", "x-ms-", "x-microsoft-", "x-sid-", "x-spam-", "x-eop", "x-forefront-", "x-exchange-", "x-auth-", "x-google-", "x-gm-", "resent-", "x-mozilla-", "x-evolution-"}

// commonHeaders are written by many programs.
var commonHeaders = map[string]bool{
	"from": true, "subject": true, "date": true, "message-id": true, "mime-version": true, "content-type": true,
	"content-transfer-encoding": true, "reply-to": true, "sender": true, "x-mailer": true, "user-agent": true,
	"in-reply-to": true, "references": true, "x-priority": true, "importance": true, "priority": true, "x-msmail-priority": true,
	"x-mimeole": true, "organization": true, "list-unsubscribe": true, "list-id": true, "list-help": true, "list-post": true,
	"list-subscribe": true, "list-archive": true, "list-owner": true, "list-unsubscribe-post": true, "precedence": true,
	"errors-to": true, "content-disposition": true, "content-language": true, "thread-index": true, "thread-topic": true,
	"feedback-id": true, "x-originating-ip": true, "mailing-list": true, "x-mailing-list": true, "x-beenthere": true,
	"x-mailman-version": true, "auto-submitted": true, "x-accept-language": true, "disposition-notification-to": true,
	"content-description": true, "content-id": true, "x-sender": true, "mail-followup-to": true, "x-auto-response-suppress": true,
	"thread": true, "x-entity-id": true, "x-csa-complaints": true, "x-report-abuse": true, "x-originatororg": true,
	"accept-language": true, "x-has-attach": true, "msip_labels": true, "x-antiabuse": true, "x-source": true, "x-source-dir": true, "x-source-args": true,
	"x-php-originating-script": true, "x-sg-eid": true, "x-sg-id": true, "x-ses-outgoing": true, "x-entity-ref-id": true, "x-abuse": true,
}

// hasAnyPrefix reports whether s begins with one of the prefixes.
func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// hopForm returns the shape of a Received field. The constant text of a forging
// program stays; invented names and numbers become their class.
func hopForm(raw string) string {
	raw = text.Cut(raw, 600)
	if i := strings.LastIndexByte(raw, ';'); i > 0 {
		raw = raw[:i]
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		c := raw[i]
		if !isAlpha(c) && !isDigit(c) && c < 0x80 {
			if !isBlank(c) {
				b.WriteByte(c)
			} else if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") {
				b.WriteByte(' ')
			}
			i++
			continue
		}
		j := i
		for j < len(raw) && (isAlpha(raw[j]) || isDigit(raw[j]) || raw[j] >= 0x80 || strings.IndexByte(".-_=+", raw[j]) >= 0) {
			j++
		}
		b.WriteString(wordForm(raw[i:j]))
		i = j
	}
	return b.String()
}

// wordForm keeps words of a Received field and replaces names and ids by their
// class.
func wordForm(w string) string {
	digits, dots := 0, strings.Count(strings.Trim(w, "."), ".")
	for i := range len(w) {
		if isDigit(w[i]) {
			digits++
		}
	}
	switch {
	case digits == len(w):
		return "9"
	case dots == 3 && digits+dots == len(w):
		return "i"
	case dots > 0 && digits*2 > len(w):
		return numberForm(w) // a version number
	case dots > 0:
		return "d"
	case 3*digits >= len(w) && len(w) > 5 || len(w) > 14:
		return "x"
	}
	return numberForm(w)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// anomalies joins the anomalies that a program causes. It omits those that are
// common in legitimate mail, and those of the network.
func anomalies(codes []string) string {
	var b strings.Builder
	for _, code := range []string{"helo-number", "helo-bare-address", "helo-own-name", "hop-no-address", "hop-bad-address", "time-zone",
		"time-syntax", "id-not-postfix", "id-not-sendmail", "id-not-exim", "syntax-not-qmail", "syntax-not-postfix", "msgid-no-domain", "date-zone", "date-unreadable"} {
		for _, c := range codes {
			if c == code {
				b.WriteString(code)
				b.WriteByte(' ')
				break
			}
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}

// shortened keeps a long value readable and distinct.
func shortened(s string) string {
	if len(s) <= maxValue {
		return s
	}
	return s[:maxValue-24] + "~" + hashed(s)
}

// hashed returns a hash of s in hex, for values that nobody reads.
func hashed(s string) string { return hex64(int64(xxhash.Sum64String(s))) }
