package format

import (
	"encoding/json"
	"reflect"
	"strings"

	"spoor/internal/printable"
)

// column is a cell's place in a row.
type column struct {
	title string
	path  [][]int // of fields, through pointers
}

// maxNested limits the depth of objects in a row that get columns of their own.
const maxNested = 3

// columnsOf lists the columns of a row: its keys, and those of the objects in it behind a
// point. A list is one cell.
func columnsOf(t reflect.Type, prefix string, path [][]int) (out []column) {
	for _, f := range fieldsOf(t) {
		at := append(append([][]int{}, path...), f.index)
		if inner := under(f.of); isObject(inner) && len(path) < maxNested {
			out = append(out, columnsOf(inner, prefix+f.key+".", at)...)
		} else {
			out = append(out, column{prefix + f.key, at})
		}
	}
	return out
}

// Asked is a result whose columns only it knows, as the answer to a question to the store.
// Its rows are Records.
type Asked interface{ Columns() []string }

// Record is a row of an Asked. It is a json.Marshaler, too.
type Record interface{ Cells() []any }

// records writes the heading and the rows of an Asked.
func records(of Asked, rows []reflect.Value, write func([]string) error) error {
	if err := write(of.Columns()); err != nil {
		return err
	}
	for _, row := range rows {
		var cells []string
		for _, c := range row.Interface().(Record).Cells() {
			text, err := cellOf(reflect.ValueOf(&c).Elem())
			if err != nil {
				return err
			}
			cells = append(cells, text)
		}
		if err := write(cells); err != nil {
			return err
		}
	}
	return nil
}

// table writes a heading and the rows.
func (s Shape) table(v reflect.Value, write func([]string) error, end func() error) error {
	if of, ok := v.Interface().(Asked); ok && s.row.Implements(reflect.TypeFor[Record]()) {
		if err := records(of, s.rows(v), write); err != nil {
			return err
		}
		return end()
	}
	columns := columnsOf(s.row, "", nil)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.title
	}
	if err := write(cells); err != nil {
		return err
	}
	for _, row := range s.rows(v) {
		for i, c := range columns {
			text, err := c.cell(row)
			if err != nil {
				return err
			}
			cells[i] = text
		}
		if err := write(cells); err != nil {
			return err
		}
	}
	return end()
}

// cell is the text of a column.
func (c column) cell(row reflect.Value) (string, error) {
	v := row
	for _, index := range c.path {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return "", nil
			}
			v = v.Elem()
		}
		v = v.FieldByIndex(index)
	}
	return cellOf(v)
}

// cellOf returns the text of a value: empty for null, an empty list or an
// omitted key, strings unchanged, numbers as in JSON, a list as its JSON.
func cellOf(v reflect.Value) (string, error) {
	line, err := encode(v, "")
	if err != nil {
		return "", err
	}
	text := strings.TrimSuffix(string(line), "\n")
	switch {
	case text == "null", text == "[]":
		return "", nil
	case strings.HasPrefix(text, `"`):
		var words string
		err := json.Unmarshal([]byte(text), &words)
		return printable.Cell(words), err
	}
	return text, nil
}
