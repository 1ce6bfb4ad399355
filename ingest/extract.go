package ingest

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/ingest/date"
	"spoor/ingest/links"
	"spoor/ingest/message"
	"spoor/ingest/received"
	bodytext "spoor/ingest/text"
	"spoor/ingest/vobject"
	"spoor/internal/text"
)

// Limits of the text that is kept of one field, in bytes. Real values are far
// below them. The raw message has the rest, if it is kept.
const (
	maxID        = 998 // RFC 5322, section 2.1.1: the longest line
	maxSubject   = 4 << 10
	maxAddress   = 512
	maxAddresses = 1000
	maxNames     = 2 << 10 // of HeaderNames; 2 KiB holds about 150 names
	maxHops      = 200     // ten times a sane route; loops of servers reach about 100
)

// Extract derives the facts of one message from its bytes alone, so the same
// message yields the same facts on every machine. own lists the servers whose
// Received fields are believed. Extract never fails: damage becomes a Defect.
// It does not keep data.
func Extract(data []byte, class Class, own *received.Own) *Facts {
	return extract(sha256.Sum256(data), data, class, own)
}

// extract is Extract for a caller that has the hash already. The order of the
// steps matters: the hops give the boundary that identifiers need, and a
// delivery report has no links.
func extract(h Hash, data []byte, class Class, own *received.Own) *Facts {
	m := message.Parse(data)
	f := &Facts{Hash: h, Size: int64(len(data)), Class: class}
	f.readHeader(m)
	f.readParts(m)
	f.readHops(m, own)
	f.readReport(m)
	f.readLinks(m)
	f.readText(m)
	f.readIdentifiers(m)
	return f
}

// readHeader takes the fields that describe the message and its author. Every
// value is a claim of the sender.
func (f *Facts) readHeader(m *message.Message) {
	h := m.Header
	f.MessageID = messageID(h)
	f.Subject = text.Cut(fieldText(h, "Subject"), maxSubject)
	f.SubjectKey = bodytext.SubjectKey(f.Subject)
	if from := addresses(h, "From", 1); len(from) > 0 {
		f.From = Address{Name: text.Cut(from[0].Name, maxSubject), Address: text.Cut(from[0].Address, maxAddress)}
	}
	f.Sender = first(addressList(h, "Sender", 1))
	f.ReplyTo = addressList(h, "Reply-To", 20)
	f.ReturnPath = first(addressList(h, "Return-Path", 1))
	f.To = append(addressList(h, "To", maxAddresses), addressList(h, "Cc", maxAddresses)...)
	f.DateRaw = text.Cut(value(h, "Date"), 200)
	f.Date = date.Parse(f.DateRaw).Time
	f.DateForm = dateForm(f.DateRaw)
	f.Mailer = text.Cut(firstText(h, "X-Mailer", "User-Agent", "X-Newsreader"), maxID)
	f.ListID = text.Cut(firstText(h, "List-Id", "List-Post", "X-Mailing-List"), maxID)
	f.HeaderNames = headerNames(h)
	f.MIMESkeleton = message.Skeleton(m)
	f.Encodings = encodings(m)
	if f.MessageID != "" {
		f.MessageIDForm = message.Template(f.MessageID)
	}
	for _, p := range m.Parts {
		if p.Boundary != "" {
			f.BoundaryForm = message.Template(p.Boundary)
			break
		}
	}
	for _, d := range m.Defects {
		f.Defects = append(f.Defects, Defect(d))
	}
}

// readParts copies the MIME tree without its contents. 255 bytes hold every
// legal media type: RFC 6838 section 4.2 allows 127 for type and subtype each.
func (f *Facts) readParts(m *message.Message) {
	f.Parts = make([]Part, len(m.Parts))
	for i, p := range m.Parts {
		f.Parts[i] = Part{
			Parent: p.Parent, Type: text.Cut(p.Type, 255), Sniffed: p.Sniffed, Charset: text.Cut(p.Charset, 100),
			Encoding: text.Cut(p.Encoding, 100), Disposition: text.Cut(p.Disposition, 100), Name: text.Cut(p.Name, maxAddress),
			Size: p.Size, Hash: p.SHA256, Attachment: p.Attachment, Outside: p.Outside,
		}
	}
}

