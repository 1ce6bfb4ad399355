// Package pdf finds the links of a PDF document: the targets of its URI actions
// (ISO 32000-1 section 12.6.4.7), which a viewer opens at a click. It searches
// plain objects and compressed streams. It does not read text on pages, and
// encrypted documents stay closed.
//
// Bytes go in, URLs come out. All work is bounded. The cross-reference table is
// not used, so a truncated or deliberately damaged document is searched as
// well.
package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"unicode/utf16"

	"spoor/internal/text"
)

// Limits of one document. Invoices and their imitations have a few dozen
// streams.
const (
	maxLinks    = 1000
	maxStreams  = 2000
	maxStream   = 4 << 20  // decompressed bytes of one stream
	maxInflated = 32 << 20 // decompressed bytes of all streams
	maxURL      = 16 << 10
	maxHead     = 2 << 10 // bytes of a dictionary before its stream
	maxBroken   = 100     // unterminated strings, each of which costs maxURL
)

// Links returns the targets of the URI actions, each once, in the order of the
// document.
func Links(b []byte) []string {
	s := search{seen: map[string]bool{}, left: maxInflated}
	s.actions(b)
	s.streams(b)
	return s.links
}

// search is the state of Links.
type search struct {
	links  []string
	seen   map[string]bool
	left   int // bytes that may still be decompressed
	broken int // unterminated strings so far
}

// The searched names. "stream" is found in "endstream", too; streams skips
// those.
var (
	uriKey    = []byte("/URI")
	streamKey = []byte("stream")
	endKey    = []byte("endstream")
)

// actions finds the strings that follow the key /URI.
func (s *search) actions(b []byte) {
	for len(s.links) < maxLinks && s.broken < maxBroken {
		i := bytes.Index(b, uriKey)
		if i < 0 {
			return
		}
		b = b[i+len(uriKey):]
		v := bytes.TrimLeft(b[:min(len(b), maxURL)], " \t\r\n\f\x00")
		if len(v) == 0 {
			return
		}
		switch v[0] {
		case '(':
			s.keep(literal(v))
		case '<':
			if len(v) > 1 && v[1] != '<' {
				s.keep(hexadecimal(v))
			}
		}
	}
}

// keep records a target. A nil value is an unterminated string.
func (s *search) keep(value []byte) {
	if value == nil {
		s.broken++
	}
	url := decode(value)
	if url != "" && !s.seen[url] {
		s.seen[url] = true
		s.links = append(s.links, url)
	}
}

// streams searches compressed streams, because since PDF 1.5 annotations live
// in object streams.
func (s *search) streams(b []byte) {
	start := 0
	for range maxStreams {
		i := bytes.Index(b[start:], streamKey)
		if i < 0 {
			return
		}
		at := start + i
		start = at + len(streamKey)
		// This is an "endstream".
		if at >= 3 && bytes.Equal(b[at-3:at], []byte("end")) {
			continue
		}
		// The dictionary stands between "obj" and "stream".
		head := b[max(0, at-maxHead):at]
		if k := bytes.LastIndex(head, []byte("obj")); k >= 0 {
			head = head[k:]
		}
		body := bytes.TrimLeft(b[start:min(len(b), start+2)], "\r\n")
		from := start + min(len(b)-start, 2) - len(body)
		end := len(b)
		if k := bytes.Index(b[from:], endKey); k >= 0 {
			end = from + k
		}
		if compressedText(head) {
			if plain := s.inflate(filtered(head, b[from:end])); len(plain) > 0 {
				s.actions(plain)
			}
		}
		start = min(end+len(endKey), len(b))
	}
}

// compressedText reports whether a stream's dictionary names the Flate filter
// and neither an image nor a font.
func compressedText(head []byte) bool {
	if !bytes.Contains(head, []byte("/FlateDecode")) && !bytes.Contains(head, []byte("/Fl ")) && !bytes.Contains(head, []byte("/Fl]")) && !bytes.Contains(head, []byte("/Fl/")) {
		return false
	}
	for _, other := range [...]string{"/Subtype/Image", "/Subtype /Image", "/FontFile", "/DCTDecode", "/Length1", "/JPXDecode"} {
		if bytes.Contains(head, []byte(other)) {
			return false
		}
	}
	return true
}

