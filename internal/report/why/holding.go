package why

import (
	"fmt"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// holdingScreen is the screen about the evidence that holds a campaign or an
// operation together.
type holdingScreen struct {
	*screen
	*explain.Holding
}

// Holding prints the evidence that holds a campaign or an operation together.
func Holding(env *cli.Env, found *explain.Holding) error {
	h := &holdingScreen{&screen{env, found.Told}, found}
	switch {
	case env.ForPrograms():
		return env.Result(h.json())
	case h.How.Words:
		return h.printWords()
	}
	for _, section := range []func() error{h.printHead, h.printTraits, h.printParts, h.printFoot} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// title is the campaign's name, to follow its id.
func (h *holdingScreen) title() string {
	if h.Named == "" {
		return ""
	}
	return "  " + wording.Quoted(h.Named)
}

// printHead prints the size, and how many of the messages were compared.
func (h *holdingScreen) printHead() error {
	text := fmt.Sprintf("%s%s  %s", h.Of.Label, h.title(), cli.Count(len(h.Of.Keys), "message", ""))
	if h.H.Looked < len(h.Of.Keys) {
		text += fmt.Sprintf("; %s of them were compared, each with each", cli.Number(h.H.Looked))
	}
	if without := h.How.Without; len(without) > 0 {
		text += fmt.Sprintf(".  Left out: %s", strings.Join(without, ", "))
	}
	text = wording.Paragraph(h.env.Text(text), h.env.Columns())
	return h.env.Printf("%s%s", h.env.Bold(h.Of.Label), strings.TrimPrefix(text, h.Of.Label))
}

// printTraits prints the shared traits by group, each with the parts into which
// the campaign would fall without it.
//
// An evidence group's title stands over its traits. "elsewhere" and "ham" need
// a wider screen.
func (h *holdingScreen) printTraits() error {
	if len(h.Traits) == 0 {
		return h.env.Printf("\nNo two of them share anything that counts.\n")
	}
	cols := []cli.Column{{Title: "Shared traits that hold it together", Flex: true}, {Title: "in " + h.Of.Label, Right: true}, {Title: "bits", Right: true}}
	others := h.env.Columns() >= wideEnoughForOthers
	if others {
		cols = slices.Insert(cols, 2, cli.Column{Title: "elsewhere", Right: true}, cli.Column{Title: "ham", Right: true})
	}
	// If no trait alone matters, the column would say "holds" on every line.
	falls := slices.ContainsFunc(h.Falls, func(sizes []int) bool { return sizes != nil })
	if falls {
		cols = append(cols, cli.Column{Title: "without it"})
	}
	t := h.env.Table(cols...)
	group := evidence.Groups
	for i, r := range h.Traits {
		if g := r.Feature.Kind().Group(); g != group {
			group = g
			t.Row(g.About())
		}
		row := []string{"  " + h.traitWords(&r), cli.Number(r.Members), wording.Bits(r.Bits)}
		if others {
			row = slices.Insert(row, 2, cli.Number(r.Elsewhere), cli.Number(r.Ham))
		}
		if falls {
			row = append(row, fallWords(h.Falls[i]))
		}
		t.Row(row...)
	}
	if err := h.env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

// wideEnoughForOthers is the width from which traits are counted in other mail
// too.
const wideEnoughForOthers = 64

// traitWords describes a trait and, on a wide screen, the domain or address
// through which messages have it.
func (h *holdingScreen) traitWords(t *campaign.Trait) string {
	words := h.words(t.Feature)
	if via := h.Teller.Via(t.Example, t.Feature); h.env.Columns() >= wideEnoughForVia && via != "" && !strings.Contains(words, via) {
		words += " (" + via + ")"
	}
	return words
}

// fallWords is "holds", or the sizes of the parts.
func fallWords(sizes []int) string {
	if sizes == nil {
		return "holds"
	}
	return partsWords(sizes)
}

// partsWords writes the sizes of parts, largest first: "36 + 30 + 9 single".
//
// At most three parts are given by their sizes.
func partsWords(sizes []int) string {
	var words []string
	single, more := 0, 0
	for _, n := range sizes {
		switch {
		case n == 1:
			single++
		case len(words) == 3:
			more++
		default:
			words = append(words, cli.Number(n))
		}
	}
	if more > 0 {
		words = append(words, fmt.Sprintf("%d more parts", more))
	}
	if single > 0 {
		words = append(words, cli.Number(single)+" single")
	}
	return strings.Join(words, " + ")
}

// printParts prints the parts that remain without the evidence of --without.
func (h *holdingScreen) printParts() error {
	if len(h.How.Without) == 0 {
		return nil
	}
	if len(h.Parts) <= len(h.Before) {
		return h.env.Printf("\nWithout it: still holds.\n")
	}
	if err := h.env.Printf("\nWithout it: falls into %s.\n", partsWords(explain.SizesOf(h.H.Falls))); err != nil {
		return err
	}
	t := h.env.Table(cli.Column{Title: "part", Right: true}, cli.Column{Title: "msgs", Right: true}, cli.Column{Title: "such as"}, cli.Column{Title: "received"}, cli.Column{Title: "from", Flex: true}, cli.Column{Title: "subject", Flex: true})
	for i, p := range h.Parts[:min(len(h.Parts), explain.PartsShown)] {
		m := h.Teller.Facts[p.First]
		t.Row(cli.Number(i+1), cli.Number(p.Messages), h.name(p.First), cli.Minute(m.ReceivedAt), m.From, m.Subject)
	}
	return t.Print()
}

// printFoot prints excluded traits, the weakest seam, the least sure message,
// and the next commands.
//
// Each sentence is followed by the command that shows more of it.
func (h *holdingScreen) printFoot() error {
	var b strings.Builder
	b.WriteByte('\n')
	add := func(format string, args ...any) {
		b.WriteString(wording.Paragraph(h.env.Text(fmt.Sprintf(format, args...)), h.env.Columns()))
	}
	if h.Falls != nil && !slices.ContainsFunc(h.Falls, func(sizes []int) bool { return sizes != nil }) {
		add("It would hold without any one of these.")
	}
	if n := len(h.Before); n > 1 && len(h.How.Without) == 0 {
		add("Clustered anew from the present store it would be %s: a run may take it apart.", partsWords(h.Before))
	}
	if words := h.commonWords(); words != "" {
		add("Set aside, too common to be evidence: %s.", words)
	}
	if h.Bridge.A != 0 || h.Bridge.B != 0 {
		add("Weakest seam: %s, by %s. %s.", h.seamWords(), h.summary(&h.Bridge), h.hanging())
		fmt.Fprintf(&b, "  correlate why %s %s\n", h.name(h.Bridge.A), h.name(h.Bridge.B))
	}
	if s := h.leastWords(); s != "" {
		add("%s", s)
		fmt.Fprintf(&b, "  correlate why %s %s\n", h.name(h.Least.A), h.name(h.Least.B))
	}
	if f := h.typed(); f != "" && len(h.How.Without) == 0 {
		fmt.Fprintf(&b, "What if not: correlate why %s --without %s\n", h.Of.Label, h.env.Text(f))
	}
	return h.env.Printf("%s", b.String())
}

// seamWords gives the agreement of the two sides that differ most.
func (h *holdingScreen) seamWords() string {
	s := fmt.Sprintf("its two sides that differ most agree by %s bits", signed(h.Bridge.Total))
	if !h.Bridge.Linked {
		s += ", not enough by the present store"
	}
	return s
}

// hanging gives the sizes of the two sides.
func (h *holdingScreen) hanging() string {
	return fmt.Sprintf("On one side %s, on the other %s", cli.Count(len(h.H.Side), "message", ""), cli.Count(h.Bridge.With, "message", ""))
}

// leastWords describes the least sure message and the evidence that holds it;
// "" if there is no other.
func (h *holdingScreen) leastWords() string {
	m := h.Proofs[h.H.Least]
	if m == nil || h.Least.A == h.Least.B {
		return ""
	}
	sure := ""
	if h.Of.Campaign != 0 && m.Confidence > 0 {
		sure = ", " + percent(m.Confidence)
	}
	f := h.Teller.Facts[h.H.Least]
	return fmt.Sprintf("Least sure: %s%s (%s from %s); held most by %s bits: %s.", h.name(h.H.Least), sure, wording.Quoted(printable.Cut(f.Subject, 50)), f.From,
		signed(h.Least.Total), h.summary(&h.Least))
}

// percent writes a probability. It never says 100 %, since nothing is certain.
func percent(p float64) string {
	if p >= 0.995 {
		return "over 99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}

// commonWords lists traits of most members that are too common to count, and
// how common they are.
func (h *holdingScreen) commonWords() string {
	var words []string
	for i := range h.H.Common[:min(len(h.H.Common), commonShown)] {
		t := &h.H.Common[i]
		words = append(words, fmt.Sprintf("%s (%s here, %s elsewhere)", printable.Cut(h.traitWords(t), 60), cli.Number(t.Members), cli.Number(t.Elsewhere+t.Ham)))
	}
	if more := len(h.H.Common) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// typed is the strongest trait in the form that --without takes; "" if none
// fits a line.
//
// A value with a quote or a control character cannot be pasted into a shell.
func (h *holdingScreen) typed() string {
	for _, t := range h.Traits {
		value, ok := h.Teller.Values[t.Feature]
		if text := t.Feature.Kind().String() + ":" + value; ok && len(text) < 50 && !strings.Contains(text, "'") && printable.Clean(text) == text {
			return "'" + text + "'"
		}
	}
	return ""
}
