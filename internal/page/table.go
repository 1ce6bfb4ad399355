package page

import (
	"slices"

	"spoor/internal/cli"
	"spoor/internal/page/chart"
)

// table is a table; the template "table" draws it.
type table struct {
	ID     string // for the filter; "" without a filter
	Name   string // its contents, for screen readers
	Head   []head
	Rows   []row
	Unless string // text in place of an empty table
	More   []Ref  // links to the rest
}

// head is the head of a column. Class is the style of its cells: "num", "mono",
// "wide" (takes the remaining width).
type head struct{ Text, Class string }

// row is a line of a table. A heading goes over its whole width.
type row struct {
	Heading string
	Class   string
	Cells   []cell
}

// cell is one entry. With a picture, the text is its description.
//
// An empty Href makes plain text.
type cell struct {
	Text, Href, Note string
	Marked           bool
	Bars             []chart.Bar
	Bits             *chart.Step
	Zero             chart.Percent
}

func (t *table) add(cells ...cell) { t.Rows = append(t.Rows, row{Cells: cells}) }

func (t *table) heading(text string) { t.Rows = append(t.Rows, row{Heading: text}) }

// withoutEmpty leaves out the columns in which no line has anything, but the first: where nobody
// asked registries, half of a table would be empty.
func (t *table) withoutEmpty() table {
	out := *t
	out.Head, out.Rows = nil, make([]row, len(t.Rows))
	for i, r := range t.Rows {
		out.Rows[i] = row{Heading: r.Heading, Class: r.Class}
	}
	for c, h := range t.Head {
		if c > 0 && !slices.ContainsFunc(t.Rows, func(r row) bool { return c < len(r.Cells) && !r.Cells[c].empty() }) {
			continue
		}
		out.Head = append(out.Head, h)
		for i, r := range t.Rows {
			if c < len(r.Cells) {
				out.Rows[i].Cells = append(out.Rows[i].Cells, r.Cells[c])
			}
		}
	}
	return out
}

// empty reports whether a cell shows nothing.
func (c *cell) empty() bool {
	return c.Text == "" && c.Note == "" && c.Bits == nil && c.Bars == nil
}

// Columns returns the number of columns.
func (t *table) Columns() int { return len(t.Head) }

func word(s string) cell { return cell{Text: s} }

func number(n int64) cell { return cell{Text: cli.Number(n)} }

func link(text, href string) cell { return cell{Text: text, Href: href} }

// fullBits is the length of a bar for the common maximum of one kind of
// evidence.
const fullBits = 12

// bits draws the weight of evidence.
func bits(v float64, text string) cell {
	return cell{Text: text, Bits: &chart.Step{From: 0, To: chart.Percent(100 * min(max(v, 0)/fullBits, 1))}}
}