// filtered decodes the ASCII filter that wraps Flate, if there is one.
func filtered(head, body []byte) []byte {
	switch {
	case bytes.Contains(head, []byte("/ASCIIHexDecode")) || bytes.Contains(head, []byte("/AHx")):
		return hexadecimal(append([]byte{'<'}, body...))
	case bytes.Contains(head, []byte("/ASCII85Decode")) || bytes.Contains(head, []byte("/A85")):
		return ascii85(body)
	}
	return body
}

// inflate decompresses one FlateDecode stream. It returns nil if nothing of it
// can be decompressed, or if the budget is spent.
func (s *search) inflate(b []byte) []byte {
	if s.left <= 0 {
		return nil
	}
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	// Viewers display a damaged stream up to the damage, so its beginning
	// counts.
	out, err := io.ReadAll(io.LimitReader(r, int64(min(maxStream, s.left))))
	s.left -= len(out)
	if err != nil && len(out) == 0 {
		return nil
	}
	return out
}

// literal reads a string in parentheses (ISO 32000-1 section 7.3.4.2). It
// returns nil if the string never ends.
func literal(v []byte) []byte {
	var out []byte
	depth := 1
	for i := 1; i < len(v); i++ {
		switch c := v[i]; c {
		case '\\':
			n, c, ok := escape(v[i+1:])
			if ok {
				out = append(out, c)
			}
			i += n
		case '(':
			depth++
			out = append(out, c)
		case ')':
			if depth--; depth == 0 {
				return out
			}
			out = append(out, c)
		case '\r', '\n':
		default:
			out = append(out, c)
		}
	}
	return nil // unterminated
}

// escape reads the sequence after a backslash and returns its length. ok is
// false if it yields no character, as a line end does.
func escape(v []byte) (n int, c byte, ok bool) {
	if len(v) == 0 {
		return 0, 0, false
	}
	switch c := v[0]; {
	case '0' <= c && c <= '7':
		code := 0
		for n < 3 && n < len(v) && '0' <= v[n] && v[n] <= '7' {
			code = code<<3 | int(v[n]-'0')
			n++
		}
		return n, byte(code), true
	case c == '\r' && len(v) > 1 && v[1] == '\n':
		return 2, 0, false
	case c == '\r' || c == '\n':
		return 1, 0, false
	case c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f':
		return 1, ' ', true
	default:
		return 1, c, true
	}
}

// hexadecimal reads a string in angle brackets (section 7.3.4.3).
func hexadecimal(v []byte) []byte {
	var out []byte
	high, have := byte(0), false
	for _, c := range v[1:] {
		switch {
		case c == '>':
			if have {
				out = append(out, high<<4)
			}
			return out
		case c <= ' ':
			continue
		}
		d := text.Hex(c)
		if d > 15 {
			return nil
		}
		if have {
			out = append(out, high<<4|d)
		}
		high, have = d, !have
	}
	return out
}

// ascii85 decodes up to "~>" (section 7.4.3).
func ascii85(b []byte) []byte {
	if i := bytes.IndexByte(b, '~'); i >= 0 {
		b = b[:i]
	}
	var out []byte
	group, n := uint32(0), 0
	for _, c := range b {
		switch {
		case c <= ' ':
			continue
		// "z" is short for four zero bytes.
		case c == 'z' && n == 0:
			out = append(out, 0, 0, 0, 0)
			continue
		case c < '!' || c > 'u':
			return out
		}
		group = group*85 + uint32(c-'!')
		if n++; n == 5 {
			out = append(out, byte(group>>24), byte(group>>16), byte(group>>8), byte(group))
			group, n = 0, 0
		}
	}
	// A last group of n characters stands for n-1 bytes; it is padded with "u".
	if n > 1 {
		for range 5 - n {
			group = group*85 + 84
		}
		out = append(out, []byte{byte(group >> 24), byte(group >> 16), byte(group >> 8)}[:n-1]...)
	}
	return out
}

// decode converts a string to a URL. The standard demands ASCII; some programs
// write UTF-16 with a byte order mark.
func decode(v []byte) string {
	if len(v) > 2 && v[0] == 0xFE && v[1] == 0xFF {
		units := make([]uint16, 0, len(v)/2)
		for v = v[2:]; len(v) >= 2; v = v[2:] {
			units = append(units, uint16(v[0])<<8|uint16(v[1]))
		}
		return string(utf16.Decode(units))
	}
	return string(bytes.ToValidUTF8(v, []byte("\uFFFD")))
}
