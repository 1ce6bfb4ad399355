package why

import (
	"fmt"

	"spoor/graph/campaign"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
)

// printWords prints the content of the table in sentences: for mail to readers
// without interest in bits, and for screen readers.
//
// The order is that of the table, so that both can be compared.
func (p *pairScreen) printWords() error {
	sentences := []string{p.openingWords()}
	for i := range p.E.Steps {
		s := &p.E.Steps[i]
		switch {
		case s.Implied || s.Common:
		case s.Bits > 0:
			sentences = append(sentences, p.forWords(s))
		case s.Bits < 0:
			sentences = append(sentences, fmt.Sprintf("Against it: %s (%s bits).", p.stepWords(s, p.E.A, p.E.B), signed(s.Bits)))
		}
	}
	sentences = append(sentences, fmt.Sprintf("Any two stored messages start from %s bits; with all of this it is %s, that is %s. %s",
		signed(p.E.Prior), signed(p.E.Total), odds(p.E.Total), p.verdict()))
	for i := range p.Less {
		sentences = append(sentences, fmt.Sprintf("Without %s: %s.", p.lessWords(&p.Less[i]), left(&p.Less[i].Explanation)))
	}
	for i := range p.Decisions {
		d := &p.Decisions[i]
		sentences = append(sentences, fmt.Sprintf("%s decided on %s: %s%s.", d.MadeBy, cli.Date(d.MadeAt), wording.Decision(d), because(d)))
	}
	for i := range p.Own {
		e := &p.Own[i]
		sentences = append(sentences, fmt.Sprintf("%s fits %s by %s bits: %s.", p.name(e.A), naming.ID(p.Proofs[e.A].Campaign), signed(e.Total), p.summary(e)))
	}
	for _, s := range sentences {
		if err := p.env.Printf("%s", wording.Paragraph(p.env.Text(s), p.env.Columns())); err != nil {
			return err
		}
	}
	return nil
}

// openingWords names the two messages.
func (p *pairScreen) openingWords() string {
	one := func(key int64) string {
		m := p.Teller.Facts[key]
		s := fmt.Sprintf("%s (%s from %s", p.name(key), wording.Quoted(m.Subject), m.From)
		if when := cli.Minute(m.ReceivedAt); when != "" {
			s += ", " + when
		}
		return s + ")"
	}
	return fmt.Sprintf("Compared are %s and %s.", one(p.E.A), one(p.E.B))
}

// forWords describes the weight of a line of the evidence, and its rarity.
func (p *pairScreen) forWords(s *campaign.Step) string {
	if s.Feature == 0 {
		return fmt.Sprintf("For it: %s (%s bits).", p.stepWords(s, p.E.A, p.E.B), signed(s.Bits))
	}
	text := fmt.Sprintf("Both have: %s. So have %s of %s stored", p.stepWords(s, p.E.A, p.E.B), cli.Number(s.Messages), cli.Number(p.Stored))
	if s.Messages == 2 {
		text = fmt.Sprintf("Both have, and none else of %s stored: %s", cli.Number(p.Stored), p.stepWords(s, p.E.A, p.E.B))
	}
	if s.Ham > 0 {
		text += fmt.Sprintf(", %s of them ham", cli.Number(s.Ham))
	}
	return text + fmt.Sprintf(" (%s bits).", signed(s.Bits))
}
