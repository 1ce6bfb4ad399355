package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"spoor/ingest/html"
)

// Seen returns the visible text of a block for people to read, cut at the word
// that reaches limit bytes. Tags, styles and hidden elements of HTML are left
// out; block elements begin a line. cut reports that there is more. The time is
// linear in the text.
func Seen(b Block, limit int) (seen string, cut bool) {
	n := normalizers.Get().(*normalizer)
	defer normalizers.Put(n)
	n.reset()
	s := seer{n: n, html: b.HTML, limit: limit}
	cut = s.read(b.Text)
	return strings.TrimSpace(s.out.String()), cut
}

// seer collects the visible text of one block.
type seer struct {
	n     *normalizer
	html  bool
	limit int
	out   strings.Builder
	lines int  // ends of lines that are due before the next word; two make an empty line
	blank bool // a blank is due
}

// read returns whether the limit ended it.
func (s *seer) read(text []byte) (cut bool) {
	for i := 0; i < len(text); {
		if s.out.Len() >= s.limit {
			return len(bytes.TrimSpace(text[i:])) > 0
		}
		if s.n.hidden.on() {
			next := bytes.IndexByte(text[i:], '<')
			if next < 0 {
				return false
			}
			i = s.n.skipHidden(text, i+next)
			continue
		}
		i += s.next(text, i)
	}
	return false
}

// next reads one tag, reference or character at i and returns its length.
func (s *seer) next(text []byte, i int) int {
	switch c := text[i]; {
	case s.html && c == '<':
		return s.tag(text, i)
	case s.html && c == '&':
		size := html.ReferenceLength(text[i:])
		if size > maxReference {
			size = 1
		}
		for _, r := range html.Unescape(text[i : i+size]) {
			s.rune(r)
		}
		return size
	case c == '\n' && !s.html:
		s.lines++
		return 1
	}
	r, size := utf8.DecodeRune(text[i:])
	s.rune(r)
	return size
}

// tag reads markup. A table's cells stand beside one another, the elements that end a word
// otherwise below.
func (s *seer) tag(text []byte, i int) int {
	e, ok := s.n.readTag(text, i)
	switch {
	case !ok && e.size == 1:
		s.rune('<')
		return 1
	case !ok:
		return e.size
	case cells[e.key]:
		s.blank = true
	case e.breaks:
		s.lines = max(s.lines, 1)
	}
	if e.closing {
		return e.size
	}
	if e.key == keyStyle || e.key == keyScript {
		return skipContent(text, i+e.size, e.key) - i
	}
	s.n.hide(text, i, &e)
	return e.size
}

// cells are the elements of one line of a table.
var cells = keySet("td", "th")

// rune adds a character of visible text. It folds white space, as browsers do.
func (s *seer) rune(r rune) {
	switch r {
	case ' ', '\t', '\n', '\r', '\u00a0':
		s.blank = true
		return
	}
	switch {
	case s.out.Len() == 0:
	case s.lines > 0:
		s.out.WriteString("\n\n"[:min(s.lines, 2)])
	case s.blank:
		s.out.WriteByte(' ')
	}
	s.lines, s.blank = 0, false
	s.out.WriteRune(r)
}
