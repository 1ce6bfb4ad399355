package links

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"spoor/ingest/script"
	"spoor/internal/text"
)

// errRefused reports a URL that browsers would not open either.
var errRefused = errors.New("refused by the URL standard")

// css searches a style sheet or style attribute: url(...), @import, and
// comments.
//
// Escapes are resolved first, since style sheets may write any letter of a URL
// as a number. URLs outside of url(...) stand in comments and strings.
func (w *walker) css(text []byte) {
	if len(text) < 6 {
		return
	}
	marks := bytes.Count(text, schemeMark)
	if marks == 0 && bytes.IndexByte(text, '(') < 0 && bytes.IndexByte(text, '\\') < 0 && bytes.IndexByte(text, '@') < 0 {
		return
	}
	if bytes.IndexByte(text, '\\') >= 0 {
		text = []byte(unescapeCSS(string(text)))
		marks = bytes.Count(text, schemeMark)
	}
	seen := w.cssURLs(text)
	if marks > seen {
		w.searchIn(text, "css")
	}
}

// cssURLs reads url(...) and @import "..." and returns the number of full URLs
// among them.
func (w *walker) cssURLs(text []byte) (seen int) {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '(' && i >= 3 && bytes.EqualFold(text[i-3:i], []byte("url")):
		case text[i] == '@' && len(text) > i+8 && bytes.EqualFold(text[i:i+7], []byte("@import")):
			i += 6
			rest := bytes.TrimLeft(text[i+1:], " \t\r\n")
			if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
				continue
			}
			i = len(text) - len(rest) - 1
		default:
			continue
		}
		v := cssValue(text[i+1:])
		i += len(v)
		u := string(bytes.Trim(v, "\"' \t\r\n"))
		if u != "" && !bytes.HasPrefix(v, []byte("#")) {
			seen += strings.Count(u, "://")
			w.urlIn(u, "css")
		}
	}
	return seen
}

// maxCSSValue limits the search for the end of one url(...), in bytes.
const maxCSSValue = 64 << 10

// cssValue returns the text up to the closing quote or parenthesis.
func cssValue(b []byte) []byte {
	b = b[:min(len(b), maxCSSValue)]
	skip := len(b) - len(bytes.TrimLeft(b, " \t\r\n"))
	if skip < len(b) && (b[skip] == '"' || b[skip] == '\'') {
		if j := bytes.IndexByte(b[skip+1:], b[skip]); j >= 0 {
			return b[:skip+1+j]
		}
	}
	if j := bytes.IndexAny(b, ");"); j >= 0 {
		return b[:j]
	}
	return b[:min(len(b), MaxURLBytes)]
}

// unescapeCSS resolves the escapes of CSS Syntax section 4.3.7, such as \3a and
// \/.
func unescapeCSS(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		j := i + 1
		// At most six digits, and one blank that ends them.
		for j < len(s) && j < i+7 && isHex(s[j]) {
			j++
		}
		if j == i+1 {
			continue // any other character stands for itself
		}
		v, _ := strconv.ParseUint(s[i+1:j], 16, 32)
		b.WriteRune(validRune(v))
		if j < len(s) && s[j] == ' ' {
			j++
		}
		i = j - 1
	}
	return b.String()
}

// script searches the source of a script.
func (w *walker) script(text []byte, where string) {
	if w.where != "" {
		where = w.where
	}
	w.x.mode(w.notes, func() { w.x.searchScript(text, where) })
}

// searchScript searches a script as written, and again with its escapes
// resolved if that reveals other URLs. Names with dots are code here and not
// hosts.
func (x *extractor) searchScript(text []byte, where string) {
	was := x.code
	x.code = true
	x.searchSource(text, where)
	x.code = was
	x.searchComputed(text, where)
}

// searchComputed searches the strings that a script computes. A string with
// tags is read as a page, another one as a script, which may compute further
// strings.
//
// The evaluation knows only pure string operations: no script of a message is
// ever run.
func (x *extractor) searchComputed(text []byte, where string) {
	if x.computing >= maxComputing || !mayCompute(text) {
		return
	}
	x.computing++
	x.mode(computed, func() {
		for _, s := range script.Strings(text) {
			if x.computable -= len(s); x.computable < 0 {
				return
			}
			switch {
			case strings.IndexByte(s, '<') >= 0:
				w := walker{x: x, anchor: -1, where: where}
				w.walk([]byte(s), 0)
			default:
				x.searchScript([]byte(s), where)
			}
		}
	})
	x.computing--
}

