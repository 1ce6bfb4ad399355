// Package tnef reads the Transport Neutral Encapsulation Format ([MS-OXTNEF]),
// in which Outlook packs text and attachments as winmail.dat.
//
// Bytes go in, files come out: attachments with their names, and the body as
// text, HTML or decompressed RTF. Other properties are skipped. Every length is
// checked, and a wrong one ends the reading.
package tnef

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// Limits of one stream. Outlook sends a few dozen attachments at most.
const (
	maxFiles      = 500
	maxProperties = 5_000
	maxRTF        = 4 << 20
)

// File is an attachment or one form of the body.
type File struct {
	Name string // "" for the body
	Type string // media type of the body; "" for attachments
	Data []byte
}

// signature begins every stream ([MS-OXTNEF] section 2.1.3.1), little endian.
const signature = 0x223E9F78

// Identifiers of attributes ([MS-OXTNEF] section 2.1.3.2).
const (
	attrBody       = 0x0002800C
	attrProperties = 0x00069003
	attrRender     = 0x00069002 // begins an attachment
	attrTitle      = 0x00018010
	attrData       = 0x0006800F
	attrAttachment = 0x00069005 // properties of the attachment
)

// Identifiers of properties ([MS-OXPROPS]).
const (
	propBody     = 0x1000
	propRTF      = 0x1009
	propHTML     = 0x1013
	propData     = 0x3701
	propFileName = 0x3704
	propLongName = 0x3707
)

// Files returns the attachments and bodies of a stream, or nil if b is not
// TNEF.
func Files(b []byte) []File {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != signature {
		return nil
	}
	r := reader{}
	for b = b[6:]; len(b) >= 9 && len(r.files) < maxFiles; {
		id, size := binary.LittleEndian.Uint32(b[1:]), uint64(binary.LittleEndian.Uint32(b[5:]))
		b = b[9:]
		value := b[:min(size, uint64(len(b)))]
		r.attribute(id, value)
		if size+2 > uint64(len(b)) {
			break
		}
		b = b[size+2:] // a checksum of two bytes follows the value
	}
	r.end()
	return r.files
}

// reader collects the attributes of the present attachment.
type reader struct {
	files []File
	open  bool
	file  File
}

// attribute reads one attribute of the stream ([MS-OXTNEF] 2.1.3.1).
func (r *reader) attribute(id uint32, value []byte) {
	switch id {
	case attrBody:
		r.body("text/plain", bytes.TrimRight(value, "\x00"))
	case attrProperties:
		r.properties(value, false)
	case attrRender:
		r.end()
		r.open = true
	case attrTitle:
		r.open, r.file.Name = true, narrow(value)
	case attrData:
		r.open, r.file.Data = true, value
	case attrAttachment:
		r.open = true
		r.properties(value, true)
	}
}

// body adds a form of the body.
func (r *reader) body(mediaType string, value []byte) {
	if len(value) > 0 && len(r.files) < maxFiles {
		r.files = append(r.files, File{Type: mediaType, Data: value})
	}
}

// end completes the attachment that is open. One without data is only a name
// and is dropped.
func (r *reader) end() {
	if r.open && len(r.file.Data) > 0 && len(r.files) < maxFiles {
		r.files = append(r.files, r.file)
	}
	r.open, r.file = false, File{}
}

// properties reads a list of MAPI properties ([MS-OXTNEF] section 2.1.3.4).
func (r *reader) properties(b []byte, attachment bool) {
	if len(b) < 4 {
		return
	}
	count := min(binary.LittleEndian.Uint32(b), maxProperties)
	b = b[4:]
	for range count {
		p, rest, ok := readProperty(b)
		if !ok {
			return
		}
		if attachment {
			r.attached(p)
		} else {
			r.message(p)
		}
		b = rest
	}
}

// attached reads a property of an attachment. A long name replaces the short
// one of MS-DOS.
func (r *reader) attached(p property) {
	switch p.id {
	case propFileName:
		if r.file.Name == "" {
			r.file.Name = p.text()
		}
	case propLongName:
		r.file.Name = p.text()
	case propData:
		// The data of an object starts with the 16 bytes of its interface
		// identifier.
		if r.file.Data == nil && p.kind == typeObject && len(p.value) > 16 {
			r.file.Data = p.value[16:]
		}
	}
}

// message reads a property of the message: its body in three forms.
func (r *reader) message(p property) {
	switch p.id {
	case propBody:
		r.body("text/plain", []byte(p.text()))
	case propHTML:
		if p.kind == typeBinary {
			r.body("text/html", p.value)
		} else {
			r.body("text/html", []byte(p.text()))
		}
	case propRTF:
		r.body("text/rtf", decompress(p.value))
	}
}

// Property types ([MS-OXCDATA] section 2.11.1).
const (
	typeObject  = 0x000D
	typeString  = 0x001E
	typeUnicode = 0x001F
	typeBinary  = 0x0102
	multiple    = 0x1000
)

// property is one MAPI property.
type property struct {
	kind, id uint16
	value    []byte // the first one, if there are several
}

// text converts a string property to UTF-8.
func (p *property) text() string {
	if p.kind != typeUnicode {
		return narrow(p.value)
	}
	units := make([]uint16, 0, len(p.value)/2)
	for v := p.value; len(v) >= 2; v = v[2:] {
		if u := binary.LittleEndian.Uint16(v); u != 0 {
			units = append(units, u)
		}
	}
	return string(utf16.Decode(units))
}

// narrow reads a zero-terminated string of single bytes.
func narrow(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
}

// sizes gives the length in bytes of the fixed-length types, padded to four.
var sizes = map[uint16]int{0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16}

// readProperty reads one property and returns the bytes after it.
func readProperty(b []byte) (p property, rest []byte, ok bool) {
	if len(b) < 4 {
		return p, nil, false
	}
	p.kind, p.id = binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	b = b[4:]
	if p.id >= 0x8000 {
		if b, ok = skipName(b); !ok {
			return p, nil, false
		}
	}
	count := uint32(1)
	many := p.kind&multiple != 0
	p.kind &^= multiple
	size, fixed := sizes[p.kind]
	if many || !fixed {
		if count, b, ok = number(b); !ok || count > uint32(len(b)) {
			return p, nil, false
		}
	}
	for n := range count {
		length := uint32(size)
		if !fixed {
			if length, b, ok = number(b); !ok {
				return p, nil, false
			}
		}
		padded := (uint64(length) + 3) &^ 3
		if padded > uint64(len(b)) {
			return p, nil, false
		}
		if n == 0 {
			p.value = b[:length]
		}
		b = b[padded:]
	}
	return p, b, true
}

// skipName skips the name of a named property: an interface identifier, then a
// number or a text.
func skipName(b []byte) (rest []byte, ok bool) {
	if len(b) < 24 {
		return nil, false
	}
	b = b[16:]
	kind, length := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	b = b[8:]
	if kind == 0 {
		return b, true
	}
	padded := (uint64(length) + 3) &^ 3
	if padded > uint64(len(b)) {
		return nil, false
	}
	return b[padded:], true
}

// number reads a 32-bit number. ok is false if b is too short.
func number(b []byte) (n uint32, rest []byte, ok bool) {
	if len(b) < 4 {
		return 0, nil, false
	}
	return binary.LittleEndian.Uint32(b), b[4:], true
}
