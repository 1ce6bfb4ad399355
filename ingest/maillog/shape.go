package maillog

import (
	"bytes"
	"cmp"
	"slices"
)

// Shape is a kind of line: its text without the variable parts.
type Shape struct {
	Text  string
	Count int64
	Line  int64 // number of the first one
}

// maxShapes limits each table; further shapes count as one.
const maxShapes = 300

// overflow is the shape of lines for which the table has no room.
const overflow = "(other shapes)"

// shapes counts the lines of a file that make no transaction.
//
// They tell an administrator which lines were not used. Nothing of a sender's
// text is in them but words.
type shapes struct {
	others   map[otherKey]*Shape
	unknowns map[string]*Shape
}

// otherKey identifies a shape outside the subject; the zero value is the
// overflow.
type otherKey struct {
	program *program
	named   string
}

// other counts a named line outside the subject.
func (s *shapes) other(p *program, named string, line int64) {
	k := otherKey{p, named}
	if x := s.others[k]; x != nil {
		x.Count++
		return
	}
	if s.others == nil {
		s.others = map[otherKey]*Shape{}
	}
	name := overflow
	if p != nil && len(s.others) < maxShapes {
		name = p.name
		if named != "" {
			name += ": " + named
		}
	} else {
		k = otherKey{}
		if x := s.others[k]; x != nil {
			x.Count++
			return
		}
	}
	s.others[k] = &Shape{Text: name, Count: 1, Line: line}
}

// unknown counts a line that nothing was made of.
func (s *shapes) unknown(line []byte, why string, number int64) {
	var buf [100]byte
	n := copy(buf[:], why)
	shape := appendShape(buf[:n], line)
	if x := s.unknowns[string(shape)]; x != nil {
		x.Count++
		return
	}
	if s.unknowns == nil {
		s.unknowns = map[string]*Shape{}
	}
	name := string(shape)
	if len(s.unknowns) >= maxShapes {
		name = overflow
		if x := s.unknowns[name]; x != nil {
			x.Count++
			return
		}
	}
	s.unknowns[name] = &Shape{Text: name, Count: 1, Line: number}
}

// appendShape reduces a line: digits become "#", text in brackets is dropped.
// Timestamp and host are left out. It fills dst up to its capacity.
func appendShape(dst, line []byte) []byte {
	line = trimLine(line)
	if e, ok := cutEntry(line, &jsonLine{}); ok {
		if e.tag != nil {
			dst = appendReduced(dst, e.tag)
			dst = appendReduced(dst, []byte(": "))
		}
		line = e.text
	}
	return appendReduced(dst, line)
}

// appendReduced appends b without its variable parts, as far as there is room.
//
// The result is printable ASCII.
func appendReduced(dst, b []byte) []byte {
	for i := 0; i < len(b) && len(dst) < cap(dst)-1; i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			if len(dst) == 0 || dst[len(dst)-1] != '#' {
				dst = append(dst, '#')
			}
		case c == '<' || c == '[':
			dst = append(dst, c)
			end := byte('>')
			if c == '[' {
				end = ']'
			}
			if j := bytes.IndexByte(b[i:], end); j > 0 {
				i += j - 1
			}
		case c < ' ' || c > '~':
			if len(dst) == 0 || dst[len(dst)-1] != '?' {
				dst = append(dst, '?')
			}
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// list returns both tables, the most frequent shapes first. Programs of the same name under
// several instances are one shape.
func (s *shapes) list() (unknowns, others []Shape) {
	for _, x := range s.unknowns {
		unknowns = append(unknowns, *x)
	}
	byName := map[string]Shape{}
	for _, x := range s.others {
		y, ok := byName[x.Text]
		y.Text, y.Count = x.Text, y.Count+x.Count
		if !ok || x.Line < y.Line {
			y.Line = x.Line
		}
		byName[x.Text] = y
	}
	for _, x := range byName {
		others = append(others, x)
	}
	order := func(a, b Shape) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text)) }
	slices.SortFunc(unknowns, order)
	slices.SortFunc(others, order)
	return unknowns, others
}
