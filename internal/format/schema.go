package format

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// object of a schema. Keys are written in order of the alphabet, so that it is the same
// every time.
type schema map[string]any

// Schema returns the JSON Schema (2020-12) of a command's JSON output, which
// has one of shapes. Later versions may add keys.
func Schema(program, command, title string, shapes []Shape) ([]byte, error) {
	s := schema{}
	if len(shapes) == 1 {
		s = document(command, shapes[0])
	} else {
		var any []schema
		for _, shape := range shapes {
			any = append(any, document(command, shape))
		}
		s["anyOf"] = any
	}
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["$id"] = fmt.Sprintf("urn:spoor:%d:%s:%s", Version, program, command)
	s["title"] = title
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

// document returns the schema of one shape, with the common head of every
// object. "x-rows" names the list that gives the rows of JSON lines, CSV and
// TSV.
func document(command string, shape Shape) schema {
	s := schemaOf(shape.of)
	keys := s["properties"].(schema)
	keys["spoor_format"] = schema{"const": Version}
	keys["command"] = schema{"const": command}
	required, _ := s["required"].([]string)
	s["required"] = append([]string{"spoor_format", "command"}, required...)
	if shape.Lists() {
		s["x-rows"] = shape.Rows()
	}
	return s
}

// isObject reports whether values of t are written as objects with known keys.
func isObject(t reflect.Type) bool { return t.Kind() == reflect.Struct && !writesItself(t) }

// writesItself reports whether t has its own way into JSON.
func writesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// schemaOf returns the JSON Schema of a Go type as encoding/json writes it. A
// pointer may be null; a type with its own MarshalJSON is unrestricted.
func schemaOf(t reflect.Type) schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return schema{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return orNull(schemaOf(t.Elem()))
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Marshaler]()):
		return schema{} // any value
	case writesItself(t):
		return schema{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return objectSchema(t)
	case reflect.Slice, reflect.Array:
		return schema{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return schema{"type": []string{"object", "null"}, "additionalProperties": schemaOf(t.Elem())}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	case reflect.Interface:
		return schema{}
	}
	return schema{"type": "integer"}
}

// orNull allows null in addition to s.
func orNull(s schema) schema {
	if kind, ok := s["type"].(string); ok {
		s["type"] = []string{kind, "null"}
	}
	return s
}

// objectSchema is the schema of a struct. A key without omitempty is required.
func objectSchema(t reflect.Type) schema {
	keys, required := schema{}, []string{}
	for _, f := range fieldsOf(t) {
		keys[f.key] = schemaOf(f.of)
		if !f.may {
			required = append(required, f.key)
		}
	}
	return schema{"type": "object", "properties": keys, "required": required}
}
