package report

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"strings"

	"spoor/graph/score"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// worst is how many mixed clusters and broken classes are told.
const worst = 5

// Score prints how well the campaigns of the last run agree with the truth that r holds;
// name is what r is called.
func Score(ctx context.Context, env *cli.Env, st *campaigns.Store, name string, r io.Reader) error {
	if name == "-" {
		name = "standard input"
	}
	t, err := readTruth(r)
	if err != nil {
		return &cli.Error{Code: cli.InPart, Message: printable.Cut(name, 200), Err: err}
	}
	last, err := st.LastRun(ctx)
	if err != nil {
		return err
	}
	if last.Run == 0 {
		return nothing(env, "The stored messages have not been correlated yet: run correlate.")
	}
	s := &scoring{env: env, name: name, run: last.Run, truth: t}
	if err := s.match(st.All(ctx)); err != nil {
		return err
	}
	return s.tell()
}

// tell works out the figures and prints them.
func (s *scoring) tell() error {
	if len(s.messages) == 0 {
		return nothing(s.env, "%s names %s, of which none is stored.", s.env.Cut(s.name, 200), cli.Count(len(s.truth.rows), "message", ""))
	}
	s.campaigns = s.level(func(m *scored) score.Item { return m.campaign })
	if s.truth.operations {
		s.operations = s.level(func(m *scored) score.Item { return m.operation })
	}
	if s.env.JSON() {
		return s.env.WriteJSON(s.json())
	}
	return s.print()
}

// scoring is a truth, what is stored of it, and how well it was found.
type scoring struct {
	env               *cli.Env
	name              string
	run               int64
	truth             *truth
	messages          []scored
	unsaid, unsaidHam int64 // stored messages that the truth does not speak of; of these ham
	campaigns         *level
	operations        *level // nil if the truth names none
}

// scored is a stored message that the truth speaks of.
type scored struct {
	sha256              [32]byte
	campaign, operation score.Item
}

// level is campaigns, or operations.
type level struct {
	score.Scores
	mixed, broken []score.Group
}

// match keeps those of all stored messages that the truth speaks of.
func (s *scoring) match(all iter.Seq2[*campaigns.Grouped, error]) error {
	for g, err := range all {
		if err != nil {
			return err
		}
		row, ok := s.truth.of(g)
		if !ok {
			s.unsaid++
			if g.Ham {
				s.unsaidHam++
			}
			continue
		}
		m := scored{sha256: g.SHA256}
		m.campaign = score.Item{Truth: row.campaignLabel()}
		m.operation.Truth = row.operationLabel()
		if g.CampaignID != 0 {
			m.campaign.Found = ID(g.CampaignID)
			m.operation.Found = m.campaign.Found
		}
		if g.Operation != 0 {
			m.operation.Found = operationID(g.Operation)
		}
		s.messages = append(s.messages, m)
	}
	return nil
}

func (s *scoring) level(of func(*scored) score.Item) *level {
	items := make([]score.Item, len(s.messages))
	for i := range s.messages {
		items[i] = of(&s.messages[i])
	}
	t := score.New(items)
	return &level{t.Scores(), t.Mixed(worst), t.Broken(worst)}
}

func (s *scoring) print() error {
	if err := s.env.Printf("%s\n", s.headline()); err != nil {
		return err
	}
	if err := s.figures().Print(); err != nil {
		return err
	}
	if err := s.env.Printf("\n%s", paragraph(s.alone(), s.env.Columns())); err != nil {
		return err
	}
	told, err := s.printWorst(s.campaigns, "")
	if err == nil && s.operations != nil {
		var more int
		more, err = s.printWorst(s.operations, " op.")
		told += more
	}
	if err != nil || told == 0 {
		return err
	}
	return s.env.Printf("\n%s", paragraph("Why two messages are together or apart: correlate why A B, with the two that end a line.", s.env.Columns()))
}

