package format

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"spoor/internal/printable"
)

// Write writes the result v of a command. An object begins with the version and the command;
// of a table, and of JSON lines, only the rows are written.
func (s Shape) Write(w io.Writer, f Form, command string, v any) error {
	if !s.Fits(v) {
		return fmt.Errorf("%s: a result of type %T was not declared", command, v)
	}
	of := reflect.New(s.of).Elem()
	of.Set(reflect.Indirect(reflect.ValueOf(v)))
	fill(of)
	if s.stream && f == JSON {
		f = JSONL
	}
	switch f {
	case JSON:
		text, err := object(command, of, "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	case JSONL:
		return s.lines(w, command, of)
	case CSV:
		out := csv.NewWriter(w)
		return s.table(of, out.Write, func() error { out.Flush(); return out.Error() })
	case TSV:
		out := bufio.NewWriter(w)
		return s.table(of, func(cells []string) error {
			_, err := out.WriteString(strings.Join(cells, "\t") + "\n")
			return err
		}, out.Flush)
	}
	return fmt.Errorf("no form %q for programs", f)
}

// lines writes an object a row. A result that is one thing keeps its head.
func (s Shape) lines(w io.Writer, command string, v reflect.Value) error {
	if !s.Lists() {
		text, err := object(command, v, "")
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	out := bufio.NewWriter(w)
	for _, row := range s.rows(v) {
		text, err := encode(row, "")
		if err != nil {
			return err
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	return out.Flush()
}

// object is v behind the version and the command.
func object(command string, v reflect.Value, indent string) ([]byte, error) {
	text, err := encode(v, indent)
	if err != nil {
		return nil, err
	}
	name, err := json.Marshal(command)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf(`{"spoor_format":%d,"command":%s`, Version, name)
	if indent != "" {
		head = fmt.Sprintf("{\n%s\"spoor_format\": %d,\n%s\"command\": %s", indent, Version, indent, name)
	}
	rest := text[1:]
	if !bytes.HasPrefix(rest, []byte("}")) {
		head += ","
	} else if indent != "" {
		head += "\n"
	}
	return append([]byte(head), rest...), nil
}

// encode writes v on lines of its own, with control characters escaped.
func encode(v reflect.Value, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v.Interface()); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return printable.JSON(b.Bytes()), nil
}

// fill puts empty lists in place of those that were never made: a program that goes
// through a list should not meet null.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() && v.Type() != reflect.TypeFor[json.RawMessage]() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		if kind := v.Type().Elem().Kind(); kind == reflect.Struct || kind == reflect.Pointer {
			for i := range v.Len() {
				fill(v.Index(i))
			}
		}
	}
}
