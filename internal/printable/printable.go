// Package printable makes text that strangers wrote safe to show: on a terminal, in a
// spreadsheet, in JSON. Mail may hold escape sequences that rewrite the screen or the
// title, overrides that turn a file name around, letters of no width, or hundreds of
// marks stacked on one letter.
//
// In go strings of any bytes; out come strings that a terminal can only print. Nothing
// here reads or writes, and nothing from mail is ever used as a file name: there is
// deliberately no function for that.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// mark stands for what cannot be shown.
const mark = utf8.RuneError

// maxMarks is how many combining marks one letter keeps. Vietnamese and Hebrew need two;
// "zalgo" text stacks dozens and paints over the lines above.
const maxMarks = 2

// cells measures as nearly all terminals do, whatever this machine's locale is.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Clean returns s on one line, with nothing left in it but what a terminal prints:
// white space becomes blanks, control characters and invalid bytes become U+FFFD, and
// letters without width (zero-width joiners, direction overrides, soft hyphens, tags)
// are left out. Clean(Clean(s)) is Clean(s).
func Clean(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	marks := maxMarks // a mark without a letter before it would join whatever was printed last
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

type kind int

const (
	visible kind = iota
	hidden
	combining
)

// classify says what is printed for r.
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

// blank reports letters that fonts draw as nothing but that take a cell: Hangul fillers
// and the empty Braille pattern, favoured for file names such as "invoice⠀⠀⠀.exe".
func blank(r rune) bool {
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
}

// invisible reports marks that change nothing on a terminal: variation selectors, the
// combining grapheme joiner that pads the preview line of newsletters.
func invisible(r rune) bool {
	return r == 0x034f || r == 0x17b4 || r == 0x17b5 || (r >= 0xfe00 && r <= 0xfe0f) || (r >= 0xe0000 && r <= 0xe0fff)
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Fold is Clean with runs of blanks made one and those at the ends left out: for
// subjects, which pad with blanks to hide a serial number beyond the window's edge.
func Fold(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Width is how many cells s takes once it is clean.
func Width(s string) int { return cells.StringWidth(Clean(s)) }

// Cut returns s cleaned and, if it takes more than n cells, cut to n with an ellipsis.
func Cut(s string, n int) string { return cut(s, n, "…") }

// CutMiddle keeps both ends, as suits paths: the last part tells most.
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
	// The tail may begin with a mark whose letter was left out.
	return strings.TrimSuffix(Cut(s, n-width), "…") + "…" + strings.TrimLeftFunc(tail, unicode.IsMark)
}

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

// bounded drops what cannot possibly be seen, so that a megabyte of subject costs no
// more than its first line. A letter takes at most 4 bytes and carries maxMarks marks,
// but any number of letters without width may stand between, hence the generous factor.
func bounded(s string, n int) string {
	if limit := 4096 + 64*max(n, 0); len(s) > limit {
		return s[:limit] + "…"
	}
	return s
}

// ASCII returns s cleaned and in plain ASCII, for terminals that know nothing else:
// what has no counterpart becomes "?".
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

// ascii is the counterpart of the few letters that our own screens use.
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
