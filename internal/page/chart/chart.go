// Package chart works out where things stand in the pictures of a page: bars of a
// sparkline, bursts on a line of time, steps of a waterfall, nodes and edges of a graph.
//
// In go numbers, out come places. Places along the width are per cent, so that a picture
// fits any screen and its letters keep their size; the graph alone has a width of its own.
// The package draws nothing, measures no text and knows no mail.
package chart

import (
	"strconv"
	"time"
)

// Percent is a place along the width of a picture.
type Percent float64

// String writes it as SVG reads it.
func (p Percent) String() string {
	return strconv.FormatFloat(float64(p), 'f', 2, 64) + "%"
}

// Bar is one of a row of bars that stand side by side. Its height goes from 0 to 100.
type Bar struct {
	X, Width Percent
	Height   float64
}

// Top is where it begins, from above.
func (b Bar) Top() float64 { return 100 - b.Height }

// Bars places counts side by side, the largest at full height. Every count
// above zero is visible.
func Bars(counts []int64) []Bar {
	most := int64(1)
	for _, n := range counts {
		most = max(most, n)
	}
	const visible = 6
	step := 100 / float64(max(len(counts), 1))
	out := make([]Bar, len(counts))
	for i, n := range counts {
		out[i] = Bar{X: Percent(float64(i) * step), Width: Percent(step * 0.8)}
		if n > 0 {
			out[i].Height = max(100*float64(n)/float64(most), visible)
		}
	}
	return out
}

// Axis is a stretch of time along the width of a picture.
type Axis struct{ First, Last time.Time }

// At is the place of t, at most at an end.
func (a Axis) At(t time.Time) Percent {
	whole := a.Last.Sub(a.First)
	if whole <= 0 {
		return 50
	}
	// In floating point: the clocks of some relays are centuries off.
	return Percent(min(max(100*t.Sub(a.First).Seconds()/whole.Seconds(), 0), 100))
}

// Tick is a mark of an axis with its words.
type Tick struct {
	X     Percent
	Label string
}

// steps are the distances of ticks, and how these are written.
var steps = []struct {
	every  time.Duration
	layout string
}{
	{time.Minute, "15:04"}, {5 * time.Minute, "15:04"}, {15 * time.Minute, "15:04"}, {time.Hour, "2 Jan 15:04"}, {3 * time.Hour, "2 Jan 15:04"}, {12 * time.Hour, "2 Jan 15:04"},
	{24 * time.Hour, "2 Jan"}, {2 * 24 * time.Hour, "2 Jan"}, {7 * 24 * time.Hour, "2 Jan"}, {14 * 24 * time.Hour, "2 Jan"}, {30 * 24 * time.Hour, "2 Jan 2006"}, {91 * 24 * time.Hour, "Jan 2006"},
	{365 * 24 * time.Hour, "Jan 2006"}, {5 * 365 * 24 * time.Hour, "2006"}, {25 * 365 * 24 * time.Hour, "2006"},
}

// mostTicks is how many words fit beside each other on a narrow screen.
const mostTicks = 4

// Ticks marks an axis at full minutes, hours or days of UTC, a few times.
func (a Axis) Ticks() []Tick {
	whole := a.Last.Sub(a.First)
	if whole <= 0 {
		return []Tick{{50, a.First.UTC().Format("2 Jan 2006 15:04")}}
	}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if whole/s.every <= mostTicks {
			step = s
			break
		}
	}
	var out []Tick
	for t := a.First.UTC().Truncate(step.every); !t.After(a.Last) && len(out) <= 2*mostTicks; t = t.Add(step.every) {
		if !t.Before(a.First) {
			out = append(out, Tick{a.At(t), t.Format(step.layout)})
		}
	}
	if len(out) < 2 { // short of a full step: the ends themselves
		out = []Tick{{0, a.First.UTC().Format("2 Jan 15:04")}, {100, a.Last.UTC().Format("2 Jan 15:04")}}
	}
	return out
}

// Step is one line of a waterfall: from where the sum was to where it is then.
type Step struct {
	From, To Percent
	Down     bool
}

// Waterfall places the running sum of numbers, and zero.
func Waterfall(bits []float64) (out []Step, zero Percent) {
	low, high, sum := 0.0, 0.0, 0.0
	for _, b := range bits {
		sum += b
		low, high = min(low, sum), max(high, sum)
	}
	at := func(v float64) Percent {
		if high == low {
			return 0
		}
		return Percent(100 * (v - low) / (high - low))
	}
	sum = 0
	for _, b := range bits {
		out = append(out, Step{From: at(sum), To: at(sum + b), Down: b < 0})
		sum += b
	}
	return out, at(0)
}
