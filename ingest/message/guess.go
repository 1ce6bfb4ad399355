package message

import (
	"bytes"
	"crypto/sha256"

	"spoor/internal/text"
)

// outside makes a part of text around the parts of a multipart, if it is worth
// reading. No reader displays it, but filters that do not parse MIME do read
// it.
func (w *walker) outside(parent int, where string, text []byte) {
	if where != "rest" && (len(w.m.Parts) >= MaxParts-1 || !worthReading(text)) {
		return
	}
	w.addOutside(parent, where, text)
}

// addOutside adds text from outside of the MIME structure as a part of its own:
// a preamble, an epilogue, or the rest of a damaged message. Spam hides text
// there.
func (w *walker) addOutside(parent int, where string, text []byte) {
	i := w.add(parent)
	p := &w.m.Parts[i]
	p.Outside, p.Type = where, "text/plain"
	p.Body, p.Size, p.SHA256 = text, int64(len(text)), sha256.Sum256(text)
	w.sniff(i, text)
	w.defect(where+"-text", i, show(trimSpace(text)))
	if where != "rest" {
		text = w.inlineFiles(i, text)
	}
	w.text(i, text)
}

// worthReading excludes the usual notice "This is a multi-part message in MIME
// format.". Text counts if it is longer or could contain a link.
func worthReading(text []byte) bool {
	text = trimSpace(text)
	if len(text) < 4 {
		return false
	}
	if len(text) > 500 {
		return true
	}
	for i, c := range text[:len(text)-1] {
		switch next := text[i+1]; c {
		case '@':
			return true
		case '.':
			if isAlpha(next) || isDigit(next) {
				return true
			}
		case '<':
			if isAlpha(next) || next == '!' {
				return true
			}
		case ':':
			if next == '/' {
				return true
			}
		}
	}
	return false
}

// guess finds the boundary that frame k really uses, if the declared one is
// missing or did not occur before d, and assigns it.
func (w *walker) guess(k int, d delimiter) bool {
	f := &w.stack[k]
	if w.guesses >= maxGuesses {
		return false
	}
	w.guesses++
	b := guessBoundary(w.data[f.start:d.start])
	if b == nil {
		return false
	}
	if len(f.boundary) > 0 {
		w.defect("boundary-wrong", f.part, show(b))
	} else {
		w.defect("boundary-guessed", f.part, show(b))
	}
	// The guessed boundary may equal that of another open frame only if d is
	// not its own.
	top := w.pop()
	top.boundary = b
	w.stack = append(w.stack, top)
	w.enter(k)
	return true
}

// guessBoundary returns the first line that starts with "--" and precedes a
// Content field, or that precedes an empty line and has a closing line further
// on.
func guessBoundary(body []byte) []byte {
	closers := 0
	for pos := 0; pos < len(body); {
		if !bytes.HasPrefix(body[pos:], twoDashes) {
			i := bytes.Index(body[pos:], newLineDashes)
			if i < 0 {
				return nil
			}
			pos += i + 1
		}
		end := lineEnd(body, pos)
		name := trimRight(body[pos+2 : end])
		if len(name) > 0 && len(name) <= maxBoundary && end < len(body) {
			below := body[end:min(len(body), end+200)]
			// A Content field follows the delimiter of a part.
			if text.HasPrefixFold(below, "content-") || text.HasPrefixFold(below, "mime-version") {
				return name
			}
			// A part without a header has an empty line. Then the closing
			// delimiter has to be there, too; it is looked for three times at
			// most, since each search reads the rest.
			if isSpace(below[0]) && !isBlank(below[0]) && closers < 3 {
				closers++
				closing := append(append([]byte("\n--"), name...), "--"...)
				if bytes.Contains(body[end:], closing) {
					return name
				}
			}
		}
		pos = end
	}
	return nil
}

// noParts handles a multipart without any part. Mail readers display its
// content as text, so it becomes a text part below it.
func (w *walker) noParts(part int, body []byte) {
	if decoded := w.decodeMultipart(part, body); decoded != nil {
		boundary := w.m.Parts[part].Boundary
		if boundary != "" && bytes.Contains(decoded, []byte("--"+boundary)) {
			w.defect("multipart-encoded", part, w.m.Parts[part].Encoding)
			inner := &walker{state: w.state, data: decoded}
			inner.push(part, []byte(boundary), 0)
			w.nested++
			inner.resume(inner.next(0))
			w.nested--
			return
		}
		body = decoded
	}
	w.defect("multipart-empty", part, show(trimSpace(body)))
	if len(trimSpace(body)) > 0 && len(w.m.Parts) < MaxParts-1 {
		w.addOutside(part, "preamble", body)
	}
}

// decodeMultipart decodes a whole multipart. Some mailers encode one although
// RFC 2045 section 6.4 forbids it.
func (w *walker) decodeMultipart(part int, body []byte) []byte {
	e := transferEncoding(w.m.Parts[part].Encoding)
	if e != base64 && e != quotedPrintable || e == base64 && looksPlain(body) {
		return nil
	}
	if len(w.m.Parts) >= MaxParts-1 || w.nested > maxNested || len(body) > w.budget {
		return nil
	}
	w.budget -= len(body)
	d := w.decoderFor(e, body)
	content := keepBuffer(d)
	return content[:d.read(content)]
}
