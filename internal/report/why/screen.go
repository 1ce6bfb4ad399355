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

// screen prints data of messages.
type screen struct {
	env *cli.Env
	*explain.Told
}

// stepWords describes a line of the evidence.
func (t *screen) stepWords(s *campaign.Step, a, b int64) string {
	if s.Feature == 0 {
		words := wording.Step(s.Kind, s.Against, s.Share)
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

func (t *screen) name(key int64) string {
	if m := t.Proofs[key]; m != nil {
		return wording.Head(m.SHA256, 8)
	}
	return "?"
}

// longestWords limits the description of a line in a sentence.
const longestWords = 90

// summary names the lines that count for a pair, strongest first.
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
		words = append(words, printable.Cut(t.stepWords(s, e.A, e.B), longestWords))
	}
	if len(words) == 0 {
		return "nothing that counts"
	}
	return strings.Join(words, "; ")
}

// words describes a feature.
func (t *screen) words(k evidence.Key) string {
	value, ok := t.Teller.Values[k]
	if !ok && k.Kind() != evidence.Spamrun {
		return "the same " + k.Kind().String()
	}
	return wording.Trait(k.Kind().String(), value)
}
