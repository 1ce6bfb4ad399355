package message

import (
	"bytes"
	"crypto/sha256"
	"path"
	"strings"
)

const chunk = 16 << 10 // bytes decoded at a time of content that is not kept

// leaf decodes the body of a part, hashes it, and keeps its text.
func (w *walker) leaf(i int, body []byte) {
	p := &w.m.Parts[i]
	p.Body = body
	e := transferEncoding(p.Encoding)
	if e == unknownEncoding {
		w.defect("encoding-unknown", i, show([]byte(p.Encoding)))
		e = identity
	}
	textual := declaredText(p.Type) || textName(p.Name)
	// Careless mailers declare base64 and encode nothing.
	if e == base64 && looksPlain(body) {
		w.defect("base64-plain", i, show(trimSpace(body)))
		e = identity
	}
	var content []byte
	// A body that is not encoded is neither copied nor bounded: it already lies
	// in memory.
	message := false
	if d := w.decoderFor(e, body); d == nil {
		content = body
		p.Size, p.SHA256 = int64(len(body)), sha256.Sum256(body)
		w.sniff(i, content)
		message = holdsMessage(p, content)
	} else {
		content, message = w.decode(i, d, textual)
	}
	p.Attachment = w.isAttachment(p)
	if message && w.embedded(i, content, e) {
		return
	}
	// A document is searched for links, a container for parts.
	if containerOf(p) != closed {
		w.open(i, content)
		return
	}
	if textual || textSniffed(p.Sniffed) {
		if p.Type == "text/plain" && p.Outside == "" {
			content = w.inlineFiles(i, content)
		}
		w.text(i, content)
	}
}

// decode reads a decoder to its end for size and hash. It returns the content
// of texts and messages, up to the limits, and nothing of other types: a large
// archive costs 16 KiB.
func (w *walker) decode(i int, d decoder, textual bool) (content []byte, message bool) {
	p := &w.m.Parts[i]
	keep := textual || isMessage(p.Type)
	var buf []byte
	if keep {
		buf = keepBuffer(d)
	} else {
		if w.scratch == nil {
			w.scratch = make([]byte, chunk)
		}
		buf = w.scratch
	}
	n := d.read(buf)
	w.sniff(i, buf[:n])
	message = holdsMessage(p, buf[:n])
	// Its beginning shows that the content is needed after all.
	if !keep && (message || textSniffed(p.Sniffed) || containerOf(p) != closed) {
		first := buf[:n]
		buf, keep = keepBuffer(d), true
		copy(buf, first)
		n += d.read(buf[n:])
	}
	content = buf[:n]
	// List software appends its footer to a text below the encoded body.
	// Readers do not show it, but filters search it, and links stand in it.
	if b, ok := d.(*base64Decoder); ok && b.tail != nil && keep && declaredText(p.Type) {
		content = append(content, b.tail...)
	}
	w.sum(p, d, content)
	w.named(p, d)
	d.report(w, i)
	if !keep {
		return nil, false
	}
	return content, message
}

// keepBuffer makes room for the whole content of a text. One chunk beyond the
// limit shows that the text exceeds it.
func keepBuffer(d decoder) []byte {
	return make([]byte, min(d.bound()+minRead, MaxTextBytes+chunk))
}

// sum hashes the decoded content and then the rest piece by piece. It
// overwrites the scratch buffer.
func (w *walker) sum(p *Part, d decoder, content []byte) {
	p.Size = int64(len(content))
	n := d.read(w.probe[:])
	if n == 0 {
		p.SHA256 = sha256.Sum256(content)
		return
	}
	h := sha256.New()
	h.Write(content)
	h.Write(w.probe[:n])
	p.Size += int64(n)
	if w.scratch == nil {
		w.scratch = make([]byte, chunk)
	}
	for {
		n := d.read(w.scratch)
		if n == 0 {
			break
		}
		h.Write(w.scratch[:n])
		p.Size += int64(n)
	}
	h.Sum(p.SHA256[:0])
}

// named takes the file name from the encoding (uuencode, yEnc).
func (w *walker) named(p *Part, d decoder) {
	if p.Name != "" {
		return
	}
	switch d := d.(type) {
	case *uuDecoder:
		p.Name = d.name
	case *yencDecoder:
		p.Name = d.name
	}
}

