package page

import (
	"fmt"

	"spoor/internal/page/chart"
	"spoor/internal/report/wording"
)

// Waterfall is evidence that adds up, line by line.
type Waterfall struct {
	Title string // its subject
	Lines []Line
	Words string // what follows from the sum
	Since string // mail that was not weighed; "" for none
}

// Line is one part of the sum: description, value, weight and remark.
type Line struct {
	Label, Value string
	Bits         float64
	Note         string
}

// Sum returns the total of the lines.
func (w *Waterfall) Sum() float64 {
	sum := 0.0
	for _, l := range w.Lines {
		sum += l.Bits
	}
	return sum
}

// waterfall is the drawn form of a Waterfall: a table with a picture in its
// last column.
type waterfall struct {
	Title, Words string
	Table        table
}

// draw lays out the lines with their running sum, and the total.
//
// All numbers have the same decimals, so that they add up as printed.
func (w *Waterfall) draw() waterfall {
	t := table{Name: w.Title, Head: []head{{"Evidence", ""}, {"Value", "wide"}, {"bits", "num"}, {"sum", "num"}, {"", "track"}}, Unless: "There is no evidence."}
	var all []float64
	for _, l := range w.Lines {
		all = append(all, l.Bits)
	}
	steps, zero := chart.Waterfall(all)
	places, sum := wording.Places(all...), 0.0
	for i, l := range w.Lines {
		sum += l.Bits
		t.add(word(l.Label), cell{Text: l.Value, Note: l.Note}, word(fmt.Sprintf("%+.*f", places, l.Bits)), word(fmt.Sprintf("%.*f", places, sum)), cell{Bits: &steps[i], Zero: zero})
	}
	if len(w.Lines) > 0 {
		total, _ := chart.Waterfall([]float64{sum})
		total[0] = chart.Step{From: zero, To: steps[len(steps)-1].To, Down: sum < 0}
		t.Rows = append(t.Rows, row{Class: "total", Cells: []cell{word("Sum"), word("from 0 on the evidence suffices"), word(fmt.Sprintf("%+.*f", places, sum)), word(fmt.Sprintf("%.*f", places, sum)), {Bits: &total[0], Zero: zero}}})
	}
	return waterfall{w.Title, w.Words, t}
}

// Why is the screen of the evidence about one message.
func (s *Site) Why(w Waterfall, message string) Body {
	return Body{"why.html", map[string]any{"Fall": w.draw(), "Message": message, "Since": w.Since, "Href": s.Message(message)}}
}
