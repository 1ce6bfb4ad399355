// Package why prints the evidence for two messages, or for one campaign.
//
// The lines of a pair are a sum: prior, evidence by kind, corrections by group,
// total. Printed numbers add up to the printed total, to a hundredth. For a
// campaign it prints the traits that hold it together, the parts into which it
// would fall without one, its weakest seam and its least sure message. Both
// exist as a table, as sentences and as JSON.
package why

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// pairScreen is the screen about two messages.
type pairScreen struct {
	*screen
	*explain.Pair
}

// Pair prints the evidence for and against two messages being of one campaign.
func Pair(env *cli.Env, found *explain.Pair) error {
	p := &pairScreen{&screen{env, found.Told}, found}
	switch {
	case env.ForPrograms():
		return env.Result(p.json())
	case p.How.Words:
		return p.printWords()
	}
	for _, section := range []func() error{p.printHeads, p.printVerdict, p.printWaterfall, p.printNotes, p.printOwn, p.printRests} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// lessWords names the evidence left out.
func (p *pairScreen) lessWords(l *explain.LessEvidence) string {
	if l.Step != nil {
		return p.stepWords(l.Step, p.E.A, p.E.B)
	}
	return l.What
}

// printHeads prints both messages, and how each was chosen if the user did not
// name it.
//
// A user who named a host must learn which of its messages were compared.
func (p *pairScreen) printHeads() error {
	for i, key := range []int64{p.E.A, p.E.B} {
		if s := []explain.Asked{p.A, p.B}[i]; !s.Message {
			of := fmt.Sprintf("strongest of %s %s", cli.Count(len(s.Keys), "message", ""), whereOf(s))
			if p.E.With > 0 {
				of = fmt.Sprintf("compared with the %s of %s, of which this is most like it", cli.Count(p.E.With, "other", ""), s.Label)
			}
			if len(s.Keys) >= explain.MaxAsked {
				of += ", of a sample"
			}
			if err := p.env.Printf("%s", p.env.Text(of)+":\n"); err != nil {
				return err
			}
		}
		if err := p.printHead(key); err != nil {
			return err
		}
	}
	return p.env.Printf("\n")
}

// printHead prints one message: time, author and campaign on a line, details
// below.
func (p *pairScreen) printHead(key int64) error {
	m, proof := p.Teller.Facts[key], p.Proofs[key]
	from := m.From
	if m.FromName != "" {
		from = wording.Quoted(m.FromName) + " <" + m.From + ">"
	}
	in := ""
	switch {
	case m.Ham:
		in = "ham"
	case proof.Campaign != 0:
		in = naming.ID(proof.Campaign)
	case proof.Publisher != "" || proof.Report:
		in = "set aside"
	}
	when := cli.Minute(m.ReceivedAt)
	if when == "" {
		when = "time unknown"
	}
	width := p.env.Columns()
	first := p.env.Cut(fmt.Sprintf("%s  %s", when, printable.Fold(from)), width-len(in)-12)
	pad := strings.Repeat(" ", max(width-10-printable.Width(first)-len(in), 2))
	line := p.env.Bold(p.name(key)) + "  " + first
	if in != "" {
		line += pad + in
	}
	if err := p.env.Printf("%s\n", line); err != nil {
		return err
	}
	for _, l := range p.headLines(key) {
		if err := p.env.Printf("%s", wording.Indented("          ", p.env.Text(l), width)); err != nil {
			return err
		}
	}
	return nil
}

// verdict is that of the evidence, unless a message is set aside: such mail is
// in no campaign, even if it shares traits.
//
// A decision of people stands above everything.
func (p *pairScreen) verdict() string {
	if p.E.Decided != "" {
		return verdict(&p.E)
	}
	a, b := p.aside(p.E.A), p.aside(p.E.B)
	switch {
	case a == "" && b == "":
		return verdict(&p.E)
	case a == b:
		return "No campaign: both are " + a + "."
	case b == "":
		return fmt.Sprintf("No campaign: %s is %s.", p.name(p.E.A), a)
	case a == "":
		return fmt.Sprintf("No campaign: %s is %s.", p.name(p.E.B), b)
	}
	return fmt.Sprintf("No campaign: %s is %s, %s is %s.", p.name(p.E.A), a, p.name(p.E.B), b)
}

// aside says why a message is set aside; "" if it is not.
func (p *pairScreen) aside(key int64) string {
	proof := p.Proofs[key]
	return p.env.Text(wording.SetAside(proof.Publisher, proof.Report))
}

// verdict says in words how sure it is that two messages belong together.
func verdict(e *campaign.Explanation) string {
	switch {
	case e.Decided == "same":
		return "One campaign: people decided so."
	case e.Decided == "not same":
		return "Two campaigns: people decided so."
	// Seven bits are odds of 128 to 1, three are 8 to 1.
	case e.Together && e.With > 0 && e.Total <= 0:
		return "One campaign: this message alone would not join it, those that came with it did."
	case e.Together && e.Linked && e.Total >= 7:
		return "One campaign: nearly certain."
	case e.Together && e.Linked && e.Total >= 3:
		return "One campaign: very likely."
	case e.Together && e.Linked:
		return "One campaign: likely."
	case e.Together:
		return "One campaign: these two alone would not be, others of it hold them together."
	case e.Linked:
		return "Two campaigns, though these two alone look like one."
	case e.Lacks == "what":
		return "Two campaigns: the content agrees no more than between campaigns of the same hands."
	case e.Lacks == "who":
		return "Two campaigns: the content agrees, as that of a copy would; the senders do not."
	case e.Lacks == "line":
		return "Two campaigns: they share only traits of all mail of the same hands."
	case e.Lacks == "lure":
		return "Two campaigns of the same hands: they sell different things."
	case e.Lacks == "text":
		return "Two campaigns: the texts differ too much."
	case e.Groups > 1:
		return "Two campaigns: too little speaks for one."
	}
	return "Two strangers, as far as the evidence goes."
}

// odds writes bits as people bet.
//
// Beyond a million the number says nothing more.
func odds(bits float64) string {
	ratio := math.Exp2(math.Abs(bits))
	var n string
	switch {
	case ratio >= 1e6:
		n = "over a million"
	case ratio >= 10:
		n = cli.Number(int64(math.Round(ratio)))
	default:
		n = strings.TrimSuffix(fmt.Sprintf("%.1f", ratio), ".0")
	}
	if bits < 0 {
		return "1 to " + n
	}
	return n + " to 1"
}

// signed writes bits with their sign: to a tenth, or to a hundredth if the
// printed numbers would not add up otherwise.
func signed(v float64) string { return fmt.Sprintf("%+.*f", wording.Places(v), v) }

// printVerdict prints the verdict, the bits and the odds.
func (p *pairScreen) printVerdict() error {
	v := p.verdict()
	text := fmt.Sprintf("%s  %s bits, %s.", v, signed(p.E.Total), odds(p.E.Total))
	if p.Teller.Facts[p.E.A].Ham || p.Teller.Facts[p.E.B].Ham {
		text += "  Ham is in no campaign, even if it shares traits."
	}
	text = wording.Paragraph(text, p.env.Columns())
	if rest, ok := strings.CutPrefix(text, v); ok {
		text = p.env.Bold(v) + rest
	}
	return p.env.Printf("%s\n", text)
}

// Widths and lengths of the table of evidence.
const (
	wideEnoughForBars = 64
	impliedShown      = 3 // lines of one group that a stronger one implies
)

// barWidth is the width of the bars, in cells; 0 on a narrow screen, or for a
// reader by voice.
func (p *pairScreen) barWidth() int {
	if p.env.Columns() < wideEnoughForBars || p.env.Accessible() {
		return 0
	}
	return min(max(p.env.Columns()*3/10, 22), 64)
}

// printWaterfall prints the table of evidence, from the prior to the total. A
// bar shows each step. Implied lines are in brackets, at most impliedShown a
// group; the sum of the others is exact.
func (p *pairScreen) printWaterfall() error {
	width := p.barWidth()
	sums := []float64{p.E.Prior}
	for _, s := range p.E.Steps {
		sums = append(sums, sums[len(sums)-1]+s.Bits)
	}
	// All numbers have the same decimals, so that they can be added up on
	// paper.
	places := wording.Places(sums...)
	in := func(v float64) string { return fmt.Sprintf("%+.*f", places, v) }
	sc := newScale(max(width, 1), 0, sums...)
	cols := []cli.Column{{Title: "evidence", Flex: true}, {Title: "seen", Right: true}, {Title: "bits", Right: true}}
	if width > 0 {
		cols = append(cols, cli.Column{Title: sc.axis()})
	}
	t := p.env.Table(cols...)
	t.Row("prior: any two stored messages", "", in(p.E.Prior), sc.bar(0, p.E.Prior))
	sum, implied, left := p.E.Prior, 0, 0
	var last *campaign.Step // that is not shown
	// Lines of a group beyond impliedShown become one line at its end.
	rest := func() {
		switch {
		case left == 1:
			t.Row("["+p.lineWords(last)+"]", cli.Number(last.Messages))
		case left > 1:
			t.Row(fmt.Sprintf("[%d more]", left))
		}
		implied, left = 0, 0
	}
	group := ""
	for i := range p.E.Steps {
		s := &p.E.Steps[i]
		if s.Group != group {
			rest()
			group = s.Group
		}
		switch {
		case s.Common:
		case s.Implied && implied == impliedShown && !p.How.Raw:
			left++
			last = s
		case s.Implied:
			implied++
			t.Row("["+p.lineWords(s)+"]", cli.Number(s.Messages))
		default:
			seen := ""
			if s.Feature != 0 {
				seen = cli.Number(s.Messages)
			}
			if s.Against {
				rest()
			}
			t.Row(p.lineWords(s), seen, in(s.Bits), sc.bar(sum, sum+s.Bits))
			sum += s.Bits
		}
	}
	rest()
	t.Row("total", "", in(p.E.Total), sc.bar(0, p.E.Total))
	return t.Print()
}

// wideEnoughForVia is the width from which a line names the domains that it
// goes through. On a narrower screen the heads name them.
const wideEnoughForVia = 120

// lineWords describes a line of the evidence; its domains only on a wide
// screen.
func (p *pairScreen) lineWords(s *campaign.Step) string {
	if p.env.Columns() < wideEnoughForVia {
		return p.stepWords(s, 0, 0)
	}
	return p.stepWords(s, p.E.A, p.E.B)
}

// printNotes explains the table, and lists common values, the totals without
// single lines, and decisions.
func (p *pairScreen) printNotes() error {
	var b strings.Builder
	add := func(format string, args ...any) {
		b.WriteString(wording.Paragraph(p.env.Text(fmt.Sprintf(format, args...)), p.env.Columns()))
	}
	b.WriteByte('\n')
	legend := fmt.Sprintf("seen: in how many of %s, ham too.", cli.Count(p.Stored, "stored message", ""))
	if p.Since > 0 {
		legend += " " + wording.Since(p.Since, p.Ran)
	}
	if slices.ContainsFunc(p.E.Steps, func(s campaign.Step) bool { return s.Implied }) {
		legend += " [...]: not counted: other lines of its group say it already, or the one habit of a group that may change."
	}
	add("%s", legend)
	if common := p.common(); common != "" {
		add("Shared too, but too common to be evidence: %s.", common)
	}
	for i := range p.Less {
		l := &p.Less[i]
		add("Without %s: %s.", p.lessWords(l), left(&l.Explanation))
	}
	for i := range p.Decisions {
		d := &p.Decisions[i]
		add("Decided %s, %s by %s: %s%s.", naming.DecisionID(d.ID), cli.Date(d.MadeAt), d.MadeBy, wording.Decision(d), because(d))
	}
	return p.env.Printf("%s", b.String())
}

// because is the reason of a decision as the end of a sentence.
func because(d *decision.Decision) string {
	if d.Because == "" {
		return ""
	}
	return ", because " + d.Because
}

// left describes the remaining evidence.
//
// "what" and "who" name the half of the evidence that is missing: content, or
// sender and infrastructure.
func left(e *campaign.Explanation) string {
	s := signed(e.Total) + ", "
	switch {
	case e.Linked:
		return s + "still enough"
	case e.Lacks == "what":
		return s + "not enough: the rest is shared by all campaigns of the same hands"
	case e.Lacks == "who":
		return s + "not enough: a copy shares the rest too"
	}
	return s + "not enough"
}

// commonShown limits the list of values that are too common to count.
const commonShown = 5

// common lists shared values that are too common to count, the rarest first.
func (p *pairScreen) common() string {
	var list []*campaign.Step
	for i := range p.E.Steps {
		if p.E.Steps[i].Common {
			list = append(list, &p.E.Steps[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *campaign.Step) int { return cmp.Compare(a.Messages, b.Messages) })
	var words []string
	for _, s := range list[:min(len(list), commonShown)] {
		words = append(words, fmt.Sprintf("%s (%s)", printable.Cut(p.stepWords(s, p.E.A, p.E.B), 60), cli.Number(s.Messages)))
	}
	if more := len(list) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// printOwn prints how well each message fits its own campaign.
func (p *pairScreen) printOwn() error {
	for i := range p.Own {
		e := &p.Own[i]
		text := fmt.Sprintf("%s against the %s of %s: %s bits, by %s.", p.name(e.A), cli.Count(e.With, "other", ""), naming.ID(p.Proofs[e.A].Campaign), signed(e.Total), p.summary(e))
		if err := p.env.Printf("%s", wording.Paragraph(p.env.Text(text), p.env.Columns())); err != nil {
			return err
		}
	}
	return nil
}

// whereOf describes the set of messages that the user named.
func whereOf(a explain.Asked) string {
	if a.Campaign != 0 || a.Operation != 0 {
		return "in " + a.Label
	}
	return "at " + a.Label
}
