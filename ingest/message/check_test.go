package message

import (
	"reflect"
	"testing"
	"unicode/utf8"
)

// checkMessage checks the invariants of a parsed message.
func checkMessage(t testing.TB, name string, data []byte) *Message {
	t.Helper()
	m := Parse(data)
	if len(m.Parts) == 0 || len(m.Parts) > MaxParts || len(m.Defects) > MaxDefects {
		t.Fatalf("%s: %d parts, %d defects", name, len(m.Parts), len(m.Defects))
	}
	for i := range m.Parts {
		p := &m.Parts[i]
		switch {
		case p.Parent >= i || i > 0 && p.Parent < 0 || i == 0 && p.Parent != -1:
			t.Fatalf("%s: part %d has parent %d", name, i, p.Parent)
		case p.Depth > MaxDepth || i > 0 && p.Depth != m.Parts[p.Parent].Depth+1:
			t.Fatalf("%s: part %d has depth %d", name, i, p.Depth)
		case len(p.Text) > MaxTextBytes || !utf8.Valid(p.Text):
			t.Fatalf("%s: part %d has a text that is too long or no UTF-8", name, i)
		case len(p.Header) > MaxFields:
			t.Fatalf("%s: part %d has %d fields", name, i, len(p.Header))
		case !utf8.ValidString(p.Type + p.Name + p.Charset + p.Encoding + p.ContentID + p.Boundary):
			t.Fatalf("%s: part %d has a name that is no UTF-8", name, i)
		case p.Type == "" || p.Size < 0:
			t.Fatalf("%s: part %d has type %q, size %d", name, i, p.Type, p.Size)
		}
	}
	for i := range m.Header {
		checkField(t, name, &m.Header[i])
	}
	for _, d := range m.Defects {
		if d.Part < -1 || d.Part >= len(m.Parts) || len(d.Detail) > 200 || !utf8.ValidString(d.Detail) {
			t.Fatalf("%s: defect %+v", name, d)
		}
	}
	if s := Skeleton(m); len(s) > maxSkeleton {
		t.Fatalf("%s: skeleton of %d bytes", name, len(s))
	}
	if again := Parse(data); !reflect.DeepEqual(m, again) {
		t.Fatalf("%s: parsed twice, two results", name)
	}
	return m
}

func checkField(t testing.TB, name string, f *Field) {
	t.Helper()
	text := f.Text()
	if len(text) > MaxHeaderValue || !utf8.ValidString(text) {
		t.Fatalf("%s: %s has a text of %d bytes, or no UTF-8", name, f.Name, len(text))
	}
	for _, c := range text {
		if c == 0 || c == '\n' || c == '\r' {
			t.Fatalf("%s: %s holds %q", name, f.Name, c)
		}
	}
	for _, a := range f.Addresses(50) {
		if !utf8.ValidString(a.Name+a.Address) || a == (Address{}) {
			t.Fatalf("%s: %s has address %q", name, f.Name, a)
		}
	}
	if form := Template(text); len(form) > maxTemplate || !utf8.ValidString(form) {
		t.Fatalf("%s: template %q", name, form)
	}
}
