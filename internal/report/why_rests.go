package report

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
)

// resting is one line of the evidence with what it rests on: fields of the header, URLs,
// answers, as they stand.
type resting struct {
	step  *campaign.Step
	words string
	lines []restLine
}

// restLine is one of them.
type restLine struct {
	key   int64  // the message; 0: both
	where string // "" for the message itself
	text  string
}

// Bounds of what is shown of it.
const (
	restsShown = 3  // lines of evidence, unless all are asked for
	restsMost  = 60 // of all
	linesShown = 2  // of each message
	longestRaw = 600
)

// readRests finds what the evidence rests on, the most important lines first.
func (p *pairScreen) readRests(ctx context.Context) error {
	var steps []*campaign.Step
	for i := range p.e.Steps {
		if s := &p.e.Steps[i]; s.Bits > 0 || p.Raw && s.Feature != 0 && !s.Common {
			steps = append(steps, s)
		}
	}
	slices.SortStableFunc(steps, func(a, b *campaign.Step) int { return cmp.Compare(b.Bits, a.Bits) })
	most := restsShown
	if p.Raw {
		most = restsMost
	}
	for _, s := range steps {
		if len(p.rests) == most {
			break
		}
		r := resting{step: s, words: p.stepWords(s, p.e.A, p.e.B)}
		for _, key := range []int64{p.e.A, p.e.B} {
			lines, err := p.linesOf(ctx, s.Feature, key)
			if err != nil {
				return err
			}
			for _, l := range lines[:min(len(lines), linesShown)] {
				l.key, l.text = key, printable.Fold(printable.Cut(l.text, longestRaw))
				r.lines = append(r.lines, l)
			}
		}
		if r.lines = onceEach(r.lines); len(r.lines) > 0 {
			p.rests = append(p.rests, r)
		}
	}
	return nil
}

// onceEach makes one line of what both messages have.
func onceEach(lines []restLine) []restLine {
	var out []restLine
	for _, l := range lines {
		i := slices.IndexFunc(out, func(o restLine) bool { return o.where == l.where && o.text == l.text })
		switch {
		case i < 0:
			out = append(out, l)
		case out[i].key != l.key:
			out[i].key = 0
		}
	}
	return out
}

func (p *pairScreen) printRests() error {
	if len(p.rests) == 0 {
		return nil
	}
	head := "What it rests on"
	if !p.Raw {
		head += " (all of it: --raw)"
	}
	if err := p.env.Printf("\n%s\n", head); err != nil {
		return err
	}
	for i := range p.rests {
		r := &p.rests[i]
		if err := p.env.Printf("  %s\n", p.env.Cut(r.words, p.env.Columns()-2)); err != nil {
			return err
		}
		for _, l := range r.lines {
			name := "both    "
			if l.key != 0 {
				name = p.name(l.key)
			}
			text := l.text
			if l.where != "" {
				text = l.where + ": " + text
			}
			if err := p.env.Printf("%s", indented("    "+name+"  ", p.env.Text(text), p.env.Columns())); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxWrapped is how many lines one raw line may take.
const maxWrapped = 4

// indented breaks text into lines under its beginning.
func indented(begin, text string, width int) string {
	room := max(width-len(begin), 20)
	lines := strings.Split(strings.TrimSuffix(paragraph(text, room), "\n"), "\n")
	if len(lines) > maxWrapped {
		lines = append(lines[:maxWrapped-1], lines[maxWrapped-1]+" …")
	}
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			begin = strings.Repeat(" ", len(begin))
		}
		b.WriteString(begin + printable.Cut(line, room) + "\n")
	}
	return b.String()
}

// linesOf finds the lines of a message, or of what registries and DNS say of what is in it,
// on which it rests that the message has a feature.
func (p *pairScreen) linesOf(ctx context.Context, f evidence.Key, key int64) ([]restLine, error) {
	m := p.teller.facts[key]
	switch src := f.Kind().Source(); src.Place {
	case evidence.Fields:
		return p.header(m, src.Fact(m), src.Fields...), nil
	case evidence.OddField:
		return p.header(m, "", p.teller.values[f]), nil
	case evidence.FieldOrder:
		order := restLine{where: "header fields in order", text: strings.ReplaceAll(m.HeaderNames, ",", " ")}
		id := evidence.MessageID.Source()
		return append([]restLine{order}, p.header(m, id.Fact(m), id.Fields...)...), nil
	case evidence.OwnHop:
		return p.ownHop(m), nil
	case evidence.LowerHops:
		return claimLines(f, m), nil
	case evidence.AnomalyDetails:
		return p.anomalyLines(f, m), nil
	case evidence.BodyText:
		return []restLine{{where: "in the text", text: p.teller.values[f]}}, nil
	case evidence.Attached:
		return []restLine{{where: "attached", text: strings.Join(append(slices.Clone(m.FileNames), p.teller.values[f]), ", ")}}, nil
	case evidence.URLs:
		return linkLines(f, m), nil
	case evidence.DomainAnswers:
		return p.registrationLines(ctx, f, key)
	case evidence.AddressAnswers:
		return p.addressLines(ctx, f, key)
	case evidence.HostBlocks:
		if d := p.teller.domains[p.teller.via[viaKey{key, f}]]; d != nil {
			return p.blockLines(ctx, f, d.Addresses)
		}
	case evidence.SenderBlock:
		return p.blockLines(ctx, f, []netip.Addr{m.Sender})
	}
	return nil, nil
}

// header lists the fields of a message of these names; from the facts where the message
// itself is not kept.
func (p *pairScreen) header(m *evidence.Message, fact string, names ...string) []restLine {
	var out []restLine
	kept := p.proofs[m.Key].Header()
	for _, field := range fieldsOf(kept) {
		name, _, _ := strings.Cut(field, ":")
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(name)) }) {
			out = append(out, restLine{text: field})
		}
	}
	if len(out) == 0 && fact != "" {
		out = append(out, restLine{text: names[0] + ": " + fact})
	}
	return out
}

