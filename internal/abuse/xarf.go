package abuse

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/printable"
	"spoor/internal/wellformed"
)

// xarfReport is an X-ARF v4 report about one source.
type xarfReport struct {
	Version    string         `json:"xarf_version"`
	ID         string         `json:"report_id"`
	Time       time.Time      `json:"timestamp"`
	Reporter   xarfContact    `json:"reporter"`
	Sender     xarfContact    `json:"sender"`
	Source     string         `json:"source_identifier"`
	SourcePort int            `json:"source_port,omitempty"`
	Category   string         `json:"category"`
	Type       string         `json:"type"`
	Evidence   []xarfEvidence `json:"evidence,omitempty"`
	Tags       []string       `json:"tags"`
	Confidence float64        `json:"confidence"`
	About      string         `json:"description"`

	// Fields for spam from a sender.
	EvidenceSource string `json:"evidence_source,omitempty"`
	Protocol       string `json:"protocol,omitempty"`
	From           string `json:"smtp_from,omitempty"`
	Subject        string `json:"subject,omitempty"`
	MessageID      string `json:"message_id,omitempty"`

	// Fields for targets of links in spam.
	Threat string `json:"threat_type,omitempty"`
}

// xarfContact is the reporter; the schema demands all three fields.
type xarfContact struct {
	Org    string `json:"org"`
	Mail   string `json:"contact"`
	Domain string `json:"domain"`
}

// xarfEvidence is a masked message, in base64, with the hash and size of its
// bytes.
type xarfEvidence struct {
	Type    string `json:"content_type"`
	About   string `json:"description"`
	Payload string `json:"payload"`
	Hash    string `json:"hash"`
	Size    int    `json:"size"`
}

// Limits of texts in the schema, in bytes.
const (
	maxSubject = 500
	maxID      = 200
	maxAbout   = 1000
)

// XARF writes a report for each source.
func (r *Report) XARF() ([][]byte, error) {
	var out [][]byte
	for i := range r.Sources {
		text, err := json.MarshalIndent(r.xarf(&r.Sources[i]), "", "  ")
		if err != nil {
			return nil, err
		}
		out = append(out, append(printable.JSON(text), '\n'))
	}
	return out, nil
}

// xarf returns the report of one source in X-ARF version 4.
func (r *Report) xarf(s *Source) xarfReport {
	who := xarfContact{printable.Cut(r.Reporter.Org, 200), r.Reporter.Mail, r.Reporter.Domain}
	// The time of the report is that of the last observation; without one, the
	// present.
	at := s.Last
	if at.IsZero() {
		at = r.Now
	}
	x := xarfReport{Version: "4.2.0", ID: r.ID(s), Time: at.UTC(), Reporter: who, Sender: who, Source: printable.Clean(s.Value),
		Tags: []string{"campaign:spoor-" + r.Campaign.Label()}, Confidence: r.Campaign.Confidence,
		About: printable.Cut(r.summary(s), maxAbout)}
	if s.Role == Netblock {
		r.sent(&x, s)
	} else {
		// X-ARF has no type for pages and domains that spam only links to, and
		// nobody has checked whether they are fraud or phishing.
		x.Category, x.Type, x.Threat = "reputation", "threat_intelligence", "spam"
	}
	for i := range r.Evidence {
		if e := &r.Evidence[i]; e.Raw != nil {
			x.Evidence = append(x.Evidence, xarfEvidence{"message/rfc822", "Message received; recipients are masked", base64.StdEncoding.EncodeToString(e.Raw),
				fmt.Sprintf("sha256:%x", sha256.Sum256(e.Raw)), len(e.Raw)})
		}
	}
	return x
}

// sent adds the connection data of a message from the source.
func (r *Report) sent(x *xarfReport, s *Source) {
	x.Category, x.Type, x.EvidenceSource = "messaging", "spam", "content_analysis"
	// For "smtp" the schema demands the client's port, which few servers
	// record. Use "other" rather than an invented port.
	x.Protocol = "other"
	m := r.messageFrom(s.Value)
	if m == nil {
		return
	}
	x.Subject, x.MessageID = printable.Cut(m.Subject, maxSubject), printable.Cut(m.MessageID, maxID)
	if mail, ok := wellformed.Mail(m.ReturnPath); ok {
		x.From = mail
	}
	if m.Port > 0 && m.Port < 1<<16 {
		x.SourcePort = m.Port
		if x.From != "" {
			x.Protocol = "smtp"
		}
	}
}

// ID is the same for the same source and last message, so that a repeated
// report is recognised.
func (r *Report) ID(s *Source) string {
	h := sha1.New()
	fmt.Fprintf(h, "spoor abuse report\x00%s\x00%s\x00%s\x00%s\x00%s", r.Campaign.Key, r.Contact, s.Role, s.Value, s.Last.UTC().Format(time.RFC3339))
	id := [16]byte(h.Sum(nil)[:16])
	id[6] = id[6]&0x0f | 0x50 // version 5 (RFC 9562 section 5.5)
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// summary describes one source in a sentence.
func (r *Report) summary(s *Source) string {
	verb := "is linked to by"
	if s.Role == Netblock {
		verb = "sent"
	} else if strings.Contains(s.Value, "@") && !strings.Contains(s.Value, "://") {
		verb = "is the address for answers in"
	}
	text := fmt.Sprintf("%s %s %s of one spam campaign", s.Value, verb, count(s.Messages))
	if when := period(s.First, s.Last); when != "" {
		text += ", " + when
	}
	return text + "."
}

// count writes a number of messages.
func count(n int64) string {
	if n == 1 {
		return "1 message"
	}
	return fmt.Sprintf("%d messages", n)
}

// period writes times in the format of logs, for searching them.
func period(first, last time.Time) string {
	const minute = "2006-01-02 15:04"
	switch {
	case first.IsZero() || last.IsZero():
		return ""
	case last.Sub(first) < time.Minute:
		return "at " + last.UTC().Format(minute) + " UTC"
	}
	return "from " + first.UTC().Format(minute) + " to " + last.UTC().Format(minute) + " UTC"
}

// addressOf returns the source as an address.
func addressOf(s *Source) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s.Value)
	return a, err == nil
}
