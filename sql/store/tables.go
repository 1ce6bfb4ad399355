package store

import (
	"strconv"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
)

// message is a message together with the key under which it is stored.
type message struct {
	key   int64
	facts *ingest.Facts
}

// dependent is a table whose rows hang on a message, written by COPY once it is certain
// that the message is ours to write.
type dependent struct {
	name    string
	columns string // in the order in which encode writes them
	encode  func(r *rows, m message)
	derived bool // from the message by the extractor: replaced when that is
}

// dependents is every table below messages but places.
func dependents() []dependent {
	return []dependent{
		{"hops", "message_key, n, port, at, trusted, authenticated, address, by_address, helo, reverse_name, reverse_state, ident, by_name, via, protocol, queue_id, recipient, envelope_from, tls, zone, syntax, comment, raw", encodeHops, true},
		{"anomalies", "message_key, n, hop, code, reason, evidence", encodeAnomalies, true},
		{"parts", "message_key, n, parent, size, attachment, sha256, media_type, sniffed, charset, encoding, disposition, name, outside", encodeParts, true},
		{"urls", "message_key, n, part, via, port, count, address, host, domain, shared, tenant, url, raw, found_in, visible, notes", encodeURLs, true},
		{"contacts", "message_key, n, part, count, kind, value, raw, found_in, notes", encodeContacts, true},
		{"defects", "message_key, n, part, code, detail", encodeDefects, true},
		{"raw", "message_key, cut, data", encodeRaw, false},
	}
}

func (d *dependent) copySQL() string {
	return "COPY " + d.name + " (" + d.columns + ") FROM STDIN (FORMAT binary)"
}

// encodeMessage writes a row of messages, its columns in the order of the table.
func encodeMessage(r *rows, m message, importID int64, ham bool) {
	f := m.facts
	r.begin(38)
	r.bigint(m.key)
	r.natural(f.Size)
	r.bigint(importID)
	r.timestamp(f.ReceivedAt)
	r.timestamp(f.Date)
	r.bigintOrNull(f.TextHash)
	r.integer(max(f.TextLength, 0))
	r.integer(ingest.ExtractorVersion)
	r.index(f.Boundary)
	r.index(f.MXPriority)
	r.boolean(ham)
	r.bytea(f.Hash[:])
	r.inet(f.SenderAddr)
	r.text(f.HELO)
	r.text(f.ReverseName)
	r.text(reverseState(f.ReverseName, f.ReverseState))
	r.text(f.AcceptedBy)
	r.text(f.MessageID)
	r.text(f.Subject)
	r.text(f.SubjectKey)
	r.text(f.From.Name)
	r.text(f.From.Address)
	r.text(f.Sender)
	r.text(f.ReturnPath)
	r.texts(f.ReplyTo)
	r.texts(f.To)
	r.texts(f.Recipients)
	r.text(f.DateRaw)
	r.text(f.Mailer)
	r.text(f.ListID)
	r.text(f.HeaderNames)
	r.text(f.MIMESkeleton)
	r.text(f.BoundaryForm)
	r.text(f.MessageIDForm)
	r.byteaOrNull(f.TextSketch)
	r.bigintOrNull(f.HTMLForm)
	r.text(f.DateForm)
	r.text(f.Encodings)
	r.end()
}

// reverseState holds that a name which is there was given.
func reverseState(name string, state received.ReverseState) string {
	if name != "" {
		return string(received.Given)
	}
	if state == received.Unknown {
		return string(received.Unknown)
	}
	return ""
}

func encodeHops(r *rows, m message) {
	for n := range m.facts.Hops {
		h := &m.facts.Hops[n]
		r.begin(23)
		r.bigint(m.key)
		r.integer(n)
		r.integerOrNull(int(h.Port))
		r.timestamp(h.Time)
		r.boolean(n <= m.facts.Boundary)
		r.boolean(h.Authenticated)
		r.inet(h.Addr)
		r.inet(h.ByAddr)
		r.text(h.From)
		r.text(h.Reverse)
		r.text(reverseState(h.Reverse, h.ReverseState))
		r.text(h.Ident)
		r.text(h.By)
		r.text(h.Via)
		r.text(h.With)
		r.text(h.ID)
		r.text(h.For)
		r.text(h.EnvelopeFrom)
		r.text(h.TLS)
		r.text(h.Zone)
		r.text(h.Syntax)
		r.text(h.Comment)
		r.textValue(h.Raw)
		r.end()
	}
}