func (s *scoring) headline() string {
	text := fmt.Sprintf("%s of %s, as run %d has them.", cli.Count(len(s.messages), "message", ""), s.env.Cut(s.name, 60), s.run)
	if n := int64(len(s.truth.rows) - s.truth.found); n > 0 {
		text += fmt.Sprintf(" %s not stored.", plural(n, "message of the truth is", "messages of the truth are"))
	}
	if s.unsaid > 0 {
		text += " " + plural(s.unsaid, "stored message is not in the truth", "stored messages are not in the truth")
		if s.unsaidHam > 0 {
			text += fmt.Sprintf(", %s of them ham", cli.Number(s.unsaidHam))
		}
		text += "."
	}
	return paragraph(text, s.env.Columns())
}

// figures is the table of scores, a column a level.
func (s *scoring) figures() *cli.Table {
	cols := []cli.Column{{}, {Title: "campaigns", Right: true}}
	levels := []*level{s.campaigns}
	if s.operations != nil {
		cols = append(cols, cli.Column{Title: "operations", Right: true})
		levels = append(levels, s.operations)
	}
	t := s.env.Table(cols...)
	row := func(title string, of func(*level) string) {
		cells := []string{title}
		for _, l := range levels {
			cells = append(cells, of(l))
		}
		t.Row(cells...)
	}
	for _, f := range figures() {
		row(f.title, func(l *level) string { return fmt.Sprintf("%.4f", f.of(&l.Scores)) })
	}
	row("classes in the truth", func(l *level) string { return cli.Number(l.Classes) })
	row("clusters found", func(l *level) string { return cli.Number(l.Clusters) })
	return t
}

type figure struct {
	title string
	of    func(*score.Scores) float64
}

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

// alone tells of one-off mail, and of what a truth like newsletters makes its own class.
func (s *scoring) alone() string {
	c := s.campaigns
	if c.Singletons == 0 {
		return "No message is alone in the truth."
	}
	return fmt.Sprintf("Of %s alone in the truth %s (%.1f %%) stand outside every campaign.", cli.Count(c.Singletons, "message", ""),
		cli.Number(c.Alone), 100*float64(c.Alone)/float64(c.Singletons))
}

// printWorst prints what is most mixed and most broken, and returns how many lines that is.
func (s *scoring) printWorst(l *level, of string) (int, error) {
	t := s.env.Table(cli.Column{Title: "Mixed" + of, Right: true}, cli.Column{Title: "msgs", Right: true},
		cli.Column{Title: "wrong pairs", Right: true}, cli.Column{Title: "holds", Flex: true}, cli.Column{Title: "two of them"})
	for i := range l.mixed {
		g := &l.mixed[i]
		t.Row(g.Name, cli.Number(g.Items), cli.Number(g.Pairs), holds(g), s.pair(g))
	}
	if err := s.section(len(l.mixed), t); err != nil {
		return 0, err
	}
	t = s.env.Table(cli.Column{Title: "Broken" + of, Flex: true}, cli.Column{Title: "msgs", Right: true},
		cli.Column{Title: "missed pairs", Right: true}, cli.Column{Title: "lies in", Flex: true}, cli.Column{Title: "two of them"})
	for i := range l.broken {
		g := &l.broken[i]
		t.Row(className(g.Name), cli.Number(g.Items), cli.Number(g.Pairs), holds(g), s.pair(g))
	}
	return len(l.mixed) + len(l.broken), s.section(len(l.broken), t)
}

func (s *scoring) section(n int, t *cli.Table) error {
	if n == 0 {
		return nil
	}
	if err := s.env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

// holds lists the parts of a group, the largest first, and how many stand alone.
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

// className is what the truth calls a class.
func className(label string) string {
	return strings.TrimPrefix(strings.TrimPrefix(label, "operation "), "campaign ")
}

// pair is one message each of the two largest parts, as correlate why takes them.
func (s *scoring) pair(g *score.Group) string {
	var out []string
	for _, p := range g.Parts[:min(2, len(g.Parts))] {
		out = append(out, head(s.hash(p), 12))
	}
	return strings.Join(out, " ")
}

func (s *scoring) hash(p score.Part) string {
	return hex.EncodeToString(s.messages[p.Example].sha256[:])
}
