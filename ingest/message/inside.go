package message

import (
	"crypto/sha256"
	"strings"

	"spoor/ingest/cms"
	"spoor/ingest/pdf"
	"spoor/ingest/tnef"
)

// container is a file whose content a mail reader opens, or shows as part of
// the message.
type container int

// The containers. A closed one is not opened.
const (
	closed container = iota
	document
	outlook
	signed
)

// containerOf classifies files by type and name, or by distinctive first bytes.
//
// The declared type comes first: mail readers choose the program by it. Signed
// data has no first bytes of its own (any ASN.1 sequence begins so) and is
// found by type or name alone.
func containerOf(p *Part) container {
	switch p.Type {
	case "application/pdf", "application/x-pdf":
		return document
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return outlook
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return signed
	}
	switch {
	case p.Sniffed == "application/pdf":
		return document
	case p.Sniffed == "application/ms-tnef" || strings.EqualFold(p.Name, "winmail.dat"):
		return outlook
	case extension(p.Name) == ".p7m":
		return signed
	}
	return closed
}

// open reads the content of a container.
func (w *walker) open(i int, content []byte) {
	switch containerOf(&w.m.Parts[i]) {
	case document:
		w.m.Parts[i].Links = pdf.Links(content)
	case outlook:
		for _, f := range tnef.Files(content) {
			w.openFile(i, f)
		}
	case signed:
		w.openSigned(i, content)
	}
}

// openFile makes a part of a file in winmail.dat.
func (w *walker) openFile(parent int, f tnef.File) {
	// One place is left for the rest of the message, see overflow.
	if len(w.m.Parts) >= MaxParts-1 {
		return
	}
	i := w.add(parent)
	p := &w.m.Parts[i]
	p.Outside, p.Type, p.Name = "inline", f.Type, strings.ToValidUTF8(f.Name, "\uFFFD")
	if p.Type == "" {
		p.Type, p.Attachment = "application/octet-stream", true
	}
	p.Body, p.Size, p.SHA256 = f.Data, int64(len(f.Data)), sha256.Sum256(f.Data)
	w.sniff(i, f.Data)
	switch {
	case declaredText(p.Type) || textName(p.Name) || textSniffed(p.Sniffed):
		w.text(i, f.Data)
	case containerOf(p) == document:
		p.Links = pdf.Links(f.Data)
	}
}

// openSigned walks the MIME entity inside signed data, which is the message
// that the reader sees.
//
// An opaque signature (RFC 8551 section 3.5.2) hides the text from programs
// that read MIME alone. Its content counts against the budget, as signatures
// may be nested.
func (w *walker) openSigned(i int, content []byte) {
	inside, ok := cms.Signed(content)
	if !ok || w.nested > maxNested || len(inside) > w.budget || len(w.m.Parts) >= MaxParts-1 {
		return
	}
	w.budget -= len(inside)
	inner := &walker{state: w.state, data: w.lineEnds(inside)}
	inner.run(i, 0)
}
