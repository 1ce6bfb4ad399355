package page

import (
	"spoor/internal/cli"
	"spoor/internal/page/chart"
)

// table is a table; the template "table" draws it.
type table struct {
	ID     string // for the filter; "": none is offered
	Name   string // what it lists, for those who hear it
	Head   []head
	Rows   []row
	Unless string // what stands in place of an empty one
	More   []Ref  // where the rest is
}

// head is the head of a column. Class says how its cells look: "num", "mono", "wide" (goes
// over what is left of the width).
type head struct{ Text, Class string }

// row is a line of a table. A heading goes over its whole width.
type row struct {
	Heading string
	Class   string
	Cells   []cell
}

// cell is one entry. A picture stands in place of the text, which then says it in words.
type cell struct {
	Text, Href, Note string
	Marked           bool
	Bars             []chart.Bar
	Bits             *chart.Step
	Zero             chart.Percent
}

func (t *table) add(cells ...cell) { t.Rows = append(t.Rows, row{Cells: cells}) }

func (t *table) heading(text string) { t.Rows = append(t.Rows, row{Heading: text}) }

// Columns is how many columns there are.
func (t *table) Columns() int { return len(t.Head) }

func word(s string) cell { return cell{Text: s} }

func number(n int64) cell { return cell{Text: cli.Number(n)} }

func link(text, href string) cell { return cell{Text: text, Href: href} }

// fullBits is the length of a bar that stands for as much as one kind of evidence is
// commonly worth.
const fullBits = 12

// bits draws what evidence is worth.
func bits(v float64, text string) cell {
	return cell{Text: text, Bits: &chart.Step{From: 0, To: chart.Percent(100 * min(max(v, 0)/fullBits, 1))}}
}