// maxFields bounds the fields of one header.
const maxFields = 500

// fieldsOf lists the fields of a header, each on one line.
func fieldsOf(header []byte) []string {
	var out []string
	for line := range strings.Lines(string(header)) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "":
		case (line[0] == ' ' || line[0] == '\t') && len(out) > 0:
			if len(out[len(out)-1]) < longestRaw {
				out[len(out)-1] += " " + strings.TrimSpace(line)
			}
		case len(out) < maxFields:
			out = append(out, line)
		}
	}
	return out
}

// linkLines lists the URLs that have a feature. Each is asked by itself.
func linkLines(f evidence.Key, m *evidence.Message) []restLine {
	var out []restLine
	for i := range m.Links {
		one := evidence.Message{Links: m.Links[i : i+1], Readers: m.Readers}
		if slices.ContainsFunc(evidence.Of(&one), func(g evidence.Feature) bool { return g.Key() == f }) {
			out = append(out, restLine{text: printable.Defang(m.Links[i].URL)})
		}
		if len(out) == linesShown {
			break
		}
	}
	return out
}

// ownHop is the Received field of our own server.
func (p *pairScreen) ownHop(m *evidence.Message) []restLine {
	raw := p.proofs[m.Key].Received
	if raw == "" {
		return nil
	}
	return []restLine{{text: "Received: " + strings.TrimPrefix(raw, "Received:")}}
}

// claimLines lists the Received fields below our own that have a feature.
func claimLines(f evidence.Key, m *evidence.Message) []restLine {
	var out []restLine
	for i := range m.Claims {
		one := evidence.Message{Claims: m.Claims[i : i+1], Sender: m.Sender}
		if slices.ContainsFunc(evidence.Of(&one), func(g evidence.Feature) bool { return g.Key() == f }) {
			out = append(out, restLine{text: "Received: " + strings.TrimPrefix(m.Claims[i].Raw, "Received:")})
		}
	}
	return out
}

func (p *pairScreen) anomalyLines(f evidence.Key, m *evidence.Message) []restLine {
	proof := p.proofs[m.Key]
	codes := strings.Fields(p.teller.values[f])
	var out []restLine
	for i, code := range proof.Oddities {
		if slices.Contains(codes, code) && i < len(proof.Evidence) {
			out = append(out, restLine{where: anomalyWords(code), text: proof.Evidence[i]})
		}
	}
	return out
}

