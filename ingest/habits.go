package ingest

import (
	"bytes"
	"strings"

	"spoor/ingest/message"
	"spoor/internal/text"
)

// Limits of the templates, in bytes. A well-formed Date has 31 characters, and
// real messages have at most four text parts.
const (
	maxDateForm  = 80
	maxEncodings = 200
	maxWritten   = 40 // of one charset or encoding; IANA's names of charsets have at most 40 (RFC 2978 section 2.3)
)

// dateForm turns a Date field into a template of the way in which a program
// writes dates. Digits become 9 and keep their count, since some programs write
// "9" for the day and others "09". Names of days and months become Www and Mmm
// in their case. An offset that exists becomes +9999, because the same mailer
// runs in many time zones and through summer time. An impossible offset and a
// zone's name are kept: both are habits of the mailer.
func dateForm(raw string) string {
	d := dateFormer{s: raw[:min(len(raw), 200)], out: make([]byte, 0, maxDateForm)}
	for d.pos < len(d.s) && len(d.out) < maxDateForm {
		d.step()
	}
	return strings.TrimRight(string(d.out[:min(len(d.out), maxDateForm)]), " ")
}

// dateFormer is the state of dateForm.
type dateFormer struct {
	s     string
	pos   int
	out   []byte
	clock bool // the time of day was seen, so a signed number is a zone
	depth int  // nesting of comments in parentheses
}

// step reads one token. Each call advances pos by at least one byte, so the
// loop is linear.
func (d *dateFormer) step() {
	rest := d.s[d.pos:]
	c := rest[0]
	n := 1
	switch {
	case isDigit(c):
		n = runOf(rest, isDigit)
		d.nines(n)
		d.clock = d.clock || n < len(rest) && rest[n] == ':'
	case isLetter(c):
		n = runOf(rest, isLetter)
		d.word(rest[:n])
	case (c == '+' || c == '-') && d.clock && d.depth == 0:
		n = d.zone(rest)
	case c == '\t':
		d.out = append(d.out, ' ')
	case c < ' ' || c > '~':
		d.out = append(d.out, '?')
	default:
		if c == '(' {
			d.depth++
		}
		if c == ')' {
			d.depth--
		}
		d.out = append(d.out, c)
	}
	d.pos += n
}

// nines writes n nines. The loop of dateForm ends at maxDateForm, so a long
// number is cut there.
func (d *dateFormer) nines(n int) {
	for range min(n, maxDateForm) {
		d.out = append(d.out, '9')
	}
}

// zone reads a numeric zone. It keeps "-0000", which RFC 5322 section 3.3
// reserves for "the zone is unknown": writing that is a habit of some programs.
func (d *dateFormer) zone(s string) int {
	n := 1 + runOf(s[1:], isDigit)
	if n == 3 && len(s) >= 6 && s[3] == ':' && runOf(s[4:], isDigit) == 2 {
		if possibleZone(s[0], s[1:3], s[4:6]) {
			d.out = append(d.out, "+99:99"...)
		} else {
			d.out = append(d.out, s[:6]...)
		}
		return 6
	}
	if n == 5 && s[:5] != "-0000" && possibleZone(s[0], s[1:3], s[3:5]) {
		d.out = append(d.out, "+9999"...)
	} else {
		d.out = append(d.out, s[:n]...)
	}
	return n
}

// possibleZone reports whether an offset is or was in use: from -12:00 to
// +14:00 at whole, half and quarter hours.
func possibleZone(sign byte, hours, minutes string) bool {
	last := "14"
	if sign == '-' {
		last = "12"
	}
	switch minutes {
	case "00":
		return hours <= last
	case "15", "30", "45":
		return hours < last
	}
	return false
}

// word writes a name. An unknown name before the time of day is a day or month
// in another language, so it is normalised like an English one. A name in a
// comment is a zone and varies with the season, except for programs that always
// write UTC.
func (d *dateFormer) word(w string) {
	lower := strings.ToLower(w)
	switch {
	case d.depth > 0:
		if w != "UTC" && w != "GMT" {
			w = inCaseOf(w, "www")
		}
	case isOneOf(lower, dayNames):
		w = inCaseOf(w, "www")
	case isOneOf(lower, monthNames):
		w = inCaseOf(w, "mmm")
	case len(w) > 3 && isOneOf(lower[:3], dayNames) && strings.HasSuffix(lower, "day"):
		w = inCaseOf(w, "weekday")
	case len(w) > 3 && isOneOf(lower[:3], monthNames) && !d.clock:
		w = inCaseOf(w, "month")
	case lower == "am" || lower == "pm":
		w = inCaseOf(w, "pm")
	case !d.clock && len(w) > 1 && !d.macro():
		w = inCaseOf(w, "aaa")
	}
	d.out = append(d.out, w...)
}

