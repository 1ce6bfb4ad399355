// Package script finds the strings that a script computes: base64 (atob),
// character codes, and strings that are joined, reversed, replaced or escaped,
// also through variables. Phishing pages hide their URLs in this way.
//
// Source goes in, computed strings come out. The package only folds constants.
// It executes no statement and no loop and calls no function of the script. An
// expression that depends on anything else stays unknown. Time, memory and
// depth are bounded.
package script

import "strings"

// Limits of one source. Kits of real phishing pages stay below a tenth of each.
const (
	maxSource    = 1 << 20
	maxOutput    = 1 << 20 // of all strings and variables together
	maxValue     = 256 << 10
	maxStrings   = 500
	maxVariables = 1000
	maxDepth     = 8 // of nested calls and brackets
	maxList      = 50_000

	// Work is counted in bytes copied or read in vain. The allowance is
	// leastWork plus workEach for each byte of source. Without it, doubling a
	// variable a few times would copy megabytes for a hundred bytes of source.
	leastWork = 64 << 10
	workEach  = 64
)

// Strings returns the strings that source computes and does not contain
// literally.
func Strings(source []byte) []string {
	f := folder{src: string(source[:min(len(source), maxSource)]), vars: map[string]value{}, aliases: map[string]string{}}
	f.work = leastWork + workEach*len(f.src)
	f.run()
	return f.out
}

// value is a constant: a string or a list of strings.
type value struct {
	text     string
	list     []string
	isList   bool
	isNumber bool
	computed bool // not just a literal
}

// folder scans a source once from front to back. At each token it tries to read
// a constant expression and continues after it, or after the token if there is
// none.
type folder struct {
	src  string
	pos  int
	vars map[string]value
	out  []string
	size int // bytes in out and vars
	work int // bytes that may still be copied

	aliases map[string]string // variables that hold a built-in function
}

// run scans until the source or the allowance of work ends.
func (f *folder) run() {
	for f.work >= 0 {
		f.blanks()
		if f.pos >= len(f.src) {
			return
		}
		start := f.pos
		if name := f.identifier(); name != "" {
			f.statement(name, start)
			continue
		}
		if v, ok := f.expression(0); ok {
			f.keep(v)
		}
		if f.pos == start {
			f.pos++
		}
	}
}

// statement continues after a name: an assignment, or an expression that begins
// with the name.
func (f *folder) statement(name string, start int) {
	f.blanks()
	adds := strings.HasPrefix(f.src[f.pos:], "+=")
	if adds || strings.HasPrefix(f.src[f.pos:], "=") && !strings.HasPrefix(f.src[f.pos:], "==") {
		if f.pos++; adds {
			f.pos++
		}
		f.alias(name)
		v, ok := f.expression(0)
		if !ok {
			delete(f.vars, name)
			return
		}
		if before, known := f.vars[name]; adds {
			if !known {
				f.keep(v)
				return
			}
			v = joined(before, v)
		}
		f.assign(name, v)
		f.keep(v)
		return
	}
	behind := f.pos
	f.pos = start
	if v, ok := f.expression(0); ok && f.pos > start {
		f.keep(v)
		return
	}
	f.pos = max(behind, start+1)
}

// alias records that a variable holds a built-in function, as in "var d =
// atob".
func (f *folder) alias(name string) {
	f.blanks()
	start := f.pos
	function := withoutObject(f.identifier())
	f.blanks()
	called := f.pos < len(f.src) && f.src[f.pos] == '('
	f.pos = start
	if delete(f.aliases, name); !called && (decoders[function] != nil || function == fromCharCode) && len(f.aliases) < maxVariables {
		f.aliases[name] = function
	}
}

// withoutObject strips the global objects through which a browser's functions
// can be reached.
func withoutObject(name string) string {
	for _, object := range []string{"window.", "self.", "globalThis.", "top.", "this.", "document."} {
		name = strings.TrimPrefix(name, object)
	}
	return name
}

// fromCharCode is the function that builds strings from code points.
const fromCharCode = "String.fromCharCode"

// function resolves a name to a built-in function: directly, by alias, or as a
// member in brackets, as in window["atob"].
func (f *folder) function(name string, depth int) string {
	if function, ok := f.aliases[name]; ok {
		return function
	}
	call := withoutObject(name)
	switch call {
	case "window", "self", "globalThis", "top", "this", "document", "String":
		before := f.pos
		member := f.member(depth)
		if member == "" {
			f.pos = before
			return call
		}
		if call == "String" {
			return "String." + member
		}
		return member
	}
	return call
}

// assign gives a variable its value, within the limits of number and size.
func (f *folder) assign(name string, v value) {
	if len(f.vars) < maxVariables && f.size+len(v.text) < maxOutput {
		f.size += len(v.text)
		f.vars[name] = v
	}
}

// keep records a computed string. A list counts only once it is joined.
func (f *folder) keep(v value) {
	if !v.computed || v.isList || len(v.text) < 4 || len(f.out) >= maxStrings || f.size+len(v.text) > maxOutput {
		return
	}
	f.size += len(v.text)
	f.out = append(f.out, v.text)
}

