// Package format writes results for programs, as JSON, JSON lines, CSV or TSV, and the JSON
// Schema of each. It is the one place that knows how they look: a command declares the Shape
// of its result and hands the result over.
//
// In go Go values with JSON tags; out come bytes that no terminal obeys and no spreadsheet
// takes for a formula. It knows no command, no store and no flag.
package format

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Version is the version of the output for programs. It increases when a key is
// renamed, removed or changes its meaning; new keys do not increase it.
const Version = 1

// Form is a way to write a result.
type Form string

// The forms. Text is for people, and not written here.
const (
	Text  Form = "text"
	JSON  Form = "json"  // one object
	JSONL Form = "jsonl" // an object a row
	CSV   Form = "csv"   // RFC 4180, with a heading
	TSV   Form = "tsv"   // tabs, with a heading, nothing quoted
)

// Forms lists all of them.
func Forms() []string {
	return []string{string(Text), string(JSON), string(JSONL), string(CSV), string(TSV)}
}

// String returns the name of the form; the zero value is text.
func (f *Form) String() string {
	if *f == "" {
		return string(Text)
	}
	return string(*f)
}

// Set makes a Form the value of a flag.
func (f *Form) Set(s string) error {
	for _, known := range Forms() {
		if s == known {
			*f = Form(s)
			return nil
		}
	}
	return errors.New("must be one of " + strings.Join(Forms(), ", "))
}

// Type is the flag's, for its help.
func (f *Form) Type() string { return "FORMAT" }

// Objects reports whether f writes JSON.
func (f Form) Objects() bool { return f == JSON || f == JSONL }

// Shape describes a result: a struct with JSON tags, and the list that gives
// the rows of a table.
type Shape struct {
	of     reflect.Type
	path   []string // keys of the path to the rows; none if the whole result is one row
	row    reflect.Type
	stream bool
}

// One is the shape of a result that is one thing: a table of it has one row.
func One[T any]() Shape {
	t := reflect.TypeFor[T]()
	for _, f := range fieldsOf(t) {
		if f.key == "command" || f.key == "spoor_format" {
			panic(fmt.Sprintf("%v has a key %q, which every object begins with", t, f.key)) // the programmer's mistake, met when commands are built
		}
	}
	return Shape{of: t, row: t}
}

// Stream returns the shape of results that a command writes one by one, an
// object per line.
func Stream[T any]() Shape {
	s := One[T]()
	s.stream = true
	return s
}

// List is the shape of a result that lists. rows is the key of the list, or "a.b" for one
// inside an object.
func List[T any](rows string) Shape {
	s := One[T]()
	s.path = strings.Split(rows, ".")
	t := s.of
	for _, key := range s.path {
		t = under(t)
		i, ok := fieldOf(t, key)
		if !ok {
			panic(fmt.Sprintf("%v has no %q in %q", s.of, key, rows))
		}
		t = t.FieldByIndex(i).Type
	}
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("%q of %v does not list structs", rows, s.of))
	}
	s.row = t.Elem()
	return s
}

// Fits reports whether v is of this shape.
func (s Shape) Fits(v any) bool { return under(reflect.TypeOf(v)) == s.of }

// Lists reports whether the result has a list of rows.
func (s Shape) Lists() bool { return len(s.path) > 0 }

// Writes reports whether the result can be written in a form: a stream has no table.
func (s Shape) Writes(f Form) bool { return !s.stream || f.Objects() }

// Rows is the key of the rows, "" for a result that is one thing.
func (s Shape) Rows() string { return strings.Join(s.path, ".") }

// rows returns the rows of a result.
func (s Shape) rows(v reflect.Value) []reflect.Value {
	if !s.Lists() {
		return []reflect.Value{v}
	}
	for _, key := range s.path {
		if v.Kind() == reflect.Pointer {
			if v = v.Elem(); !v.IsValid() {
				return nil // the object with the list was omitted
			}
		}
		i, _ := fieldOf(v.Type(), key) // List has looked
		v = v.FieldByIndex(i)
	}
	out := make([]reflect.Value, v.Len())
	for i := range out {
		out[i] = v.Index(i)
	}
	return out
}

// under is the type that pointers lead to.
func under(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// field is a key of an object.
type field struct {
	key   string
	index []int
	of    reflect.Type
	may   bool // optional
}

// fieldsOf lists the keys of a struct as encoding/json writes them; those of embedded structs
// stand among them.
func fieldsOf(t reflect.Type) (out []field) {
	for f := range t.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case key == "-":
		case f.Anonymous && key == "" && under(f.Type).Kind() == reflect.Struct:
			for _, inner := range fieldsOf(under(f.Type)) {
				inner.index = append([]int{f.Index[0]}, inner.index...)
				out = append(out, inner)
			}
		case f.IsExported():
			if key == "" {
				key = f.Name
			}
			out = append(out, field{key, f.Index, f.Type, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")})
		}
	}
	return out
}

// fieldOf finds the field of a struct by its JSON key, embedded ones included.
func fieldOf(t reflect.Type, key string) ([]int, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	for _, f := range fieldsOf(t) {
		if f.key == key {
			return f.index, true
		}
	}
	return nil, false
}
