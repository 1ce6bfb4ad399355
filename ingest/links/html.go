package links

import (
	"bytes"
	"strings"

	"spoor/ingest/html"
	"spoor/internal/text"
)

// maxNested limits HTML inside comments, <noscript> and the like. Deeper levels
// are searched as text.
const maxNested = 3

// maxShown limits an anchor's text, in bytes. A longer one belongs to an anchor
// that was never closed.
const maxShown = 64 << 10

// searchHTML reads a text as HTML. If its quoted-printable was left undecoded
// (href=3D"...), it decodes the text and reads it again.
//
// The first pass stays valid: its links are as the sender's program wrote them,
// those of the second have a note.
func (x *extractor) searchHTML(body []byte) {
	w := walker{x: x, anchor: -1}
	w.walk(body, 0)
	if bytes.Contains(body, []byte(`=3D"`)) || bytes.Contains(body, []byte(`=3D'`)) {
		decoded := walker{x: x, anchor: -1, notes: qpLeftover}
		decoded.walk([]byte(decodeQP(string(body))), 0)
	}
}

// walker scans the tokens of one HTML text. It builds no tree: mail is seldom
// well-formed, and links are in attributes and text.
type walker struct {
	x      *extractor
	text   []byte // visible text since the last search
	where  string // Link.Where for everything inside, such as "comment"; "" for none
	base   string // of <base href>
	notes  notes
	anchor int    // link whose anchor is open; -1 for none
	alt    []byte // alternative text of the images in that anchor

	token html.Tag // the present tag
	lower []byte   // scratch for names in lower case
	value []byte   // scratch for unescaped values
}

// walk reads body. An unterminated tag or quote leaves a rest, which is read
// again from its second byte, a few times, and then as text.
//
// Each turn begins behind the tag that was not closed. The number of turns is
// bounded, as each may read the rest of the text.
func (w *walker) walk(body []byte, depth int) {
	for again := 0; ; again++ {
		used := w.tokens(body, depth)
		rest := body[min(used, len(body)):]
		if len(rest) == 0 {
			break
		}
		if again == maxNested || len(rest) == 1 {
			w.searchIn(rest, "broken-tag")
			break
		}
		if i := bytes.IndexByte(rest[1:], '<'); i >= 0 {
			w.searchIn(rest[:i+1], "broken-tag")
			body = rest[i+1:]
		} else {
			w.searchIn(rest, "broken-tag")
			break
		}
	}
	w.closeAnchor()
	w.flush()
}

// read adds visible text.
func (w *walker) read(text []byte) {
	w.text = html.AppendUnescaped(w.text, text, false)
	// An anchor that is never closed must not keep the whole message.
	if len(w.text) > maxShown {
		w.closeAnchor()
		w.flush()
	}
}

// flush searches the visible text that has accumulated.
func (w *walker) flush() {
	w.text = visualOrder(w.text)
	if len(w.text) > 3 {
		w.searchIn(w.text, "text")
	}
	w.text = w.text[:0]
}

// searchIn searches text under the given Where, or under "comment" inside a
// comment.
func (w *walker) searchIn(text []byte, where string) {
	if len(text) < 4 {
		return
	}
	if w.where != "" {
		where = w.where
	}
	w.x.mode(w.notes, func() { w.x.searchText(text, where) })
}

// comment reads a comment: text, HTML for a single mail program (<!--[if
// mso]>), or a disabled part of the page.
func (w *walker) comment(text []byte, depth int) {
	if len(text) < 6 || bytes.IndexByte(text, '.') < 0 && bytes.IndexByte(text, ':') < 0 {
		return
	}
	w.nested(text, "comment", depth)
}

// nested reads text as HTML, as long as maxNested allows.
//
// The inner walker has no open anchor: text inside a comment does not belong to
// the link around it.
func (w *walker) nested(text []byte, where string, depth int) {
	if w.where != "" {
		where = w.where
	}
	inner := walker{x: w.x, where: where, base: w.base, notes: w.notes, anchor: -1}
	if depth >= maxNested || bytes.IndexByte(text, '<') < 0 {
		inner.searchIn(text, where)
		return
	}
	inner.walk(text, depth+1)
}

