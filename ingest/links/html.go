package links

import (
	"bytes"
	"strings"

	"spoor/ingest/html"
	"spoor/internal/text"
)

// maxNested bounds HTML inside comments, <noscript> and the like; beyond it is searched
// as text.
const maxNested = 3

// maxShown is the longest anchor text that is kept together; a longer one was never closed.
const maxShown = 64 << 10

// searchHTML reads a text as HTML, and once more decoded where its quoted-printable was
// left in (href=3D"...).
func (x *extractor) searchHTML(body []byte) {
	w := walker{x: x, anchor: -1}
	w.walk(body, 0)
	if bytes.Contains(body, []byte(`=3D"`)) || bytes.Contains(body, []byte(`=3D'`)) {
		decoded := walker{x: x, anchor: -1, notes: qpLeftover}
		decoded.walk([]byte(decodeQP(string(body))), 0)
	}
}

// walker goes over the tokens of one HTML text. It builds no tree: mail is seldom well
// formed, and what matters stands in attributes and text.
type walker struct {
	x      *extractor
	text   []byte // visible text, since it was last searched
	where  string // "" or what everything found here is filed under ("comment")
	base   string // of <base href>
	notes  notes
	anchor int    // link whose anchor is open, -1 for none
	alt    []byte // alternative text of images inside it

	token html.Tag // the tag being read
	lower []byte   // scratch: a name in lower case
	value []byte   // scratch: a value unescaped
}

// walk reads body. What is left over at the end (a tag or quote that was never
// closed) is read again from behind its first byte, a few times, then as text.
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

// read adds text that the reader sees.
func (w *walker) read(text []byte) {
	w.text = html.AppendUnescaped(w.text, text, false)
	if len(w.text) > maxShown {
		w.closeAnchor()
		w.flush()
	}
}

// flush searches the text that has gathered.
func (w *walker) flush() {
	w.text = visualOrder(w.text)
	if len(w.text) > 3 {
		w.searchIn(w.text, "text")
	}
	w.text = w.text[:0]
}

// searchIn searches text that is filed under where, unless all of it is in a comment.
func (w *walker) searchIn(text []byte, where string) {
	if len(text) < 4 {
		return
	}
	if w.where != "" {
		where = w.where
	}
	w.x.mode(w.notes, func() { w.x.searchText(text, where) })
}

// comment reads what a comment hides: text, or HTML for one mail program only
// (<!--[if mso]>), or a page that somebody commented out.
func (w *walker) comment(text []byte, depth int) {
	if len(text) < 6 || bytes.IndexByte(text, '.') < 0 && bytes.IndexByte(text, ':') < 0 {
		return
	}
	w.nested(text, "comment", depth)
}

// nested reads text as HTML if it can be.
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

// literal reads the content of an element that HTML does not parse.
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

// endTag ends an anchor, and parts text where a reader sees two pieces.
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

// breakText parts the text at elements that start a new line or box. Others leave no gap
// on the screen: "h<b></b>ttp://" reads on.
func (w *walker) breakText(name []byte) {
	if !breaks(name) {
		return
	}
	if w.anchor < 0 && len(w.text) > 4096 {
		w.flush()
	} else if n := len(w.text); n > 0 && w.text[n-1] != '\n' {
		w.text = append(w.text, '\n')
	}
}

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

// openAnchor begins to collect the text of a link.
func (w *walker) openAnchor(link int) {
	w.anchor = link
	w.alt = w.alt[:0]
}

// closeAnchor files the text since openAnchor as the link's, and notes a URL in it.
func (w *walker) closeAnchor() {
	if w.anchor < 0 {
		if len(w.text) > 0 {
			w.flush() // a stray end parts the text
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

// visible folds blanks and cuts text to its limit.
func visible(b []byte) string {
	b = b[:min(len(b), 4*maxVisible)]
	s := strings.Join(strings.Fields(clean(string(b))), " ")
	return text.Cut(s, maxVisible)
}

// mode runs search with notes on everything it finds.
func (x *extractor) mode(n notes, search func()) {
	was := x.always
	x.always |= n
	search()
	x.always = was
}