// readHops parses the Received fields and looks for the trust boundary: the
// last hop that one of the receiver's own servers wrote. That hop names the
// sender. The hops below it were written by the sender's side and are claims.
func (f *Facts) readHops(m *message.Message, own *received.Own) {
	var dropped int
	f.Hops, dropped = hops(m.Header)
	if dropped > 0 {
		f.Defects = append(f.Defects, Defect{Code: "hops-dropped", Part: -1, Detail: fmt.Sprint(dropped)})
	}
	f.Boundary, f.MXPriority = own.Boundary(f.Hops), -1
	f.Recipients = recipients(m.Header, f.Hops, f.Boundary)
	if f.Boundary >= 0 {
		from := own.Sender(f.Hops, f.Boundary)
		f.SenderAddr, f.HELO, f.ReverseName, f.ReverseState = from.Addr, from.HELO, from.Reverse, from.ReverseState
		f.ReceivedAt = receivedAt(f.Hops[:f.Boundary+1], own)
		f.AcceptedBy = f.Hops[f.Boundary].By
		f.MXPriority = own.Priority(f.AcceptedBy)
	}
	d := date.Parse(f.DateRaw)
	f.Anomalies = received.Anomalies(f.Hops, f.Boundary, own, received.Envelope{
		MessageID: f.MessageID, From: f.From.Address, Date: f.Date, DateOK: !d.Time.IsZero(), DateZoneOK: d.ZoneOK,
		DateRaw: f.DateRaw, Recipients: f.Recipients,
	})
}

// readLinks collects links and contacts from all texts. It skips delivery
// reports: their addresses are those of servers, recipients and the returned
// message, and none of them is the spammer's choice.
func (f *Facts) readLinks(m *message.Message) {
	if len(f.Reports) > 0 {
		return
	}
	texts := make([]links.Text, 0, 4)
	if f.Subject != "" {
		texts = append(texts, links.Text{Part: -1, Body: []byte(f.Subject)})
	}
	for _, name := range []string{"List-Unsubscribe", "List-Help", "List-Subscribe", "List-Archive"} { // RFC 2369
		if v := value(m.Header, name); v != "" {
			texts = append(texts, links.Text{Part: -1, Body: []byte(v), Where: strings.ToLower(name)})
		}
	}
	for i, p := range m.Parts {
		switch {
		case p.Text == nil || isMachineRead(p.Type):
		case vobject.Is(p.Type, p.Name):
			for _, t := range vobject.Texts(p.Text) {
				texts = append(texts, links.Text{Part: i, Body: t.Body, HTML: t.HTML})
			}
		default:
			texts = append(texts, links.Text{Part: i, Body: p.Text, HTML: p.HTML, Script: isScript(&p)})
		}
		if len(p.Links) > 0 {
			texts = append(texts, links.Text{Part: i, URLs: p.Links, Where: linkPlace(&p)})
		}
	}
	r := links.Extract(texts)
	f.Links, f.Contacts = r.Links, r.Contacts
	if r.Dropped > 0 {
		f.Defects = append(f.Defects, Defect{Code: "links-dropped", Part: -1, Detail: fmt.Sprint(r.Dropped)})
	}
}

// readText computes the features of the body. It leaves out attachments, and
// text that no part of the MIME tree declares, because mail readers do not show
// either as the message.
func (f *Facts) readText(m *message.Message) {
	body := make([]bodytext.Block, 0, 4)
	for _, p := range m.Parts {
		switch {
		case p.Text == nil || p.Attachment || p.Outside != "":
		case vobject.Is(p.Type, p.Name):
			for _, t := range vobject.Texts(p.Text) {
				body = append(body, bodytext.Block{Text: t.Body, HTML: t.HTML})
			}
		default:
			body = append(body, bodytext.Block{Text: p.Text, HTML: p.HTML})
		}
	}
	features := bodytext.Read(f.Subject, body)
	f.Words, f.Terms = features.Words, features.Terms
	f.TextHash, f.TextLength, f.TextSketch = features.Hash, features.Length, features.Sketch
	f.HTMLForm = features.HTMLForm
}

// isScript reports whether a part is a program, by its media type or its file
// name.
func isScript(p *message.Part) bool {
	if strings.HasSuffix(p.Type, "javascript") || strings.HasSuffix(p.Type, "ecmascript") {
		return true
	}
	name := strings.ToLower(p.Name)
	return strings.HasSuffix(name, ".js") || strings.HasSuffix(name, ".mjs") || strings.HasSuffix(name, ".jse")
}

// linkPlace names the place of links that a part has outside of its text, for
// example a parameter of its Content-Type.
func linkPlace(p *message.Part) string {
	if p.Type == "message/external-body" {
		return "external-body"
	}
	return "pdf"
}

