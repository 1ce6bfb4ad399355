package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
)

// telling puts evidence into words: it knows what stands in the messages that it was told to
// read.
type telling struct {
	st      *campaigns.Store
	lookups *lookups.Store
	teller  teller
	proofs  map[int64]*campaigns.Proof
}

// know reads what stands in messages.
func (t *telling) know(ctx context.Context, keys []int64) error {
	facts, err := t.st.Evidence(ctx, keys)
	if err != nil {
		return err
	}
	for i := range facts {
		t.teller.learn(&facts[i])
	}
	proofs, err := t.st.Proofs(ctx, keys)
	if err != nil {
		return err
	}
	for i := range proofs {
		t.proofs[proofs[i].Key] = &proofs[i]
	}
	if len(facts) < len(keys) || len(proofs) < len(keys) {
		return &cli.Error{Code: cli.InPart, Message: "a message was erased while its evidence was read"}
	}
	return nil
}

// stepWords says what a line of the evidence is.
func (t *telling) stepWords(s *campaign.Step, a, b int64) string {
	if s.Feature == 0 {
		words := stepWords(s.Kind, s.Against, s.Share)
		if s.Against && s.Kind == "content" && s.Share > 0 {
			words += fmt.Sprintf(", %.0f %% the same", 100*s.Share)
		}
		return words
	}
	words := t.teller.words(s.Feature)
	if via := t.teller.through(s.Feature, a, b); via != "" && !strings.Contains(words, via) {
		words += " (" + via + ")"
	}
	return words
}

func (t *telling) name(key int64) string {
	if m := t.proofs[key]; m != nil {
		return head(m.SHA256, 8)
	}
	return "?"
}

// longestWords is how long the words for one line of the evidence are in a sentence.
const longestWords = 90

// summary names the lines that count for a pair, strongest first.
func (t *telling) summary(e *campaign.Explanation) string {
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
