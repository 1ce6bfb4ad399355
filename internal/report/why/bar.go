package why

import (
	"math"
	"strings"

	"spoor/internal/report/wording"
)

// scale draws a running sum of bits as bars, from its least value to its
// greatest.
type scale struct {
	low, high float64
	width     int
	limit     float64 // the sum from which messages are linked
}

// newScale fits all points into width cells.
//
// 0 and the limit are always within, so that a sum on one side only is seen for
// what it is.
func newScale(width int, limit float64, points ...float64) scale {
	s := scale{width: width, limit: limit}
	for _, p := range append(points, 0, limit) {
		s.low, s.high = min(s.low, p), max(s.high, p)
	}
	// Whole bits at the ends: the labels of the axis are short, and a bar never
	// ends at the frame.
	s.low, s.high = math.Floor(s.low), math.Ceil(s.high)
	return s
}

// cell returns the column of a value, from 0 to width.
func (s scale) cell(v float64) int {
	return int(math.Round((v - s.low) / (s.high - s.low) * float64(s.width)))
}

// limitCell is the cell with the mark of the limit.
func (s scale) limitCell() int { return min(s.cell(s.limit), s.width-1) }

// bar draws a step of the sum: full where it rises, grey where it falls. Any
// step except zero has at least one cell.
//
// Blanks at the end are cut, as the column is the last.
func (s scale) bar(from, to float64) string {
	cells := []rune(strings.Repeat(" ", s.width))
	cells[s.limitCell()] = '|'
	a, b, full := s.cell(from), s.cell(to), '█'
	if to < from {
		a, b, full = b, a, '░'
	}
	// A step that rounds to nothing would look as if it did not count.
	if a == b && from != to {
		b++
		if b > s.width {
			a, b = a-1, b-1
		}
	}
	for i := a; i < b; i++ {
		cells[i] = full
	}
	return strings.TrimRight(string(cells), " ")
}

// axis labels the ends, zero and the limit, as far as there is room.
func (s scale) axis() string {
	cells := []rune(strings.Repeat(" ", s.width))
	for _, v := range []float64{s.limit, s.low, s.high, 0} {
		label := []rune(strings.TrimSuffix(wording.Bits(v), ".0"))
		at := s.cell(v)
		if v == s.limit {
			at = s.limitCell()
		}
		at = max(min(at-len(label)/2, s.width-len(label)), 0)
		free := true
		for i := max(at-1, 0); i < min(at+len(label)+1, s.width); i++ {
			free = free && cells[i] == ' '
		}
		if free {
			copy(cells[at:], label)
		}
	}
	return strings.TrimRight(string(cells), " ")
}
