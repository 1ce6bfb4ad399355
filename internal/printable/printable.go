// Package printable makes untrusted text safe to display on a terminal, in a
// spreadsheet and in JSON. Mail may contain escape sequences that rewrite the
// screen or the title, overrides that reverse a file name, zero-width letters,
// or hundreds of marks on one letter.
//
// Any bytes go in; text that a terminal only prints comes out. The package does
// no I/O. It deliberately has no function for file names, because nothing from
// mail is ever used as one.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// mark replaces a character that cannot be displayed.
const mark = utf8.RuneError

// maxMarks limits the combining marks on one letter. Vietnamese and Hebrew need
// two; "zalgo" text stacks dozens and paints over the lines above.
const maxMarks = 2

// cells measures width as nearly all terminals do, independent of this
// machine's locale.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Clean returns s on one line with only printable content. White space becomes
// blanks. Control characters and invalid bytes become U+FFFD. Zero-width
// characters (joiners, direction overrides, soft hyphens, tags) are removed.
// Clean is idempotent.
func Clean(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	marks := maxMarks // a mark without a letter before it would join the text printed before s
	for _, r := range s {
		switch shown, kind := classify(r); kind {
		case hidden:
		case combining:
			if marks < maxMarks {
				marks++
				b.WriteRune(r)
			}
		default:
			marks = 0
			if shown == ' ' || shown == mark {
				marks = maxMarks
			}
			b.WriteRune(shown)
		}
	}
	return b.String()
}

// kind is the way in which a rune is shown.
type kind int

// Kinds of runes. Combining ones are limited in number, as a pile of them
// covers other lines.
const (
	visible kind = iota
	hidden
	combining
)

// classify returns the replacement for r and its kind.
func classify(r rune) (rune, kind) {
	switch {
	case r >= 0x20 && r < 0x7f:
		return r, visible
	case r == '\t', r == '\n', r == '\r', r == '\v', r == '\f', r == 0x85,
		unicode.Is(unicode.Z, r), blank(r):
		return ' ', visible
	case unicode.Is(unicode.Cf, r), invisible(r):
		return 0, hidden
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
		return r, combining
	case unicode.IsPrint(r):
		return r, visible
	}
	return mark, visible
}

// blank reports whether fonts draw r as nothing although it takes a cell:
// Hangul fillers and the empty Braille pattern, which occur in file names such
// as "invoice⠀⠀⠀.exe".
func blank(r rune) bool {
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
}

// invisible reports whether a mark changes nothing on a terminal: variation
// selectors, and the combining grapheme joiner that pads the preview line of
// newsletters.
func invisible(r rune) bool {
	return r == 0x034f || r == 0x17b4 || r == 0x17b5 || (r >= 0xfe00 && r <= 0xfe0f) || (r >= 0xe0000 && r <= 0xe0fff)
}

// plainASCII reports whether text needs no cleaning, the usual case.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Fold is Clean with runs of blanks collapsed and the ends trimmed. Subjects
// use blanks to push a serial number out of the window.
func Fold(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Width returns the number of terminal cells of s after cleaning.
func Width(s string) int { return cells.StringWidth(Clean(s)) }

// Cut returns s cleaned and, if it is wider than n cells, truncated to n with
// an ellipsis.
func Cut(s string, n int) string { return cut(s, n, "…") }

// CutMiddle keeps both ends, which suits paths: their last part is the most
// informative.
func CutMiddle(s string, n int) string {
	s = Clean(s)
	if n <= 0 {
		return ""
	}
	if cells.StringWidth(s) <= n {
		return s
	}
	tail, width := "", 0
	for rest := s; ; {
		r, size := utf8.DecodeLastRuneInString(rest)
		w := cells.RuneWidth(r)
		if size == 0 || width+w > n*2/3 {
			break
		}
		rest, tail, width = rest[:len(rest)-size], string(r)+tail, width+w
	}
	// The tail may begin with a mark whose letter was removed.
	return strings.TrimSuffix(Cut(s, n-width), "…") + "…" + strings.TrimLeftFunc(tail, unicode.IsMark)
}

// cut cleans text and shortens it to n cells. Bounding it first keeps the cost
// of very long text low.
func cut(s string, n int, ellipsis string) string {
	s = Clean(bounded(s, n))
	if n <= 0 {
		return ""
	}
	if cells.StringWidth(s) <= n {
		return s
	}
	return cells.Truncate(s, n, ellipsis)
}

// bounded discards text that cannot be visible, so that a megabyte of subject
// costs no more than its first line. A letter takes at most 4 bytes and has
// maxMarks marks. Any number of zero-width letters may come between, hence the
// large factor.
func bounded(s string, n int) string {
	if limit := 4096 + 64*max(n, 0); len(s) > limit {
		return s[:limit] + "…"
	}
	return s
}

// ASCII returns s cleaned and in plain ASCII, for terminals without more. A
// character without a counterpart becomes "?".
func ASCII(s string) string {
	s = Clean(s)
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x7f:
			b.WriteRune(r)
		case unicode.IsMark(r):
		default:
			b.WriteString(ascii(r))
		}
	}
	return b.String()
}

// ascii returns the counterpart of the few symbols that our own screens use.
func ascii(r rune) string {
	switch r {
	case '…':
		return "~"
	case '–', '—', '−':
		return "-"
	case '‘', '’':
		return "'"
	case '“', '”':
		return `"`
	case '·':
		return "."
	case '▁', '▂':
		return "_"
	case '▃', '▄':
		return "-"
	case '▅', '▆':
		return "="
	case '▇', '█':
		return "#"
	case '░':
		return ":"
	}
	return "?"
}
