package script

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoders are browser functions from one string to another. eval and write
// return their argument, which is code or HTML to search.
var decoders = map[string]func(string) string{
	"atob": fromBase64, "unescape": unescape, "decodeURIComponent": unescape, "decodeURI": unescape,
	"encodeURI": same, "eval": same, "String": same, "write": same, "writeln": same, "Function": same,
}

func same(s string) string { return s }

// fromBase64 decodes both base64 alphabets and skips all other characters, as
// lenient decoders do.
func fromBase64(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r < utf8.RuneSelf && (isName(byte(r)) && r != '$' || r == '+' || r == '/'):
			return r
		}
		return -1
	}, s)
	if len(s)%4 == 1 {
		s = s[:len(s)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(s)))
	n, _ := base64.RawStdEncoding.Decode(out, []byte(s)) // damage at the end costs only the end
	return string(out[:n])
}

// unescape decodes %HH and %uHHHH.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			if i+6 <= len(s) && s[i+1]|0x20 == 'u' {
				if n, err := strconv.ParseUint(s[i+2:i+6], 16, 32); err == nil {
					b.WriteRune(rune(n))
					i += 5
					continue
				}
			}
			if i+3 <= len(s) {
				if c, err := url.PathUnescape(s[i : i+3]); err == nil {
					b.WriteString(c)
					i += 2
					continue
				}
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// fromCodes makes a string of decimal or hexadecimal character codes.
func fromCodes(list []string) string {
	var b strings.Builder
	for _, code := range list {
		if n, err := strconv.Atoi(strings.TrimSpace(code)); err == nil && n > 0 && n <= utf8.MaxRune {
			b.WriteRune(rune(n))
		}
	}
	return b.String()
}

// suffix reads an index or method call after a value. ok is false, and nothing
// is read, if it is not supported.
func (f *folder) suffix(v value, depth int) (out value, ok bool) {
	start := f.pos
	f.blanks()
	if f.pos < len(f.src) && f.src[f.pos] == '[' {
		if name := f.member(depth); name != "" {
			if out, ok = f.method(name, v, depth); ok {
				return out, true
			}
		}
		f.pos = start
		f.blanks()
		// A number in brackets selects an element.
		if v.isList {
			if out, ok = f.index(v); ok {
				return out, true
			}
		}
	} else if f.pos < len(f.src) && f.src[f.pos] == '.' {
		f.pos++
		f.blanks()
		from := f.pos
		for f.pos < len(f.src) && isName(f.src[f.pos]) {
			f.pos++
		}
		if out, ok = f.method(f.src[from:f.pos], v, depth); ok {
			return out, true
		}
	}
	f.pos = start
	return value{}, false
}

// member reads the name in brackets of ["split"], or returns "".
func (f *folder) member(depth int) string {
	if !f.take('[') {
		return ""
	}
	v, ok := f.expression(depth + 1)
	if !ok || v.isList || v.isNumber || !f.take(']') {
		return ""
	}
	return v.text
}

// index evaluates list[number]; the list is a constant.
func (f *folder) index(v value) (out value, ok bool) {
	f.pos++
	f.blanks()
	n, ok := f.number()
	if !ok || !f.take(']') {
		return out, false
	}
	i, _ := strconv.Atoi(n.text)
	if i < 0 || i >= len(v.list) {
		return out, false
	}
	return value{text: v.list[i], computed: true}, true
}

// method evaluates the string and array methods that phishing kits use on
// constants.
func (f *folder) method(name string, v value, depth int) (out value, ok bool) {
	// Each call costs the size of its value, so that a chain of calls stays
	// within the allowance.
	if !f.take('(') || !f.spend(len(v.text)+8*len(v.list)) {
		return out, false
	}
	if name == "map" {
		return f.mapCodes(v)
	}
	args, ok := f.arguments(depth + 1)
	if !ok {
		return out, false
	}
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	out = value{computed: true}
	switch {
	case name == "split" && !v.isList:
		out.isList, out.list = true, strings.SplitN(v.text, arg(0), maxList)
	case name == "reverse" && v.isList:
		out.isList, out.list = true, slices.Clone(v.list)
		slices.Reverse(out.list)
	case name == "join" && v.isList:
		sep := ","
		if len(args) > 0 {
			sep = args[0]
		}
		out.text = joinBounded(v.list, sep)
	// No other method of lists is evaluated.
	case v.isList:
		return out, false
	case (name == "replace" || name == "replaceAll") && len(args) > 1:
		out.text = replace(v.text, args[0], args[1], name == "replaceAll")
	case name == "concat":
		out.text = v.text + strings.Join(args, "")
	case name == "trim" || name == "toString" || name == "valueOf":
		out.text = v.text
	case name == "toLowerCase":
		out.text = strings.ToLower(v.text)
	case name == "slice" || name == "substring" || name == "substr":
		out.text = cut(v.text, name, args)
	default:
		return out, false
	}
	out.text = out.text[:min(len(out.text), maxValue)]
	return out, true
}

// joinBounded joins strings up to about maxValue bytes, because a list of long
// strings would multiply.
func joinBounded(list []string, sep string) string {
	var b strings.Builder
	for i, s := range list {
		if b.Len() > maxValue {
			break
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s)
	}
	return b.String()
}

// replace replaces the first occurrence, or all of them for replaceAll and for
// an expression that ends in "/g".
func replace(s, old, with string, all bool) string {
	if len(old) > 2 && old[0] == '/' {
		if end := strings.LastIndexByte(old, '/'); end > 0 {
			all = strings.Contains(old[end:], "g")
			old = strings.ReplaceAll(old[1:end], `\`, "")
		}
	}
	if old == "" || len(with)*strings.Count(s, old) > maxValue {
		return s
	}
	if all {
		return strings.ReplaceAll(s, old, with)
	}
	return strings.Replace(s, old, with, 1)
}

// cut evaluates slice, substring and substr. Negative positions count from the
// end, as in slice; the other two rarely have any. Positions are bytes, which
// differ from those of JavaScript beyond ASCII only.
func cut(s, name string, args []string) string {
	number := func(i, otherwise int) int {
		if i >= len(args) {
			return otherwise
		}
		n, err := strconv.Atoi(args[i])
		if err != nil {
			return otherwise
		}
		if n < 0 {
			n += len(s)
		}
		return min(max(n, 0), len(s))
	}
	from, to := number(0, 0), number(1, len(s))
	if name == "substr" {
		to = min(from+to, len(s))
	}
	if from > to {
		return ""
	}
	return s[from:to]
}

// arguments reads constants and regular expressions up to the closing
// parenthesis.
func (f *folder) arguments(depth int) (args []string, ok bool) {
	for len(args) < 8 {
		f.blanks()
		switch {
		case f.pos >= len(f.src):
			return nil, false
		case f.src[f.pos] == ')':
			f.pos++
			return args, true
		case f.src[f.pos] == ',':
			f.pos++
			continue
		case f.src[f.pos] == '/':
			re := f.regexp()
			if re == "" {
				return nil, false
			}
			args = append(args, re)
			continue
		}
		minus := f.take('-')
		v, good := f.expression(depth)
		if !good {
			return nil, false
		}
		if minus {
			v.text = "-" + v.text
		}
		args = append(args, v.plain())
	}
	return nil, false
}

// regexp reads a regular expression of plain characters with its flags, or
// returns "".
func (f *folder) regexp() string {
	rest := f.src[f.pos:min(len(f.src), f.pos+100)]
	end := strings.IndexByte(rest[1:], '/')
	if end < 1 || strings.ContainsAny(rest[1:end+1], "()*+?|^$.[]{}\n") {
		return ""
	}
	n := end + 2
	for n < len(rest) && 'a' <= rest[n] && rest[n] <= 'z' {
		n++
	}
	f.pos += n
	return rest[:n]
}

// mapCodes reads the rest of ".map(c => String.fromCharCode(c))". The function
// is recognised by its name and not evaluated.
func (f *folder) mapCodes(v value) (out value, ok bool) {
	rest := f.src[f.pos:min(len(f.src), f.pos+200)]
	depth := 1
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			if !v.isList || !strings.Contains(rest[:i], "fromCharCode") {
				return out, false
			}
			f.pos += i + 1
			out = value{isList: true, computed: true, list: make([]string, len(v.list))}
			for k, code := range v.list {
				out.list[k] = fromCodes([]string{code})
			}
			return out, true
		}
	}
	return out, false
}
