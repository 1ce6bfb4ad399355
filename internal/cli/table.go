package cli

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"spoor/internal/printable"
)

// Column of a table.
type Column struct {
	Title string
	Right bool // numbers
	Flex  bool // shortened first on a narrow screen
	Path  bool // when cut, keeps both ends
}

// minFlex is the minimum width of a flexible column.
const minFlex = 8

// Table aligns rows for the screen. It escapes cells and cuts them to the
// width. With ACCESSIBLE=1 each row becomes "title: value" lines.
//
// Rows are kept until Print, because widths depend on all of them.
type Table struct {
	env    *Env
	cols   []Column
	rows   [][]string
	Indent int
}

// Table begins a table with these columns. Without any title there is no heading.
func (e *Env) Table(cols ...Column) *Table { return &Table{env: e, cols: cols, Indent: 2} }

// Row adds a row.
//
// Missing cells are empty, surplus ones dropped.
func (t *Table) Row(cells ...string) {
	row := make([]string, len(t.cols))
	for i := range min(len(row), len(cells)) {
		row[i] = t.env.Text(cells[i])
	}
	t.rows = append(t.rows, row)
}

// Print writes the table to stdout.
func (t *Table) Print() error {
	if t.env.Accessible() {
		return t.printFacts()
	}
	w := table.NewWriter()
	w.SetStyle(plainStyle())
	w.SuppressTrailingSpaces()
	if t.titled() {
		w.AppendHeader(t.header())
	}
	for _, row := range t.rows {
		cells := make(table.Row, len(row))
		for i, c := range row {
			cells[i] = c
		}
		w.AppendRow(cells)
	}
	w.SetColumnConfigs(t.configs())
	out := w.Render()
	if out == "" {
		return nil
	}
	margin := strings.Repeat(" ", t.Indent)
	return t.env.Printf("%s%s\n", margin, strings.ReplaceAll(out, "\n", "\n"+margin))
}

// titled reports whether any column has a title.
func (t *Table) titled() bool {
	for _, c := range t.cols {
		if c.Title != "" {
			return true
		}
	}
	return false
}

// header is the row of titles.
func (t *Table) header() table.Row {
	row := make(table.Row, len(t.cols))
	for i, c := range t.cols {
		row[i] = c.Title
	}
	return row
}

// plainStyle has no frames: blanks between columns and nothing else.
func plainStyle() table.Style {
	s := table.StyleDefault
	s.Options = table.OptionsNoBordersAndSeparators
	s.Format = table.FormatOptions{Header: text.FormatDefault}
	s.Box.PaddingLeft, s.Box.PaddingRight = "", "  "
	return s
}

// configs sets width and alignment of each column.
func (t *Table) configs() []table.ColumnConfig {
	widths := t.widths()
	out := make([]table.ColumnConfig, len(t.cols))
	for i, c := range t.cols {
		out[i] = table.ColumnConfig{
			Number: i + 1, WidthMax: max(widths[i], 1),
			WidthMaxEnforcer: t.cutter(c),
		}
		if c.Right {
			out[i].Align, out[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	return out
}

// cutter returns the function that shortens a cell: paths lose their middle,
// since their end tells most.
func (t *Table) cutter(c Column) func(string, int) string {
	if c.Path {
		return func(s string, n int) string { return t.env.Text(printable.CutMiddle(s, n)) }
	}
	return t.env.Cut
}

// widths divides the screen among the columns. It shortens the flexible ones,
// widest first.
func (t *Table) widths() []int {
	w := make([]int, len(t.cols))
	total := t.Indent
	for i, c := range t.cols {
		w[i] = printable.Width(c.Title)
		for _, row := range t.rows {
			w[i] = max(w[i], printable.Width(row[i]))
		}
		total += w[i] + 2
	}
	total -= 2
	// One column at a time from the widest: equally long columns shrink
	// together.
	for over := total - t.env.Columns(); over > 0; over-- {
		widest := -1
		for i, c := range t.cols {
			if c.Flex && w[i] > minFlex && (widest < 0 || w[i] > w[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		w[widest]--
	}
	return w
}

// printFacts prints each row as lines of title and value, for screen readers.
func (t *Table) printFacts() error {
	for _, row := range t.rows {
		for i, c := range row {
			if c == "" {
				continue
			}
			if title := t.cols[i].Title; title != "" {
				c = title + ": " + c
			}
			if err := t.env.Printf("%s\n", c); err != nil {
				return err
			}
		}
		if t.titled() {
			if err := t.env.Printf("\n"); err != nil {
				return err
			}
		}
	}
	return nil
}
