package abuse

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
	"spoor/internal/wellformed"
)

// ARF writes one message (RFC 5965) for each message of the evidence: the text,
// the machine-readable report, and the message with masked recipients. Without
// evidence there is none, because ARF is about messages.
func (r *Report) ARF() [][]byte {
	var out [][]byte
	for i := range r.Evidence {
		if e := &r.Evidence[i]; e.Raw != nil {
			out = append(out, r.arf(e))
		}
	}
	return out
}

// arf returns the report of one message in the Abuse Reporting Format (RFC
// 5965): text, feedback fields, and the masked message.
func (r *Report) arf(e *Evidence) []byte {
	text := crlf(r.Text())
	boundary := r.boundary(e, text)
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\r\nTo: <%s>\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@%s>\r\nMIME-Version: 1.0\r\n",
		r.from(), r.Contact, r.Subject(), r.Now.UTC().Format(time.RFC1123Z), boundary, r.Reporter.Domain)
	fmt.Fprintf(&b, "Content-Type: multipart/report; report-type=feedback-report;\r\n boundary=\"%s\"\r\n\r\n", boundary)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n%s\r\n", boundary, text)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: message/feedback-report\r\n\r\n%s\r\n", boundary, r.feedback(e.Message))
	// The mail may contain any bytes, also line ends of other kinds.
	fmt.Fprintf(&b, "--%s\r\nContent-Type: message/rfc822\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: %s\r\n\r\n", boundary, encodingOf(e.Raw))
	b.Write(e.Raw)
	fmt.Fprintf(&b, "\r\n--%s--\r\n", boundary)
	return b.Bytes()
}

// encodingOf returns the encoding to declare for an enclosed message. RFC 2046
// section 5.2.1 forbids encoding it.
func encodingOf(raw []byte) string {
	for _, c := range raw {
		if c >= 0x80 || c == 0 {
			return "8bit"
		}
	}
	return "7bit"
}

// boundary returns a boundary that occurs nowhere in the parts.
func (r *Report) boundary(e *Evidence, text string) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %d", r.Campaign.Key, r.Contact, e.Message.SHA256, n))
		boundary := fmt.Sprintf("spoor-%x", sum[:12])
		if !bytes.Contains(e.Raw, []byte(boundary)) && !strings.Contains(text, boundary) {
			return boundary
		}
	}
}

// from is the reporter as a header field has it: quotes and backslashes would
// end the quoted string.
func (r *Report) from() string {
	org := strings.NewReplacer(`\`, "", `"`, "").Replace(oneLine(r.Reporter.Org))
	return fmt.Sprintf("\"%s\" <%s>", org, r.Reporter.Mail)
}

// feedback is the machine-readable part (RFC 5965 section 3).
func (r *Report) feedback(m *dossier.Message) string {
	var b strings.Builder
	field := func(name, value string) {
		if value = oneLine(value); value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	field("Feedback-Type", "abuse")
	field("User-Agent", "Spoor/1.0")
	field("Version", "1")
	if mail, ok := wellformed.Mail(m.ReturnPath); ok {
		field("Original-Mail-From", "<"+mail+">")
	}
	if !m.Received.IsZero() {
		field("Arrival-Date", m.Received.UTC().Format(time.RFC1123Z))
	}
	if m.Sender.IsValid() {
		field("Source-IP", m.Sender.String())
	}
	incidents := int64(0)
	for i := range r.Sources {
		s := &r.Sources[i]
		incidents = max(incidents, s.Messages)
		if host, ok := wellformed.Host(s.Value); ok && s.Role != Netblock {
			field("Reported-Domain", host)
		}
		for _, u := range append([]string{s.Value}, s.URLs...) {
			if uri, ok := wellformed.URI(u); ok {
				field("Reported-URI", uri)
			}
		}
	}
	field("Incidents", fmt.Sprint(incidents))
	return b.String()
}

// oneLine makes text suitable for a header line: printable ASCII without line
// ends.
func oneLine(s string) string { return strings.TrimSpace(printable.ASCII(printable.Cut(s, maxLine))) }

// maxLine keeps a header line below the 998 bytes of RFC 5322 section 2.1.1.
const maxLine = 900

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
