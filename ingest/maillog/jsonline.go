package maillog

import (
	"strconv"
	"unicode/utf8"
)

// jsonLine reads the log lines that container runtimes, the journal and shippers wrap in
// JSON: one flat object a line. It keeps its buffers from line to line.
type jsonLine struct {
	buf    []byte
	fields [jsonFields]span
}

// span is a range of buf. set distinguishes an empty value from a missing one.
type span struct {
	from, to int
	set      bool
}

// The fields that are looked at. Of several names for one thing the first that a line has
// is taken.
const (
	jsonText = iota
	jsonTime
	jsonMicros
	jsonHost
	jsonTag
	jsonPID
	jsonFields
)

// jsonField knows the names that Docker, the journal (capitals), Elastic and GELF use.
//
// -1 is a key that is not looked at.
func jsonField(key []byte) int {
	switch string(key) {
	case "log", "message", "MESSAGE", "msg", "short_message":
		return jsonText
	case "time", "@timestamp", "timestamp", "ts":
		return jsonTime
	case "__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP":
		return jsonMicros
	case "_HOSTNAME", "hostname", "host":
		return jsonHost
	case "SYSLOG_IDENTIFIER", "program", "ident", "syslog_identifier":
		return jsonTag
	case "SYSLOG_PID", "_PID", "pid":
		return jsonPID
	}
	return -1
}

// get returns a value; it stays valid until the next line is read.
func (j *jsonLine) get(field int) []byte {
	f := j.fields[field]
	return j.buf[f.from:f.to]
}

// entry reads a line of JSON. around is the stamp in front of it.
func (j *jsonLine) entry(line []byte, around stamp) (e entry, ok bool) {
	j.clear()
	if !j.scan(line) {
		return e, false
	}
	return j.whole(around)
}

// clear forgets the line before.
func (j *jsonLine) clear() { j.buf, j.fields = j.buf[:0], [jsonFields]span{} }

// set keeps a value; the first of a field counts.
func (j *jsonLine) set(field int, value []byte) {
	if from := len(j.buf); field >= 0 && !j.fields[field].set {
		j.buf = append(j.buf, value...)
		j.fields[field] = span{from, len(j.buf), true}
	}
}

// whole makes an entry of the fields. around is a stamp outside of them.
func (j *jsonLine) whole(around stamp) (e entry, ok bool) {
	if !j.fields[jsonText].set {
		return e, false
	}
	outer, _, timed := cutStamp(j.get(jsonTime))
	if v, err := strconv.ParseInt(string(j.get(jsonMicros)), 10, 64); err == nil && v > 0 {
		outer, timed = stamp{wall: v / 1e6, nsec: int32(v % 1e6 * 1000), zoned: true}, true
		timed = outer.sane()
	}
	switch {
	case around == stamp{}:
	case timed:
		outer = pick(around, outer)
	default:
		outer, timed = around, true
	}
	text := trimLine(j.get(jsonText))
	// The text may be a whole log line with a header of its own.
	if len(text) > 0 && text[0] != '{' {
		var none jsonLine
		if inner, ok := cutEntry(text, &none); ok {
			if timed {
				inner.stamp = pick(outer, inner.stamp)
			}
			return inner, true
		}
	}
	if !timed {
		return e, false
	}
	e = entry{stamp: outer, host: j.get(jsonHost), text: text}
	if tag := j.get(jsonTag); len(tag) > 0 {
		e.tag, e.pid = tag, max(digits(j.get(jsonPID)), 0)
	} else if tag, pid, rest, ok := cutTag(text, false); ok {
		e.tag, e.pid, e.text = tag, pid, rest
	}
	return e, true
}

// scan walks over one object and keeps the values of known keys. Values that are objects
// or arrays are walked over.
//
// It allocates nothing, unlike encoding/json: a log of a container has millions
// of lines. Linear in the line.
func (j *jsonLine) scan(b []byte) bool {
	i := space(b, 1)
	for i < len(b) && b[i] == '"' {
		from := len(j.buf)
		if i = j.str(b, i); i < 0 {
			return false
		}
		field := jsonField(j.buf[from:])
		j.buf = j.buf[:from]
		if i = space(b, i); i >= len(b) || b[i] != ':' {
			return false
		}
		if i = space(b, i+1); i >= len(b) {
			return false
		}
		if i = j.value(b, i); i < 0 {
			return false
		}
		// The first of repeated keys counts; values of unknown keys are dropped
		// at once.
		if field >= 0 && !j.fields[field].set {
			j.fields[field] = span{from, len(j.buf), true}
		} else {
			j.buf = j.buf[:from]
		}
		if i = space(b, i); i < len(b) && b[i] == ',' {
			i = space(b, i+1)
			continue
		}
		break
	}
	return i < len(b) && b[i] == '}'
}

// value appends a string or a bare word to the buffer and returns its end.
func (j *jsonLine) value(b []byte, i int) int {
	switch b[i] {
	case '"':
		return j.str(b, i)
	case '{', '[':
		if end, ok := j.array(b, i); ok {
			return end
		}
		depth := 0
		from := len(j.buf)
		for i < len(b) {
			switch b[i] {
			case '"':
				if i = j.str(b, i); i < 0 {
					return -1
				}
				j.buf = j.buf[:from]
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return -1
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] > ' ' {
		j.buf = append(j.buf, b[i])
		i++
	}
	return i
}

// array appends the bytes of an array of small numbers, in which the journal writes what is
// no UTF-8.
func (j *jsonLine) array(b []byte, i int) (end int, ok bool) {
	from := len(j.buf)
	for b[i] == '[' || b[i] == ',' {
		n := 0
		digits := 0
		for i = space(b, i+1); i < len(b) && b[i] >= '0' && b[i] <= '9' && digits < 3; i++ {
			n, digits = 10*n+int(b[i]-'0'), digits+1
		}
		if i = space(b, i); digits == 0 || n > 255 || i >= len(b) {
			break
		}
		j.buf = append(j.buf, byte(n))
	}
	if i < len(b) && b[i] == ']' && len(j.buf) > from {
		return i + 1, true
	}
	j.buf = j.buf[:from]
	return 0, false
}

// str appends the string that begins at b[i], unescaped.
func (j *jsonLine) str(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch c := b[i]; c {
		case '"':
			return i + 1
		case '\\':
			if i++; i >= len(b) {
				return -1
			}
			i += j.escape(b[i:])
		default:
			j.buf = append(j.buf, c)
		}
	}
	return -1
}

// escape appends the character of an escape sequence, and returns the number of
// its further bytes.
func (j *jsonLine) escape(b []byte) int {
	switch b[0] {
	case 'n':
		j.buf = append(j.buf, '\n')
	case 't':
		j.buf = append(j.buf, '\t')
	case 'r':
		j.buf = append(j.buf, '\r')
	// Backspace and form feed would disturb a screen.
	case 'b', 'f':
		j.buf = append(j.buf, ' ')
	case 'u':
		if len(b) >= 5 {
			if v, err := strconv.ParseUint(string(b[1:5]), 16, 32); err == nil {
				j.buf = utf8.AppendRune(j.buf, rune(v))
				return 4
			}
		}
	default:
		j.buf = append(j.buf, b[0])
	}
	return 0
}

// space returns the index of what follows blanks.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}
