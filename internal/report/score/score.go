// Package score prints how well the campaigns of the last run agree with a
// truth: figures, then the worst errors, each with two messages to compare by
// correlate why.
package score

import (
	"encoding/hex"
	"fmt"
	"strings"

	"spoor/graph/score"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// scoring is the screen of a match.
type scoring struct {
	env *cli.Env
	*findings.Match
}

// Print prints how well campaigns agree with a truth.
func Print(env *cli.Env, m *findings.Match) error {
	s := &scoring{env, m}
	if len(m.Messages) == 0 {
		return env.Nothing("%s names %s, of which none is stored.", env.Cut(m.Name, 200), cli.Count(len(m.Truth.Rows), "message", ""))
	}
	if env.ForPrograms() {
		return env.Result(s.json())
	}
	return s.print()
}

// print prints the figures, then the worst groups with commands that explain
// them.
func (s *scoring) print() error {
	if err := s.env.Printf("%s\n", s.headline()); err != nil {
		return err
	}
	if err := s.figures().Print(); err != nil {
		return err
	}
	if err := s.env.Printf("\n%s", wording.Paragraph(s.alone(), s.env.Columns())); err != nil {
		return err
	}
	// Figures alone mend nothing: each error is shown with two messages to
	// compare.
	told, err := s.printWorst(s.Campaigns, "")
	if err == nil && s.Operations != nil {
		var more int
		more, err = s.printWorst(s.Operations, " op.")
		told += more
	}
	if err != nil || told == 0 {
		return err
	}
	return s.env.Printf("\n%s", wording.Paragraph("Why two messages are together or apart: correlate why A B, with the two that end a line.", s.env.Columns()))
}

// headline counts the messages compared, and those that only one side knows.
func (s *scoring) headline() string {
	text := fmt.Sprintf("%s of %s, as run %d has them.", cli.Count(len(s.Messages), "message", ""), s.env.Cut(s.Name, 60), s.Run)
	if n := int64(len(s.Truth.Rows) - s.Truth.Found); n > 0 {
		text += fmt.Sprintf(" %s not stored.", wording.Plural(n, "message of the truth is", "messages of the truth are"))
	}
	if s.Unsaid > 0 {
		text += " " + wording.Plural(s.Unsaid, "stored message is not in the truth", "stored messages are not in the truth")
		if s.UnsaidHam > 0 {
			text += fmt.Sprintf(", %s of them ham", cli.Number(s.UnsaidHam))
		}
		text += "."
	}
	return wording.Paragraph(text, s.env.Columns())
}

// figures is the table of scores, a column for each level.
func (s *scoring) figures() *cli.Table {
	cols := []cli.Column{{}, {Title: "campaigns", Right: true}}
	levels := []*findings.Level{s.Campaigns}
	if s.Operations != nil {
		cols = append(cols, cli.Column{Title: "operations", Right: true})
		levels = append(levels, s.Operations)
	}
	t := s.env.Table(cols...)
	row := func(title string, of func(*findings.Level) string) {
		cells := []string{title}
		for _, l := range levels {
			cells = append(cells, of(l))
		}
		t.Row(cells...)
	}
	for _, f := range figures() {
		row(f.title, func(l *findings.Level) string { return fmt.Sprintf("%.4f", f.of(&l.Scores)) })
	}
	row("classes in the truth", func(l *findings.Level) string { return cli.Number(l.Classes) })
	row("clusters found", func(l *findings.Level) string { return cli.Number(l.Clusters) })
	return t
}

// figure is a line of the table: its title, and its value of a level.
type figure struct {
	title string
	of    func(*score.Scores) float64
}

// figures lists the lines of the table; docs/scoring.md defines them in this
// order.
func figures() []figure {
	return []figure{
		{"B-cubed F1", func(s *score.Scores) float64 { return s.BCubed.F1 }},
		{"  precision", func(s *score.Scores) float64 { return s.BCubed.Precision }},
		{"  recall", func(s *score.Scores) float64 { return s.BCubed.Recall }},
		{"pairwise F1", func(s *score.Scores) float64 { return s.Pairwise.F1 }},
		{"  precision", func(s *score.Scores) float64 { return s.Pairwise.Precision }},
		{"  recall", func(s *score.Scores) float64 { return s.Pairwise.Recall }},
		{"adjusted Rand index", func(s *score.Scores) float64 { return s.AdjustedRand }},
		{"V-measure", func(s *score.Scores) float64 { return s.VMeasure }},
		{"  homogeneity", func(s *score.Scores) float64 { return s.Homogeneity }},
		{"  completeness", func(s *score.Scores) float64 { return s.Completeness }},
	}
}

// alone reports on classes of one message, such as single mails and
// newsletters.
func (s *scoring) alone() string {
	c := s.Campaigns
	if c.Singletons == 0 {
		return "No message is alone in the truth."
	}
	return fmt.Sprintf("Of %s alone in the truth %s (%.1f %%) stand outside every campaign.", cli.Count(c.Singletons, "message", ""),
		cli.Number(c.Alone), 100*float64(c.Alone)/float64(c.Singletons))
}

// printWorst prints the most mixed and most broken groups, and returns the
// number of lines.
func (s *scoring) printWorst(l *findings.Level, of string) (int, error) {
	t := s.env.Table(cli.Column{Title: "Mixed" + of, Right: true}, cli.Column{Title: "msgs", Right: true},
		cli.Column{Title: "wrong pairs", Right: true}, cli.Column{Title: "holds", Flex: true}, cli.Column{Title: "two of them"})
	for i := range l.Mixed {
		g := &l.Mixed[i]
		t.Row(g.Name, cli.Number(g.Items), cli.Number(g.Pairs), holds(g), s.pair(g))
	}
	if err := s.section(len(l.Mixed), t); err != nil {
		return 0, err
	}
	t = s.env.Table(cli.Column{Title: "Broken" + of, Flex: true}, cli.Column{Title: "msgs", Right: true},
		cli.Column{Title: "missed pairs", Right: true}, cli.Column{Title: "lies in", Flex: true}, cli.Column{Title: "two of them"})
	for i := range l.Broken {
		g := &l.Broken[i]
		t.Row(className(g.Name), cli.Number(g.Items), cli.Number(g.Pairs), holds(g), s.pair(g))
	}
	return len(l.Mixed) + len(l.Broken), s.section(len(l.Broken), t)
}

// section prints a table below an empty line, unless it has no lines.
func (s *scoring) section(n int, t *cli.Table) error {
	if n == 0 {
		return nil
	}
	if err := s.env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

// holds lists the parts of a group, largest first, and the number of single
// ones.
func holds(g *score.Group) string {
	var out []string
	more := g.Of - g.Alone
	for _, p := range g.Parts {
		if p.Name != "" {
			out = append(out, fmt.Sprintf("%s %s", printable.Cut(className(p.Name), 40), cli.Number(p.Items)))
			more--
		}
	}
	if more > 0 {
		out = append(out, cli.Number(more)+" more")
	}
	if g.Alone > 0 {
		out = append(out, cli.Number(g.Alone)+" alone")
	}
	return strings.Join(out, ", ")
}

// className returns the displayed name of a class.
func className(label string) string {
	return strings.TrimPrefix(strings.TrimPrefix(label, "operation "), "campaign ")
}

// pair is one message each of the two largest parts, as correlate why takes them.
func (s *scoring) pair(g *score.Group) string {
	var out []string
	for _, p := range g.Parts[:min(2, len(g.Parts))] {
		out = append(out, wording.Head(s.hash(p), 12))
	}
	return strings.Join(out, " ")
}

// hash is the SHA-256 of a part's example.
func (s *scoring) hash(p score.Part) string {
	return hex.EncodeToString(s.Messages[p.Example].Sha256[:])
}
