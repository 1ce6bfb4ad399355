package printable

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// Cell makes s safe as a cell of a CSV or TSV file that a spreadsheet opens: one line,
// and never a formula (OWASP "CSV injection"). Quoting is encoding/csv's business. A cell
// that would be a formula gets an apostrophe in front, so use it for words, not for
// numbers of ours and not for keys that a program compares.
func Cell(s string) string {
	s = Clean(s)
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " '"))
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%':
		return "'" + s
	}
	return s
}

// Field makes s safe as a field of a TSV line for programs: tabs, line ends and other
// control characters are gone, everything else stands as it was.
func Field(s string) string { return Clean(s) }

// JSON escapes in a JSON text what a terminal would act on and encoding/json leaves
// alone: C1 controls, DEL, direction overrides, letters without width. The value stays
// the same.
func JSON(text []byte) []byte {
	if plain(text) {
		return text
	}
	var b bytes.Buffer
	b.Grow(len(text) + 64)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r < 0x7f && r >= 0x20 || r == '\n':
			b.WriteByte(byte(r))
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\ufffd`)
		case escaped(r):
			writeEscape(&b, r)
		default:
			b.Write(text[i : i+size])
		}
		i += size
	}
	return b.Bytes()
}

func plain(text []byte) bool {
	for _, c := range text {
		if (c < 0x20 && c != '\n') || c >= 0x7f {
			return false
		}
	}
	return true
}

func escaped(r rune) bool {
	shown, kind := classify(r)
	return kind != visible || shown != r
}

func writeEscape(b *bytes.Buffer, r rune) {
	if r > 0xffff {
		r -= 0x10000
		fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

// Defang makes a URL, host, address or mail address unclickable, in the way that abuse
// desks write them: hxxp://www.shop[.]example/path.
func Defang(s string) string {
	s = Clean(s)
	if addr, err := netip.ParseAddr(s); err == nil && addr.Is6() {
		return strings.Replace(s, ":", "[:]", 1)
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		scheme, rest = "", s
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := strings.ReplaceAll(rest[:end], ".", "[.]")
	if !ok {
		return host + rest[end:]
	}
	return strings.Replace(scheme, "tt", "xx", 1) + "://" + host + rest[end:]
}
