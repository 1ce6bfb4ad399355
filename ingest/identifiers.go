package ingest

import (
	"slices"
	"strings"
	"unicode"

	"spoor/ingest/message"
	"spoor/internal/text"
)

// Limits of the identifiers of one message. Real mail has at most about 30
// fields of the sender's own. The longest values are signatures, and their
// beginning is enough to recognise them.
const (
	maxSenderFields = 48
	maxFieldValue   = 160
	maxBoundary     = 24
	maxInvisible    = 64 << 10 // bytes of a text that are searched for invisible characters
)

// readIdentifiers keeps the identifiers by which the sender's software and
// services recognise their own customer, mailing or message.
func (f *Facts) readIdentifiers(m *message.Message) {
	f.SenderFields = senderFields(m.Header, f.Boundary)
	for _, p := range m.Parts {
		if p.Boundary != "" {
			f.BoundaryStart = text.Cut(p.Boundary, maxBoundary)
			break
		}
	}
	f.Invisible = invisible(m, f.Subject, f.From.Name)
}

// senderFields lists identifying fields as "name: value". It takes only the
// fields below the Received field at the trust boundary, because the receiver
// wrote those above it.
func senderFields(h message.Header, boundary int) []string {
	hop := -1
	var out []string
	for i := range h {
		if isName(h[i].Name, "Received") {
			hop++
			continue
		}
		if hop < boundary || len(out) == maxSenderFields {
			continue
		}
		name := strings.ToLower(string(h[i].Name))
		if !identifying(name) {
			continue
		}
		v := strings.Join(strings.Fields(h[i].Text()), " ")
		if name == "dkim-signature" {
			v = signer(v)
		}
		if v = text.Cut(v, maxFieldValue); v != "" {
			out = append(out, text.Cut(name, 60)+": "+v)
		}
	}
	return out
}

// identifying reports whether a field may identify a customer, a mailing or a
// program. Fields of RFC 5322 are excluded here: Facts has a member for each.
func identifying(name string) bool {
	switch name {
	case "feedback-id", "list-id", "organization", "dkim-signature", "errors-to", "precedence", "sender", "campaign-id", "require-recipient-valid-since":
		return true
	case "x-mailer", "x-received", "x-gm-message-state", "x-google-dkim-signature", "x-google-smtp-source":
		return false // facts of their own, or one for each message
	}
	return strings.HasPrefix(name, "x-")
}

// signer returns the domain and selector of a DKIM signature (RFC 6376 section
// 3.5), the two tags that do not change from message to message.
func signer(v string) string {
	var d, s string
	for tag := range strings.SplitSeq(v, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(tag), "=")
		switch strings.TrimSpace(name) {
		case "d":
			d = strings.ToLower(strings.TrimSpace(value))
		case "s":
			s = strings.ToLower(strings.TrimSpace(value))
		}
	}
	if d == "" {
		return ""
	}
	return d + " " + s
}

// invisible lists the code points in subject, From name and text that a reader
// cannot see, each with its place. Programs that break up words to evade
// filters insert a set of their own, which identifies them.
func invisible(m *message.Message, subject, from string) string {
	var out []string
	add := func(place, s string) {
		for _, r := range s {
			if r < 0x80 || !hidden(r) {
				continue
			}
			if x := place + string([]rune(strings.ToUpper(hex(r)))); !slices.Contains(out, x) && len(out) < 16 {
				out = append(out, x)
			}
		}
	}
	add("s", subject)
	add("f", from)
	for _, p := range m.Parts {
		if p.Text != nil && !p.Attachment {
			add("t", string(p.Text[:min(len(p.Text), maxInvisible)]))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// hidden reports whether r is a format character, a variation selector or a
// filler. Soft hyphens and no-break spaces are excluded: word processors write
// them.
func hidden(r rune) bool {
	switch {
	case r == 0xAD || r == 0xFEFF || r == 0x200E || r == 0x200F:
		return false
	case unicode.Is(unicode.Cf, r), r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
		return true
	}
	return r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0 || r == 0x034F || r == 0x17B4 || r == 0x17B5 || r == 0x2800
}

// hex formats r in hexadecimal without leading zeros.
func hex(r rune) string {
	const digits = "0123456789ABCDEF"
	var b [8]byte
	i := len(b)
	for r > 0 {
		i--
		b[i] = digits[r&15]
		r >>= 4
	}
	return string(b[i:])
}