// hops parses the Received fields from the newest to the oldest. Of a longer
// list it keeps the newest maxHops and returns the number of those dropped.
func hops(h message.Header) (hops []received.Hop, dropped int) {
	for i := range h {
		if !isName(h[i].Name, "Received") {
			continue
		}
		if len(hops) == maxHops {
			dropped++
			continue
		}
		hops = append(hops, received.Parse(h[i].Raw))
	}
	return hops, dropped
}

// receivedAt is the time of the boundary hop. If that hop has no time, the
// nearest hop above it serves, since all of these hops are the receiver's own.
// A time in the future counts as absent: either that server's clock was wrong
// or the field was forged.
func receivedAt(hops []received.Hop, own *received.Own) time.Time {
	for _, h := range slices.Backward(hops) {
		if !h.Time.IsZero() && !own.Ahead(h.Time) {
			return h.Time
		}
	}
	return time.Time{}
}

// recipients lists the envelope recipients that the receiver's own servers
// recorded, in Delivered-To and similar fields and in the "for" clause of
// Received.
func recipients(h message.Header, hops []received.Hop, boundary int) []string {
	var out []string
	add := func(a string) {
		if a != "" && !slices.Contains(out, a) && len(out) < 100 {
			out = append(out, text.Cut(a, maxAddress))
		}
	}
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"} {
		for _, a := range addressList(h, name, 10) {
			add(a)
		}
	}
	for _, hop := range hops[:boundary+1] {
		add(strings.ToLower(hop.For))
	}
	return out
}

// sample holds the fields that the survey for the trust boundary needs. It
// reads only the header, which makes the survey cheap.
func sample(h message.Header) received.Sample {
	hops, _ := hops(h)
	return received.Sample{Hops: hops, Recipients: recipients(h, nil, -1), List: isList(h)}
}

// isList recognises list and bulk mail by the fields of RFC 2369 and RFC 2919,
// and by the older Precedence field.
func isList(h message.Header) bool {
	for _, name := range []string{"List-Id", "List-Post", "List-Unsubscribe", "X-Mailing-List", "X-BeenThere"} {
		if h.Get(name) != nil {
			return true
		}
	}
	switch strings.ToLower(strings.TrimSpace(value(h, "Precedence"))) {
	case "list", "bulk", "junk":
		return true
	}
	return false
}

// messageID takes the identifier out of its angle brackets. Some mailers leave
// the brackets out, or put text around them.
func messageID(h message.Header) string {
	id := strings.TrimSpace(value(h, "Message-ID"))
	if i := strings.IndexByte(id, '<'); i >= 0 {
		if j := strings.IndexByte(id[i:], '>'); j > 0 {
			id = id[i+1 : i+j]
		} else {
			id = id[i+1:]
		}
	}
	return text.Cut(strings.TrimSpace(id), maxID)
}

// headerNames lists the field names in their order and case. Both are habits of
// the mailer and of the servers on the way, so they identify software.
func headerNames(h message.Header) string {
	var b strings.Builder
	for i := range h {
		if b.Len()+len(h[i].Name)+1 > maxNames {
			break
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(h[i].Name)
	}
	return b.String()
}

// isName compares a field's name without regard to case (RFC 5322 section
// 1.2.2) and without allocating.
func isName(got []byte, want string) bool {
	return len(got) == len(want) && strings.EqualFold(string(got), want)
}

// fieldText returns the first field of a name with its encoded words decoded
// (RFC 2047), or "".
func fieldText(h message.Header, name string) string {
	if f := h.Get(name); f != nil {
		return strings.TrimSpace(f.Text())
	}
	return ""
}

// firstText returns the first of some fields that is not empty. Programs use
// different fields for the same value.
func firstText(h message.Header, names ...string) string {
	for _, name := range names {
		if t := fieldText(h, name); t != "" {
			return t
		}
	}
	return ""
}

// value returns the first field of a name, unfolded but not decoded, or "".
func value(h message.Header, name string) string {
	if f := h.Get(name); f != nil {
		return f.Value()
	}
	return ""
}

// addresses parses at most max addresses of the first field of a name. Repeated
// fields, which RFC 5322 section 3.6 forbids, are ignored, as mail readers do.
func addresses(h message.Header, name string, max int) []message.Address {
	if f := h.Get(name); f != nil {
		return f.Addresses(max)
	}
	return nil
}

// addressList is addresses without display names, and without entries that have
// only a name.
func addressList(h message.Header, name string, max int) []string {
	var out []string
	for _, a := range addresses(h, name, max) {
		if a.Address != "" {
			out = append(out, text.Cut(a.Address, maxAddress))
		}
	}
	return out
}

// first returns the first string, or "".
func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}
