package evidence

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lureOf finds the lure of a stem, or of a whole word with its dot; minStem and
// maxStem are the lengths of stems in bytes.
var lureOf, minStem, maxStem = func() (map[string]string, int, int) {
	out, least, most := make(map[string]string), 1<<10, 0
	for lure, stems := range lexicon {
		for stem := range strings.FieldsSeq(stems) {
			out[stem] = lure
			least, most = min(least, len(stem)), max(most, len(stem))
		}
	}
	return out, least, most
}()

// Lures lists the values of kinds Lure, LureName and LureText.
func Lures() []string {
	out := make([]string, 0, len(lexicon))
	for l := range lexicon {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// lure adds the lures that the words of the subject, the From name and the text
// name, each by itself. One alone is not sure, because words have other
// meanings.
func (c *collector) lure(m *Message) {
	c.put(Lure, luring(m.SubjectKey))
	c.put(LureName, luring(m.FromName))
	c.put(LureText, luring(m.Words...))
}

// luring returns the lure that most words name; "" if another is named by half
// as many, or none.
func luring(texts ...string) string {
	votes := make(map[string]int)
	for _, t := range texts {
		for w := range strings.FieldsFuncSeq(plain(t), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if l, ok := named(w); ok {
				votes[l]++
			}
		}
	}
	best, most, second := "", 0, 0
	for l, n := range votes {
		if n > most {
			best, n, most = l, most, n
		}
		second = max(second, n)
	}
	if most <= 2*second && second > 0 {
		return ""
	}
	return best
}

// named returns the lure that a word names: by itself, or by its longest stem.
func named(word string) (string, bool) {
	if l, ok := lureOf[word+wholeWord]; ok {
		return l, true
	}
	for n := min(len(word), maxStem); n >= minStem; n-- {
		if l, ok := lureOf[word[:n]]; ok {
			return l, true
		}
	}
	return "", false
}

// plain writes letters without case, accents and styles.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}
