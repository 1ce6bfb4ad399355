package mask

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"spoor/ingest/message"
)

// ErrLeft reports a message that still identifies a recipient after masking. It
// must not be passed on.
var ErrLeft = errors.New("a recipient can be told from the message in a form that cannot be masked")

// Message returns a message with its recipients masked in its header, in its
// text parts and between them. Other parts are replaced by a note with size and
// hash. Images and programs are not needed to act on a report, and either may
// identify the recipient.
func (m *Mask) Message(raw []byte) ([]byte, error) {
	parsed := message.Parse(raw)
	var out bytes.Buffer
	rest := raw
	for i := range parsed.Parts {
		p := &parsed.Parts[i]
		if len(p.Body) == 0 || p.Depth > 0 && p.Parent >= 0 && parsed.Parts[p.Parent].Message || hasParts(parsed, i) {
			continue
		}
		at := bytes.Index(rest, p.Body)
		if at < 0 {
			continue // inside a part that is left out
		}
		out.Write(m.between(rest[:at], i == 0 || out.Len() == 0))
		out.Write(m.body(p))
		rest = rest[at+len(p.Body):]
	}
	out.Write(m.between(rest, out.Len() == 0))
	return out.Bytes(), m.check(out.Bytes())
}

// hasParts reports whether part i contains other parts, which are masked one by
// one.
func hasParts(parsed *message.Message, i int) bool {
	return i+1 < len(parsed.Parts) && parsed.Parts[i+1].Parent == i && !parsed.Parts[i].Message
}

// between masks the bytes outside of bodies: headers, boundaries and text
// around them. first marks the header of the message.
func (m *Mask) between(text []byte, first bool) []byte {
	if !first {
		return m.Bytes(text)
	}
	end := headerEnd(text)
	var out bytes.Buffer
	for _, f := range message.ParseHeader(text[:end]) {
		out.Write(m.field(&f))
	}
	out.Write(m.Bytes(text[end:]))
	return out.Bytes()
}

// headerEnd returns the end of the header. The empty line belongs to the rest.
func headerEnd(text []byte) int {
	for _, blank := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(text, []byte(blank)); i >= 0 {
			return i + len(blank)/2
		}
	}
	return len(text)
}

// toRecipients are fields that contain only recipients and their names.
var toRecipients = map[string]bool{
	"to": true, "cc": true, "bcc": true, "delivered-to": true, "x-original-to": true, "envelope-to": true, "x-envelope-to": true, "apparently-to": true,
	"original-recipient": true, "x-rcpt-to": true, "resent-to": true, "resent-cc": true, "resent-bcc": true, "x-delivered-to": true, "x-apparently-to": true,
	"x-forwarded-to": true, "x-real-to": true, "x-recipient": true,
}

// field masks a header field. It decodes encoded words if they hide a
// recipient.
func (m *Mask) field(f *message.Field) []byte {
	name := string(f.Name)
	if toRecipients[strings.ToLower(name)] {
		masked := "<masked@masked.invalid>"
		if found := m.find(f.Raw, maxDepth); len(found) > 0 && found[0].number > 0 {
			masked = fmt.Sprintf("<r%d@masked.invalid>", found[0].number)
		}
		return []byte(name + ": " + masked + "\r\n")
	}
	value := m.Bytes(f.Raw)
	if text := f.Text(); m.Finds([]byte(text)) && bytes.Equal(value, f.Raw) {
		value = []byte(" " + m.Text(text))
	}
	if len(value) > 0 && value[0] != ' ' && value[0] != '\t' {
		value = append([]byte{' '}, value...)
	}
	return append([]byte(name+":"), append(bytes.TrimRight(value, "\r\n"), '\r', '\n')...)
}

// body masks a leaf.
func (m *Mask) body(p *message.Part) []byte {
	if p.Text == nil || p.Attachment || p.Message {
		return encodedNote(p, fmt.Sprintf("[left out: %s, %d bytes, SHA-256 %x]", p.Type, p.Size, p.SHA256))
	}
	if p.Encoding == "base64" {
		text := m.Bytes(decodeBody(p.Body))
		if m.clean(text, p) {
			return wrapped(text)
		}
	} else if text := m.Bytes(p.Body); m.clean(text, p) {
		return text
	}
	return encodedNote(p, "[left out: a text that names a recipient in a form that cannot be masked]")
}

// clean reports whether the text identifies no recipient. If the displayed text
// does and the bytes do not (as in UTF-16), it returns false.
func (m *Mask) clean(text []byte, p *message.Part) bool {
	return !m.Finds(text) && (!m.Finds(p.Text) || strings.HasPrefix(p.Charset, "utf-8") || strings.HasPrefix(p.Charset, "iso-8859") ||
		strings.HasPrefix(p.Charset, "windows-125") || p.Charset == "us-ascii" || p.Charset == "")
}

// encodedNote writes a note in the encoding that the part's header declares.
func encodedNote(p *message.Part, note string) []byte {
	if p.Encoding == "base64" {
		return wrapped([]byte(note + "\r\n"))
	}
	return []byte(note + "\r\n")
}

// decodeBody decodes base64 as mail readers do: other characters are skipped.
func decodeBody(body []byte) []byte {
	digits := make([]byte, 0, len(body))
	for _, c := range body {
		if base64Byte(c) && c != '-' && c != '_' {
			digits = append(digits, c)
		}
	}
	return decode64(digits, 0)
}

// lineLength of base64 in mail (RFC 2045, section 6.8).
const lineLength = 76

// wrapped encodes a part in base64, in lines of lineLength (RFC 2045, 6.8).
func wrapped(text []byte) []byte {
	code := base64.StdEncoding.EncodeToString(text)
	var out bytes.Buffer
	for len(code) > lineLength {
		out.WriteString(code[:lineLength] + "\r\n")
		code = code[lineLength:]
	}
	out.WriteString(code + "\r\n")
	return out.Bytes()
}

// check reads the masked message as a stranger would.
func (m *Mask) check(masked []byte) error {
	if m.Finds(masked) {
		return ErrLeft
	}
	parsed := message.Parse(masked)
	for i := range parsed.Header {
		if m.Finds([]byte(parsed.Header[i].Text())) {
			return ErrLeft
		}
	}
	for i := range parsed.Parts {
		if p := &parsed.Parts[i]; m.Finds(p.Text) || m.Finds([]byte(p.Name)) {
			return ErrLeft
		}
	}
	return nil
}
