package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
)

//go:embed templates/*.html
var files embed.FS

//go:embed page.css
var style string

//go:embed page.js
var script string

// templates are parsed at the start: a wrong one fails every test.
var templates = template.Must(template.New("").Funcs(template.FuncMap{"curve": (*graph).curve}).ParseFS(files, "templates/*.html"))

// Policy is the Content-Security-Policy of a page that a server sends: nothing is allowed but
// our own style and script, known by their hashes, and forms that come back to the server.
func Policy() string { return policy("; form-action 'self'; frame-ancestors 'none'") }

// policy returns the Content-Security-Policy of a document; frame-ancestors
// works only in a header.
//
// Pictures are SVG within the page; img-src is for its icon.
func policy(more string) string {
	return "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'; img-src data:; base-uri 'none'" + more
}

// hash is a source expression of Content-Security-Policy: only a script or
// style with these bytes runs.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
