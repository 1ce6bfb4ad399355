package script

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// blanks skips white space and comments.
func (f *folder) blanks() {
	for f.pos < len(f.src) {
		rest := f.src[f.pos:]
		switch {
		case rest[0] <= ' ':
			f.pos++
		case strings.HasPrefix(rest, "//"):
			f.skipPast(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			f.skipPast(rest, "*/")
		default:
			return
		}
	}
}

// skipPast moves past the end of a comment, or to the end of the script. The
// first two bytes of rest open it.
func (f *folder) skipPast(rest, end string) {
	if i := strings.Index(rest[2:], end); i >= 0 {
		f.pos += 2 + i + len(end)
		return
	}
	f.pos = len(f.src)
}

// keywords may stand where a variable could, but are none.
var keywords = map[string]bool{"var": true, "let": true, "const": true, "return": true, "new": true, "typeof": true, "else": true}

// identifier reads a name with its members, such as "window.atob". It skips
// keywords, and returns "" if no name begins here.
func (f *folder) identifier() string {
	start := f.pos
	for f.pos < len(f.src) && (isName(f.src[f.pos]) || f.src[f.pos] == '.' && f.pos > start) {
		f.pos++
	}
	name := f.src[start:f.pos]
	if name == "" || '0' <= name[0] && name[0] <= '9' {
		f.pos = start
		return ""
	}
	if keywords[name] {
		f.blanks()
		return f.identifier()
	}
	// A method of a known variable is left for suffix: in "s.split" the name is
	// "s".
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		if _, known := f.vars[name[:i]]; known {
			f.pos = start + i
			return name[:i]
		}
	}
	return name
}

func isName(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c >= utf8.RuneSelf
}

// number reads a decimal or hexadecimal integer.
func (f *folder) number() (v value, ok bool) {
	end := f.pos
	for end < len(f.src) && isName(f.src[end]) && end-f.pos < 20 {
		end++
	}
	n, err := strconv.ParseInt(f.src[f.pos:end], 0, 64)
	if err != nil {
		return v, false
	}
	f.pos = end
	return value{text: strconv.FormatInt(n, 10), isNumber: true}, true
}

// literal reads a quoted string, or a template literal with the known variables
// filled in.
func (f *folder) literal(quote byte) (v value, ok bool) {
	var b strings.Builder
	for i := f.pos + 1; i < len(f.src); {
		switch c := f.src[i]; {
		case c == quote:
			f.pos = i + 1
			v.text = b.String()
			v.text = v.text[:min(len(v.text), maxValue)]
			return v, true
		case c == '\\':
			i += 1 + f.escape(&b, i+1)
		case c == '\n' && quote != '`':
			f.spend(i - f.pos)
			return v, false // unterminated
		case c == '$' && quote == '`' && strings.HasPrefix(f.src[i:], "${"):
			end := strings.IndexByte(f.src[i:min(len(f.src), i+100)], '}')
			if end < 0 {
				return v, false
			}
			fill := f.vars[strings.TrimSpace(f.src[i+2:i+end])].plain()
			if !f.spend(len(fill)) {
				return v, false
			}
			b.WriteString(fill)
			v.computed = true
			i += end + 1
		default:
			b.WriteByte(c)
			i++
		}
	}
	f.spend(len(f.src) - f.pos)
	return v, false
}

// escape reads the sequence after a backslash at src[i] and returns its length.
func (f *folder) escape(b *strings.Builder, i int) int {
	if i >= len(f.src) {
		return 0
	}
	rest := f.src[i:]
	switch c := rest[0]; c {
	case 'x':
		return f.code(b, rest, 1, 3)
	case 'u':
		if end := strings.IndexByte(rest[:min(len(rest), 10)], '}'); end > 2 && rest[1] == '{' {
			if f.code(b, rest, 2, end) > 1 {
				return end + 1
			}
		}
		return f.code(b, rest, 1, 5)
	case 'n', 'r', 't':
		b.WriteByte(' ')
	case '\n':
	default:
		b.WriteByte(c)
	}
	return 1
}

// code writes the character with the hexadecimal number s[from:to] and returns
// to, or 1 if it is no number.
func (f *folder) code(b *strings.Builder, s string, from, to int) int {
	if to > len(s) {
		return 1
	}
	n, err := strconv.ParseUint(s[from:to], 16, 32)
	if err != nil || n == 0 || n > utf8.MaxRune {
		return 1
	}
	b.WriteRune(rune(n))
	return to
}
