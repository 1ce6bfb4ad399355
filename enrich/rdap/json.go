package rdap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"spoor/enrich/guard"
	"spoor/internal/text"
)

// Limits of the parsed answer.
const (
	maxDepth  = 40  // RDAP itself needs about 12: entities in entities, and jCard in those
	maxText   = 500 // bytes of one value
	maxList   = 200 // elements of one list
	maxNested = 4   // levels of entities in entities
)

// Reasons to refuse an answer.
var (
	errTooDeep  = errors.New("the answer is nested too deeply")
	errTooLarge = errors.New("the answer is larger than the limit")
	errNoObject = errors.New("the answer is no JSON object")
)

// object is a JSON object; it may be nil.
type object map[string]any

// decode parses a JSON object of bounded size and depth.
//
// Numbers keep their text, so that long identifiers are not rounded.
func decode(raw []byte) (object, error) {
	if len(raw) > guard.MaxAnswer {
		return nil, errTooLarge
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if err := checkDepth(raw); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, errNoObject
	}
	return o, nil
}

// checkDepth refuses deep nesting before the decoder recurses into it.
func checkDepth(raw []byte) error {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return errTooDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// str returns the cleaned string of a member, or "".
func (o object) str(key string) string { return stringOf(o[key]) }

// obj returns the object of a member, or the first object of a list.
//
// nil for a missing member. Methods of a nil object return nothing, so chains
// need no checks.
func (o object) obj(key string) object {
	switch v := o[key].(type) {
	case map[string]any:
		return v
	case []any:
		if len(v) > 0 {
			m, _ := v[0].(map[string]any)
			return m
		}
	}
	return nil
}

// list returns the elements of a member. A value that is not a list becomes its
// only element.
func (o object) list(key string) []any {
	switch v := o[key].(type) {
	case nil:
		return nil
	case []any:
		return v[:min(len(v), maxList)]
	default:
		return []any{v}
	}
}

// objects returns the objects in a list.
func (o object) objects(key string) []object {
	var out []object
	for _, v := range o.list(key) {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// strs returns the strings in a list.
func (o object) strs(key string) []string {
	var out []string
	for _, v := range o.list(key) {
		if s := stringOf(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// stringOf returns v as one line of printable text.
func stringOf(v any) string { return oneLine(rawText(v)) }

// rawText returns v unchanged if it is a string, a number, or a list that
// starts with one.
func rawText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		if len(v) > 0 {
			if s, ok := v[0].(string); ok {
				return s
			}
		}
	}
	return ""
}

// oneLine collapses white space, removes unprintable characters, and limits the
// length.
func oneLine(s string) string {
	s = text.Cut(s, 4*maxText)
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
			continue
		case !unicode.IsPrint(r) || r == utf8.RuneError:
			continue
		case gap:
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(text.Cut(b.String(), maxText))
}
