package abuse

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
)

// Subject is the line by which an abuse desk sorts its mail: kind, source and
// number of messages.
func (r *Report) Subject() string {
	s := &r.Sources[0]
	more := ""
	if n := len(r.Sources) - 1; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	kind := "Spam links to"
	if s.Role == Netblock {
		kind = "Spam from"
	}
	return oneLine(fmt.Sprintf("%s %s%s (%s)", kind, printable.Cut(s.Value, 80), more, count(r.messages())))
}

// messages returns the number of the campaign's messages from the sources. A
// message may count for several hosts, so for those only the largest count is
// used.
func (r *Report) messages() int64 {
	senders, most := int64(0), int64(0)
	for i := range r.Sources {
		if r.Sources[i].Role == Netblock {
			senders += r.Sources[i].Messages
		}
		most = max(most, r.Sources[i].Messages)
	}
	return max(senders, most)
}

// requests are the actions that a report asks for, by role.
var requests = map[Role]string{
	Netblock:  "Please stop these machines from sending spam: find out whose they are, and whether they are rented for it or broken into.",
	Host:      "Please look at the pages at these names and take down those that serve the spam.",
	Registrar: "Please check the registrations and suspend the domains under your terms on spam.",
	Platform:  "Please take down these pages, links or mailboxes.",
}

// Text is the report for a person. Names and URLs are defanged, so that nobody
// follows them by accident.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "To:   %s\n", r.Contact)
	fmt.Fprintf(&b, "From: %s <%s>\n", oneLine(r.Reporter.Org), r.Reporter.Mail)
	fmt.Fprintf(&b, "Re:   %s\n\n", r.Subject())
	fmt.Fprintf(&b, "We received %s of one spam campaign", count(r.Campaign.Members))
	if when := period(r.Campaign.FirstSeen, r.Campaign.LastSeen); when != "" {
		b.WriteString(", " + when)
	}
	b.WriteString(".\nThe following of it is within your responsibility. All times are UTC.\n")
	role := Role("")
	for i := range r.Sources {
		s := &r.Sources[i]
		if s.Role != role {
			role = s.Role
			fmt.Fprintf(&b, "\nAs %s\n%s\n\n", role, requests[role])
		}
		r.writeSource(&b, s)
	}
	r.writeEvidence(&b)
	fmt.Fprintf(&b, "\nOur recipients are masked (r1@masked.invalid); the same number is the same mailbox.\n")
	if r.Guessed {
		fmt.Fprintf(&b, "We found no published contact and took abuse@ of your domain (RFC 2142).\n")
	}
	fmt.Fprintf(&b, "Please send questions, and a note of your action, to %s. Reference: %s\n", r.Reporter.Mail, r.ID(&r.Sources[0]))
	return b.String()
}

// writeSource writes one subject of the report. Host names are defanged, so
// that a mail program does not make a link of them.
func (r *Report) writeSource(b *strings.Builder, s *Source) {
	value := oneLine(s.Value)
	if _, err := netip.ParseAddr(s.Value); err != nil {
		value = oneLine(printable.Defang(s.Value))
	}
	fmt.Fprintf(b, "  %s\n      %s", value, count(s.Messages))
	if when := period(s.First, s.Last); when != "" {
		b.WriteString(", " + when)
	}
	b.WriteString("\n")
	if s.Detail != "" {
		fmt.Fprintf(b, "      %s\n", oneLine(s.Detail))
	}
	for _, u := range s.URLs {
		fmt.Fprintf(b, "      %s\n", oneLine(printable.Defang(u)))
	}
}

// writeEvidence lists the messages attached to the report.
func (r *Report) writeEvidence(b *strings.Builder) {
	if len(r.Evidence) == 0 {
		return
	}
	b.WriteString("\nEvidence\n")
	for i := range r.Evidence {
		e := &r.Evidence[i]
		m := e.Message
		fmt.Fprintf(b, "\n  %s\n", received(m))
		fmt.Fprintf(b, "      Message-ID  %s\n      Subject     %s\n      SHA-256     %s\n", oneLine(m.MessageID), oneLine(printable.Cut(m.Subject, 100)), m.SHA256)
		if e.Raw == nil {
			fmt.Fprintf(b, "      %s\n", e.Why)
		}
	}
}

// received describes the delivery of a message in a line.
func received(m *dossier.Message) string {
	text := "received"
	if !m.Received.IsZero() {
		text += " " + m.Received.UTC().Format(time.DateTime)
	}
	if m.Sender.IsValid() {
		text += " from " + m.Sender.String()
	}
	if m.HELO != "" {
		text += ", HELO " + oneLine(printable.Cut(m.HELO, 80))
	}
	return text
}

// messageFrom finds a message that the address sent, in the evidence or else in
// the campaign.
func (r *Report) messageFrom(address string) *dossier.Message {
	for i := range r.Evidence {
		if m := r.Evidence[i].Message; m.Sender.IsValid() && m.Sender.String() == address {
			return m
		}
	}
	for i := range r.Campaign.Messages {
		if m := &r.Campaign.Messages[i]; m.Sender.IsValid() && m.Sender.String() == address {
			return m
		}
	}
	return nil
}

// maxEvidence is the number of messages in a report: enough to recognise the
// campaign.
const maxEvidence = 3

// Wanted selects the messages for the report: the newest of its senders, or of
// all if it is about links.
func (r *Report) Wanted() []*dossier.Message {
	of := make(map[string]bool)
	for i := range r.Sources {
		if a, ok := addressOf(&r.Sources[i]); ok && r.Sources[i].Role == Netblock {
			of[a.String()] = true
		}
	}
	var out []*dossier.Message
	met := make(map[string]bool)
	for i := len(r.Campaign.Messages) - 1; i >= 0 && len(out) < maxEvidence; i-- {
		m := &r.Campaign.Messages[i]
		sender := ""
		if m.Sender.IsValid() {
			sender = m.Sender.String()
		}
		if len(of) > 0 && (!of[sender] || met[sender]) {
			continue
		}
		met[sender] = true
		out = append(out, m)
	}
	return out
}