// literal reads the content of an element whose content is raw text.
func (w *walker) literal(element string, text []byte, depth int) {
	switch element {
	case "style":
		w.css(text)
	case "script":
		w.script(text, "script")
	default: // title, textarea, iframe, noscript, noframes, noembed, xmp, plaintext
		if bytes.IndexByte(text, '<') >= 0 {
			w.nested(text, element, depth)
		} else {
			w.searchIn(html.AppendUnescaped(nil, text, false), element)
		}
	}
}

// endTag closes anchors and separates text at block elements.
//
// End tags have no attributes. If one has, a quote is missing, and URLs may
// stand in it.
func (w *walker) endTag(raw, name []byte) {
	if len(w.token.Attrs) > 0 && bytes.Contains(raw, schemeMark) {
		w.searchIn(raw, "broken-tag")
	}
	name, w.lower = html.Lower(w.lower, name)
	if len(name) == 1 && name[0] == 'a' {
		w.closeAnchor()
		return
	}
	if string(name) == "bdo" {
		w.text = append(w.text, popOverride...)
	}
	w.breakText(name)
}

// breakText separates the text at elements that start a new line or box. Other
// elements leave no gap on the screen: "h<b></b>ttp://" is displayed as one
// word.
func (w *walker) breakText(name []byte) {
	if !breaks(name) {
		return
	}
	// Searching in pieces keeps the buffer small. Within an anchor the text is
	// kept whole.
	if w.anchor < 0 && len(w.text) > 4096 {
		w.flush()
	} else if n := len(w.text); n > 0 && w.text[n-1] != '\n' {
		w.text = append(w.text, '\n')
	}
}

// breaks reports whether a tag separates words: text before and after it is no
// single word.
func breaks(name []byte) bool {
	switch string(name) {
	case "address", "article", "aside", "blockquote", "body", "br", "button", "canvas", "caption", "center", "col",
		"colgroup", "dd", "details", "dir", "div", "dl", "dt", "embed", "fieldset", "figcaption", "figure", "footer",
		"form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "img",
		"input", "legend", "li", "link", "main", "menu", "meta", "nav", "object", "ol", "optgroup", "option", "p", "pre",
		"script", "section", "select", "style", "summary", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
		"thead", "title", "tr", "ul", "video", "audio", "marquee", "area", "map":
		return true
	}
	return false
}

// openAnchor starts collecting the text of a link.
func (w *walker) openAnchor(link int) {
	w.anchor = link
	w.alt = w.alt[:0]
}

// closeAnchor assigns the text since openAnchor to the link and remembers the
// URL that it displays.
//
// A link counts as displayed only if it makes up at least half of the text.
// "Pay at example.com until Friday" describes a page and does not pretend to be
// its address.
func (w *walker) closeAnchor() {
	if w.anchor < 0 {
		if len(w.text) > 0 {
			w.flush() // a stray end tag separates text
		}
		return
	}
	i := w.anchor
	w.anchor = -1
	w.text = visualOrder(w.text)
	shown := visible(w.text)
	if shown == "" {
		shown = visible(w.alt)
	}
	w.x.first = -1
	w.flush()
	// A link that occurs several times keeps its first text.
	if w.x.out.Links[i].Visible == "" {
		w.x.out.Links[i].Visible = shown
	}
	if f := w.x.first; f >= 0 && f != i {
		l := &w.x.out.Links[f]
		if l.Host != "" && 2*len(l.Raw) >= len(shown) && (w.x.marks[i].shown < 0) {
			w.x.marks[i].shown = f
		}
	}
}

// visible collapses blanks and truncates text to maxVisible.
func visible(b []byte) string {
	b = b[:min(len(b), 4*maxVisible)]
	s := strings.Join(strings.Fields(clean(string(b))), " ")
	return text.Cut(s, maxVisible)
}

// mode runs search and adds n to everything that it finds.
func (x *extractor) mode(n notes, search func()) {
	was := x.always
	x.always |= n
	search()
	x.always = was
}