func encodeAnomalies(r *rows, m message) {
	for n := range m.facts.Anomalies {
		a := &m.facts.Anomalies[n]
		r.begin(6)
		r.bigint(m.key)
		r.integer(n)
		r.index(a.Hop)
		r.textValue(a.Code)
		r.textValue(a.Reason)
		r.text(a.Evidence)
		r.end()
	}
}

func encodeParts(r *rows, m message) {
	for n := range m.facts.Parts {
		p := &m.facts.Parts[n]
		r.begin(13)
		r.bigint(m.key)
		r.integer(n)
		r.index(p.Parent)
		r.natural(p.Size)
		r.boolean(p.Attachment)
		r.hashOrNull((*[32]byte)(&p.Hash))
		r.text(p.Type)
		r.text(p.Sniffed)
		r.text(p.Charset)
		r.text(p.Encoding)
		r.text(p.Disposition)
		r.text(p.Name)
		r.text(p.Outside)
		r.end()
	}
}

func encodeURLs(r *rows, m message) {
	for n := range m.facts.Links {
		l := &m.facts.Links[n]
		r.begin(16)
		r.bigint(m.key)
		r.integer(n)
		r.index(l.Part)
		r.index(l.Via)
		r.integerOrNull(int(l.Port))
		r.integer(max(l.Count, 1))
		r.inet(l.Addr)
		r.key(l.Host)
		r.key(l.Domain)
		r.text(l.Shared)
		r.text(l.Tenant)
		r.text(l.URL)
		if l.URL != "" && l.Raw == l.URL {
			r.null(oidText)
		} else {
			r.textValue(l.Raw)
		}
		r.textValue(l.Where)
		r.text(l.Visible)
		r.texts(l.Notes)
		r.end()
	}
}

func encodeContacts(r *rows, m message) {
	for n := range m.facts.Contacts {
		c := &m.facts.Contacts[n]
		raw := c.Raw
		if raw == c.Value {
			raw = ""
		}
		r.begin(9)
		r.bigint(m.key)
		r.integer(n)
		r.index(c.Part)
		r.integer(max(c.Count, 1))
		r.textValue(c.Kind)
		r.textValue(clean(c.Value, maxKey))
		r.text(raw)
		r.textValue(c.Where)
		r.texts(c.Notes)
		r.end()
	}
}

func encodeDefects(r *rows, m message) {
	for n := range m.facts.Defects {
		d := &m.facts.Defects[n]
		r.begin(5)
		r.bigint(m.key)
		r.integer(n)
		r.index(d.Part)
		r.textValue(d.Code)
		r.text(d.Detail)
		r.end()
	}
}

func encodeRaw(r *rows, m message) {
	if m.facts.Raw == nil {
		return
	}
	r.begin(3)
	r.bigint(m.key)
	r.boolean(m.facts.RawCut)
	r.bytea(m.facts.Raw)
	r.end()
}

// encodePlace writes a row of places, its columns in the order of the table.
func encodePlace(r *rows, p *place, importID int64) {
	r.begin(8)
	r.bigint(p.message)
	r.bigint(p.key)
	r.bigint(p.source)
	r.natural(p.Offset)
	r.bigint(p.Length)
	r.bigint(importID)
	r.text(p.Name)
	r.text(p.Flags)
	r.end()
}

// place is where a message was seen, with the keys of both.
type place struct {
	*mailbox.Place
	message, source, key int64
}

// placeText is what a place's key is the hash of. A NUL, which no path can hold, stands
// between its parts.
func placeText(buf []byte, p *mailbox.Place) []byte {
	buf = append(append(buf[:0], p.Path...), 0)
	buf = append(append(buf, p.Name...), 0)
	return strconv.AppendInt(buf, p.Offset, 10)
}