// declaredText reports whether a media type is text that a reader may display.
//
// Beyond text/* these are types that carry links in plain sight: shortcuts,
// scripts, reports about delivery, and documents of markup.
func declaredText(mediaType string) bool {
	if strings.HasPrefix(mediaType, "text/") {
		return true
	}
	switch mediaType {
	case "application/xhtml+xml", "image/svg+xml", "application/xml", "application/json", "application/ics",
		"application/hta", "application/javascript", "application/x-javascript", "application/rtf",
		"application/x-url", "application/internet-shortcut", "application/x-mswinurl", "application/x-mimearchive",
		"message/delivery-status", "message/disposition-notification", "message/feedback-report",
		"message/external-body", "message/partial", "message/global-delivery-status", "message/global-headers",
		"html", "application/html", "application/text":
		return true
	}
	return strings.HasPrefix(mediaType, "multipart/") // only as a leaf: its structure could not be read
}

// declaredHTML reports whether a media type is read as HTML.
func declaredHTML(mediaType string) bool {
	switch mediaType {
	case "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml", "application/hta",
		"text/x-html", "application/html", "html":
		return true
	}
	return false
}

// textName reports whether a file extension denotes text with links. Attached
// web pages are common in phishing, under any media type.
func textName(name string) bool {
	if name == "" {
		return false
	}
	switch extension(name) {
	case ".txt", ".csv", ".ics", ".vcf", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".url", ".rtf", ".md", ".json",
		".css", ".asc", ".log", ".ps1", ".bat", ".cmd", ".eml", ".mht", ".mhtml", ".webloc", ".desktop", ".website":
		return true
	}
	return htmlName(name)
}

// htmlName reports whether a file of that name opens in a browser.
func htmlName(name string) bool {
	switch extension(name) {
	case ".html", ".htm", ".shtml", ".shtm", ".xhtml", ".xht", ".hta", ".svg", ".xml", ".htmls", ".phtml":
		return true
	}
	return false
}

// extension returns the extension of a file name in lower case. Windows ignores
// blanks and dots at the end, so they do not hide it.
//
// Only the end of a very long name is examined: Windows goes by it.
func extension(name string) string {
	if len(name) > 300 {
		name = name[len(name)-20:]
	}
	return strings.ToLower(strings.TrimRight(path.Ext(name), " ._"))
}

// textSniffed reports whether content is searched as text despite another
// declared type.
func textSniffed(sniffed string) bool {
	return strings.HasPrefix(sniffed, "text/") || sniffed == "image/svg+xml"
}

// isAttachment reports whether a reader offers to save a leaf. That is so for a
// declared attachment, and for everything except text and images that are
// displayed within the message.
func (w *walker) isAttachment(p *Part) bool {
	switch {
	case p.Outside != "":
		return p.Outside == "inline"
	case p.Disposition == "attachment":
		return true
	// The body of the whole message is displayed even if it has a name.
	case strings.HasPrefix(p.Type, "text/"):
		return p.Name != "" && p.Disposition != "inline" && p.Parent >= 0
	case strings.HasPrefix(p.Type, "message/"), isMultipart(p.Type):
		return false
	// HTML refers to such images by the scheme cid (RFC 2392).
	case p.Parent >= 0 && p.ContentID != "" && strings.HasPrefix(p.Type, "image/"):
		return false
	}
	return true
}

// holdsMessage reports whether a leaf is treated like a message by readers. It
// has a message type but is encoded (forbidden by RFC 2046 section 5.2.1, and
// common), or it is attached as .eml or .mht and has a header.
func holdsMessage(p *Part, content []byte) bool {
	if isMessage(p.Type) {
		return true
	}
	switch extension(p.Name) {
	case ".eml", ".mht", ".mhtml":
		// An extension alone proves nothing: the first line must be a header
		// field.
		head := content[:min(len(content), aheadBytes)]
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			return likelyField(head[:i])
		}
	}
	return false
}

// embedded walks a message that had to be decoded.
//
// It returns false at a limit. Then the caller treats the content as a leaf, so
// that its text is searched all the same.
func (w *walker) embedded(i int, content []byte, e encoding) bool {
	p := &w.m.Parts[i]
	if w.nested > maxNested || len(content) > w.budget || len(w.m.Parts) >= MaxParts-1 {
		w.defectCount("embedded-limit", i, len(content))
		return false
	}
	w.budget -= len(content)
	if int64(len(content)) < p.Size {
		w.defectCount("text-limit", i, int(p.Size))
	}
	if e != identity && isMessage(p.Type) {
		w.defect("message-encoded", i, show([]byte(p.Encoding)))
	}
	p.Message, p.Body, p.Attachment = true, content, p.Parent >= 0
	inner := &walker{state: w.state, data: content}
	inner.run(i, 0)
	return true
}
