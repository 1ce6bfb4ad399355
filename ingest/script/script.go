// Package script finds the strings that a script of a mail or page puts together: base64
// (atob), character codes, joined, reversed, replaced and escaped strings, also by way of a
// variable. Phishing hides its URLs so.
//
// Source goes in, computed strings come out. The package folds constants and nothing else:
// no statement is executed, no loop runs, no function of the script is called. What depends
// on more than constants stays unknown. Time, memory and depth are bounded.
package script

import "strings"

// Bounds of one source. Kits of real phishing pages stay below a tenth of each.
const (
	maxSource    = 1 << 20
	maxOutput    = 1 << 20 // of all strings together
	maxValue     = 256 << 10
	maxStrings   = 500
	maxVariables = 1000
	maxDepth     = 8 // of calls and brackets inside one another
	maxList      = 50_000

	// Bytes copied by all operations, or read in vain: so many, and for each byte of the
	// source. Doubling a variable costs a hundred bytes of source for a megabyte of copies.
	leastWork = 64 << 10
	workEach  = 64
)

// Strings returns the strings that source computes and that do not stand in it.
func Strings(source []byte) []string {
	f := folder{src: string(source[:min(len(source), maxSource)]), vars: map[string]value{}, aliases: map[string]string{}}
	f.work = leastWork + workEach*len(f.src)
	f.run()
	return f.out
}

// value is a constant: a string or a list.
type value struct {
	text     string
	list     []string
	isList   bool
	isNumber bool
	computed bool // it is more than a literal
}

// folder reads a source once, front to back. At each token it tries to read a constant
// expression, and goes on behind it, or behind the token if there is none.
type folder struct {
	src  string
	pos  int
	vars map[string]value
	out  []string
	size int // bytes in out and vars
	work int // bytes that may still be copied

	aliases map[string]string // variables that stand for a function of the language
}

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

// statement reads on behind a name: an assignment, or an expression that begins with it.
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

// alias notes that a variable stands for a function: "var d = atob".
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

// withoutObject drops the objects of a browser in which its functions stand.
func withoutObject(name string) string {
	for _, object := range []string{"window.", "self.", "globalThis.", "top.", "this.", "document."} {
		name = strings.TrimPrefix(name, object)
	}
	return name
}

const fromCharCode = "String.fromCharCode"

// function returns the function that a name at the present place stands for: by itself, by
// an alias, or as a member in brackets (window["atob"]).
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

func (f *folder) assign(name string, v value) {
	if len(f.vars) < maxVariables && f.size+len(v.text) < maxOutput {
		f.size += len(v.text)
		f.vars[name] = v
	}
}

// keep notes a computed string. A list tells only when it is joined.
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

// spend counts bytes that an operation copies, or that were read in vain, and ends the
// reading when there were too many: a sum of long variables costs the square of its length.
func (f *folder) spend(n int) bool {
	f.work -= n
	return f.work >= 0
}

func joined(a, b value) value {
	text := a.plain() + b.plain()
	return value{text: text[:min(len(text), maxValue)], computed: true}
}

func (v value) plain() string {
	if v.isList {
		return strings.Join(v.list, ",")
	}
	return v.text
}

// operand reads one constant and the methods called on it.
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

// named reads a call of a function of the language, or a variable.
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

// fromCodes reads the arguments of String.fromCharCode, also as one list (apply).
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

// elements reads constants between commas up to the closing bracket. Lists in a list are
// taken as their elements; all but constants become empty.
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

// take passes over a sign and the blanks before it.
func (f *folder) take(c byte) bool {
	f.blanks()
	if f.pos < len(f.src) && f.src[f.pos] == c {
		f.pos++
		return true
	}
	return false
}
