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

// maxNested is how deep objects inside a row have columns of their own.
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

// table writes a heading and the rows.
func (s Shape) table(v reflect.Value, write func([]string) error, end func() error) error {
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

// cell is the text of a column: empty for null, an empty list and what is left out, words as they are,
// numbers as in JSON, a list as the JSON of it.
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
