package text

import (
	"bytes"

	"spoor/internal/text"
)

// Text that nobody sees is put into messages to make each copy another to a filter: words
// at random in an element that is not shown, of no size, or white on white. What a reader
// does not see is not what the message says, so it is left out. Only styles that stand at
// the element itself are read; where it is not clear, the text counts.

// hidden is an element whose text is not seen; the zero hidden is none.
type hidden struct {
	key    uint64
	why    hiding
	depth  int // elements of that name open inside
	tables int // tables open inside
}

type hiding byte

const (
	gone  hiding = iota + 1 // with all that is inside
	small                   // until an element inside sets another size
	pale                    // until an element inside sets another colour
)

func (v *hidden) on() bool { return v.key != 0 }

// hide hides what follows an opening tag, if that says so.
func (n *normalizer) hide(text []byte, i int, e *element) {
	if e.void || e.id == 0 || e.key == keyBody || e.key == keyHTML {
		return // invented elements are often never closed
	}
	s := readStyle(e)
	switch {
	case s.gone || e.key == keyTitle:
		n.hidden = hidden{key: e.key, why: gone}
	case s.small:
		n.hidden = hidden{key: e.key, why: small}
	case s.pale && !n.ground.coloured(text, i+len(e.body)):
		n.hidden = hidden{key: e.key, why: pale}
	}
}

// skipHidden reads the markup at i inside an element that is not seen, and returns where it
// ends.
func (n *normalizer) skipHidden(text []byte, i int) int {
	e, ok := n.readTag(text, i)
	switch {
	case !ok:
		return i + e.size
	case e.closing:
		n.hidden.closed(&e)
		return i + e.size
	case n.hidden.endsBefore(&e):
		n.hidden = hidden{}
		return n.markup(text, i)
	}
	n.form.add(&e)
	if e.key == keyStyle || e.key == keyScript {
		return skipContent(text, i+e.size, e.key)
	}
	n.hidden.opened(&e)
	return i + e.size
}

func (v *hidden) opened(e *element) {
	if e.key == v.key {
		v.depth++
	}
	if e.key == keyTable {
		v.tables++
	}
}

// closed ends the hidden at its own closing tag, and at that of an element which it must
// stand in: a browser closes a <span> at the end of the cell.
func (v *hidden) closed(e *element) {
	switch {
	case e.key == v.key && v.depth == 0, v.tables == 0 && enclosing[e.key]:
		*v = hidden{}
		return
	case e.key == v.key:
		v.depth--
	}
	if e.key == keyTable {
		v.tables--
	}
}

// enclosing are elements at whose end all in them ends; implied are those that end where
// the next of the name begins.
var (
	enclosing = keySet("td", "th", "tr", "table", "body", "html")
	implied   = keySet("p", "li", "td", "th", "tr", "dt", "dd", "option")
)

func keySet(names ...string) map[uint64]bool {
	m := make(map[uint64]bool)
	for _, name := range names {
		m[keyOf(name)] = true
	}
	return m
}

// endsBefore reports whether an opening tag ends the hidden. Templates give the wrapping
// element no font size, against gaps, and set it again inside.
func (v *hidden) endsBefore(e *element) bool {
	if e.key == v.key && v.tables == 0 && implied[e.key] {
		return true
	}
	if v.why == gone {
		return false
	}
	s := readStyle(e)
	return v.why == small && s.large || v.why == pale && s.inked
}

// style holds the properties of an element's style that matter here.
type style struct {
	gone         bool
	small, large bool // font size
	pale, inked  bool // colour of the text: white, another
}

// readStyle looks at each colon of a tag for one of the properties that hide.
func readStyle(e *element) (s style) {
	tag := e.body
	if e.key == keyFont {
		s.fontColour(tag)
	}
	for i := 0; ; {
		next := bytes.IndexByte(tag[i:], ':')
		if next < 0 {
			return s
		}
		i += next + 1
		s.property(bytes.TrimRight(tag[:i-1], " "), bytes.TrimLeft(tag[i:], " "))
	}
}

