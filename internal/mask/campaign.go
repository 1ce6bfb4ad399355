package mask

import (
	"spoor/internal/block"
	"spoor/internal/dossier"
)

// Campaign masks a description in place and joins indicators that become equal.
// It returns the number of indicators that named a recipient, and how many of
// these were joined with another.
func (m *Mask) Campaign(c *dossier.Campaign) (masked, joined int) {
	at := make(map[[2]string]int, len(c.Indicators))
	kept := c.Indicators[:0:0]
	for _, in := range c.Indicators {
		if value := m.Text(in.Value); value != in.Value && in.Kind != dossier.SenderIP {
			masked++
			in.Value, in.Verdict = value, block.Verdict{Reason: block.Named}
		}
		key := [2]string{string(in.Kind), in.Value}
		if i, ok := at[key]; ok {
			joined++
			kept[i].Members, kept[i].Spam, kept[i].Ham = kept[i].Members+in.Members, kept[i].Spam+in.Spam, kept[i].Ham+in.Ham
			continue
		}
		at[key] = len(kept)
		kept = append(kept, in)
	}
	c.Indicators = kept
	c.Name = m.Text(c.Name)
	for i := range c.Traits {
		c.Traits[i].Value = m.Text(c.Traits[i].Value)
	}
	for i := range c.Messages {
		p := &c.Messages[i]
		for _, s := range []*string{&p.MessageID, &p.FromName, &p.FromAddress, &p.Subject, &p.Mailer, &p.ReturnPath} {
			*s = m.Text(*s)
		}
		for j := range p.Parts {
			p.Parts[j].Name = m.Text(p.Parts[j].Name)
		}
	}
	return masked, joined
}
