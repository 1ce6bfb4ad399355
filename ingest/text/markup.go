package text

import (
	"bytes"
	"strings"

	"github.com/cespare/xxhash/v2"

	"spoor/ingest/html"
)

// tag holds the properties that follow from an element's name.
type tag struct {
	id     byte // in the form; 0 for names that are not HTML's
	breaks bool // words end at it
	void   bool // it has no content
}

// tags are the elements of HTML, old ones too, by tagKey of their names.
var tags = func() map[uint64]tag {
	const (
		breaking = `address article aside blockquote body br button caption center col colgroup dd details dir div dl dt
			fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input
			isindex legend li link main map area menu meta nav noframes noscript object ol optgroup option p param picture pre section
			select source summary svg table tbody td textarea tfoot th thead title tr ul video`
		inline = `a abbr acronym b base basefont bdi bdo big blink cite code del dfn em embed font i ins kbd label marquee mark
			nobr q s samp script small span strike strong style sub sup time tt u var wbr applet audio bgsound canvas`
		void = ` area base basefont bgsound br col embed frame hr img input isindex link meta param source wbr `
	)
	m := make(map[uint64]tag)
	for i, names := range []string{breaking, inline} {
		for name := range strings.FieldsSeq(names) {
			key, _ := tagKey([]byte(name))
			m[key] = tag{id: byte(len(m) + 1), breaks: i == 0, void: strings.Contains(void, " "+name+" ")}
		}
	}
	return m
}()

// foreign is the id of names with a colon, such as Word's <o:p>.
const foreign = 255

// tagKey packs the name that b begins with into a number: its first eight characters in
// lower case. It returns the length of the name as well, 0 if there is none.
func tagKey(b []byte) (key uint64, size int) {
	for size < len(b) {
		c := b[size] | 0x20
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == ':' || c == '-') {
			break
		}
		if size < 8 {
			key = key<<8 | uint64(c)
		}
		size++
	}
	return key, size
}

func keyOf(name string) uint64 {
	key, _ := tagKey([]byte(name))
	return key
}

// Elements that are treated in a way of their own.
var (
	keyBody, keyHTML, keyTable = keyOf("body"), keyOf("html"), keyOf("table")
	keyStyle, keyScript        = keyOf("style"), keyOf("script")
	keyTitle, keyFont          = keyOf("title"), keyOf("font")
)

// element is a tag as it stands.
type element struct {
	tag
	key     uint64
	closing bool
	foreign bool
	body    []byte // from "<" up to ">" or the end of the text
	size    int    // of body and ">"
}

// maxUnclosed is the number of tags whose closing ">" is looked for behind a quote that
// never ends. Each look costs the rest of the text.
const maxUnclosed = 3

// readTag reads the tag at b[i]. It reports false for a bare "<", and for a comment or
// declaration, whose size it gives.
func (n *normalizer) readTag(b []byte, i int) (e element, ok bool) {
	name, closing, ok := html.StartsTag(b, i)
	if !ok {
		e.size = 1
		if html.StartsMarkup(b, i) {
			_, end := html.Markup(b, i)
			e.size = end - i
		}
		return e, false
	}
	e.closing = closing
	end := n.tagEnd(b, name)
	e.body, e.size = bytes.TrimSuffix(b[i:end], []byte(">")), end-i
	var size int
	e.key, size = tagKey(b[name:end])
	e.tag = tags[e.key]
	e.foreign = e.id == 0 && bytes.IndexByte(b[name:name+size], ':') > 0
	return e, true
}

// tagEnd returns the index behind the tag whose name begins at b[name]. A tag with a quote
// that is never closed ends at the first ">", where mail readers go on as well.
func (n *normalizer) tagEnd(b []byte, name int) int {
	if n.unclosed < maxUnclosed {
		if end, ok := n.scan.Scan(b, name); ok {
			return end
		}
		n.unclosed++
	}
	if end := bytes.IndexByte(b[name:], '>'); end >= 0 {
		return name + end + 1
	}
	return len(b)
}

// markup reads what begins with "<" at i, and returns where it ends. Comments, inline
// elements and names that nobody knows leave the word that they stand in whole: they are
// put there to break up words that filters look for.
func (n *normalizer) markup(text []byte, i int) int {
	e, ok := n.readTag(text, i)
	if !ok {
		if e.size == 1 {
			n.endToken()
		}
		return i + e.size
	}
	if e.breaks {
		n.endToken()
	}
	if e.closing {
		return i + e.size
	}
	n.form.add(&e)
	if e.key == keyStyle || e.key == keyScript {
		return skipContent(text, i+e.size, e.key)
	}
	n.hide(text, i, &e)
	return i + e.size
}

// skipContent returns the end of the style or script whose content begins at text[i].
func skipContent(text []byte, i int, key uint64) int {
	if key == keyStyle {
		return html.RawTextEnd(text, i, "style")
	}
	return html.RawTextEnd(text, i, "script")
}

// tagForm is the order of opening tags, with repeats left out: the same tag, or the same
// few, over and over, count once, since a template's lists and rows are as long as what
// is put into them.
type tagForm struct {
	list []byte // ids
	read int    // tags so far
}

const (
	maxFormTags = 4000 // read
	minFormTags = 8    // left: fewer are everybody's
	maxRepeat   = 8    // tags in a pattern that repeats
)

func (f *tagForm) add(e *element) {
	id := e.id
	if e.foreign {
		id = foreign
	}
	if id == 0 || f.read == maxFormTags {
		return // an invented name is there to make copies differ
	}
	f.read++
	f.list = append(f.list, id)
	for size := 1; size <= maxRepeat && 2*size <= len(f.list); size++ {
		last := f.list[len(f.list)-size:]
		before := f.list[len(f.list)-2*size : len(f.list)-size]
		if before[size-1] == id && bytes.Equal(last, before) {
			f.list = f.list[:len(f.list)-size]
			return
		}
	}
}

// hash is 0 where too little is left.
func (f *tagForm) hash() int64 {
	if len(f.list) < minFormTags {
		return 0
	}
	return int64(xxhash.Sum64(f.list))
}
