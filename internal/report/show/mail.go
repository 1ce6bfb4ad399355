package show

import (
	"fmt"
	"strings"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
)

// lure shows the commonest subject, and the words of one message.
func (c *onePage) lure() sheet.Part {
	p := sheet.Part{Title: "Subject and text", Quote: c.Quote}
	if c.Lure.Subject != "" {
		text := "Subject: " + wording.Quoted(c.Lure.Subject)
		if c.Lure.Subjects > 1 {
			text += fmt.Sprintf(" (%s), and %s", cli.Count(c.Lure.Messages, "message", ""), cli.Count(c.Lure.Subjects-1, "other subject", ""))
		}
		p.Text = []string{text}
	}
	return p
}

// anomalies is the table of anomalies in header fields, with an example each
// under --all.
func (c *onePage) anomalies() sheet.Part {
	p := sheet.Part{Title: "Anomalies of the headers", Columns: append([]cli.Column{{Title: "Anomalies of the headers", Flex: true}}, c.counts(false)...)}
	for _, a := range c.Anomalies {
		p.Rows = append(p.Rows, []string{a.Reason, cli.Number(a.Members), cli.AtLeast(a.Spam-a.Members, a.More)})
		if c.All && a.Evidence != "" {
			p.Rows = append(p.Rows, []string{"    " + a.Evidence})
		}
	}
	return p
}

// subjects is the table of subjects; a single one is quoted above already.
func (c *onePage) subjects() sheet.Part {
	p := sheet.Part{Title: "Subjects", Columns: append([]cli.Column{{Title: "Subjects", Flex: true}}, c.counts(false)[0])}
	if len(c.Subjects) < 2 {
		return sheet.Part{} // it is quoted above
	}
	for _, s := range c.Subjects {
		subject := s.Subject
		if subject == "" {
			subject = "(none)"
		}
		p.Rows = append(p.Rows, []string{subject, cli.Number(s.Messages)})
	}
	return p
}

// messages lists the newest members by the numbers that collector show takes.
func (c *onePage) messages() sheet.Part {
	p := sheet.Part{Title: "Newest messages", Columns: []cli.Column{{Title: "#", Right: true}, {Title: "Newest"}, {Title: "received"}, {Title: "from", Flex: true}, {Title: "subject", Flex: true}}}
	for i, m := range c.Messages {
		p.Rows = append(p.Rows, []string{cli.Number(i + 1), wording.Head(m.SHA256, 8), cli.Minute(m.ReceivedAt), m.FromAddress, m.Subject})
	}
	if len(p.Rows) > 0 && !c.Markdown {
		p.Foot = []string{"One of them: collector show 1"}
	}
	return p
}

// ownWords describes a campaign without a name: its commonest subject, and the
// link domain that is most its own. Readers of a pasted report do not know its
// id.
func (c *onePage) ownWords() string {
	var words []string
	if c.Lure.Subject != "" {
		words = append(words, wording.Quoted(c.Lure.Subject))
	}
	for _, t := range c.Own {
		if k, ok := evidence.KindOf(t.Kind); ok && k == evidence.LinkDomain {
			words = append(words, t.Value)
			break
		}
	}
	if words == nil {
		return ""
	}
	return ": " + strings.Join(words, ", ")
}
