package message

import (
	"bytes"
	"crypto/sha256"
	"strconv"
	"strings"
)

// walker scans one buffer once from front to back. It keeps a stack of the open
// multiparts and embedded messages. It checks every line that starts with "--"
// against all of them at once, so time does not grow with depth.
type walker struct {
	*state
	data   []byte
	stack  []frame
	byName map[string]int // boundary to its innermost frame, once the stack is deep
	widest int            // longest boundary that was ever open
	closed frame          // the multipart closed last, while its epilogue is read
}

// frame is an open multipart, or an open embedded message, whose boundary is
// nil.
type frame struct {
	part     int
	boundary []byte
	start    int // of the body
	seen     int // delimiter lines seen
	shadowed int // outer frame with the same boundary, -1 for none; only with byName
}

// delimiter is a line that ends a stretch of body, or the end of the data
// (frame -1).
type delimiter struct {
	start, end int // of the line
	frame      int
	closing    bool
	reopens    bool // a delimiter of the multipart that was closed already
}

// Limits of the walk.
const (
	maxBoundary = 1000 // RFC 2046 section 5.1.1 allows 70; longer ones occur
	fewFrames   = 8    // up to this depth boundaries are compared one by one
)

// run reads the entity at pos with everything that it contains.
func (w *walker) run(parent, pos int) {
	w.nested++
	w.resume(w.entity(parent, pos))
	w.nested--
}

// resume continues from a delimiter.
func (w *walker) resume(d delimiter) {
	for {
		d = w.closeAbove(d)
		if d.frame < 0 {
			break
		}
		f := &w.stack[d.frame]
		f.seen++
		if !d.closing {
			d = w.entity(f.part, d.end)
			continue
		}
		d = w.closeMultipart(d)
	}
}

// entity reads a header and the body up to the next delimiter. It descends into
// multiparts and embedded messages.
func (w *walker) entity(parent, pos int) delimiter {
	top := parent < 0 || w.m.Parts[parent].Message
	for {
		if len(w.m.Parts) >= MaxParts-1 && parent >= 0 {
			return w.overflow(parent, pos)
		}
		i, boundary, body := w.begin(parent, pos, top)
		p := &w.m.Parts[i]
		switch {
		case isMultipart(p.Type):
			w.push(i, boundary, body)
			d := w.next(body)
			if d.frame == len(w.stack)-1 {
				w.outside(i, "preamble", w.data[body:d.start])
			}
			return d
		case isMessage(p.Type) && transferEncoding(p.Encoding) == identity:
			p.Message = true
			w.push(i, nil, body)
			parent, pos, top = i, body, true
		default:
			d := w.next(body)
			w.leaf(i, w.bodyBefore(body, d))
			return d
		}
	}
}

// bodyBefore returns the body that ends at a delimiter. The line end before a
// delimiter belongs to it (RFC 2046 section 5.1.1).
func (w *walker) bodyBefore(start int, d delimiter) []byte {
	if d.start <= start {
		return w.data[start:start]
	}
	if d.frame < 0 {
		return w.data[start:d.start]
	}
	return trimLineEnd(w.data[start:d.start])
}

// begin reads a header at pos and adds a part for it.
func (w *walker) begin(parent, pos int, top bool) (part int, boundary []byte, body int) {
	i := w.add(parent)
	about := -1
	if i > 0 {
		about = i
	}
	h, body := w.header(pos, top, about)
	w.m.Parts[i].Header = h
	boundary = w.describe(i, h)
	return i, boundary, body
}

// add appends a part. Parts deeper than MaxDepth are attached at that depth.
func (w *walker) add(parent int) int {
	depth := 0
	if parent >= 0 {
		depth = w.m.Parts[parent].Depth + 1
		if depth > MaxDepth {
			w.once("depth-limit", parent, strconv.Itoa(MaxDepth))
			depth, parent = MaxDepth, w.m.Parts[parent].Parent
		}
	}
	if w.m.Parts == nil {
		w.m.Parts = make([]Part, 0, 4)
	}
	w.m.Parts = append(w.m.Parts, Part{Parent: parent, Depth: depth})
	return len(w.m.Parts) - 1
}

