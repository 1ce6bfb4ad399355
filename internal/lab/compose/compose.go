// Package compose writes the MIME forms of generated mail: encoded words,
// transfer encodings, multiparts. It imitates real programs, including their
// quirks, and leaves the choice of each form to the caller.
package compose

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Word writes text for a header: unchanged if it is ASCII, else as encoded
// words (RFC 2047) of at most 75 characters in encoding "B" or "Q", or raw for
// "8".
func Word(s, encoding string) string {
	if ascii(s) || encoding == "8" {
		return s
	}
	var words []string
	for len(s) > 0 {
		n := 0
		for n < len(s) && n < 36 {
			_, size := utf8.DecodeRuneInString(s[n:])
			n += size
		}
		words = append(words, word(s[:n], encoding))
		s = s[n:]
	}
	return strings.Join(words, "\n ")
}

// word is an encoded word (RFC 2047, section 4).
func word(s, encoding string) string {
	if encoding != "Q" {
		return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c > ' ' && c < 127 && !strings.ContainsRune("=?_\"(),.:;<>@[]\\", rune(c)):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return "=?utf-8?Q?" + b.String() + "?="
}

// ascii reports whether text needs no encoding.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Encode encodes a text with "quoted-printable" or "base64"; any other encoding
// leaves it unchanged. Lines end with LF.
func Encode(s, encoding string) string {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedPrintable(s)
	case "base64":
		return Base64([]byte(s))
	}
	return strings.TrimRight(s, "\n") + "\n"
}

// Base64 writes lines of 76 characters.
func Base64(data []byte) string {
	all := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for len(all) > 76 {
		b.WriteString(all[:76] + "\n")
		all = all[76:]
	}
	return b.String() + all + "\n"
}

// quotedPrintable encodes text (RFC 2045, section 6.7), lines of 76 at most.
func quotedPrintable(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		column := 0
		for i := range len(line) {
			c := line[i]
			piece := string([]byte{c})
			if c == '=' || c >= 127 || c < ' ' && c != '\t' || (c == ' ' || c == '\t') && i == len(line)-1 {
				piece = fmt.Sprintf("=%02X", c)
			}
			if column+len(piece) > 75 {
				b.WriteString("=\n")
				column = 0
			}
			b.WriteString(piece)
			column += len(piece)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Part is a leaf of a message.
type Part struct {
	Header []string // lines; Content-Transfer-Encoding is written for a non-empty Encoding
	Text   string
	// Encoding is the transfer encoding of Text; "" means no encoding and no
	// field.
	Encoding string
}

// Multipart writes parts between boundaries.
func Multipart(boundary, preamble string, parts ...Part) string {
	var b strings.Builder
	b.WriteString(preamble)
	for _, p := range parts {
		b.WriteString("--" + boundary + "\n")
		for _, h := range p.Header {
			b.WriteString(h + "\n")
		}
		if p.Encoding != "" {
			b.WriteString("Content-Transfer-Encoding: " + p.Encoding + "\n")
		}
		b.WriteString("\n" + Encode(p.Text, p.Encoding) + "\n")
	}
	b.WriteString("--" + boundary + "--\n")
	return b.String()
}
