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
	switch k := f.Kind(); k.Group() {
	case evidence.Links:
		return p.linkLines(f, m), nil
	case evidence.Registration:
		return p.registrationLines(ctx, f, key)
	case evidence.Hosting:
		return p.hostingLines(ctx, f, key)
	case evidence.Content:
		return p.contentLines(f, m), nil
	case evidence.Sending:
		if k == evidence.SenderOwner || k == evidence.SenderAS {
			return p.blockLines(ctx, f, []netip.Addr{m.Sender})
		}
		return p.sendingLines(f, m), nil
	case evidence.Mailer:
		return p.mailerLines(f, m), nil
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

func bracketed(id string) string {
	if id == "" {
		return ""
	}
	return "<" + id + ">"
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

func (p *pairScreen) contentLines(f evidence.Key, m *evidence.Message) []restLine {
	value := p.teller.values[f]
	switch f.Kind() {
	case evidence.SubjectKey, evidence.SubjectForm, evidence.SubjectWord:
		return p.header(m, m.Subject, "Subject")
	case evidence.Attachment, evidence.FileName:
		return []restLine{{where: "attached", text: strings.Join(append(slices.Clone(m.FileNames), value), ", ")}}
	case evidence.Mailbox, evidence.Phone, evidence.Wallet:
		return []restLine{{where: "in the text", text: value}}
	}
	return nil
}

// linkLines lists the URLs that have a feature. Each is asked by itself.
func (p *pairScreen) linkLines(f evidence.Key, m *evidence.Message) []restLine {
	if f.Kind() == evidence.Unsubscribe {
		return p.header(m, "", "List-Unsubscribe")
	}
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

func (p *pairScreen) sendingLines(f evidence.Key, m *evidence.Message) []restLine {
	switch f.Kind() {
	case evidence.FromAddress, evidence.FromDomain, evidence.FromForm, evidence.FromName:
		return p.header(m, m.From, "From")
	case evidence.BounceDomain, evidence.BounceForm:
		return p.header(m, m.ReturnPath, "Return-Path")
	case evidence.ReplyTo:
		return p.header(m, strings.Join(m.ReplyTo, ", "), "Reply-To")
	case evidence.Origin:
		return claimLines(f, m)
	}
	if raw := p.proofs[m.Key].Received; raw != "" {
		return []restLine{{text: "Received: " + strings.TrimPrefix(raw, "Received:")}}
	}
	return nil
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

func (p *pairScreen) mailerLines(f evidence.Key, m *evidence.Message) []restLine {
	switch f.Kind() {
	case evidence.MessageIDForm, evidence.MessageIDHost, evidence.MessageID, evidence.MessageIDPart:
		return p.header(m, bracketed(m.MessageID), "Message-ID")
	case evidence.BoundaryForm, evidence.MIMESkeleton:
		return p.header(m, m.MIMESkeleton, "Content-Type")
	case evidence.IDAndBoundary:
		return p.header(m, bracketed(m.MessageID), "Message-ID", "Content-Type")
	case evidence.MailerName:
		return p.header(m, m.Mailer, "X-Mailer", "User-Agent")
	case evidence.DateForm:
		return p.header(m, "", "Date")
	case evidence.Encodings:
		return p.header(m, m.Encodings, "Content-Transfer-Encoding")
	case evidence.HeaderOdd:
		return p.header(m, "", p.teller.values[f])
	case evidence.ForgedHop:
		return claimLines(f, m)
	case evidence.Oddities:
		return p.oddityLines(f, m)
	case evidence.HeaderOrder, evidence.MailerCore, evidence.MailerPrint:
		order := restLine{where: "header fields in order", text: strings.ReplaceAll(m.HeaderNames, ",", " ")}
		return append([]restLine{order}, p.header(m, bracketed(m.MessageID), "Message-ID")...)
	}
	return nil
}

func (p *pairScreen) oddityLines(f evidence.Key, m *evidence.Message) []restLine {
	proof := p.proofs[m.Key]
	codes := strings.Fields(p.teller.values[f])
	var out []restLine
	for i, code := range proof.Oddities {
		if slices.Contains(codes, code) && i < len(proof.Evidence) {
			out = append(out, restLine{where: oddityWords(code), text: proof.Evidence[i]})
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
	answers, err := p.st.Answers(ctx, "domain", domain)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		if a.Source == "dns" && f.Kind() != evidence.NameServers {
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

// fitting returns what tells whether a line of an answer gives a value. What is stored in a
// normal form that no answer need have is found by its label.
func fitting(k evidence.Kind, value string) func(string) bool {
	label := func(words ...string) func(string) bool {
		return func(line string) bool {
			name, rest, ok := strings.Cut(strings.ToLower(line), ":")
			if !ok || strings.TrimSpace(rest) == "" {
				name, _, _ = strings.Cut(strings.ToLower(line), " on ")
			}
			name = strings.TrimSpace(name)
			return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(name, w) && len(name) < 30 })
		}
	}
	switch k {
	case evidence.Registrar:
		named := label("registrar", "sponsoring registrar")
		return func(line string) bool {
			name, _, _ := strings.Cut(strings.ToLower(line), ":")
			for _, other := range []string{"whois", "url", "abuse", "iana", "id", "handle", "email", "phone"} {
				if strings.Contains(name, other) {
					return false
				}
			}
			return named(line)
		}
	case evidence.RegisteredAt:
		return label("creat", "registered", "registration date", "registration time", "domain registration date", "domain create")
	}
	want := plainLetters(value)
	return func(line string) bool { return want != "" && strings.Contains(plainLetters(line), want) }
}

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

// hostingLines lists the lines of DNS answers, and of those of the keepers of netblocks.
func (p *pairScreen) hostingLines(ctx context.Context, f evidence.Key, key int64) ([]restLine, error) {
	name := p.teller.via[viaKey{key, f}]
	d := p.teller.domains[name]
	if d == nil {
		return nil, nil
	}
	if k := f.Kind(); k == evidence.HostOwner || k == evidence.HostAS {
		return p.blockLines(ctx, f, d.Addresses)
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
		answers, err := p.st.Answers(ctx, s[0], s[1])
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
		blocks, err := p.st.BlocksOf(ctx, a)
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
