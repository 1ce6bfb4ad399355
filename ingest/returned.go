package ingest

import (
	"bytes"
	"slices"

	"spoor/ingest/dsn"
	"spoor/ingest/links"
	"spoor/ingest/message"
	bodytext "spoor/ingest/text"
	"spoor/internal/text"
)

// Returned is the message that a delivery report returns, as far as the report quotes it.
// It tells which campaign forged the sender, and is no content of the report.
type Returned struct {
	ID         string   // Message-ID
	SubjectKey string   // subject in normal form
	Domains    []string // registered domains of its links that have one owner
}

// maxReturned limits the domains of a returned message: a few tell a campaign.
const maxReturned = 20

// returned reads the message that a report returns: attached whole, as a header only, or
// copied into the prose of an older server.
func returned(m *message.Message) (r Returned) {
	for i := range m.Parts {
		p := &m.Parts[i]
		switch {
		case p.Parent >= 0 && m.Parts[p.Parent].Message:
			r.readHeader(p.Header)
			r.readLinks(textsBelow(m, p.Parent))
			return r
		case p.Type == "text/rfc822-headers" || p.Type == "message/global-headers":
			r.readHeader(message.ParseHeader(p.Text))
			return r
		}
	}
	for i := range m.Parts {
		if quoted := dsn.Copy(m.Parts[i].Text); len(quoted) > 0 {
			r.readHeader(message.ParseHeader(quoted))
			if _, body, ok := bytes.Cut(quoted, []byte("\n\n")); ok {
				r.readLinks([]links.Text{{Body: body}})
			}
			break
		}
	}
	return r
}

func (r *Returned) readHeader(h message.Header) {
	r.ID = messageID(h)
	r.SubjectKey = bodytext.SubjectKey(text.Cut(fieldText(h, "Subject"), maxSubject))
}

// textsBelow lists the texts of the message that a part holds.
func textsBelow(m *message.Message, top int) (out []links.Text) {
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.Text != nil && !isMachineRead(p.Type) && isBelow(m, i, top) {
			out = append(out, links.Text{Part: i, Body: p.Text, HTML: p.HTML})
		}
	}
	return out
}

// isBelow reports whether part i is inside of part top. Parents precede their children.
func isBelow(m *message.Message, i, top int) bool {
	for i > top {
		i = m.Parts[i].Parent
	}
	return i == top
}

// readLinks adds the domains of links, each once, at most maxReturned. Shared
// services are left out: they match too much mail.
func (r *Returned) readLinks(texts []links.Text) {
	for _, l := range links.Extract(texts).Links {
		if len(r.Domains) == maxReturned {
			return
		}
		if l.Domain != "" && l.Shared == "" && !slices.Contains(r.Domains, l.Domain) {
			r.Domains = append(r.Domains, l.Domain)
		}
	}
}
