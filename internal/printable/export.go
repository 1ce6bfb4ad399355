package printable

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// Cell makes s safe as a cell of a CSV or TSV file for a spreadsheet: one line,
// and never a formula (OWASP "CSV injection"). encoding/csv does the quoting.
// Cell puts an apostrophe before a formula, so use it for text, and not for our
// numbers or for keys that programs compare.
func Cell(s string) string {
	s = Clean(s)
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " '"))
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%':
		return "'" + s
	}
	return s
}

// Field makes s safe as a field of a TSV line for programs. It removes tabs,
// line ends and other control characters and keeps everything else.
func Field(s string) string { return Clean(s) }

// JSON escapes characters in a JSON text on which terminals act and which
// encoding/json leaves alone: C1 controls, DEL, direction overrides, zero-width
// letters. The value stays the same.
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

// plain reports whether text is printable ASCII and line ends, which need no
// escape.
func plain(text []byte) bool {
	for _, c := range text {
		if (c < 0x20 && c != '\n') || c >= 0x7f {
			return false
		}
	}
	return true
}

// escaped reports whether a rune needs an escape: it is hidden, or shown as
// another.
func escaped(r rune) bool {
	shown, kind := classify(r)
	return kind != visible || shown != r
}

// writeEscape writes a rune as JSON escapes; beyond the BMP as a surrogate pair
// (RFC 8259, section 7).
func writeEscape(b *bytes.Buffer, r rune) {
	if r > 0xffff {
		r -= 0x10000
		fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

// Defang makes a URL, host, address or mail address unclickable, in the
// notation of abuse desks: hxxp://www.shop[.]example/path.
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