// registrationLines lists the lines of registries' answers on the domain through which a
// message has a feature.
func (p *pairScreen) registrationLines(ctx context.Context, f evidence.Key, key int64) ([]restLine, error) {
	domain := p.teller.via[viaKey{key, f}]
	if domain == "" {
		return nil, nil
	}
	fits := fitting(f.Kind(), p.teller.values[f])
	answers, err := p.lookups.Answers(ctx, "domain", domain)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		if a.Source == "dns" && !f.Kind().Source().DNS {
			continue
		}
		var out []restLine
		for _, line := range a.Lines {
			if fits(line) {
				out = append(out, restLine{where: fmt.Sprintf("%s by %s, %s", domain, a.Server, cli.Date(a.At)), text: line})
			}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return nil, nil
}

// fitting returns a function that reports whether a line of an answer gives a value. A value
// in a normal form that no answer need have is found by the label of its line.
func fitting(k evidence.Kind, value string) func(string) bool {
	src := k.Source()
	if src.Labels == nil {
		want := plainLetters(value)
		return func(line string) bool { return want != "" && strings.Contains(plainLetters(line), want) }
	}
	return func(line string) bool {
		lower := strings.ToLower(line)
		name, rest, ok := strings.Cut(lower, ":")
		unless := name
		if !ok || strings.TrimSpace(rest) == "" {
			name, _, _ = strings.Cut(lower, " on ")
		}
		name = strings.TrimSpace(name)
		return len(name) < longestLabel && slices.ContainsFunc(src.Labels, func(w string) bool { return strings.HasPrefix(name, w) }) &&
			!slices.ContainsFunc(src.Unless, func(w string) bool { return strings.Contains(unless, w) })
	}
}

// longestLabel bounds the label of a line: what is longer is a sentence.
const longestLabel = 30

// plainLetters leaves the letters and digits of a line: phone numbers and names are written
// with blanks, dots and capitals as everybody likes.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// addressLines lists the lines of DNS answers on the hosts through which a message has an
// address or network.
func (p *pairScreen) addressLines(ctx context.Context, f evidence.Key, key int64) ([]restLine, error) {
	name := p.teller.via[viaKey{key, f}]
	if p.teller.domains[name] == nil {
		return nil, nil
	}
	want, err := netip.ParsePrefix(p.teller.values[f])
	if err != nil {
		a, err := netip.ParseAddr(p.teller.values[f])
		if err != nil {
			return nil, nil
		}
		want = netip.PrefixFrom(a, a.BitLen())
	}
	subjects := [][2]string{{"domain", name}, {"host", name}}
	for i := range p.teller.facts[key].Links {
		if l := &p.teller.facts[key].Links[i]; l.Domain == name && l.Host != name && len(subjects) < 8 {
			subjects = append(subjects, [2]string{"host", l.Host})
		}
	}
	for _, s := range subjects {
		answers, err := p.lookups.Answers(ctx, s[0], s[1])
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			var out []restLine
			for _, line := range a.Lines {
				last := line[strings.LastIndexByte(line, ' ')+1:]
				if addr, err := netip.ParseAddr(last); a.Source == "dns" && err == nil && want.Contains(addr) {
					out = append(out, restLine{where: fmt.Sprintf("DNS by %s, %s", a.Server, cli.Date(a.At)), text: line})
				}
			}
			if len(out) > 0 {
				return out, nil
			}
		}
	}
	return nil, nil
}

// maxBlocks bounds how many addresses are asked about.
const maxBlocks = 8

// blockLines lists who holds or announces addresses.
func (p *pairScreen) blockLines(ctx context.Context, f evidence.Key, addresses []netip.Addr) ([]restLine, error) {
	want := plainLetters(p.teller.values[f])
	for _, a := range addresses[:min(len(addresses), maxBlocks)] {
		blocks, err := p.lookups.Blocks(ctx, a)
		if err != nil {
			return nil, err
		}
		for i := range blocks {
			b := &blocks[i]
			text := fmt.Sprintf("%s %s", b.Prefix, b.Owner)
			fits := plainLetters(b.Owner) == want
			for _, n := range b.ASNs {
				if fmt.Sprint(n) == p.teller.values[f] {
					fits, text = true, fmt.Sprintf("%s announced by AS%d %s", b.Prefix, n, strings.Join(b.ASNames, ", "))
				}
			}
			if fits {
				by := strings.TrimSpace(b.Source + " " + b.Server)
				return []restLine{{where: fmt.Sprintf("%s by %s, %s", plainAddr(a), by, cli.Date(b.AskedAt)), text: text}}, nil
			}
		}
	}
	return nil, nil
}
