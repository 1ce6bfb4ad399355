package world

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// draft is a message before it is written.
type draft struct {
	at                time.Time
	mailer            *mailer
	client            client
	rcpt              string
	fromName, from    string
	replyTo, envelope string
	toName            string
	subject           string
	link              string
	text, html        string
	signed            string // domain of the DKIM signature; "" without one
	files             []file
	lists             [][2]string // list headers and the like, in front of the content headers
	backup            bool
}

// file is an attachment, or a picture that the HTML shows.
type file struct {
	name, kind, cid string
	data            []byte
}

// deliver writes a draft and keeps it with the truth about it.
func (b *builder) deliver(w *draft, m Message) {
	m.Raw, m.ID = b.compose(b.Dice, w)
	b.pointer(w.client)
	m.At, m.Sender, m.Subject, m.Link = w.at, w.client.addr, w.subject, w.link
	b.messages = append(b.messages, m)
}

// pointer records the reverse name of a client, as our exchangers saw it.
func (b *builder) pointer(c client) {
	if c.reverse != "" && !b.pointed[c.addr] {
		b.pointed[c.addr] = true
		b.records = append(b.records, fmt.Sprintf("%s 3600 IN PTR %s.", octetReverse(c.addr), c.reverse))
	}
}

// compose writes a draft as it lies in our store.
func (b *builder) compose(d dice.Dice, w *draft) (raw []byte, id string) {
	var out strings.Builder
	out.Grow(2048 + len(w.text) + 2*len(w.html))
	m := w.mailer
	helo := b.heloOf(d, m, w.client, w.from, w.rcpt)
	id = b.messageID(d, w, helo)
	fmt.Fprintf(&out, "Return-Path: <%s>\nDelivered-To: %s\n", b.envelopeOf(d, w), w.rcpt)
	for _, hop := range b.received(d, w.client, helo, w.rcpt, w.at, w.backup) {
		out.WriteString("Received: " + hop + "\n")
	}
	if b.year >= 2012 {
		b.authentication(&out, d, w)
	}
	for _, hop := range w.client.below {
		out.WriteString("Received: " + hop + "\n")
	}
	if m.forged != "" && w.client.sealed == "" {
		out.WriteString("Received: " + b.forgedHop(d, m, w.client, w.from, w.rcpt, w.at) + "\n")
	}
	kind, transfer, body := b.content(d, w)
	for _, name := range m.fields {
		if v := b.field(d, w, name, id, kind, transfer); v != "" {
			out.WriteString(name + ": " + v + "\n")
		}
	}
	out.WriteString("\n")
	out.WriteString(body)
	return []byte(out.String()), id
}

// messageID makes up an id that no other message has.
func (b *builder) messageID(d dice.Dice, w *draft, helo string) string {
	host := w.from[strings.LastIndexByte(w.from, '@')+1:]
	switch w.mailer.idHost {
	case "from":
	case "helo":
		host = strings.Trim(helo, "[]")
	case "rcpt":
		host = w.rcpt[strings.LastIndexByte(w.rcpt, '@')+1:]
	default:
		host = w.mailer.idHost
	}
	for try := 0; ; try++ {
		pattern := w.mailer.msgid
		if try > 5 {
			pattern = "%d4" + pattern
		}
		id := expand(d, pattern, fill{at: w.at, host: host, user: w.from[:strings.IndexByte(w.from, '@')], count: len(b.ids)})
		if !b.ids[id] {
			b.ids[id] = true
			return id
		}
	}
}

// envelopeOf is the envelope sender, as the program forms it.
func (b *builder) envelopeOf(d dice.Dice, w *draft) string {
	if w.envelope != "" {
		return w.envelope
	}
	if w.mailer.bounce == "" || w.client.sealed != "" {
		return w.from
	}
	user, rcptHost, _ := strings.Cut(w.rcpt, "@")
	fromUser, host, _ := strings.Cut(w.from, "@")
	return expand(d, w.mailer.bounce, fill{at: w.at, host: host, user: fromUser, named: map[string]string{"user": user, "rcpthost": rcptHost}})
}

// authentication writes our exchanger's results, and the signature if there is
// one.
func (b *builder) authentication(out *strings.Builder, d dice.Dice, w *draft) {
	host := w.from[strings.LastIndexByte(w.from, '@')+1:]
	signer := w.client.sealed
	if signer == "" {
		signer = w.signed
	}
	if signer == "" {
		fmt.Fprintf(out, "Authentication-Results: %s; spf=%s smtp.mailfrom=%s; dkim=none\n", b.exchangers[0].name, dice.Pick(d, []string{"none", "softfail", "pass", "fail"}), host)
		return
	}
	fmt.Fprintf(out, "Authentication-Results: %s; spf=pass smtp.mailfrom=%s;\n\tdkim=pass header.d=%s\n", b.exchangers[0].name, host, signer)
	fmt.Fprintf(out, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=s%d;\n\th=from:to:subject:date:message-id; bh=%s=;\n\tb=%s\n",
		signer, 1+len(signer)%4, d.Chars(dice.Base62, 43), d.Chars(dice.Base62, 64)+"\n\t "+d.Chars(dice.Base62, 64))
}

