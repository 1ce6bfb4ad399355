package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
)

// holdingScreen tells what holds a campaign, or an operation, together.
type holdingScreen struct {
	*why
	of     asked
	h      campaign.Holding
	traits []campaign.Trait // that are shown, by group
	falls  [][]int          // of each: the sizes of the parts into which it falls without it
	before []int            // the parts with all of the evidence
	bridge campaign.Explanation
	least  campaign.Explanation // of the member that is least sure, and the one that holds it most
	parts  []part               // without what was asked for
	named  string               // what people call it
}

// part is one of the parts into which a campaign falls.
type part struct {
	messages int
	first    int64 // one of them
}

func (w *why) holding(ctx context.Context, s asked) error {
	h := &holdingScreen{why: w, of: s}
	if h.h = w.index.Holding(s.keys, w.without); h.h.Looked == 0 {
		return &cli.Error{Code: cli.Misused, Message: "no evidence of these messages has been worked out yet", Hint: "Run correlate first."}
	}
	h.bridge = h.h.Bridge
	h.traits = byGroup(h.h.Traits, w.Raw)
	h.before = sizesOf(h.h.Falls)
	if len(w.WhyOptions.Without) > 0 {
		h.before = sizesOf(w.index.Holding(s.keys, campaign.Without{}).Falls)
		for _, f := range h.h.Falls {
			h.parts = append(h.parts, part{len(f), f[0]})
		}
	} else {
		h.leaveOut()
	}
	if err := h.read(ctx); err != nil {
		return err
	}
	switch {
	case h.env.JSON():
		return h.env.WriteJSON(h.json())
	case h.Words:
		return h.printWords()
	}
	for _, section := range []func() error{h.printHead, h.printTraits, h.printParts, h.printFoot} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// leaveOut finds what each trait carries.
func (h *holdingScreen) leaveOut() {
	all := sizesOf(h.index.Falls(h.of.keys, campaign.Without{}, fallsOf))
	for _, t := range h.traits {
		parts := sizesOf(h.index.Falls(h.of.keys, campaign.Without{Features: []evidence.Key{t.Feature}}, fallsOf))
		if len(parts) <= len(all) {
			parts = nil
		}
		h.falls = append(h.falls, parts)
	}
}

// fallsOf is how many members are compared for each trait.
const fallsOf = 150

// byGroup takes the traits that say most of each group of evidence, the group of the strongest
// first.
func byGroup(traits []campaign.Trait, all bool) []campaign.Trait {
	of := make([]heldBy, len(traits))
	for i, t := range traits {
		of[i] = heldBy{t.Feature.Kind(), int64(t.Members), int64(t.Elsewhere), int64(t.Ham)}
	}
	var out []campaign.Trait
	for _, i := range perGroup(of, traitsOfGroup, all) {
		out = append(out, traits[i])
	}
	var rank [evidence.Groups]int
	for i, t := range slices.Backward(out) {
		rank[t.Feature.Kind().Group()] = i
	}
	slices.SortStableFunc(out, func(a, b campaign.Trait) int {
		return cmp.Compare(rank[a.Feature.Kind().Group()], rank[b.Feature.Kind().Group()])
	})
	return out
}

// Of a group so many traits are shown, of all that are found.
const (
	traitsOfGroup = 5
	traitsFound   = 90
)

func sizesOf(parts [][]int64) []int {
	out := make([]int, len(parts))
	for i, p := range parts {
		out[i] = len(p)
	}
	return out
}

// read reads what stands in the messages that are shown, and in those that tell what traits
// are called.
func (h *holdingScreen) read(ctx context.Context) error {
	keys := []int64{h.h.Least}
	if h.bridge.A != 0 || h.bridge.B != 0 {
		keys = append(keys, h.bridge.A, h.bridge.B)
	}
	for _, t := range append(append([]campaign.Trait{}, h.traits...), h.h.Common...) {
		keys = append(keys, t.Example)
	}
	for _, p := range h.parts[:min(len(h.parts), partsShown)] {
		keys = append(keys, p.first)
	}
	if h.of.campaign != 0 && len(h.of.keys) > 1 {
		// Those that are surest come first.
		h.h.Least = h.of.keys[len(h.of.keys)-1]
		keys = append(keys, h.h.Least)
	}
	var others []int64
	for _, k := range h.of.keys {
		if k != h.h.Least {
			others = append(others, k)
		}
	}
	if e, ok := h.index.Strongest([]int64{h.h.Least}, others); ok {
		h.least = e
		keys = append(keys, e.A, e.B)
	}
	names, err := decision.ReadNames(ctx, h.st)
	if err != nil {
		return err
	}
	if name := names[h.of.campaign]; name != "" {
		h.named = "  " + quoted(name)
	}
	return h.know(ctx, distinctKeys(keys))
}

func distinctKeys(keys []int64) []int64 {
	seen := make(map[int64]bool)
	var out []int64
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

func (h *holdingScreen) printHead() error {
	text := fmt.Sprintf("%s%s  %s", h.of.label, h.named, cli.Count(len(h.of.keys), "message", ""))
	if h.h.Looked < len(h.of.keys) {
		text += fmt.Sprintf("; %s of them were compared, each with each", cli.Number(h.h.Looked))
	}
	if without := h.WhyOptions.Without; len(without) > 0 {
		text += fmt.Sprintf(".  Left out: %s", strings.Join(without, ", "))
	}
	text = paragraph(h.env.Text(text), h.env.Columns())
	return h.env.Printf("%s%s", h.env.Bold(h.of.label), strings.TrimPrefix(text, h.of.label))
}

func (h *holdingScreen) printTraits() error {
	if len(h.traits) == 0 {
		return h.env.Printf("\nNo two of them share anything that counts.\n")
	}
	cols := []cli.Column{{Title: "What holds it together", Flex: true}, {Title: "in " + h.of.label, Right: true}, {Title: "bits", Right: true}}
	others := h.env.Columns() >= wideEnoughForOthers
	if others {
		cols = slices.Insert(cols, 2, cli.Column{Title: "elsewhere", Right: true}, cli.Column{Title: "ham", Right: true})
	}
	falls := slices.ContainsFunc(h.falls, func(sizes []int) bool { return sizes != nil })
	if falls {
		cols = append(cols, cli.Column{Title: "without it"})
	}
	t := h.env.Table(cols...)
	group := evidence.Groups
	for i, r := range h.traits {
		if g := r.Feature.Kind().Group(); g != group {
			group = g
			t.Row(g.About())
		}
		row := []string{"  " + h.traitWords(&r), cli.Number(r.Members), bits(r.Bits)}
		if others {
			row = slices.Insert(row, 2, cli.Number(r.Elsewhere), cli.Number(r.Ham))
		}
		if falls {
			row = append(row, fallWords(h.falls[i]))
		}
		t.Row(row...)
	}
	if err := h.env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

// wideEnoughForOthers is the width from which traits say who else has them.
const wideEnoughForOthers = 64

// traitWords says what a trait is, and through which domain or address it was met.
func (h *holdingScreen) traitWords(t *campaign.Trait) string {
	words := h.teller.words(t.Feature)
	if via := h.teller.via[viaKey{t.Example, t.Feature}]; h.env.Columns() >= wideEnoughForVia && via != "" && !strings.Contains(words, via) {
		words += " (" + via + ")"
	}
	return words
}

// fallWords says into what it falls: "holds", or the sizes of the parts.
func fallWords(sizes []int) string {
	if sizes == nil {
		return "holds"
	}
	return partsWords(sizes)
}

// partsWords writes the sizes of parts, largest first: "36 + 30 + 9 single".
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

// partsShown is how many parts of a campaign have a line.
const partsShown = 8

func (h *holdingScreen) printParts() error {
	if len(h.WhyOptions.Without) == 0 {
		return nil
	}
	if len(h.parts) <= len(h.before) {
		return h.env.Printf("\nWithout it: still holds.\n")
	}
	if err := h.env.Printf("\nWithout it: falls into %s.\n", partsWords(sizesOf(h.h.Falls))); err != nil {
		return err
	}
	t := h.env.Table(cli.Column{Title: "part", Right: true}, cli.Column{Title: "msgs", Right: true}, cli.Column{Title: "such as"}, cli.Column{Title: "received"}, cli.Column{Title: "from", Flex: true}, cli.Column{Title: "subject", Flex: true})
	for i, p := range h.parts[:min(len(h.parts), partsShown)] {
		m := h.teller.facts[p.first]
		t.Row(cli.Number(i+1), cli.Number(p.messages), h.name(p.first), cli.Minute(m.ReceivedAt), m.From, m.Subject)
	}
	return t.Print()
}

func (h *holdingScreen) printFoot() error {
	var b strings.Builder
	b.WriteByte('\n')
	add := func(format string, args ...any) {
		b.WriteString(paragraph(h.env.Text(fmt.Sprintf(format, args...)), h.env.Columns()))
	}
	if h.falls != nil && !slices.ContainsFunc(h.falls, func(sizes []int) bool { return sizes != nil }) {
		add("It would hold without any one of these.")
	}
	if n := len(h.before); n > 1 && len(h.WhyOptions.Without) == 0 {
		add("Pairs alone make %s of it: what its parts have in common as wholes holds these together.", partsWords(h.before))
	}
	if words := h.commonWords(); words != "" {
		add("Set aside, too common to be evidence: %s.", words)
	}
	if h.of.weakest > 0 {
		add("Weakest link: %s bits, between its parts taken as wholes; %s are needed.", signed(h.of.weakest), signed(h.bridge.LinkBits))
	}
	if h.bridge.A != 0 || h.bridge.B != 0 {
		add("Weakest bridge between messages: %s bits, by %s. %s.", signed(h.bridge.Total), h.summary(&h.bridge), h.hanging())
		fmt.Fprintf(&b, "  correlate why %s %s\n", h.name(h.bridge.A), h.name(h.bridge.B))
	}
	if s := h.leastWords(); s != "" {
		add("%s", s)
		fmt.Fprintf(&b, "  correlate why %s %s\n", h.name(h.least.A), h.name(h.least.B))
	}
	if f := h.typed(); f != "" && len(h.WhyOptions.Without) == 0 {
		fmt.Fprintf(&b, "What if not: correlate why %s --without %s\n", h.of.label, h.env.Text(f))
	}
	return h.env.Printf("%s", b.String())
}

// hanging says how much hangs on the bridge.
func (h *holdingScreen) hanging() string {
	all := cli.Count(len(h.of.keys), "message", "")
	if h.h.Looked < len(h.of.keys) {
		all = "the " + cli.Number(h.h.Looked) + " that were compared"
	}
	verb := "hang"
	if len(h.h.Side) == 1 {
		verb = "hangs"
	}
	return fmt.Sprintf("%s of %s %s on it", cli.Number(len(h.h.Side)), all, verb)
}

func (h *holdingScreen) leastWords() string {
	m := h.proofs[h.h.Least]
	if m == nil || h.least.A == h.least.B {
		return ""
	}
	sure := ""
	if h.of.campaign != 0 && m.Confidence > 0 {
		sure = ", " + percent(m.Confidence)
	}
	f := h.teller.facts[h.h.Least]
	return fmt.Sprintf("Least sure: %s%s (%s from %s); held most by %s bits: %s.", h.name(h.h.Least), sure, quoted(printable.Cut(f.Subject, 50)), f.From,
		signed(h.least.Total), h.summary(&h.least))
}

// percent writes a probability; nothing is certain.
func percent(p float64) string {
	if p >= 0.995 {
		return "over 99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}

// commonWords names what most members share that is worth nothing, and how common it is.
func (h *holdingScreen) commonWords() string {
	var words []string
	for i := range h.h.Common[:min(len(h.h.Common), commonShown)] {
		t := &h.h.Common[i]
		words = append(words, fmt.Sprintf("%s (%s here, %s elsewhere)", printable.Cut(h.traitWords(t), 60), cli.Number(t.Members), cli.Number(t.Elsewhere+t.Ham)))
	}
	if more := len(h.h.Common) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// typed is the strongest trait as people type it; "" if that takes more than a line.
func (h *holdingScreen) typed() string {
	for _, t := range h.traits {
		value, ok := h.teller.values[t.Feature]
		if text := t.Feature.Kind().String() + ":" + value; ok && len(text) < 50 && !strings.Contains(text, "'") && printable.Clean(text) == text {
			return "'" + text + "'"
		}
	}
	return ""
}

// printWords tells the same in sentences.
func (h *holdingScreen) printWords() error {
	var out []string
	out = append(out, fmt.Sprintf("%s has %s.", h.of.label, cli.Count(len(h.of.keys), "message", "")))
	for i := range h.traits {
		t := &h.traits[i]
		s := fmt.Sprintf("%s of them have: %s. %s other spam and %s wanted mail has it, so that sharing it is worth %s bits.",
			cli.Number(t.Members), h.traitWords(t), cli.Number(t.Elsewhere), cli.Number(t.Ham), bits(t.Bits))
		if h.falls != nil && h.falls[i] != nil {
			s += fmt.Sprintf(" Without it, it would fall into %s.", partsWords(h.falls[i]))
		}
		out = append(out, s)
	}
	if words := h.commonWords(); words != "" {
		out = append(out, "Too common to be evidence: "+words+".")
	}
	if len(h.WhyOptions.Without) > 0 {
		s := "Without " + strings.Join(h.WhyOptions.Without, ", ") + " it still holds."
		if len(h.parts) > len(h.before) {
			s = "Without " + strings.Join(h.WhyOptions.Without, ", ") + " it falls into " + partsWords(sizesOf(h.h.Falls)) + "."
		}
		out = append(out, s)
	}
	if h.bridge.A != 0 || h.bridge.B != 0 {
		out = append(out, fmt.Sprintf("The weakest link is that of %s and %s with %s bits, by %s. %s.", h.name(h.bridge.A), h.name(h.bridge.B),
			signed(h.bridge.Total), h.summary(&h.bridge), h.hanging()))
	}
	if s := h.leastWords(); s != "" {
		out = append(out, s)
	}
	for _, s := range out {
		if err := h.env.Printf("%s", paragraph(h.env.Text(s), h.env.Columns())); err != nil {
			return err
		}
	}
	return nil
}

type holdingJSON struct {
	ID       string          `json:"id"`
	Messages int             `json:"messages"`
	Compared int             `json:"compared"`
	Without  []string        `json:"without"`
	Traits   []heldTraitJSON `json:"traits"`
	Common   []heldTraitJSON `json:"set_aside"`
	Before   []int           `json:"parts_by_pairs"`
	Falls    []int           `json:"parts_without"`
	Holds    bool            `json:"still_holds"`
	Bridge   *bridgeJSON     `json:"weakest_bridge"`
	Least    *leastJSON      `json:"least_sure"`
}

type heldTraitJSON struct {
	Group     string  `json:"evidence"`
	Kind      string  `json:"kind"`
	Value     *string `json:"value"`
	Words     string  `json:"words"`
	Via       string  `json:"via"`
	Feature   int64   `json:"feature"`
	Members   int     `json:"members"`
	Elsewhere int     `json:"elsewhere"`
	Ham       int     `json:"ham"`
	Bits      float64 `json:"bits"`
	Falls     []int   `json:"parts_without"`
}

type bridgeJSON struct {
	explanationJSON
	Hanging int `json:"hanging"`
}

type leastJSON struct {
	whyMessageJSON
	Held *explanationJSON `json:"held_by"`
}

func (h *holdingScreen) json() holdingJSON {
	out := holdingJSON{ID: h.of.label, Messages: len(h.of.keys), Compared: h.h.Looked, Without: append([]string{}, h.WhyOptions.Without...),
		Traits: []heldTraitJSON{}, Common: []heldTraitJSON{}, Before: h.before, Falls: sizesOf(h.h.Falls), Holds: len(h.h.Falls) <= len(h.before)}
	for i := range h.traits {
		j := h.traitJSON(&h.traits[i])
		if h.falls != nil && h.falls[i] != nil {
			j.Falls = h.falls[i]
		}
		out.Traits = append(out.Traits, j)
	}
	for i := range h.h.Common {
		out.Common = append(out.Common, h.traitJSON(&h.h.Common[i]))
	}
	if h.bridge.A != 0 || h.bridge.B != 0 {
		out.Bridge = &bridgeJSON{h.explanation(&h.bridge), len(h.h.Side)}
	}
	if h.proofs[h.h.Least] != nil && h.least.A != h.least.B {
		e := h.explanation(&h.least)
		out.Least = &leastJSON{h.messageJSON(h.h.Least), &e}
	}
	return out
}

func (h *holdingScreen) traitJSON(t *campaign.Trait) heldTraitJSON {
	out := heldTraitJSON{Group: t.Feature.Kind().Group().String(), Kind: t.Feature.Kind().String(), Words: h.traitWords(t), Via: h.teller.via[viaKey{t.Example, t.Feature}], Feature: int64(t.Feature),
		Members: t.Members, Elsewhere: t.Elsewhere, Ham: t.Ham, Bits: t.Bits, Falls: []int{}}
	if v, ok := h.teller.values[t.Feature]; ok {
		out.Value = &v
	}
	return out
}
