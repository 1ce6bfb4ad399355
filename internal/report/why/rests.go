package why

import (
	"spoor/internal/report/wording"
)

// printRests prints the original lines under each line of the evidence, with
// the message or source of each.
func (p *pairScreen) printRests() error {
	if len(p.Rests) == 0 {
		return nil
	}
	head := "Original lines"
	if !p.How.Raw {
		head += " (all of it: --raw)"
	}
	if err := p.env.Printf("\n%s\n", head); err != nil {
		return err
	}
	for i := range p.Rests {
		r := &p.Rests[i]
		if err := p.env.Printf("  %s\n", p.env.Cut(p.stepWords(r.Step, p.E.A, p.E.B), p.env.Columns()-2)); err != nil {
			return err
		}
		for _, l := range r.Lines {
			name := "both    "
			if l.Key != 0 {
				name = p.name(l.Key)
			}
			text := l.Text
			if l.Where != "" {
				text = l.Where + ": " + text
			}
			if err := p.env.Printf("%s", wording.Indented("    "+name+"  ", p.env.Text(text), p.env.Columns())); err != nil {
				return err
			}
		}
	}
	return nil
}
