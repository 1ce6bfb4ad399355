package explain

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
)

// Resting is one line of the evidence with its sources: header fields, URLs and
// answers, as received.
type Resting struct {
	Step  *campaign.Step
	Lines []RestLine
}

// RestLine is one of them.
type RestLine struct {
	Key   int64  // the message; 0: both
	Where string // "" for the message itself
	Text  string
}

// Limits of the sources shown.
const (
	restsShown = 3  // lines of evidence, unless all are asked for
	restsMost  = 60 // of all
	linesShown = 2  // of each message
	longestRaw = 600
)

// readRests reads the sources of the evidence, the most important lines first.
//
// Lines that speak against the pair have no source of their own and are left
// out, unless all are asked for.
func (p *pairReader) readRests(ctx context.Context) error {
	var steps []*campaign.Step
	for i := range p.E.Steps {
		if s := &p.E.Steps[i]; s.Bits > 0 || p.Raw && s.Feature != 0 && !s.Common {
			steps = append(steps, s)
		}
	}
	slices.SortStableFunc(steps, func(a, b *campaign.Step) int { return cmp.Compare(b.Bits, a.Bits) })
	most := restsShown
	if p.Raw {
		most = restsMost
	}
	for _, s := range steps {
		if len(p.Rests) == most {
			break
		}
		r := Resting{Step: s}
		for _, key := range []int64{p.E.A, p.E.B} {
			lines, err := p.linesOf(ctx, s.Feature, key)
			if err != nil {
				return err
			}
			for _, l := range lines[:min(len(lines), linesShown)] {
				l.Key, l.Text = key, printable.Fold(printable.Cut(l.Text, longestRaw))
				r.Lines = append(r.Lines, l)
			}
		}
		if r.Lines = onceEach(r.Lines); len(r.Lines) > 0 {
			p.Rests = append(p.Rests, r)
		}
	}
	return nil
}

// onceEach merges the lines that both messages have.
func onceEach(lines []RestLine) []RestLine {
	var out []RestLine
	for _, l := range lines {
		i := slices.IndexFunc(out, func(o RestLine) bool { return o.Where == l.Where && o.Text == l.Text })
		switch {
		case i < 0:
			out = append(out, l)
		case out[i].Key != l.Key:
			out[i].Key = 0
		}
	}
	return out
}

// linesOf returns the lines of a message, or of registry data about it, that
// show a feature.
//
// The kind of evidence says where its source is (evidence.Source), so a new
// kind needs no change here. nil means that no source is stored.
func (p *pairReader) linesOf(ctx context.Context, f evidence.Key, key int64) ([]RestLine, error) {
	m := p.Teller.Facts[key]
	switch src := f.Kind().Source(); src.Place {
	case evidence.Fields:
		return p.header(m, src.Fact(m), src.Fields...), nil
	case evidence.OddField:
		return p.header(m, "", p.Teller.Values[f]), nil
	case evidence.FieldOrder:
		order := RestLine{Where: "header fields in order", Text: strings.ReplaceAll(m.HeaderNames, ",", " ")}
		id := evidence.MessageID.Source()
		return append([]RestLine{order}, p.header(m, id.Fact(m), id.Fields...)...), nil
	case evidence.OwnHop:
		return p.ownHop(m), nil
	case evidence.LowerHops:
		return claimLines(f, m), nil
	case evidence.AnomalyDetails:
		return p.anomalyLines(f, m), nil
	case evidence.BodyText:
		return []RestLine{{Where: "in the text", Text: p.Teller.Values[f]}}, nil
	case evidence.Attached:
		return []RestLine{{Where: "attached", Text: strings.Join(append(slices.Clone(m.FileNames), p.Teller.Values[f]), ", ")}}, nil
	case evidence.URLs:
		return linkLines(f, m), nil
	case evidence.DomainAnswers:
		return p.registrationLines(ctx, f, key)
	case evidence.AddressAnswers:
		return p.addressLines(ctx, f, key)
	case evidence.HostBlocks:
		if d := p.Teller.Domains[p.Teller.Via(key, f)]; d != nil {
			return p.blockLines(ctx, f, d.Addresses)
		}
	case evidence.SenderBlock:
		return p.blockLines(ctx, f, []netip.Addr{m.Sender})
	}
	return nil, nil
}

// header returns the header fields with these names, or the stored facts if the
// message is not kept.
//
// Without the message (import --no-raw) the fact is written in the form of a
// field; it is the same text but for folding.
func (p *pairReader) header(m *evidence.Message, fact string, names ...string) []RestLine {
	var out []RestLine
	kept := p.Proofs[m.Key].Header()
	for _, field := range fieldsOf(kept) {
		name, _, _ := strings.Cut(field, ":")
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(name)) }) {
			out = append(out, RestLine{Text: field})
		}
	}
	if len(out) == 0 && fact != "" {
		out = append(out, RestLine{Text: names[0] + ": " + fact})
	}
	return out
}

// maxFields bounds the fields of one header.
const maxFields = 500

// fieldsOf lists the fields of a header, each on one line.
//
// A line that begins with a blank continues the one before (RFC 5322 section
// 2.2.3).
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
//
// Each link is put into a message of its own, as a feature is a hash and tells
// no link.
func linkLines(f evidence.Key, m *evidence.Message) []RestLine {
	var out []RestLine
	for i := range m.Links {
		one := evidence.Message{Links: m.Links[i : i+1], Readers: m.Readers}
		if slices.ContainsFunc(evidence.Of(&one), func(g evidence.Feature) bool { return g.Key() == f }) {
			out = append(out, RestLine{Text: printable.Defang(m.Links[i].URL)})
		}
		if len(out) == linesShown {
			break
		}
	}
	return out
}

// ownHop returns the Received field of our own server.
func (p *pairReader) ownHop(m *evidence.Message) []RestLine {
	raw := p.Proofs[m.Key].Received
	if raw == "" {
		return nil
	}
	return []RestLine{{Text: "Received: " + strings.TrimPrefix(raw, "Received:")}}
}

// claimLines lists the Received fields below our own that have a feature.
func claimLines(f evidence.Key, m *evidence.Message) []RestLine {
	var out []RestLine
	for i := range m.Claims {
		one := evidence.Message{Claims: m.Claims[i : i+1], Sender: m.Sender}
		if slices.ContainsFunc(evidence.Of(&one), func(g evidence.Feature) bool { return g.Key() == f }) {
			out = append(out, RestLine{Text: "Received: " + strings.TrimPrefix(m.Claims[i].Raw, "Received:")})
		}
	}
	return out
}

// anomalyLines returns the header lines that show the anomalies of a feature.
func (p *pairReader) anomalyLines(f evidence.Key, m *evidence.Message) []RestLine {
	proof := p.Proofs[m.Key]
	codes := strings.Fields(p.Teller.Values[f])
	var out []RestLine
	for i, code := range proof.Anomalies {
		if slices.Contains(codes, code) && i < len(proof.Evidence) {
			out = append(out, RestLine{Where: wording.Anomalies(code), Text: proof.Evidence[i]})
		}
	}
	return out
}
