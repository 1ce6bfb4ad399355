package why

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// screen has the parts that the screens about a pair and about a campaign
// share.
type screen struct {
	env *cli.Env
	*explain.Told
}

// stepWords describes a line of the evidence; a and b are the messages whose
// domains it may name, 0 for none.
func (t *screen) stepWords(s *campaign.Step, a, b int64) string {
	if s.Feature == 0 {
		words := wording.Step(s.Kind, s.Against, s.Share)
		if s.Kind == campaign.KindBounds {
			words = s.Group + ": " + words
		}
		if s.Against && s.Kind == "content" && s.Share > 0 {
			words += fmt.Sprintf(", %.0f %% the same", 100*s.Share)
		}
		return words
	}
	words := t.words(s.Feature)
	if via := t.Teller.Through(s.Feature, a, b); via != "" && !strings.Contains(words, via) {
		words += " (" + via + ")"
	}
	return words
}

// name is the beginning of a message's hash, as commands take it.
func (t *screen) name(key int64) string {
	if m := t.Proofs[key]; m != nil {
		return wording.Head(m.SHA256, 8)
	}
	return "?"
}

// summarised limits the lines named in a sentence.
const summarised = 4

// longestWords limits the words for one line of the evidence in a sentence, in
// cells.
const longestWords = 90

// summary names the lines that count for a pair, strongest first.
//
// A long one is cut to the width of the screen less twenty cells, which the
// number before it takes.
func (t *screen) summary(e *campaign.Explanation) string {
	var list []*campaign.Step
	for i := range e.Steps {
		if e.Steps[i].Bits > 0 {
			list = append(list, &e.Steps[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *campaign.Step) int { return cmp.Compare(b.Bits, a.Bits) })
	var words []string
	for _, s := range list {
		words = append(words, printable.Cut(t.stepWords(s, e.A, e.B), min(longestWords, t.env.Columns()-20)))
	}
	switch {
	case len(words) == 0:
		return "nothing that counts"
	case len(words) > summarised:
		words = append(words[:summarised], fmt.Sprintf("%d more", len(words)-summarised))
	}
	return strings.Join(words, "; ")
}

// words describes a feature. One whose value is gone from the store is named by
// its kind.
func (t *screen) words(k evidence.Key) string {
	value, ok := t.Teller.Values[k]
	if !ok && k.Kind() != evidence.Spamrun {
		return "the same " + k.Kind().String()
	}
	return wording.Trait(k.Kind().String(), value)
}
