package text

import (
	"bytes"
	"strings"

	"github.com/cespare/xxhash/v2"

	"spoor/ingest/html"
)

// tag holds the properties of an element's name.
type tag struct {
	id     byte // identifies the name in tagForm; 0 if it is not HTML
	breaks bool // separates words
	void   bool // has no content and no end tag
}

// tags maps the tagKey of every HTML element's name, obsolete ones included, to
// its properties.
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

// foreign is the id of all names with a colon, such as Word's <o:p>.
const foreign = 255

// tagKey packs the first eight characters of the name at b, in lower case, into
// a number. Comparing numbers avoids a string for every tag. It also returns
// the length of the name, 0 if there is none.
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

// Keys of the elements that have rules of their own.
var (
	keyBody, keyHTML, keyTable = keyOf("body"), keyOf("html"), keyOf("table")
	keyStyle, keyScript        = keyOf("style"), keyOf("script")
	keyTitle, keyFont          = keyOf("title"), keyOf("font")
)

// element is a tag as written.
type element struct {
	tag
	key     uint64
	closing bool
	foreign bool
	body    []byte // from "<" up to ">" or the end of the text
	size    int    // bytes of body and ">"
}

// maxUnclosed limits how often the ">" after an unterminated quote is searched.
// Each search may read the rest of the text, so without a limit the time would
// be quadratic.
const maxUnclosed = 3

// readTag reads the tag at b[i]. ok is false for a bare "<", and for comments
// and declarations, whose size it sets.
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

// tagEnd returns the index after the tag whose name begins at b[name]. A tag
// with an unterminated quote ends at its first ">", as mail readers treat it.
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

// markup reads the tag or comment at i and returns the index after it.
// Comments, inline elements and unknown names do not separate words: spammers
// insert them to split words that filters search for.
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

// skipContent returns the end of the style or script whose content begins at
// text[i].
func skipContent(text []byte, i int, key uint64) int {
	if key == keyStyle {
		return html.RawTextEnd(text, i, "style")
	}
	return html.RawTextEnd(text, i, "script")
}

// tagForm is the sequence of opening tags without repetitions. A pattern of up
// to maxRepeat tags that recurs counts once, since the rows of a template are
// as many as its content needs.
type tagForm struct {
	list []byte // ids
	read int    // tags seen
}

// Limits of a form.
const (
	maxFormTags = 4000 // tags read
	minFormTags = 8    // tags left; shorter sequences occur in unrelated mail
	maxRepeat   = 8    // tags in a repeated pattern
)

// add adds a tag to the form. Unknown tags are skipped: spammers invent them to
// make each copy differ.
func (f *tagForm) add(e *element) {
	id := e.id
	if e.foreign {
		id = foreign
	}
	if id == 0 || f.read == maxFormTags {
		return // invented names only make copies differ
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

// hash returns 0 if fewer than minFormTags are left.
func (f *tagForm) hash() int64 {
	if len(f.list) < minFormTags {
		return 0
	}
	return int64(xxhash.Sum64(f.list))
}
