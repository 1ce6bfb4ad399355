package explain

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"spoor/graph/evidence"
	"spoor/internal/cli"
)

// registrationLines lists the lines of registries' answers on the domain through which a
// message has a feature.
//
// The first answer that has such a line is shown: the store returns the newest
// first. If the domain was registered anew since the message came, the line is
// of another holder and says so. No line at all is no error, as the answer may
// be older than its text is kept.
func (p *pairReader) registrationLines(ctx context.Context, f evidence.Key, key int64) ([]RestLine, error) {
	domain := p.Teller.Via(key, f)
	if domain == "" {
		return nil, nil
	}
	fits := fitting(f.Kind(), p.Teller.Values[f])
	answers, err := p.looked.Answers(ctx, "domain", domain)
	if err != nil {
		return nil, err
	}
	lives, err := p.looked.EarlierLives(ctx, domain)
	if err != nil {
		return nil, err
	}
	received := p.Teller.Facts[key].ReceivedAt
	for _, a := range answers {
		if a.Source == "dns" && !f.Kind().Source().DNS {
			continue
		}
		later := ""
		if len(lives) > 0 && !received.IsZero() && received.Before(lives[0].Anew) && a.At.After(lives[0].Anew) {
			later = fmt.Sprintf(", registered anew on %s, after this message", cli.Date(lives[0].Anew))
		}
		var out []RestLine
		for _, line := range a.Lines {
			if fits(line) {
				out = append(out, RestLine{Where: fmt.Sprintf("%s by %s, %s%s", domain, a.Server, cli.Date(a.At), later), Text: line})
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
//
// Two ways: the value in the line without regard to blanks and capitals, or,
// for kinds whose normal form is no answer's, the label in front of the colon.
// "Created on ..." has no colon and is cut at "on".
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

// longestLabel limits the label of a line in bytes; a longer one is a sentence.
const longestLabel = 30

// plainLetters returns the letters and digits of a line, since phone numbers
// and names vary in blanks, dots and capitals.
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
//
// The domain is tried before its hosts, at most eight names, as each is a
// query.
func (p *pairReader) addressLines(ctx context.Context, f evidence.Key, key int64) ([]RestLine, error) {
	name := p.Teller.Via(key, f)
	if p.Teller.Domains[name] == nil {
		return nil, nil
	}
	want, err := netip.ParsePrefix(p.Teller.Values[f])
	if err != nil {
		a, err := netip.ParseAddr(p.Teller.Values[f])
		if err != nil {
			return nil, nil
		}
		want = netip.PrefixFrom(a, a.BitLen())
	}
	subjects := [][2]string{{"domain", name}, {"host", name}}
	for i := range p.Teller.Facts[key].Links {
		if l := &p.Teller.Facts[key].Links[i]; l.Domain == name && l.Host != name && len(subjects) < 8 {
			subjects = append(subjects, [2]string{"host", l.Host})
		}
	}
	for _, s := range subjects {
		answers, err := p.looked.Answers(ctx, s[0], s[1])
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			var out []RestLine
			for _, line := range a.Lines {
				last := line[strings.LastIndexByte(line, ' ')+1:]
				if addr, err := netip.ParseAddr(last); a.Source == "dns" && err == nil && want.Contains(addr) {
					out = append(out, RestLine{Where: fmt.Sprintf("DNS by %s, %s", a.Server, cli.Date(a.At)), Text: line})
				}
			}
			if len(out) > 0 {
				return out, nil
			}
		}
	}
	return nil, nil
}

// maxBlocks limits the addresses looked up.
const maxBlocks = 8

// blockLines lists who holds or announces addresses.
//
// One line is enough: the first block whose holder or AS is the feature's
// value.
func (p *pairReader) blockLines(ctx context.Context, f evidence.Key, addresses []netip.Addr) ([]RestLine, error) {
	want := plainLetters(p.Teller.Values[f])
	for _, a := range addresses[:min(len(addresses), maxBlocks)] {
		blocks, err := p.looked.Blocks(ctx, a)
		if err != nil {
			return nil, err
		}
		for i := range blocks {
			b := &blocks[i]
			text := fmt.Sprintf("%s %s", b.Prefix, b.Owner)
			fits := plainLetters(b.Owner) == want
			for _, n := range b.ASNs {
				if fmt.Sprint(n) == p.Teller.Values[f] {
					fits, text = true, fmt.Sprintf("%s announced by AS%d %s", b.Prefix, n, strings.Join(b.ASNames, ", "))
				}
			}
			if fits {
				by := strings.TrimSpace(b.Source + " " + b.Server)
				return []RestLine{{Where: fmt.Sprintf("%s by %s, %s", PlainAddr(a), by, cli.Date(b.AskedAt)), Text: text}}, nil
			}
		}
	}
	return nil, nil
}
