package message

import (
	"bytes"
	"strings"
)

// uuDecoder decodes the lines between "begin MODE NAME" and "end".
type uuDecoder struct {
	src  []byte
	pos  int
	name string
	done bool
	bad  int
}

// newUUDecoder returns a decoder of the first file in body. Without a begin
// line it decodes from the start, as mail readers do.
func newUUDecoder(body []byte) *uuDecoder {
	d := &uuDecoder{src: body}
	if start, name, ok := findBegin(body, 0); ok {
		d.name = name
		d.pos = lineEnd(body, start)
	}
	return d
}

func (d *uuDecoder) bound() int { return len(d.src)/4*3 + 64 }

// read decodes whole lines while 64 bytes are free, more than a line can hold.
//
// Letters range from blank (0) to "_" (63); many encoders write "`" for 0,
// because gateways strip blanks at the end of a line. The last line before
// "end" holds no bytes.
func (d *uuDecoder) read(dst []byte) int {
	n := 0
	for !d.done && d.pos < len(d.src) && n+64 <= len(dst) {
		end := lineEnd(d.src, d.pos)
		line := trimLineEnd(d.src[d.pos:end])
		if len(line) == 0 || bytes.Equal(line, []byte("`")) || bytes.Equal(trimRight(line), []byte("end")) {
			d.done = len(line) > 1 || d.done
			d.pos = end
			continue
		}
		if line[0] < ' ' || line[0] > '`' {
			d.bad++
			d.pos = end
			continue
		}
		n += d.line(dst[n:], line)
		d.pos = end
	}
	return n
}

// line decodes one line. Its first letter gives the number of bytes; trailing
// blanks may have been lost in transit.
func (d *uuDecoder) line(dst, line []byte) int {
	want := int(line[0]-' ') & 63
	at := func(i int) uint32 {
		if i < len(line) {
			return uint32(line[i]-' ') & 63
		}
		return 0
	}
	// Four letters may be missing as stripped blanks. A line that lacks more
	// was truncated: its own length counts then.
	if len(line) < (want+2)/3*4-4 {
		d.bad++
		want = len(line) / 4 * 3
	}
	var quad [3]byte
	for n := 0; n < want; n += 3 {
		i := 1 + n/3*4
		v := at(i)<<18 | at(i+1)<<12 | at(i+2)<<6 | at(i+3)
		quad = [3]byte{byte(v >> 16), byte(v >> 8), byte(v)}
		copy(dst[n:want], quad[:])
	}
	return want
}

// report records damaged lines and a missing end.
func (d *uuDecoder) report(w *walker, part int) {
	if d.bad > 0 {
		w.defectCount("uuencode-bad", part, d.bad)
	}
	if !d.done {
		w.defect("uuencode-unended", part, "")
	}
}

// findBegin finds a line "begin 644 name" from pos on.
//
// The mode has three or four octal digits, and a name must follow: prose hardly
// ever has both after the word at the start of a line.
func findBegin(b []byte, pos int) (start int, name string, ok bool) {
	for pos < len(b) {
		i := bytes.Index(b[pos:], []byte("begin "))
		if i < 0 {
			return 0, "", false
		}
		start = pos + i
		pos = start + len("begin ")
		if start > 0 && b[start-1] != '\n' {
			continue
		}
		line := b[pos:min(len(b), pos+300)]
		if j := bytes.IndexByte(line, '\n'); j >= 0 {
			line = line[:j]
		}
		mode, file, found := bytes.Cut(trimRight(line), []byte(" "))
		if found && len(mode) >= 3 && len(mode) <= 4 && allOctal(mode) && len(file) > 0 {
			return start, toUTF8(file, ""), true
		}
	}
	return 0, "", false
}

// allOctal reports whether b is a Unix file mode.
func allOctal(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '7' {
			return false
		}
	}
	return true
}

// yencDecoder decodes "=ybegin ... =yend".
type yencDecoder struct {
	src  []byte
	pos  int
	name string
	done bool
}

// newYencDecoder finds the =ybegin line, which has the name of the file at its
// end.
func newYencDecoder(body []byte) *yencDecoder {
	d := &yencDecoder{src: body}
	if start, ok := findYbegin(body, 0); ok {
		d.pos = lineEnd(body, start)
		head := string(trimRight(body[start:d.pos]))
		if _, name, found := strings.Cut(head[:min(len(head), 500)], " name="); found {
			d.name = toUTF8([]byte(name), "")
		}
	}
	return d
}

