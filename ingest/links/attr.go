package links

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// tag reads a start tag, and returns its name if the tokenizer takes what follows
// literally.
func (w *walker) tag(z *html.Tokenizer) (literal string) {
	raw := z.Raw()
	hidden := w.keepRaw(raw)
	bare := hidden == 0 && plainTag(raw)
	name, more := z.TagName()
	more = more && (!bare || carriesLinks(name))
	isAnchor := len(name) == 1 && name[0] == 'a'
	if isAnchor {
		w.closeAnchor()
	} else {
		w.breakText(name)
	}
	t := tag{name: name, link: -1}
	for more {
		var key, val []byte
		key, val, more = z.TagAttr()
		hidden -= bytes.Count(val, schemeMark)
		w.attribute(&t, key, val)
	}
	if t.refresh {
		w.refresh(t.content)
	} else if t.content != nil {
		w.other(t.name, "content", t.content)
	}
	if hidden > 0 {
		// A repeated attribute, or a quote in the wrong place: the tokenizer did not
		// hand it out.
		w.searchIn([]byte(html.UnescapeString(string(w.raw))), string(t.name))
	}
	if isAnchor && t.link >= 0 {
		w.openAnchor(t.link)
	}
	return literalElement(name)
}

// plainTag reports whether no attribute of a tag can hold a link: without a slash, a
// backslash, an entity or an address there is no URL. Half of the tags of a newsletter
// are table cells with a style, and reading their attributes would take half of the time.
func plainTag(raw []byte) bool {
	raw = bytes.TrimRight(raw, "/>")
	for _, c := range [...]byte{'/', '\\', '&', '@'} {
		if bytes.IndexByte(raw, c) >= 0 {
			return false
		}
	}
	return true
}

// carriesLinks tells the elements whose attributes are read in any case: a link may be
// as short as href=example.com, and what an image shows instead is told by alt.
func carriesLinks(name []byte) bool {
	switch string(name) {
	case "a", "area", "base", "form", "img", "input", "button", "meta", "link", "iframe", "frame", "embed", "object":
		return true
	}
	return false
}

// tag is what is known of the tag while its attributes are read.
type tag struct {
	name    []byte
	link    int // of href
	refresh bool
	content []byte
}

var schemeMark = []byte("://")

// keepRaw counts the URLs of a tag, and copies it if there are any: reading attributes
// alters it.
func (w *walker) keepRaw(raw []byte) int {
	n := bytes.Count(raw, schemeMark)
	if n > 0 {
		w.raw = append(w.raw[:0], raw...)
	}
	return n
}

// literalElement returns the elements whose content is text to the tokenizer.
func literalElement(name []byte) string {
	switch string(name) {
	case "script":
		return "script"
	case "style":
		return "style"
	case "title", "textarea", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext":
		return string(name)
	}
	return ""
}

// attribute reads one attribute by its name.
func (w *walker) attribute(t *tag, key, val []byte) {
	if len(val) == 0 {
		return
	}
	switch string(key) {
	case "href":
		t.link = w.url(t.name, "href", val)
		if string(t.name) == "base" && w.base == "" && t.link >= 0 {
			w.setBase(t.link)
		}
	case "src", "action", "formaction", "background", "cite", "data", "poster", "longdesc", "xlink:href", "lowsrc",
		"dynsrc", "manifest", "codebase", "classid", "profile", "icon", "o:href":
		w.url(t.name, string(key), val)
	case "srcset", "imagesrcset":
		w.srcset(val)
	case "ping", "archive":
		for _, u := range bytes.Fields(val) {
			w.url(t.name, string(key), u)
		}
	case "style":
		w.css(val)
	case "http-equiv":
		t.refresh = strings.EqualFold(strings.TrimSpace(string(val)), "refresh")
	case "content":
		t.content = val
	case "alt":
		if w.anchor >= 0 && len(w.alt) < maxVisible {
			w.alt = append(append(w.alt, val[:min(len(val), maxVisible)]...), ' ')
		}
		w.other(t.name, "alt", val)
	case "usemap", "class", "id", "name", "width", "height", "align", "valign", "bgcolor", "border", "cellpadding",
		"cellspacing", "color", "face", "size", "target", "type", "rel", "role", "dir", "lang", "media":
		if bytes.Contains(val, schemeMark) {
			w.other(t.name, string(key), val)
		}
	default:
		w.other(t.name, string(key), val)
	}
}

// other searches an attribute that is not made for a URL: data-*, onclick, value, title,
// xmlns and all that programs invent.
func (w *walker) other(name []byte, key string, val []byte) {
	if len(val) < 8 || bytes.IndexByte(val, ':') < 0 && bytes.IndexByte(val, '.') < 0 {
		return
	}
	where := string(name) + "@" + key
	switch {
	case strings.HasPrefix(key, "on"):
		w.script(val, where)
	case strings.HasPrefix(key, "xmlns"):
		w.searchIn(val, "xmlns")
	default:
		w.searchIn(val, where)
	}
}

// refresh reads <meta http-equiv=refresh content="0; url=...">.
func (w *walker) refresh(content []byte) {
	s := string(content)
	i := strings.Index(strings.ToLower(s), "url")
	if i < 0 {
		w.searchIn(content, "meta-refresh")
		return
	}
	s = strings.TrimLeft(s[i+3:], " \t\r\n")
	s = strings.TrimLeft(strings.TrimPrefix(s, "="), " \t\r\n")
	if s != "" && (s[0] == '\'' || s[0] == '"') {
		q := s[0]
		s = s[1:]
		if j := strings.IndexByte(s, q); j >= 0 {
			s = s[:j]
		}
	}
	w.urlIn(s, "meta-refresh")
}

// srcset reads a list of image candidates: URL, blank, descriptor, comma.
func (w *walker) srcset(val []byte) {
	for len(val) > 0 {
		val = bytes.TrimLeft(val, ", \t\r\n\f")
		end := bytes.IndexAny(val, " \t\r\n\f")
		if end < 0 {
			end = len(val)
		}
		if u := bytes.TrimRight(val[:end], ","); len(u) > 0 {
			w.urlIn(string(u), "srcset")
		}
		val = val[end:]
		if i := bytes.IndexByte(val, ','); i >= 0 && end > 0 {
			val = val[i:]
		} else {
			return
		}
	}
}

// url reads an attribute whose value is a URL.
func (w *walker) url(name []byte, key string, val []byte) int {
	if val[0] == '#' {
		return -1
	}
	var where string
	switch {
	case w.where != "":
		where = w.where
	case len(name) == 1 && name[0] == 'a' && key == "href":
		where = "a@href"
	case len(name) == 3 && key == "src" && string(name) == "img":
		where = "img@src"
	default:
		where = string(name) + "@" + key
	}
	return w.urlIn(string(val), where)
}

// urlIn reads a value that should be one URL, and returns its link or -1.
func (w *walker) urlIn(val, where string) (link int) {
	if w.where != "" {
		where = w.where
	}
	w.x.mode(w.notes, func() { link = w.x.urlValue(val, where, w.base) })
	return link
}

// setBase takes <base href> as what relative references are completed with.
func (w *walker) setBase(link int) {
	l := &w.x.out.Links[link]
	if web(l.Scheme) && l.Host != "" && len(l.URL) <= maxBase {
		w.base = l.URL
	}
}
