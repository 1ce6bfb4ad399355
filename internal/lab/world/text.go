package world

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// sentence is a sentence with choices, and one reading of them.
type sentence struct {
	spin string
	read []int
}

// version is one text of a campaign: sentences in paragraphs. A campaign that rewrites its
// texts has several, one that only spins has one.
type version struct {
	key        string // equal for a text and its copies by other campaigns
	greeting   string
	paragraphs [][]sentence
	call       string
	sign       string
	own        slots // values that replace the campaign's in this text; may be nil
}

// slots are the values that a campaign fills into its sentences.
type slots map[string]string

// slotsFor draws the values of a lure's gaps.
func (b *builder) slotsFor(l *lure) slots {
	p, q := b.person(), b.person()
	s := slots{
		"product": b.coined(), "company": b.company(), "person": p.String(), "person2": q.String(), "given": p.given, "family": p.family,
		"city": dice.Pick(b.Dice, cities), "price": fmt.Sprint(b.Between(19, 990)), "n": fmt.Sprint(b.Between(11, 96)), "d": fmt.Sprint(b.Between(2, 9)),
		"code": b.Chars(dice.Upper, 2) + b.Chars(dice.Digits, 7), "ticker": b.Chars(dice.Upper, 4),
	}
	if l.brands {
		s["brand"] = dice.Pick(b.Dice, brandNames)
	}
	return s
}

// write invents a version: which sentences, in which order, in which readings.
func (b *builder) write(l *lure, key string, n int) *version {
	v := &version{key: key, greeting: dice.Pick(b.Dice, greetings)}
	chosen := dice.Some(b.Dice, l.sentences, min(n, len(l.sentences)))
	if n > 1 && l.ascii() {
		chosen = append(chosen, dice.Some(b.Dice, generic, b.IntN(2))...)
	}
	for range (n + 1) / 2 {
		chosen = append(chosen, b.invented())
	}
	b.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	for len(chosen) > 0 {
		k := min(b.Between(1, 4), len(chosen))
		var p []sentence
		for _, s := range chosen[:k] {
			p = append(p, sentence{spin: s, read: b.reading(s)})
		}
		v.paragraphs = append(v.paragraphs, p)
		chosen = chosen[k:]
	}
	if len(l.calls) > 0 {
		v.call = dice.Pick(b.Dice, l.calls)
	}
	v.sign = dice.Pick(b.Dice, []string{"", "", "Regards,\n[person]", "Sincerely,\n[company]", "[given]", "Yours faithfully,\n[person]\n[company]", "-- \n[company], [city]"})
	return v
}

// reading draws a choice for each alternative of a text.
func (b *builder) reading(s string) []int {
	read := make([]int, strings.Count(s, "{"))
	for i := range read {
		read[i] = b.IntN(12)
	}
	return read
}

// copied is a version as somebody else edits it: some words read otherwise, a sentence
// is dropped or added.
func (b *builder) copied(v *version, l *lure) *version {
	c := *v
	c.paragraphs = nil
	for _, p := range v.paragraphs {
		q := make([]sentence, len(p))
		for i, s := range p {
			q[i] = sentence{s.spin, append([]int(nil), s.read...)}
			if len(s.read) > 0 && b.Chance(0.3) {
				q[i].read[b.IntN(len(s.read))]++
			}
		}
		c.paragraphs = append(c.paragraphs, q)
	}
	if b.Chance(0.5) {
		s := dice.Pick(b.Dice, generic)
		c.paragraphs = append(c.paragraphs, []sentence{{s, b.reading(s)}})
	}
	return &c
}

// spun renders a sentence; each choice is made anew with probability p.
func spun(d dice.Dice, s sentence, p float64) string {
	var b strings.Builder
	rest, n := s.spin, 0
	for {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			b.WriteString(rest)
			return b.String()
		}
		b.WriteString(rest[:open])
		end := open + strings.IndexByte(rest[open:], '}')
		choices := strings.Split(rest[open+1:end], "|")
		at := 0
		if n < len(s.read) {
			at = s.read[n]
		}
		if d.Float64() < p {
			at = d.IntN(12)
		}
		b.WriteString(choices[at%len(choices)])
		rest, n = rest[end+1:], n+1
	}
}

// with are slots with some of them replaced.
func (s slots) with(own slots) slots {
	if len(own) == 0 {
		return s
	}
	t := maps.Clone(s)
	maps.Copy(t, own)
	return t
}

// fill writes the slots of a text: the campaign's, the recipient, the day.
func (s slots) fill(text, rcpt string, at time.Time) string {
	if !strings.Contains(text, "[") {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '[')
		if open < 0 {
			break
		}
		end := open + strings.IndexByte(text[open:], ']')
		if end < open {
			break
		}
		b.WriteString(text[:open])
		switch name := text[open+1 : end]; name {
		case "rcpt":
			b.WriteString(rcpt)
		case "user":
			b.WriteString(rcpt[:strings.IndexByte(rcpt, '@')])
		case "date":
			b.WriteString(at.AddDate(0, 0, 3).Format("January 2"))
		default:
			b.WriteString(s[name])
		}
		text = text[end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// once reads a text with its first reading and no spinning.
func (b *builder) once(s string) string { return spun(b.Dice, sentence{s, b.reading(s)}, 0) }

// body renders a version for a message, paragraph by paragraph.
func (v *version) body(d dice.Dice, s slots, spin float64, rcpt string, at time.Time) (paragraphs []string) {
	if v.greeting != "" {
		paragraphs = append(paragraphs, s.fill(spun(d, sentence{v.greeting, []int{len(v.key)}}, spin), rcpt, at))
	}
	for _, p := range v.paragraphs {
		var lines []string
		for _, sent := range p {
			lines = append(lines, s.fill(spun(d, sent, spin), rcpt, at))
		}
		paragraphs = append(paragraphs, strings.Join(lines, " "))
	}
	return paragraphs
}
