package page

import (
	"fmt"
	"strings"

	"spoor/graph/campaign"
	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// WaterfallOf lays out why two messages belong together. No other code of this
// package uses results of internal/explain.
//
// Lines of no weight are left out: implied and common ones.
func WaterfallOf(p *explain.Pair) Waterfall {
	w := Waterfall{Title: p.A.Label + " and " + p.B.Label}
	if p.Since > 0 {
		w.Since = wording.Since(p.Since, p.Ran)
	}
	w.Lines = append(w.Lines, Line{Label: "start", Value: "two messages of which nothing is known", Bits: p.E.Prior})
	for i := range p.E.Steps {
		s := &p.E.Steps[i]
		if s.Bits == 0 {
			continue
		}
		l := Line{Label: s.Group, Value: printable.Cut(stepWords(p, s), 200), Bits: s.Bits}
		if s.Messages > 0 {
			l.Note = "in " + cli.Count(s.Messages, "message", "")
		}
		w.Lines = append(w.Lines, l)
	}
	words := "Two campaigns"
	switch {
	case p.E.Decided != "":
		words = "People decided: " + strings.ReplaceAll(p.E.Decided, " ", " the ")
	case p.E.Together:
		words = "One campaign"
	}
	w.Words = fmt.Sprintf("%s: %s bits; from 0 on the evidence suffices.", words, wording.Bits(p.E.Total))
	return w
}

// stepWords describes a line of the evidence.
func stepWords(p *explain.Pair, s *campaign.Step) string {
	if s.Feature == 0 {
		return wording.Step(s.Kind, s.Against, s.Share)
	}
	words := wording.Trait(s.Feature.Kind().String(), p.Told.Teller.Values[s.Feature])
	if s.Against {
		words += " differs"
	}
	return words
}
