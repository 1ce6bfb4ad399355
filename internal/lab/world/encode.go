package world

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func base64URL(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// base64Lines is base64 in lines of 76 (RFC 2045, section 6.8).
func base64Lines(data []byte) string {
	s := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	b.Grow(len(s) + len(s)/76 + 2)
	for len(s) > 76 {
		b.WriteString(s[:76])
		b.WriteByte('\n')
		s = s[76:]
	}
	b.WriteString(s)
	b.WriteByte('\n')
	return b.String()
}

// quotedPrintable is RFC 2045, section 6.7.
//
// A line has at most 76 characters with the "=" of a soft break, and no blank
// at its end.
func quotedPrintable(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	column := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\n' {
			b.WriteByte('\n')
			column = 0
			continue
		}
		plain := c >= 32 && c < 127 && c != '=' && !((c == ' ') && (i+1 == len(s) || s[i+1] == '\n'))
		if column >= 73 {
			b.WriteString("=\n")
			column = 0
		}
		if plain {
			b.WriteByte(c)
			column++
			continue
		}
		fmt.Fprintf(&b, "=%02X", c)
		column += 3
	}
	return b.String()
}

// word encodes a header text that needs it (RFC 2047).
//
// how is "b", "q" or "raw"; the last leaves bytes above 127 as they are, as
// many mailers do.
func word(s, how, charset string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			ascii = false
		}
	}
	if !ascii {
		charset = "utf-8"
	}
	switch {
	// An encoded word has 75 characters at most (RFC 2047 section 2), and
	// base64 makes four of three bytes.
	case how == "b" && len(s) < 45:
		return "=?" + charset + "?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
	case ascii || how == "raw":
		return s
	}
	var b strings.Builder
	b.WriteString("=?utf-8?Q?")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String() + "?="
}

// wrap breaks text at blanks before a column.
func wrap(s string, column int) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		n := 0
		for j, w := range strings.Fields(line) {
			switch {
			case j == 0:
			case n+1+len(w) > column:
				b.WriteByte('\n')
				n = 0
			default:
				b.WriteByte(' ')
				n++
			}
			b.WriteString(w)
			n += len(w)
		}
	}
	return b.String()
}
