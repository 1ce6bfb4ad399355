package text

import (
	"bytes"

	"spoor/internal/text"
)

// Senders add invisible text to make each copy look different to a filter:
// random words in an element that is not displayed, has no size, or is white on
// white. Such text is not part of the message for its reader, so it is skipped.
// Only inline styles are evaluated. In doubt the text counts as visible.

// hidden describes the element that hides the present text. The zero value
// means that the text is visible.
type hidden struct {
	key    uint64
	why    hiding
	depth  int // nested elements of the same name
	tables int // nested tables
}

// hiding is the way in which an element hides its text.
type hiding byte

// The ways.
const (
	gone  hiding = iota + 1 // display: none and the like; hides all descendants
	small                   // font size near zero, until a descendant sets another
	pale                    // near-white text, until a descendant sets another colour
)

func (v *hidden) on() bool { return v.key != 0 }

// hide starts hiding after an opening tag whose style demands it.
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

// skipHidden reads the markup at i inside a hidden element and returns the
// index after it.
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

// opened tracks nested elements, so that closed finds the right end tag.
func (v *hidden) opened(e *element) {
	if e.key == v.key {
		v.depth++
	}
	if e.key == keyTable {
		v.tables++
	}
}

// closed ends the hiding at the element's own end tag, or at the end tag of an
// element that must contain it. Browsers do the same: a <span> ends with its
// table cell.
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

// enclosing elements end everything that is open inside them. An implied
// element ends where the next one of the same name begins (HTML Standard
// section 13.1.2.4).
var (
	enclosing = keySet("td", "th", "tr", "table", "body", "html")
	implied   = keySet("p", "li", "td", "th", "tr", "dt", "dd", "option")
)

// keySet returns the keys of element names as a set.
func keySet(names ...string) map[uint64]bool {
	m := make(map[uint64]bool)
	for _, name := range names {
		m[keyOf(name)] = true
	}
	return m
}

// endsBefore reports whether an opening tag ends the hiding. Newsletter
// templates set the font size of a wrapper to zero, against gaps, and set it
// again inside.
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

// style holds the style properties that decide visibility.
type style struct {
	gone         bool
	small, large bool // font size
	pale, inked  bool // colour of the text: near white, or another
}

// readStyle examines the tag at each colon for a property that hides. Reading
// only there is much cheaper than parsing the style attribute.
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

// property evaluates a property from the text before and after its colon.
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

// fontColour evaluates the color attribute of <font>.
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

// isProperty reports whether b ends with the name, and not with a longer name
// that ends alike.
func isProperty(b []byte, name string) bool {
	k := len(b) - len(name)
	if k < 0 || !text.HasPrefixFold(b[k:], name) {
		return false
	}
	return k == 0 || b[k-1] != '-' && (b[k-1]|0x20 < 'a' || b[k-1]|0x20 > 'z')
}

// length classifies a CSS length.
type length byte

// The classes of lengths.
const (
	more length = iota
	zero
	one // one pixel or point, at which letters are dots
)

// lengthOf reads a CSS length. Eight characters are enough for any real one.
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

// isWhite reports whether a colour is too close to white to be read on white.
func isWhite(value []byte) bool {
	if len(value) > 0 && value[0] == '#' {
		return isWhiteHex(value[1:])
	}
	if text.HasPrefixFold(value, "rgb(") {
		return isWhiteRGB(value[4:])
	}
	return text.HasPrefixFold(value, "white") // includes whitesmoke
}

// isWhiteHex reports whether hex digits are white or nearly white, as text is
// that readers should not see.
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

// isWhiteRGB reports whether rgb(...) is white or nearly white: each part at
// least 240.
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

// ground records whether the text so far set a background on which white can be
// read. White text on coloured buttons is common in legitimate mail.
type ground struct {
	set    bool
	looked int // index up to which the text was examined
}

// coloured examines the text up to end. It reads no byte twice, so a text full
// of white elements stays linear.
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
