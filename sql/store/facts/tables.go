package facts

import (
	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/sql/store/wire"
)

// dependent is a table with rows that belong to a message. They are written by
// COPY once the message is certain to be ours.
type dependent struct {
	name    string
	columns string // in the order of encode
	encode  func(r *wire.Rows, m message)
	derived bool // the extractor derives it, so a new version replaces it
}

// dependents lists every table below messages, except places.
//
// The order is that of writing.
func dependents() []dependent {
	return []dependent{
		{"hops", "message_key, n, port, at, trusted, authenticated, address, by_address, helo, reverse_name, reverse_state, ident, by_name, via, protocol, queue_id, recipient, envelope_from, tls, zone, syntax, comment, raw", encodeHops, true},
		{"anomalies", "message_key, n, hop, code, reason, evidence", encodeAnomalies, true},
		{"parts", "message_key, n, parent, size, attachment, sha256, media_type, sniffed, charset, encoding, disposition, name, outside", encodeParts, true},
		{"urls", "message_key, n, part, via, port, count, address, host, domain, shared, tenant, url, raw, found_in, visible, notes", encodeURLs, true},
		{"contacts", "message_key, n, part, count, kind, value, raw, found_in, notes", encodeContacts, true},
		{"defects", "message_key, n, part, code, detail", encodeDefects, true},
		{"reports", "message_key, n, form, reporter, recipient, action, status, remote, diagnostic, returned_id, returned_subject, returned_domains", encodeReports, true},
		{"texts", "message_key, words", encodeTexts, true},
		{"raw", "message_key, cut, data", encodeRaw, false},
	}
}

// encodeMessage writes a row of messages with its columns in the order of the
// table.
//
// Zero values become NULL where the table allows it: unknown stays unknown.
func encodeMessage(r *wire.Rows, m message, importID int64, ham bool) {
	f := m.facts
	r.Begin()
	r.Bigint(m.key)
	r.Natural(f.Size)
	r.Bigint(importID)
	r.Timestamp(f.ReceivedAt)
	r.Timestamp(f.Date)
	r.BigintOrNull(f.TextHash)
	r.Integer(max(f.TextLength, 0))
	r.Integer(ingest.ExtractorVersion)
	r.Index(f.Boundary)
	r.Index(f.MXPriority)
	r.Boolean(ham)
	r.Bytea(f.Hash[:])
	r.Inet(f.SenderAddr)
	r.Text(f.HELO)
	r.Text(f.ReverseName)
	r.Text(reverseState(f.ReverseName, f.ReverseState))
	r.Text(f.AcceptedBy)
	r.Text(f.MessageID)
	r.Text(f.Subject)
	r.Text(f.SubjectKey)
	r.Text(f.From.Name)
	r.Text(f.From.Address)
	r.Text(f.Sender)
	r.Text(f.ReturnPath)
	r.Texts(f.ReplyTo)
	r.Texts(f.To)
	r.Texts(f.Recipients)
	r.Text(f.DateRaw)
	r.Text(f.Mailer)
	r.Text(f.ListID)
	r.Text(f.HeaderNames)
	r.Text(f.MIMESkeleton)
	r.Text(f.BoundaryForm)
	r.Text(f.MessageIDForm)
	r.ByteaOrNull(f.TextSketch)
	r.BigintOrNull(f.HTMLForm)
	r.Text(f.DateForm)
	r.Text(f.Encodings)
	r.Texts(f.SenderFields)
	r.Text(f.BoundaryStart)
	r.Text(f.Invisible)
	r.Texts(f.Words)
	r.Boolean(f.Report)
	r.End()
}

// reverseState makes sure that a present name counts as given.
func reverseState(name string, state received.ReverseState) string {
	if name != "" {
		return string(received.Given)
	}
	if state == received.Unknown {
		return string(received.Unknown)
	}
	return ""
}

// encodeHops and the functions below write the columns that dependents lists
// for their table.
func encodeHops(r *wire.Rows, m message) {
	for n := range m.facts.Hops {
		h := &m.facts.Hops[n]
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.IntegerOrNull(int(h.Port))
		r.Timestamp(h.Time)
		r.Boolean(n <= m.facts.Boundary)
		r.Boolean(h.Authenticated)
		r.Inet(h.Addr)
		r.Inet(h.ByAddr)
		r.Text(h.From)
		r.Text(h.Reverse)
		r.Text(reverseState(h.Reverse, h.ReverseState))
		r.Text(h.Ident)
		r.Text(h.By)
		r.Text(h.Via)
		r.Text(h.With)
		r.Text(h.ID)
		r.Text(h.For)
		r.Text(h.EnvelopeFrom)
		r.Text(h.TLS)
		r.Text(h.Zone)
		r.Text(h.Syntax)
		r.Text(h.Comment)
		r.TextValue(h.Raw)
		r.End()
	}
}

