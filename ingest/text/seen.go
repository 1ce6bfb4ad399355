package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"spoor/ingest/html"
)

// Seen returns what a reader sees of a text, at most limit bytes of it, for people to read.
// Of HTML it keeps no tag, no style and nothing that is hidden; elements that a browser puts
// on lines of their own begin a line. cut tells that there is more. It is linear in the text.
func Seen(b Block, limit int) (seen string, cut bool) {
	n := normalizers.Get().(*normalizer)
	defer normalizers.Put(n)
	n.reset()
	s := seer{n: n, html: b.HTML, limit: limit}
	cut = s.read(b.Text)
	return strings.TrimSpace(s.out.String()), cut
}

// seer writes down what is seen of one text.
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

// next takes what stands at i and returns its length.
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
