package links

import (
	"bytes"
	"strings"

	"spoor/ingest/html"
)

// tag reads the start tag that was just scanned in body. It returns the
// element's name if its content is raw text, else "".
func (w *walker) tag(raw, body []byte) (literal string) {
	var name []byte
	name, w.lower = html.Lower(w.lower, w.token.Name.Of(body))
	isAnchor := len(name) == 1 && name[0] == 'a'
	// Anchors cannot be nested: the next one ends it.
	if isAnchor {
		w.closeAnchor()
	} else {
		w.breakText(name)
	}
	if html.IsRawText(name) {
		literal = string(name)
	}
	if len(w.token.Attrs) == 0 {
		return literal
	}
	t := tag{name: label(name), link: -1}
	seen := 0
	for _, a := range w.token.Attrs {
		val := a.Val.Of(body)
		if len(val) == 0 {
			continue
		}
		// Character references are resolved in values, and only where there are
		// some.
		if bytes.IndexByte(val, '&') >= 0 {
			w.value = html.AppendUnescaped(w.value[:0], val, true)
			val = w.value
		}
		var key []byte
		key, w.lower = html.Lower(w.lower, a.Key.Of(body))
		seen += w.attribute(&t, key, val)
	}
	w.afterTag(&t, raw, seen)
	if isAnchor && t.link >= 0 {
		w.openAnchor(t.link)
	}
	return literal
}

// afterTag reads values that depend on several attributes. It also looks for
// URLs outside of values, because a misplaced quote turns URLs into attribute
// names. seen is the number of URLs found in the attributes.
func (w *walker) afterTag(t *tag, raw []byte, seen int) {
	if t.refresh {
		w.refresh(t.content)
	} else if t.content != nil {
		w.other(t.name, "content", t.content)
	}
	// Both counts are of absolute URLs. A surplus in the raw tag stands outside
	// of all values that were read.
	if bytes.Count(raw, schemeMark) > seen {
		w.searchIn(html.AppendUnescaped(nil, raw, true), t.name)
	}
}

// tag is the state of a start tag while its attributes are read.
type tag struct {
	name    string
	link    int // index of the link in href, -1 for none
	refresh bool
	content []byte
}

// label returns the name of an element or attribute for Link.Where. The rest of
// a broken tag can't be a name and becomes "?".
func label(name []byte) string {
	// Longer than any name of HTML. Where is a key of distinct links: it must
	// not grow with the input.
	if len(name) > 40 {
		return "?"
	}
	for _, c := range name {
		if !isAlnum(c) && c != '-' && c != '_' && c != ':' && c != '.' {
			return "?"
		}
	}
	return string(name)
}

// schemeMark occurs in every absolute URL with a host. Counting it is a cheap
// test for text worth searching.
var schemeMark = []byte("://")

// attribute reads one attribute and returns how many URLs its value holds.
func (w *walker) attribute(t *tag, key, val []byte) (urls int) {
	urls = bytes.Count(val, schemeMark)
	switch string(key) {
	case "href":
		if i := w.url(t.name, "href", val); t.link < 0 {
			t.link = i
		}
		// Only the first <base> of a document counts (HTML Standard section
		// 4.2.3).
		if t.name == "base" && w.base == "" && t.link >= 0 {
			w.setBase(t.link)
		}
	case "src", "action", "formaction", "background", "cite", "data", "poster", "longdesc", "xlink:href", "lowsrc",
		"dynsrc", "manifest", "codebase", "classid", "profile", "icon", "o:href":
		w.url(t.name, string(key), val)
	case "srcset", "imagesrcset":
		w.srcset(val)
	// Lists of URLs, separated by blanks.
	case "ping", "archive":
		for _, u := range bytes.Fields(val) {
			w.url(t.name, string(key), u)
		}
	case "style":
		w.css(val)
	// The element displays its text backwards, as the override character does.
	case "dir":
		if t.name == "bdo" && strings.EqualFold(string(val), "rtl") {
			w.text = append(w.text, rightToLeft...)
		}
	case "http-equiv":
		t.refresh = strings.EqualFold(strings.TrimSpace(string(val)), "refresh")
	case "content":
		t.content = bytes.Clone(val)
	case "alt":
		// A linked image without text shows its alternative text to readers
		// that block images.
		if w.anchor >= 0 && len(w.alt) < maxVisible {
			w.alt = append(append(w.alt, val[:min(len(val), maxVisible)]...), ' ')
		}
		w.other(t.name, "alt", val)
	// Frequent attributes that browsers never read as a URL. They are searched
	// only if they contain one.
	case "usemap", "class", "id", "name", "width", "height", "align", "valign", "bgcolor", "border", "cellpadding",
		"cellspacing", "color", "face", "size", "target", "type", "rel", "role", "lang", "media":
		if urls > 0 {
			w.other(t.name, label(key), val)
		}
	default:
		w.other(t.name, label(key), val)
	}
	return urls
}

// other searches an attribute that HTML does not define to hold a URL: data-*,
// onclick, value, title, xmlns and invented ones. Kits keep URLs in them for
// scripts.
func (w *walker) other(name, key string, val []byte) {
	// A handler may compute a URL from pieces without a colon or dot.
	handler := strings.HasPrefix(key, "on") && bytes.IndexByte(val, '(') >= 0
	if len(val) < 8 || bytes.IndexByte(val, ':') < 0 && bytes.IndexByte(val, '.') < 0 && !handler {
		return
	}
	where := name + "@" + key
	switch {
	case strings.HasPrefix(key, "on"):
		w.script(val, where)
	// URLs of namespaces are of no interest to the reader, but identify the
	// editor that wrote the mail.
	case strings.HasPrefix(key, "xmlns"):
		w.searchIn(val, "xmlns")
	default:
		w.searchIn(val, where)
	}
}

// refresh reads <meta http-equiv=refresh content="0; url=...">, a redirect
// without a click.
//
// Browsers accept the value without "=" and quotes, too (HTML Standard section
// 4.2.5.3).
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

// srcset reads a list of image candidates: URL, blank, descriptor, comma (HTML
// Standard section 2.4.2.1).
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

// url reads an attribute whose value is a URL. It returns the index of the
// link, or -1.
func (w *walker) url(name, key string, val []byte) int {
	// A place within the same page.
	if val[0] == '#' {
		return -1
	}
	var where string
	switch {
	case w.where != "":
		where = w.where
	case name == "a" && key == "href":
		where = "a@href"
	case name == "img" && key == "src":
		where = "img@src"
	default:
		where = name + "@" + key
	}
	return w.urlIn(string(val), where)
}

// urlIn reads a value that should be one URL and returns its link, or -1.
func (w *walker) urlIn(val, where string) (link int) {
	if w.where != "" {
		where = w.where
	}
	w.x.mode(w.notes, func() { link = w.x.urlValue(val, where, w.base) })
	return link
}

// setBase takes <base href> as the base of relative references.
//
// Other schemes, and bases longer than maxBase, are ignored: references stay
// relative then and are no links.
func (w *walker) setBase(link int) {
	l := &w.x.out.Links[link]
	if web(l.Scheme) && l.Host != "" && len(l.URL) <= maxBase {
		w.base = l.URL
	}
}