// overflow makes one last part of everything that follows, so that its text is
// still searched.
func (w *walker) overflow(parent, pos int) delimiter {
	for d := (delimiter{end: pos}); d.frame >= 0; {
		if !d.closing {
			w.beyond++
		}
		d = w.next(d.end)
	}
	if !w.full {
		w.full = true
		w.outside(parent, "rest", w.data[pos:])
	}
	// Frames that are still open close as if the data ended here.
	return delimiter{start: len(w.data), end: len(w.data), frame: -1}
}

// push opens a multipart.
func (w *walker) push(part int, boundary []byte, body int) {
	f := frame{part: part, boundary: boundary, start: body, shadowed: -1}
	w.closed = frame{}
	w.stack = append(w.stack, f)
	w.enter(len(w.stack) - 1)
}

// enter registers the frame's boundary.
func (w *walker) enter(k int) {
	f := &w.stack[k]
	if len(f.boundary) == 0 {
		return
	}
	w.widest = max(w.widest, len(f.boundary))
	if w.byName == nil {
		if len(w.stack) <= fewFrames {
			return
		}
		w.byName = make(map[string]int)
		for j := range w.stack[:k] {
			w.enter(j)
		}
	}
	f.shadowed = -1
	if j, ok := w.byName[string(f.boundary)]; ok {
		f.shadowed = j
	}
	w.byName[string(f.boundary)] = k
}

// pop ends the innermost multipart. An outer one with the same boundary is
// visible again.
func (w *walker) pop() frame {
	f := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	if w.byName != nil && len(f.boundary) > 0 {
		if f.shadowed >= 0 {
			w.byName[string(f.boundary)] = f.shadowed
		} else {
			delete(w.byName, string(f.boundary))
		}
	}
	return f
}

// find returns the innermost open frame with the boundary, or -1.
func (w *walker) find(boundary []byte) int {
	if w.byName != nil {
		if k, ok := w.byName[string(boundary)]; ok {
			return k
		}
		return -1
	}
	for k := len(w.stack) - 1; k >= 0; k-- {
		if b := w.stack[k].boundary; len(b) > 0 && bytes.Equal(b, boundary) {
			return k
		}
	}
	return -1
}

// newLineDashes begins every delimiter but one at the very start (RFC 2046
// section 5.1.1).
var newLineDashes = []byte("\n--")

// next returns the first delimiter line at or after from, which is the start of
// a line.
func (w *walker) next(from int) delimiter {
	none := delimiter{start: len(w.data), end: len(w.data), frame: -1}
	if w.widest == 0 {
		return none
	}
	for pos := from; ; {
		if d, ok := w.match(pos); ok {
			return d
		}
		i := bytes.Index(w.data[pos:], newLineDashes)
		if i < 0 {
			return none
		}
		pos += i + 1
	}
}

// match reports whether the line at pos is a delimiter of an open multipart.
// RFC 2046 allows blanks after the boundary. Other text is not allowed, or a
// boundary that is the prefix of another one would take its lines.
func (w *walker) match(pos int) (delimiter, bool) {
	line := w.data[pos:min(len(w.data), pos+w.widest+256)]
	if len(line) < 3 || line[0] != '-' || line[1] != '-' {
		return delimiter{}, false
	}
	end := pos + len(line)
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line, end = line[:i], pos+i+1
	} else if end < len(w.data) {
		return delimiter{}, false
	}
	name := trimRight(line[2:])
	d := delimiter{start: pos, end: end}
	if d.frame = w.find(name); d.frame >= 0 {
		return d, true
	}
	// Parts after the closing delimiter are shown by mail readers, too.
	if w.closed.boundary != nil && bytes.Equal(name, w.closed.boundary) {
		d.frame, d.reopens = len(w.stack), true
		return d, true
	}
	// A boundary may itself end in two hyphens, so the open one was tried
	// first.
	if n := len(name) - 2; n > 0 && name[n] == '-' && name[n+1] == '-' {
		d.closing = true
		d.frame = w.find(trimRight(name[:n]))
		if d.frame >= 0 {
			return d, true
		}
	}
	return w.closesWithText(d, line)
}

