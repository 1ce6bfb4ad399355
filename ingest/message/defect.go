package message

import (
	"bytes"
	"strconv"
)

// state is shared by the walkers of one message: one for its bytes, and one for
// each embedded message that was decoded first.
type state struct {
	m       *Message
	budget  int // bytes that may still be decoded to be walked again
	nested  int // active walkers
	guesses int // boundaries guessed so far
	full    bool
	beyond  int // parts beyond MaxParts

	fields  []Field // scratch of header
	scratch []byte
	probe   [minRead]byte
	codes   map[string]int
	dropped int
}

// Limits of one message.
const (
	maxPerCode = 100 // defects of one code, so that one code cannot displace the others
	maxNested  = 50  // nesting of encoded messages
	maxGuesses = 16  // guessed boundaries: each reads part of the message twice
)

// defect records a departure from the standards. A message with the same defect
// in every part keeps maxPerCode of each code, and MaxDefects in all.
func (s *state) defect(code string, part int, detail string) {
	if len(s.m.Defects) >= MaxDefects-1 {
		s.dropped++
		return
	}
	// Codes are counted only from here on: hardly any message has a hundred
	// defects, and a map for each would cost more than the defects.
	if len(s.m.Defects) >= maxPerCode {
		if s.codes == nil {
			s.codes = make(map[string]int)
			for _, d := range s.m.Defects {
				s.codes[d.Code]++
			}
		}
		if s.codes[code] >= maxPerCode {
			s.dropped++
			return
		}
		s.codes[code]++
	}
	s.m.Defects = append(s.m.Defects, Defect{Code: code, Part: part, Detail: detail})
}

// defectCount records a defect with a number as its detail.
func (s *state) defectCount(code string, part, n int) {
	s.defect(code, part, strconv.Itoa(n))
}

// has reports whether any part has the defect.
func (s *state) has(code string) bool {
	for i := range s.m.Defects {
		if s.m.Defects[i].Code == code {
			return true
		}
	}
	return false
}

// once records a defect that needs one entry, however often it occurs.
func (s *state) once(code string, part int, detail string) {
	if !s.has(code) {
		s.defect(code, part, detail)
	}
}

// finish adds the defects that are known only at the end.
func (s *state) finish() {
	// These two are added without a bound, so that a message that reaches the
	// limits still says so.
	if s.beyond > 0 {
		s.defectCount("parts-limit", -1, s.beyond)
	}
	if s.dropped > 0 {
		s.m.Defects = append(s.m.Defects, Defect{Code: "defects-limit", Part: -1, Detail: strconv.Itoa(s.dropped)})
	}
	s.hintCharset()
}

// hintCharset gives header fields with raw 8-bit bytes the charset of the text.
// Mailers that do not encode their header write it in the charset of the body.
//
// RFC 6532 allows raw UTF-8 in fields, which needs no hint. Other 8-bit bytes
// are undefined there (RFC 5322 section 2.2).
func (s *state) hintCharset() {
	charset := ""
	for i := range s.m.Parts {
		if p := &s.m.Parts[i]; p.Text != nil && p.Charset != "" {
			charset = p.Charset
			break
		}
	}
	for i := range s.m.Header {
		if f := &s.m.Header[i]; !isASCII(f.Raw) {
			s.once("header-8bit", -1, show(f.Name))
			f.charset = charset
		}
	}
}

// lineEnds converts the line ends of a message with only CRs (old Macintosh,
// some bulk mailers) to LF, and returns others unchanged. It also looks for
// NULs.
func (s *state) lineEnds(data []byte) []byte {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		s.defect("nul-bytes", -1, strconv.Itoa(i))
	}
	// The head decides: 4 KiB hold several fields of any program. Messages that
	// mix line ends keep theirs, since a lone CR may be part of a text.
	head := data[:min(len(data), 4096)]
	cr, lf := bytes.IndexByte(head, '\r'), bytes.IndexByte(head, '\n')
	if cr < 0 || lf == cr+1 || bytes.Count(head, []byte{'\r'}) <= 2*bytes.Count(head, []byte{'\n'}) {
		return data
	}
	s.defect("line-ends-cr", -1, "")
	fixed := bytes.Clone(data)
	for i, c := range fixed {
		if c == '\r' && (i+1 == len(fixed) || fixed[i+1] != '\n') {
			fixed[i] = '\n'
		}
	}
	return fixed
}