// macro reports whether the word belongs to a template macro that the sender's
// software failed to fill in, such as {date} or %RND_DATE.
func (d *dateFormer) macro() bool {
	return d.pos > 0 && strings.IndexByte("%{[$_<#", d.s[d.pos-1]) >= 0
}

// The English names, in the form that isOneOf searches.
const (
	dayNames   = " mon tue wed thu fri sat sun "
	monthNames = " jan feb mar apr may jun jul aug sep oct nov dec "
)

// isOneOf reports whether a word of three letters is in a list of words between
// blanks.
func isOneOf(w, list string) bool { return len(w) == 3 && strings.Contains(list, " "+w+" ") }

// inCaseOf writes name in the case of w: all upper, all lower, or capitalised.
func inCaseOf(w, name string) string {
	switch w {
	case strings.ToLower(w):
		return name
	case strings.ToUpper(w):
		return strings.ToUpper(name)
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// runOf returns the length of the prefix of s whose bytes satisfy kind.
func runOf(s string, kind func(byte) bool) int {
	n := 0
	for n < len(s) && kind(s[n]) {
		n++
	}
	return n
}

// encodings lists type, charset and transfer encoding of the text parts as
// written, because case and quotes are habits of a mailer. It skips attachments
// and enclosed messages, which another program wrote. It returns "" if no part
// declares any of the three.
func encodings(m *message.Message) string {
	var out []byte
	// inside is the depth of the enclosed message being skipped; -1 outside of
	// one.
	inside, told := -1, false
	for i := range m.Parts {
		p := &m.Parts[i]
		if inside >= 0 && p.Depth > inside {
			continue
		}
		inside = -1
		if p.Message {
			inside = p.Depth
		}
		if p.Message || p.Attachment || p.Outside != "" || !strings.HasPrefix(p.Type, "text/") {
			continue
		}
		h := p.Header
		if i == 0 {
			h = m.Header
		}
		entry := encodingOf(p, h)
		told = told || string(entry) != ";;"
		if len(out)+1+len(entry) > maxEncodings {
			break
		}
		if len(out) > 0 {
			out = append(out, ',')
		}
		out = append(out, entry...)
	}
	if !told {
		return ""
	}
	return string(out)
}

// encodingOf writes "type;charset;encoding" and leaves undeclared values empty.
func encodingOf(p *message.Part, h message.Header) []byte {
	var out []byte
	if f := h.Get("Content-Type"); f != nil {
		out = append(append(out, text.Cut(p.Type, maxWritten)...), ';')
		out = appendWritten(out, charsetAsWritten(f.Raw))
	} else {
		out = append(out, ';')
	}
	out = append(out, ';')
	if f := h.Get("Content-Transfer-Encoding"); f != nil {
		out = appendWritten(out, f.Raw)
	}
	return out
}

// charsetAsWritten returns the charset parameter of a Content-Type field (RFC
// 2045 section 5.1), undecoded.
func charsetAsWritten(raw []byte) []byte {
	for i := bytes.IndexByte(raw, ';'); i >= 0 && i < len(raw); {
		v := bytes.TrimLeft(raw[i+1:], " \t\r\n")
		if text.HasPrefixFold(v, "charset") {
			if v = bytes.TrimLeft(v[len("charset"):], " \t\r\n"); len(v) > 0 && v[0] == '=' {
				v = bytes.TrimLeft(v[1:], " \t\r\n")
				if end := bytes.IndexByte(v, ';'); end >= 0 {
					v = v[:end]
				}
				return v
			}
		}
		next := bytes.IndexByte(raw[i+1:], ';')
		if next < 0 {
			return nil
		}
		i += 1 + next
	}
	return nil
}

// appendWritten appends a value as one line of printable ASCII. It replaces the
// two characters that separate the list itself.
func appendWritten(out, value []byte) []byte {
	value = bytes.TrimSpace(value)
	for _, c := range value[:min(len(value), maxWritten)] {
		if c <= ' ' || c > '~' || c == ';' || c == ',' {
			c = '?'
		}
		out = append(out, c)
	}
	return out
}