// Limits of the strings that scripts compute. Scripts write scripts, so nesting
// has to end.
const (
	maxComputing  = 3       // nesting of scripts in computed strings
	maxComputable = 4 << 20 // bytes of all computed strings; an attached page has about 100 KB
)

// mayCompute reports whether a script has an operation that builds strings. It
// saves most scripts the evaluation.
func mayCompute(text []byte) bool {
	for _, mark := range [...]string{"atob", "join", "+", "fromCharCode", "reverse", "replace", "unescape", "decodeURI", "${", "concat"} {
		if bytes.Contains(text, []byte(mark)) {
			return true
		}
	}
	return false
}

// searchSource searches source code as text, with and without its escapes.
func (x *extractor) searchSource(text []byte, where string) {
	if bytes.IndexByte(text, '\\') >= 0 || bytes.IndexByte(text, '%') >= 0 {
		s := unescapeScript(string(text[:min(len(text), maxScriptCopy)]))
		// "%3A%2F%2F" or "%3C": an encoded URL or tag.
		if strings.Contains(s, "%3") {
			s = percentDecode(s)
		}
		if strings.Count(s, "://") > bytes.Count(text, schemeMark) {
			x.searchText([]byte(s), where)
			if len(text) <= maxScriptCopy {
				return
			}
			// The beginning was searched in its decoded form.
			text = text[maxScriptCopy:]
		}
	}
	x.searchText(text, where)
}

// unescapeScript resolves \/, \xHH and \uHHHH.
func unescapeScript(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		size := 0
		switch s[i] {
		case 'x':
			size = 2
		case 'u':
			size = 4
		}
		if size > 0 && i+size < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+1+size], 16, 32); err == nil {
				b.WriteRune(validRune(v))
				i += size
				continue
			}
		}
		// White space ends a URL; any other escaped character stands for
		// itself.
		if s[i] == 'n' || s[i] == 'r' || s[i] == 't' {
			b.WriteByte(' ')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// validRune returns the code point, or U+FFFD for zero and values beyond
// Unicode, as browsers do.
func validRune(v uint64) rune {
	if v == 0 || v > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(v)
}

// dataURL records a data: URL (RFC 2397) that a browser would display or run,
// and searches its content. Images and fonts are not links.
//
// The content counts as found inside this link, so that a screen can show which
// link leads to it.
func (x *extractor) dataURL(v, where string) int {
	head, body, ok := strings.Cut(v[len("data:"):], ",")
	kind, _, _ := strings.Cut(strings.ToLower(stripControls(head)), ";")
	// The media type and its parameters are short; a long head is text that
	// happens to begin with "data:".
	if !ok || len(head) > 200 || !page(strings.TrimSpace(kind)) {
		return -1
	}
	i := x.link(v, "", where, data)
	if x.dataDeep >= maxData {
		return i
	}
	content := []byte(percentDecode(body))
	if h := strings.ToLower(strings.TrimSpace(head)); strings.HasSuffix(h, "base64") {
		content = lenientBase64(string(content))
	}
	x.dataDeep++
	x.under(i, func() {
		x.mode(data, func() {
			w := walker{x: x, anchor: -1, where: where}
			w.walk(content, 0)
		})
	})
	x.dataDeep--
	return i
}

// page reports whether a media type can contain links.
func page(kind string) bool {
	switch {
	case kind == "", strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "xml"),
		strings.Contains(kind, "html"), strings.Contains(kind, "javascript"):
		return true
	}
	return false
}

// lenientBase64 decodes both alphabets of base64 and skips other bytes.
//
// A single letter at the end holds no whole byte and is dropped.
func lenientBase64(s string) []byte {
	buf := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isAlnum(c):
			buf = append(buf, c)
		case c == '+' || c == '-':
			buf = append(buf, '-')
		case c == '/' || c == '_':
			buf = append(buf, '_')
		}
	}
	if len(buf)%4 == 1 {
		buf = buf[:len(buf)-1]
	}
	n, err := base64.RawURLEncoding.Decode(buf, buf)
	if err != nil {
		return buf[:n]
	}
	return buf[:n]
}

// percentDecode decodes %HH and keeps everything else.
func percentDecode(s string) string {
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	b = append(b, s[:i]...)
	for ; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if h, ok := unhex2(s[i+1], s[i+2]); ok {
				b = append(b, h)
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

func isHex(c byte) bool { return isNumber(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// unhex2 decodes two hex digits. ok is false for anything else.
func unhex2(a, b byte) (byte, bool) {
	high, low := text.Hex(a), text.Hex(b)
	return high<<4 | low, high|low < 16
}