// field is the value of a header of the mailer's list; "" leaves it out.
func (b *builder) field(d dice.Dice, w *draft, name, id, kind, transfer string) string {
	m := w.mailer
	switch strings.ToLower(name) {
	case "from":
		return address(word(w.fromName, m.wordEnc, m.charset), w.from, m.quoted)
	case "to":
		if w.toName != "" {
			return address(word(w.toName, m.wordEnc, m.charset), w.rcpt, m.quoted)
		}
		switch m.to {
		case "":
		case "self":
			return w.from
		default:
			return m.to
		}
		if m.toName {
			return address(w.rcpt[:strings.IndexByte(w.rcpt, '@')], w.rcpt, m.quoted)
		}
		return w.rcpt
	case "reply-to":
		return w.replyTo
	case "subject":
		if w.subject == "" {
			return " "
		}
		return word(w.subject, m.wordEnc, m.charset)
	case "date":
		return m.dateOf(d, w.at.Add(-time.Duration(d.Between(1, 30))*time.Second))
	case "message-id":
		return "<" + id + ">" + listed(w.lists)
	case "mime-version":
		return "1.0"
	case "content-type":
		return kind
	case "content-transfer-encoding":
		return transfer
	case "content-disposition":
		if len(w.files) > 0 {
			return ""
		}
	}
	return expand(d, m.constant[name], fill{at: w.at})
}

// listed writes list headers after the field in front of them.
func listed(fields [][2]string) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString("\n" + f[0] + ": " + f[1])
	}
	return b.String()
}

// address writes a name and an address.
func address(name, addr string, quoted bool) string {
	switch {
	case name == "":
		return addr
	case quoted && !strings.HasPrefix(name, "=?"):
		return `"` + name + `" <` + addr + ">"
	}
	return name + " <" + addr + ">"
}

// content writes the body in the mailer's manner.
func (b *builder) content(d dice.Dice, w *draft) (kind, transfer, body string) {
	m := w.mailer
	if w.html != "" && !m.plain && w.text != "" && !m.htmlOnly {
		kind, body = b.multi(d, w, "alternative", []string{b.leaf(m, "text/plain", w.text), b.leaf(m, "text/html", w.html)})
	} else if w.html != "" && !m.plain {
		kind, transfer, body = b.single(m, "text/html", w.html)
	} else {
		kind, transfer, body = b.single(m, "text/plain", w.text)
	}
	if len(w.files) == 0 {
		return kind, transfer, body
	}
	first := "Content-Type: " + kind + "\n"
	if transfer != "" {
		first += "Content-Transfer-Encoding: " + transfer + "\n"
	}
	parts, how := []string{first + "\n" + body}, "mixed"
	for _, f := range w.files {
		if f.cid != "" {
			how = "related"
		}
		parts = append(parts, filePart(f))
	}
	kind, body = b.multi(d, w, how, parts)
	return kind, "", body
}

// multi joins parts to a multipart.
func (b *builder) multi(d dice.Dice, w *draft, how string, parts []string) (kind, body string) {
	edge := expand(d, w.mailer.boundary, fill{at: w.at, host: "h"})
	var out strings.Builder
	if w.mailer.preamble != "" {
		out.WriteString(w.mailer.preamble + "\n\n")
	}
	for _, p := range parts {
		out.WriteString("--" + edge + "\n" + p + "\n")
	}
	out.WriteString("--" + edge + "--\n")
	return "multipart/" + how + ";\n\tboundary=\"" + edge + "\"", out.String()
}

// single encodes a part as the program does.
func (b *builder) single(m *mailer, media, text string) (kind, transfer, body string) {
	charset, how := m.charset, m.encoding
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			charset = "utf-8"
			if how == "7bit" {
				how = "8bit"
			}
			break
		}
	}
	kind = media + "; charset=\"" + charset + "\""
	switch how {
	case "qp":
		return kind, "quoted-printable", quotedPrintable(text) + "\n"
	case "base64":
		return kind, "base64", base64Lines([]byte(text))
	}
	return kind, how, text + "\n"
}

func (b *builder) leaf(m *mailer, media, text string) string {
	kind, transfer, body := b.single(m, media, text)
	return "Content-Type: " + kind + "\nContent-Transfer-Encoding: " + transfer + "\n\n" + body
}

// filePart is an attachment, or an inline picture.
func filePart(f file) string {
	head := "Content-Type: " + f.kind + "; name=\"" + f.name + "\"\nContent-Transfer-Encoding: base64\n"
	if f.cid != "" {
		head += "Content-ID: <" + f.cid + ">\n"
	} else {
		head += "Content-Disposition: attachment; filename=\"" + f.name + "\"\n"
	}
	return head + "\n" + base64Lines(f.data)
}
