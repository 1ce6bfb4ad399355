package links

import "unicode"

// scriptSet is a set of writing systems. Systems that one language combines
// share a bit: Japanese uses Han and kana, Korean Han and Hangul, Chinese Han
// and Bopomofo. That follows the level "highly restrictive" of UTS #39 section
// 5.1, which also allows Latin beside them.
type scriptSet uint8

// The writing systems that are told apart. All others share a bit; mixesScripts
// compares their tables.
const (
	latin scriptSet = 1 << iota
	cyrillic
	greek
	eastAsian
	other
)

// mixesScripts reports whether a label combines writing systems that no
// language combines, as look-alike names do.
func mixesScripts(label string) bool {
	var seen scriptSet
	var first *unicode.RangeTable
	for _, r := range label {
		switch {
		case r < 0x80 && !unicode.IsLetter(r), !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			seen |= latin
		case unicode.Is(unicode.Cyrillic, r):
			seen |= cyrillic
		case unicode.Is(unicode.Greek, r):
			seen |= greek
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
			seen |= eastAsian
		default:
			seen |= other
			t := scriptOf(r)
			if first != nil && t != first {
				return true
			}
			first = t
		}
	}
	// More than one bit is set.
	return seen&(seen-1) != 0 && seen != latin|eastAsian
}

// otherScripts are further scripts that registries allow in names.
var otherScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Hebrew, unicode.Armenian, unicode.Georgian, unicode.Devanagari, unicode.Bengali,
	unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Gujarati, unicode.Gurmukhi,
	unicode.Oriya, unicode.Sinhala, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
	unicode.Ethiopic, unicode.Cherokee, unicode.Lisu,
}

// scriptOf returns the table of a letter's script, or nil if registries do not
// allow it.
func scriptOf(r rune) *unicode.RangeTable {
	for _, t := range otherScripts {
		if unicode.Is(t, r) {
			return t
		}
	}
	return nil
}
