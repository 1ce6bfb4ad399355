package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reference reads what begins with "&", and returns its length. Letters written as
// character references are letters; references to blanks and signs end the word.
func (n *normalizer) reference(text []byte) int {
	size := referenceSize(text)
	if size == 1 {
		n.endToken()
		return 1
	}
	name := bytes.TrimSuffix(text[1:size], []byte(";"))
	if name[0] == '#' {
		n.rune(codePoint(name[1:]))
		return size
	}
	switch r, ok := namedLetters[string(name)]; {
	case ok:
		n.rune(unicode.ToLower(r))
	case string(name) == "shy", string(name) == "zwj", string(name) == "zwnj":
	default:
		n.endToken()
	}
	return size
}

// referenceSize returns the length of the character reference that text begins with; 1
// if it is a bare "&".
func referenceSize(text []byte) int {
	for i := 1; i < len(text) && i < 12; i++ {
		switch c := text[i]; {
		case c == ';' && i > 1:
			return i + 1
		case c == '#' && i == 1, '0' <= c && c <= '9', 'a' <= c|0x20 && c|0x20 <= 'z':
		default:
			return 1
		}
	}
	return 1
}

// codePoint reads the number of a reference, decimal or after an "x" hexadecimal.
func codePoint(digits []byte) rune {
	base := rune(10)
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		base, digits = 16, digits[1:]
	}
	r := rune(0)
	for _, c := range digits {
		d := rune(c - '0')
		if c > '9' {
			d = rune(c|0x20-'a') + 10
		}
		if r = r*base + d; d >= base || r > unicode.MaxRune {
			return utf8.RuneError
		}
	}
	return r
}

// namedLetters are the letters of Latin-1, in both cases, by their names in HTML.
var namedLetters = func() map[string]rune {
	const names = `Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml
		ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
		agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml
		eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`
	m := make(map[string]rune)
	r := rune(0xC0)
	for name := range strings.FieldsSeq(names) {
		m[name] = r
		r++
	}
	return m
}()
