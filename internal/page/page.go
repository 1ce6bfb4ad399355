// Package page prints results as HTML: the same that internal/report prints for
// a terminal.
//
// Its input is results of internal/findings, internal/explain and
// internal/deciding. Its output is one document with styles, a script and
// pictures (SVG) inside, which loads nothing else. It is readable without the
// script. Untrusted text is escaped by html/template, and control characters
// are removed (clean).
//
// Tables come before pictures. The package reads no store and does no HTTP.
package page

import (
	"bytes"
	"html/template"
	"io"

	"spoor/internal/printable"
)

// Paths are the links of a page to other pages; "" if there is no such page.
type Paths struct {
	Campaign  func(id int64) string
	List      func(from int) string           // the campaigns after the first ones
	Members   func(id int64, from int) string // of a campaign, from a place in the list on
	Message   func(sha256 string) string
	Judge     func(id int64) string // a campaign with verdicts on its indicators
	Find      func(text string) string
	Publisher func(name string) string
	Around    func(id int64, node string) string // the part of a campaign's graph around a node; nil: no parts
}

// Site holds the parts that all pages of one kind share.
//
// A report and a server differ only in it: the former has no Ask, no Decide and
// few Paths.
type Site struct {
	Paths
	Nav    []Ref  // the places that each page leads to
	Ask    bool   // there is somebody to ask
	Decide bool   // decisions can be made
	Token  string // that forms carry
	Foot   string // origin and time of the data
}

// Ref is words that may lead somewhere.
type Ref struct{ Text, Href string }

// Document is one page.
type Document struct {
	Title   string
	Here    string   // Href of the place in Nav
	Asked   string   // content of the search box
	Notices []string // notices at the top
	Bodies  []Body
}

// Body is one screen: its template and the data for it.
type Body struct {
	template string
	data     any
}

// view is the data of the templates.
type view struct {
	*Site
	Document
	Style  template.CSS
	Script template.JS
	Policy string
	Shown  []template.HTML // the screens, escaped by our own templates
}

// Write writes a document.
func (s *Site) Write(w io.Writer, d Document) error {
	return s.write(w, d, clean)
}

// WriteMasked writes a document for others: mask removes private data.
func (s *Site) WriteMasked(w io.Writer, d Document, mask func([]byte) []byte) error {
	return s.write(w, d, func(text []byte) []byte { return clean(mask(text)) })
}

// write fills the templates of all bodies, then the frame. last changes the
// finished bytes: it removes control characters, and masks recipients in a
// report.
//
// The document is made whole before its first byte is written, so an error of a
// template gives no half of a page.
func (s *Site) write(w io.Writer, d Document, last func([]byte) []byte) error {
	var b bytes.Buffer
	v := view{Site: s, Document: d, Style: template.CSS(style), Script: template.JS(script), Policy: policy("; form-action " + map[bool]string{true: "'self'", false: "'none'"}[s.Ask])}
	for _, body := range d.Bodies {
		if err := templates.ExecuteTemplate(&b, body.template, body.data); err != nil {
			return err
		}
		v.Shown = append(v.Shown, template.HTML(b.String()))
		b.Reset()
	}
	if err := templates.ExecuteTemplate(&b, "page.html", v); err != nil {
		return err
	}
	_, err := w.Write(last(b.Bytes()))
	return err
}

// clean takes out of a document all that rather does something than shows: control
// characters, overrides of direction, letters of no width. It is done here, once, so that
// no field of no screen can be forgotten.
//
// It works on the finished HTML, line by line. Tags and entities have none of
// these characters.
func clean(document []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(document))
	for line := range bytes.Lines(document) {
		text, end := bytes.CutSuffix(line, []byte("\n"))
		out.WriteString(printable.Clean(string(text)))
		if end {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}
