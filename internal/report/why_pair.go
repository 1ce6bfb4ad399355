package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// pairScreen tells why two messages belong together, or do not.
type pairScreen struct {
	*why
	a, b      asked // as they were asked for
	e         campaign.Explanation
	runs      map[int64]*campaigns.Spamrun
	decisions []decision.Decision // about the pair, its campaigns, or what it shares
	less      []lessEvidence
	chain     []campaign.Explanation
	rests     []resting
}

// lessEvidence is what is left of the evidence without some of it.
type lessEvidence struct {
	words string
	campaign.Explanation
}

func (p *pairScreen) show(ctx context.Context) error {
	if err := p.read(ctx); err != nil {
		return err
	}
	switch {
	case p.env.JSON():
		return p.env.WriteJSON(p.json())
	case p.Words:
		return p.printWords()
	}
	for _, section := range []func() error{p.printHeads, p.printVerdict, p.printWaterfall, p.printNotes, p.printChain, p.printRests} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

func (p *pairScreen) read(ctx context.Context) error {
	if err := p.know(ctx, []int64{p.e.A, p.e.B}); err != nil {
		return err
	}
	p.runs = make(map[int64]*campaigns.Spamrun)
	for _, key := range []int64{p.e.A, p.e.B} {
		r, err := p.readRun(ctx, p.teller.facts[key])
		if err != nil {
			return err
		}
		p.runs[key] = r
	}
	if err := p.readChain(ctx); err != nil {
		return err
	}
	p.leaveOut()
	if err := p.readDecisions(ctx); err != nil {
		return err
	}
	return p.readRests(ctx)
}

// readChain finds the way between two messages of one campaign that are not linked by
// themselves.
func (p *pairScreen) readChain(ctx context.Context) error {
	in := p.proofs[p.e.A].Campaign
	if p.e.Linked || in == 0 || in != p.proofs[p.e.B].Campaign {
		return nil
	}
	members, err := p.st.Central(ctx, in, nil, 0)
	if err != nil {
		return err
	}
	p.chain = p.index.Chain(p.e.A, p.e.B, members)
	var between []int64
	for _, e := range p.chain[:max(len(p.chain)-1, 0)] {
		between = append(between, e.B)
	}
	if len(between) == 0 {
		return nil
	}
	return p.know(ctx, between)
}

// leaveOut finds what is left without the strongest line, and without its whole group;
// without what was asked for, if anything was.
func (p *pairScreen) leaveOut() {
	add := func(words string, w campaign.Without) {
		if e, ok := p.index.PairWithout(p.e.A, p.e.B, w); ok {
			p.less = append(p.less, lessEvidence{words, e})
		}
	}
	if len(p.WhyOptions.Without) > 0 {
		add(strings.Join(p.WhyOptions.Without, ", "), p.without)
		return
	}
	s := strongest(p.e.Steps)
	if s == nil {
		return
	}
	if s.Feature != 0 {
		add(p.stepWords(s, p.e.A, p.e.B), campaign.Without{Features: []evidence.Key{s.Feature}})
	}
	if g, ok := evidence.GroupOf(s.Group); ok {
		add("all evidence of "+s.Group, campaign.Without{Kinds: g.Kinds()})
	}
	if len(p.less) == 2 && p.less[0].Total == p.less[1].Total {
		p.less = p.less[1:]
	}
}

func strongest(steps []campaign.Step) *campaign.Step {
	var best *campaign.Step
	for i := range steps {
		if s := &steps[i]; s.Bits > 0 && (best == nil || s.Bits > best.Bits) {
			best = s
		}
	}
	return best
}

func (p *pairScreen) printHeads() error {
	for i, key := range []int64{p.e.A, p.e.B} {
		if s := []asked{p.a, p.b}[i]; !s.message {
			of := fmt.Sprintf("strongest of %s %s", cli.Count(len(s.keys), "message", ""), s.where())
			if len(s.keys) >= maxAsked {
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

// where says which messages were asked for.
func (a asked) where() string {
	if a.campaign != 0 || a.operation != 0 {
		return "in " + a.label
	}
	return "at " + a.label
}

func (p *pairScreen) printHead(key int64) error {
	m, proof := p.teller.facts[key], p.proofs[key]
	from := m.From
	if m.FromName != "" {
		from = quoted(m.FromName) + " <" + m.From + ">"
	}
	in := ""
	switch {
	case m.Background:
		in = "wanted mail"
	case proof.Campaign != 0:
		in = ID(proof.Campaign)
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
		if err := p.env.Printf("%s", indented("          ", p.env.Text(l), width)); err != nil {
			return err
		}
	}
	return nil
}

// verdict says in words how sure it is that two messages belong together.
func verdict(e *campaign.Explanation) string {
	switch {
	case e.Decided == "same":
		return "One campaign: people decided so."
	case e.Decided == "not same":
		return "Two campaigns: people decided so."
	case e.Linked && e.Total >= 10:
		return "One campaign: nearly certain."
	case e.Linked && e.Total >= 7:
		return "One campaign: very likely."
	case e.Linked:
		return "One campaign: likely."
	case e.Lacks == "groups":
		return "Not linked: all that they share is of one kind."
	case e.Lacks == "what":
		return "Not linked: what they say and where they lead, strangers share too."
	case e.Total > 0:
		return "Not linked: perhaps, but too little speaks for it."
	}
	return "Not linked: two strangers, as far as the evidence goes."
}

// odds writes bits as people bet.
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

// signed writes bits with their sign to a tenth, or to a hundredth where that is needed for
// what is printed to add up.
func signed(v float64) string { return fmt.Sprintf("%+.*f", digits(v), v) }

func digits(values ...float64) int {
	for _, v := range values {
		if math.Abs(10*v-math.Round(10*v)) > 1e-6 {
			return 2
		}
	}
	return 1
}

func (p *pairScreen) printVerdict() error {
	text := fmt.Sprintf("%s  %s bits, %s.  Linked from %s on.", verdict(&p.e), signed(p.e.Total), odds(p.e.Total), signed(p.e.LinkBits))
	v := verdict(&p.e)
	if p.teller.facts[p.e.A].Background || p.teller.facts[p.e.B].Background {
		text += "  Wanted mail is in no campaign, whatever it shares."
	}
	text = paragraph(text, p.env.Columns())
	if rest, ok := strings.CutPrefix(text, v); ok {
		text = p.env.Bold(v) + rest
	}
	if in := p.proofs[p.e.A].Campaign; !p.e.Linked && in != 0 && in == p.proofs[p.e.B].Campaign {
		by := "others hold them together, see below"
		if len(p.chain) < 2 {
			by = fmt.Sprintf("its parts hold together as wholes, see correlate why %s", ID(in))
		}
		text += paragraph(fmt.Sprintf("Both are in %s all the same: %s.", ID(in), by), p.env.Columns())
	}
	if a, b := p.proofs[p.e.A].Campaign, p.proofs[p.e.B].Campaign; p.e.Linked && a != b && a != 0 && b != 0 {
		text += paragraph(fmt.Sprintf("Yet the last run has them in %s and %s: it compares campaigns as wholes, and more of these differs than these two.", ID(a), ID(b)), p.env.Columns())
	}
	return p.env.Printf("%s\n", text)
}

const (
	wideEnoughForBars = 64
	impliedShown      = 3 // lines of one group that a stronger one implies
)

func (p *pairScreen) printWaterfall() error {
	width := 0
	if p.env.Columns() >= wideEnoughForBars && !p.env.Accessible() {
		width = min(max(p.env.Columns()*3/10, 22), 64)
	}
	sums := []float64{p.e.Prior}
	for _, s := range p.e.Steps {
		sums = append(sums, sums[len(sums)-1]+s.Bits)
	}
	places := digits(sums...)
	in := func(v float64) string { return fmt.Sprintf("%+.*f", places, v) }
	sc := newScale(max(width, 1), p.e.LinkBits, sums...)
	cols := []cli.Column{{Title: "evidence", Flex: true}, {Title: "seen", Right: true}, {Title: "bits", Right: true}}
	if width > 0 {
		cols = append(cols, cli.Column{Title: sc.axis()})
	}
	t := p.env.Table(cols...)
	t.Row("prior: any two stored messages", "", in(p.e.Prior), sc.bar(0, p.e.Prior))
	sum, implied, left := p.e.Prior, 0, 0
	var last *campaign.Step // that is not shown
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
	for i := range p.e.Steps {
		s := &p.e.Steps[i]
		if s.Group != group {
			rest()
			group = s.Group
		}
		switch {
		case s.Common:
		case s.Implied && implied == impliedShown && !p.Raw:
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
	t.Row("total", "", in(p.e.Total), sc.bar(0, p.e.Total))
	return t.Print()
}

// wideEnoughForVia is the width from which a line names the domains that it goes through;
// the heads name them too.
const wideEnoughForVia = 120

// lineWords says what a line of the evidence is, as far as there is room.
func (p *pairScreen) lineWords(s *campaign.Step) string {
	if p.env.Columns() < wideEnoughForVia {
		return p.stepWords(s, 0, 0)
	}
	return p.stepWords(s, p.e.A, p.e.B)
}

// printNotes says how to read the table, what was common, and what would change it.
func (p *pairScreen) printNotes() error {
	var b strings.Builder
	add := func(format string, args ...any) {
		b.WriteString(paragraph(p.env.Text(fmt.Sprintf(format, args...)), p.env.Columns()))
	}
	b.WriteByte('\n')
	legend := fmt.Sprintf("seen: in how many of %s, ham too.", cli.Count(p.stored, "stored message", ""))
	if slices.ContainsFunc(p.e.Steps, func(s campaign.Step) bool { return s.Implied }) {
		legend += " [...]: implied by the line above, so not counted again."
	}
	add("%s", legend)
	if common := p.common(); common != "" {
		add("Shared too, but too common to be evidence: %s.", common)
	}
	for i := range p.less {
		l := &p.less[i]
		add("Without %s: %s.", l.words, left(&l.Explanation))
	}
	for i := range p.decisions {
		d := &p.decisions[i]
		add("Decided %s, %s by %s: %s%s.", decisionID(d.ID), cli.Date(d.MadeAt), d.MadeBy, decisionWords(d), because(d))
	}
	return p.env.Printf("%s", b.String())
}

func because(d *decision.Decision) string {
	if d.Because == "" {
		return ""
	}
	return ", because " + d.Because
}

// left says what is left of the evidence.
func left(e *campaign.Explanation) string {
	s := signed(e.Total) + ", "
	switch {
	case e.Linked:
		return s + "still linked"
	case e.Lacks == "groups":
		return s + "not linked: the rest is of one kind"
	case e.Lacks == "what":
		return s + "not linked: the rest is what strangers share too"
	}
	return s + "not linked"
}

// commonShown is how many of the values are named that are too common to count.
const commonShown = 5

// common names what the messages share that is worth nothing, the rarest first.
func (p *pairScreen) common() string {
	var list []*campaign.Step
	for i := range p.e.Steps {
		if p.e.Steps[i].Common {
			list = append(list, &p.e.Steps[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *campaign.Step) int { return cmp.Compare(a.Messages, b.Messages) })
	var words []string
	for _, s := range list[:min(len(list), commonShown)] {
		words = append(words, fmt.Sprintf("%s (%s)", printable.Cut(p.stepWords(s, p.e.A, p.e.B), 60), cli.Number(s.Messages)))
	}
	if more := len(list) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// readDecisions finds what people decided that bears on the pair.
func (p *pairScreen) readDecisions(ctx context.Context) error {
	list, err := p.st.Standing(ctx)
	if err != nil {
		return err
	}
	shared := func(k evidence.Key) bool {
		return k != 0 && slices.ContainsFunc(p.e.Steps, func(s campaign.Step) bool { return s.Feature == k })
	}
	p.decisions = decision.Bearing(list, p.e.A, p.e.B, shared)
	return nil
}

// printChain tells the way from one message to the other through others.
func (p *pairScreen) printChain() error {
	if len(p.chain) < 2 {
		return nil
	}
	weakest := 0
	for i := range p.chain {
		if p.chain[i].Total < p.chain[weakest].Total {
			weakest = i
		}
	}
	if err := p.env.Printf("\nThe strongest way from one to the other, in %d steps:\n", len(p.chain)); err != nil {
		return err
	}
	t := p.env.Table(cli.Column{}, cli.Column{Right: true}, cli.Column{Flex: true}, cli.Column{})
	for i := range p.chain {
		e := &p.chain[i]
		mark := ""
		if i == weakest {
			mark = "weakest"
		}
		t.Row(p.name(e.A)+" - "+p.name(e.B), signed(e.Total), p.summary(e), mark)
	}
	return t.Print()
}
