package why

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/report/wording"
)

// printWords prints the same evidence in sentences.
func (h *holdingScreen) printWords() error {
	var out []string
	out = append(out, fmt.Sprintf("%s has %s.", h.Of.Label, cli.Count(len(h.Of.Keys), "message", "")))
	for i := range h.Traits {
		t := &h.Traits[i]
		s := fmt.Sprintf("%s of them have: %s. %s other spam and %s ham has it, so that sharing it is worth %s bits.",
			cli.Number(t.Members), h.traitWords(t), cli.Number(t.Elsewhere), cli.Number(t.Ham), wording.Bits(t.Bits))
		if h.Falls != nil && h.Falls[i] != nil {
			s += fmt.Sprintf(" Without it, it would fall into %s.", partsWords(h.Falls[i]))
		}
		out = append(out, s)
	}
	if words := h.commonWords(); words != "" {
		out = append(out, "Too common to be evidence: "+words+".")
	}
	if len(h.How.Without) > 0 {
		s := "Without " + strings.Join(h.How.Without, ", ") + " it still holds."
		if len(h.Parts) > len(h.Before) {
			s = "Without " + strings.Join(h.How.Without, ", ") + " it falls into " + partsWords(explain.SizesOf(h.H.Falls)) + "."
		}
		out = append(out, s)
	}
	// A campaign of one unit has no seam.
	if h.Bridge.A != 0 || h.Bridge.B != 0 {
		out = append(out, fmt.Sprintf("Of it %s, by %s. %s.", h.seamWords(), h.summary(&h.Bridge), h.hanging()))
	}
	if s := h.leastWords(); s != "" {
		out = append(out, s)
	}
	for _, s := range out {
		if err := h.env.Printf("%s", wording.Paragraph(h.env.Text(s), h.env.Columns())); err != nil {
			return err
		}
	}
	return nil
}