// expression reads constants joined by "+".
func (f *folder) expression(depth int) (v value, ok bool) {
	if depth > maxDepth || f.work < 0 {
		return v, false
	}
	v, ok = f.operand(depth)
	for ok {
		before := f.pos
		f.blanks()
		if f.pos >= len(f.src) || f.src[f.pos] != '+' || strings.HasPrefix(f.src[f.pos:], "++") || strings.HasPrefix(f.src[f.pos:], "+=") {
			f.pos = before
			break
		}
		f.pos++
		next, good := f.operand(depth)
		if !good {
			f.pos = before
			break
		}
		if !f.spend(len(v.text) + len(next.text)) {
			return v, false
		}
		v = joined(v, next)
	}
	return v, ok
}

// spend counts the bytes that an operation copies and reports whether the
// allowance lasts. A sum of long variables would otherwise cost the square of
// its length.
func (f *folder) spend(n int) bool {
	f.work -= n
	return f.work >= 0
}

// joined concatenates two values as JavaScript's "+" does, up to maxValue
// bytes.
func joined(a, b value) value {
	text := a.plain() + b.plain()
	return value{text: text[:min(len(text), maxValue)], computed: true}
}

// plain converts a value to a string; a list is joined by commas, as in
// JavaScript.
func (v value) plain() string {
	if v.isList {
		return strings.Join(v.list, ",")
	}
	return v.text
}

// operand reads one constant with the methods called on it.
func (f *folder) operand(depth int) (v value, ok bool) {
	f.blanks()
	if v, ok = f.primary(depth); !ok {
		return v, false
	}
	for {
		next, ok := f.suffix(v, depth)
		if !ok {
			return v, true
		}
		v = next
	}
}

// primary reads a literal, a number, a parenthesis, a list, or a named value.
// If none begins here, it returns to the start and counts the bytes read, since
// the caller will read them again.
func (f *folder) primary(depth int) (v value, ok bool) {
	if f.pos >= len(f.src) {
		return v, false
	}
	start := f.pos
	switch c := f.src[f.pos]; {
	case c == '"' || c == '\'' || c == '`':
		return f.literal(c)
	case '0' <= c && c <= '9':
		return f.number()
	case c == '(':
		f.pos++
		if v, ok = f.expression(depth + 1); ok && f.take(')') {
			return v, true
		}
	case c == '[':
		f.pos++
		if v, ok = f.elements(']', depth+1); ok {
			return v, true
		}
	default:
		if name := f.identifier(); name != "" {
			if v, ok = f.named(name, depth); ok {
				return v, true
			}
		}
	}
	f.spend(f.pos - start)
	f.pos = start
	return value{}, false
}

// named reads a call of a built-in function, or a variable.
func (f *folder) named(name string, depth int) (v value, ok bool) {
	call := f.function(name, depth)
	if rest, ok := strings.CutPrefix(call, fromCharCode); ok && (rest == "" || rest == ".apply" || rest == ".call") {
		return f.fromCodes(depth)
	}
	decode := decoders[call]
	if decode == nil {
		v, ok = f.vars[name]
		return v, ok
	}
	if !f.take('(') {
		return v, false
	}
	arg, ok := f.expression(depth + 1)
	if !ok || !f.take(')') {
		return v, false
	}
	if !f.spend(len(arg.text)) {
		return v, false
	}
	return value{text: decode(arg.plain()), computed: true}, true
}

// fromCodes reads the arguments of String.fromCharCode, also those passed as
// one list by apply.
func (f *folder) fromCodes(depth int) (v value, ok bool) {
	if !f.take('(') {
		return v, false
	}
	args, ok := f.elements(')', depth+1)
	if !ok {
		return v, false
	}
	return value{text: fromCodes(args.list), computed: true}, true
}

// elements reads comma-separated constants up to the closing bracket. Nested
// lists are flattened. Anything but a constant becomes an empty element.
func (f *folder) elements(closing byte, depth int) (v value, ok bool) {
	v.isList = true
	for {
		f.blanks()
		if f.pos >= len(f.src) || len(v.list) > maxList {
			return v, false
		}
		switch c := f.src[f.pos]; {
		case c == closing:
			f.pos++
			return v, true
		case c == ',':
			f.pos++
			continue
		case strings.HasPrefix(f.src[f.pos:], "..."):
			f.pos += len("...")
			continue
		}
		start := f.pos
		e, good := f.expression(depth)
		switch {
		case good && e.isList:
			v.list = append(v.list, e.list...)
		case good:
			v.list = append(v.list, e.text)
		default:
			if name := f.identifier(); name == "" {
				return v, false
			}
			v.list = append(v.list, "")
		}
		if f.pos == start {
			return v, false
		}
	}
}

// take consumes the character c and the blanks before it, if it is next.
func (f *folder) take(c byte) bool {
	f.blanks()
	if f.pos < len(f.src) && f.src[f.pos] == c {
		f.pos++
		return true
	}
	return false
}