// property takes a property, given the text on both sides of its colon.
func (s *style) property(before, value []byte) {
	if len(before) == 0 {
		return
	}
	switch before[len(before)-1] | 0x20 {
	case 'y':
		s.gone = s.gone || isProperty(before, "display") && text.HasPrefixFold(value, "none") ||
			isProperty(before, "visibility") && text.HasPrefixFold(value, "hidden") ||
			isProperty(before, "opacity") && lengthOf(value) == zero
	case 't':
		s.gone = s.gone || isProperty(before, "max-height") && lengthOf(value) == zero
	case 'e':
		if isProperty(before, "font-size") {
			s.small = lengthOf(value) != more
			s.large = !s.small
		}
	case 'r':
		if isProperty(before, "color") {
			s.pale = isWhite(value)
			s.inked = !s.pale
		}
	}
}

// fontColour reads the color attribute of <font>.
func (s *style) fontColour(tag []byte) {
	for i := 0; ; {
		next := bytes.IndexByte(tag[i:], '=')
		if next < 0 {
			return
		}
		i += next + 1
		if isProperty(bytes.TrimRight(tag[:i-1], " "), "color") {
			s.pale = isWhite(bytes.TrimLeft(tag[i:], ` "'`))
			s.inked = !s.pale
		}
	}
}

// isProperty reports whether b ends with a name, and not with a longer one.
func isProperty(b []byte, name string) bool {
	k := len(b) - len(name)
	if k < 0 || !text.HasPrefixFold(b[k:], name) {
		return false
	}
	return k == 0 || b[k-1] != '-' && (b[k-1]|0x20 < 'a' || b[k-1]|0x20 > 'z')
}

// lengths, as far as they matter.
type length byte

const (
	more length = iota
	zero
	one // one pixel or point: a dot for a letter
)

func lengthOf(value []byte) length {
	i, whole, fraction := 0, 0, false
	for dot := false; i < len(value) && i < 8; i++ {
		switch c := value[i]; {
		case c == '.' && !dot:
			dot = true
			continue
		case c < '0' || c > '9':
		case dot:
			fraction = fraction || c != '0'
			continue
		default:
			whole = whole*10 + int(c-'0')
			continue
		}
		break
	}
	unit := value[i:]
	switch {
	case i == 0 || fraction || whole > 1:
		return more
	case whole == 0:
		return zero
	case text.HasPrefixFold(unit, "px"), text.HasPrefixFold(unit, "pt"):
		return one
	}
	return more
}

// isWhite reports whether a colour is so near to white that it can't be read on white.
func isWhite(value []byte) bool {
	if len(value) > 0 && value[0] == '#' {
		return isWhiteHex(value[1:])
	}
	if text.HasPrefixFold(value, "rgb(") {
		return isWhiteRGB(value[4:])
	}
	return text.HasPrefixFold(value, "white") // whitesmoke too
}

func isWhiteHex(digits []byte) bool {
	n := 0
	for n < len(digits) && n < 8 {
		c := digits[n] | 0x20
		if !('a' <= c && c <= 'f' || '0' <= c && c <= '9') {
			break
		}
		n++
	}
	if n != 3 && n != 6 {
		return false
	}
	for i := 0; i < n; i += n / 3 {
		if digits[i]|0x20 != 'f' {
			return false
		}
	}
	return true
}

func isWhiteRGB(value []byte) bool {
	for range 3 {
		value = bytes.TrimLeft(value, " ,")
		n := 0
		for n < len(value) && '0' <= value[n] && value[n] <= '9' {
			n++
		}
		if n != 3 || string(value[:3]) < "240" {
			return false
		}
		value = value[n:]
	}
	return true
}

// ground knows whether a text so far has set a background that white can be read on.
// White text is common on coloured buttons.
type ground struct {
	set    bool
	looked int // up to here in the text
}

// coloured looks through the text up to end, but no byte twice.
func (g *ground) coloured(b []byte, end int) bool {
	for ; !g.set && g.looked < end; g.looked++ {
		if b[g.looked]|0x20 != 'b' {
			continue
		}
		rest := b[g.looked:end]
		for _, name := range []string{"bgcolor", "background-color", "background"} {
			if text.HasPrefixFold(rest, name) {
				g.set = !isWhite(bytes.TrimLeft(rest[len(name):], ` :="'`))
				g.looked += len(name) - 1
				break
			}
		}
	}
	return g.set
}