// findYbegin returns the position of the next =ybegin at the start of a line.
func findYbegin(b []byte, pos int) (int, bool) {
	for pos < len(b) {
		i := bytes.Index(b[pos:], []byte("=ybegin "))
		if i < 0 {
			return 0, false
		}
		if start := pos + i; start == 0 || b[start-1] == '\n' {
			return start, true
		}
		pos += i + 1
	}
	return 0, false
}

func (d *yencDecoder) bound() int { return len(d.src) }

// read decodes the next bytes. "=y" at the start of a line is the trailer; any
// other "=" escapes the next byte.
//
// Each byte is written as its value plus 42, and after "=" plus 64 more, modulo
// 256. Line ends are not part of the data.
func (d *yencDecoder) read(dst []byte) int {
	n := 0
	for !d.done && d.pos < len(d.src) && n < len(dst) {
		c := d.src[d.pos]
		lineStart := d.pos == 0 || d.src[d.pos-1] == '\n'
		d.pos++
		switch {
		case c == '\r' || c == '\n':
			continue
		case c == '=' && lineStart && d.pos < len(d.src) && d.src[d.pos] == 'y':
			rest := d.src[d.pos:]
			d.done = bytes.HasPrefix(rest, []byte("yend"))
			d.pos = lineEnd(d.src, d.pos)
			continue
		case c == '=' && d.pos < len(d.src):
			c = d.src[d.pos] - 64
			d.pos++
		}
		dst[n] = c - 42
		n++
	}
	return n
}

func (d *yencDecoder) report(w *walker, part int) {
	if !d.done {
		w.defect("yenc-unended", part, "")
	}
}

// inlineFiles makes parts of the files inside a plain text and returns the text
// without them.
//
// The text between the files is copied only if there is one.
func (w *walker) inlineFiles(part int, text []byte) []byte {
	if !bytes.Contains(text, []byte("begin ")) {
		return text
	}
	var rest []byte
	next := inlineFinder{text: text}
	from := 0
	for pos := 0; len(w.m.Parts) < MaxParts-1; {
		start, kind, ok := next.after(pos)
		if !ok {
			break
		}
		end, sound := inlineEnd(text, start, kind)
		pos = end
		if !sound {
			continue
		}
		w.addInline(part, kind, text[start:end])
		rest = append(rest, text[from:start]...)
		from = end
	}
	if from == 0 {
		return text
	}
	return append(rest, text[from:]...)
}

// inlineFinder remembers the start of the next file of each kind, so that a
// text is searched once for each.
type inlineFinder struct {
	text   []byte
	uu, yy int // next starts, len(text) for none; searched up to there
	begun  bool
}

// after finds the next uuencoded or yEnc file from pos on. It remembers the
// next of each kind, so that many files of one kind do not search for the other
// again and again.
func (f *inlineFinder) after(pos int) (start int, kind encoding, ok bool) {
	if !f.begun || f.uu < pos {
		if f.uu, _, ok = findBegin(f.text, pos); !ok {
			f.uu = len(f.text)
		}
	}
	if !f.begun || f.yy < pos {
		if f.yy, ok = findYbegin(f.text, pos); !ok {
			f.yy = len(f.text)
		}
	}
	f.begun = true
	switch {
	case f.uu < f.yy:
		return f.uu, uuencode, true
	case f.yy < f.uu:
		return f.yy, yenc, true
	}
	return 0, identity, false
}

// inlineEnd returns the end of an encoded file, and whether it is one. Prose
// may say "begin 123 x", but then no line of the right length follows.
func inlineEnd(text []byte, start int, kind encoding) (int, bool) {
	pos := lineEnd(text, start)
	if kind == yenc {
		if i := bytes.Index(text[pos:], []byte("\n=yend")); i >= 0 {
			return lineEnd(text, pos+i+1), true
		}
		return len(text), true
	}
	lines := 0
	for pos < len(text) {
		end := lineEnd(text, pos)
		line := trimRight(text[pos:end])
		if string(line) == "end" {
			return end, lines > 0
		}
		if len(line) > 0 {
			want := (int(line[0]-' ')&63 + 2) / 3 * 4
			if line[0] < ' ' || line[0] > '`' || len(line) > want+3 || len(line)+8 < want {
				return pos, lines > 2
			}
			lines++
		}
		pos = end
	}
	return pos, lines > 2
}

// addInline adds a file found within text as a part. Such files predate MIME.
func (w *walker) addInline(parent int, kind encoding, body []byte) {
	i := w.add(parent)
	p := &w.m.Parts[i]
	p.Outside, p.Type, p.Attachment = "inline", "application/octet-stream", true
	p.Encoding = "x-uuencode"
	if kind == yenc {
		p.Encoding = "x-yenc"
	}
	w.defect("inline-file", i, p.Encoding)
	w.leaf(i, body)
}