// encodeAnomalies writes the rows of anomalies. This function and the following
// ones write their columns in the order of dependents.
func encodeAnomalies(r *wire.Rows, m message) {
	for n := range m.facts.Anomalies {
		a := &m.facts.Anomalies[n]
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.Index(a.Hop)
		r.TextValue(a.Code)
		r.TextValue(a.Reason)
		r.Text(a.Evidence)
		r.End()
	}
}

// encodeParts writes the rows of parts.
func encodeParts(r *wire.Rows, m message) {
	for n := range m.facts.Parts {
		p := &m.facts.Parts[n]
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.Index(p.Parent)
		r.Natural(p.Size)
		r.Boolean(p.Attachment)
		r.HashOrNull((*[32]byte)(&p.Hash))
		r.Text(p.Type)
		r.Text(p.Sniffed)
		r.Text(p.Charset)
		r.Text(p.Encoding)
		r.Text(p.Disposition)
		r.Text(p.Name)
		r.Text(p.Outside)
		r.End()
	}
}

// encodeURLs writes the rows of urls. An original URL that equals the normal
// form is stored once; the statement that reads it restores it.
func encodeURLs(r *wire.Rows, m message) {
	for n := range m.facts.Links {
		l := &m.facts.Links[n]
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.Index(l.Part)
		r.Index(l.Via)
		r.IntegerOrNull(int(l.Port))
		r.Integer(max(l.Count, 1))
		r.Inet(l.Addr)
		r.Key(l.Host)
		r.Key(l.Domain)
		r.Text(l.Shared)
		r.Text(l.Tenant)
		r.Text(l.URL)
		if l.URL != "" && l.Raw == l.URL {
			r.Text("") // the same as url, which is stored already
		} else {
			r.TextValue(l.Raw)
		}
		r.TextValue(l.Where)
		r.Text(l.Visible)
		r.Texts(l.Notes)
		r.End()
	}
}

// encodeContacts writes the rows of contacts. An original that equals the
// normal form is not stored.
func encodeContacts(r *wire.Rows, m message) {
	for n := range m.facts.Contacts {
		c := &m.facts.Contacts[n]
		raw := c.Raw
		if raw == c.Value {
			raw = ""
		}
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.Index(c.Part)
		r.Integer(max(c.Count, 1))
		r.TextValue(c.Kind)
		r.TextValue(wire.Clean(c.Value, wire.MaxKey))
		r.Text(raw)
		r.TextValue(c.Where)
		r.Texts(c.Notes)
		r.End()
	}
}

// encodeDefects writes the rows of defects.
func encodeDefects(r *wire.Rows, m message) {
	for n := range m.facts.Defects {
		d := &m.facts.Defects[n]
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.Index(d.Part)
		r.TextValue(d.Code)
		r.Text(d.Detail)
		r.End()
	}
}

// encodeReports writes the rows of reports: one for each recipient that a
// delivery report names.
func encodeReports(r *wire.Rows, m message) {
	for n := range m.facts.Reports {
		report := &m.facts.Reports[n]
		r.Begin()
		r.Bigint(m.key)
		r.Integer(n)
		r.TextValue(report.Form)
		r.Text(report.Reporter)
		r.Text(report.Recipient)
		r.Text(report.Action)
		r.Text(report.Status)
		r.Text(report.Remote)
		r.Text(report.Diagnostic)
		r.Text(m.facts.Returned.ID)
		r.Text(m.facts.Returned.SubjectKey)
		r.Texts(m.facts.Returned.Domains)
		r.End()
	}
}

// encodeTexts writes the words of subject and text, and the terms of fields, for
// search. A message without any has no row.
func encodeTexts(r *wire.Rows, m message) {
	list := termsOf(m.facts)
	if len(list) == 0 {
		return
	}
	r.Begin()
	r.Bigint(m.key)
	r.TSVector(list)
	r.End()
}

// encodeRaw writes the compressed bytes. With --no-raw there is no row.
func encodeRaw(r *wire.Rows, m message) {
	if m.facts.Raw == nil {
		return
	}
	r.Begin()
	r.Bigint(m.key)
	r.Boolean(m.facts.RawCut)
	r.Bytea(m.facts.Raw)
	r.End()
}

// encodePlace writes a row of places with its columns in the order of the
// table.
func encodePlace(r *wire.Rows, p *place, importID int64) {
	r.Begin()
	r.Bigint(p.message)
	r.Bigint(p.key)
	r.Bigint(p.source)
	r.Natural(p.Offset)
	r.Bigint(p.Length)
	r.Bigint(importID)
	r.Text(p.Name)
	r.Text(p.Flags)
	r.End()
}