// closesWithText accepts a closing delimiter of the innermost multipart with
// text on the same line ("--b--</body>", "--b-->"). The text belongs to the
// epilogue.
func (w *walker) closesWithText(d delimiter, line []byte) (delimiter, bool) {
	for k := len(w.stack) - 1; k >= 0; k-- {
		b := w.stack[k].boundary
		if len(b) == 0 {
			continue
		}
		n := 2 + len(b)
		if len(line) > n+2 && line[n] == '-' && line[n+1] == '-' && bytes.Equal(line[2:n], b) {
			d.frame, d.closing, d.end = k, true, d.start+n+2
			return d, true
		}
		break
	}
	return d, false
}

// closeAbove closes the frames inside the frame of d. A multipart whose
// delimiters never occurred gets a second chance with a guessed boundary; the
// result is then a delimiter of that.
func (w *walker) closeAbove(d delimiter) delimiter {
	if d.reopens {
		w.once("parts-after-close", w.closed.part, show(w.closed.boundary))
		w.push(w.closed.part, w.closed.boundary, w.closed.start)
		return d
	}
	for len(w.stack)-1 > d.frame {
		k := len(w.stack) - 1
		if f := w.stack[k]; f.boundary != nil && f.seen == 0 {
			if w.guess(k, d) {
				return w.next(f.start)
			}
		}
		w.end(w.pop(), d)
	}
	w.closed = frame{}
	return d
}

// end finishes a frame that an outer delimiter or the end of data has closed.
func (w *walker) end(f frame, d delimiter) {
	body := w.bodyBefore(f.start, d)
	if f.boundary == nil {
		w.endMessage(f.part, body)
		return
	}
	w.m.Parts[f.part].Body = body
	w.m.Parts[f.part].Size = int64(len(body))
	if f.seen == 0 {
		w.noParts(f.part, body)
		return
	}
	w.defect("boundary-unclosed", f.part, show(f.boundary))
}

// endMessage finishes an embedded message that was not encoded. Only the
// outermost message is hashed: hashing each level would cost quadratic time.
func (w *walker) endMessage(part int, body []byte) {
	p := &w.m.Parts[part]
	p.Body, p.Size = body, int64(len(body))
	p.Attachment = p.Parent >= 0
	if !w.inMessage(part) {
		p.SHA256 = sha256.Sum256(body)
	}
}

// inMessage reports whether a part is inside an embedded message.
func (s *state) inMessage(part int) bool {
	for i := s.m.Parts[part].Parent; i >= 0; i = s.m.Parts[i].Parent {
		if s.m.Parts[i].Message {
			return true
		}
	}
	return false
}

// closeMultipart ends the multipart whose closing delimiter is d and reads its
// epilogue.
func (w *walker) closeMultipart(d delimiter) delimiter {
	f := w.pop()
	p := &w.m.Parts[f.part]
	p.Body, p.Size = w.data[f.start:d.end], int64(d.end-f.start)
	w.closed = f
	next := w.next(d.end)
	w.outside(f.part, "epilogue", w.data[d.end:next.start])
	return next
}

// isMultipart reports whether a media type is a multipart (RFC 2046 section
// 5.1).
func isMultipart(mediaType string) bool { return strings.HasPrefix(mediaType, "multipart/") }

// isMessage reports whether a media type denotes a whole message (RFC 2046, RFC
// 6532, RFC 1036).
func isMessage(mediaType string) bool {
	switch mediaType {
	case "message/rfc822", "message/global", "message/news", "message/rfc2822", "message/rfc5322":
		return true
	}
	return false
}
