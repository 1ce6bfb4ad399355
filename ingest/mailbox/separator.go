package mailbox

import (
	"bytes"
	"strings"
)

// maxFromLine limits an mbox separator line, in bytes. RFC 5321 section
// 4.5.3.1.3 allows a path of 256; mailing lists with VERP exceed that, but none
// reaches a kilobyte.
const maxFromLine = 1024

// fromLine is a line that may separate two messages.
type fromLine struct {
	envelope []byte // the line after "From ", without its end
	size     int    // bytes of the line with its end
	dated    bool   // it has a date in a form that mail programs write
	plain    bool   // the words before the date look like a sender, or are absent
	header   bool   // the next line looks like a header field
	mail     bool   // the next line is a field that only mail has, or one of Thunderbird
	mozilla  bool   // the next line is a field of Thunderbird
}

// parseFromLine parses a line that begins with "From ". b should hold the line
// and the beginning of the next.
func parseFromLine(b []byte) (f fromLine, ok bool) {
	line, size := firstLine(b[:min(len(b), maxFromLine)])
	// No end within a kilobyte: a paragraph of prose that begins with "From".
	if size == 0 && len(b) >= maxFromLine {
		return f, false
	}
	if size == 0 {
		size = len(line)
	}
	f.envelope = bytes.TrimRight(line[len("From "):], " \t")
	f.size = size
	if bytes.IndexByte(f.envelope, ':') >= 0 { // it has a time
		// A separator has at most a sender of a few words, six words of date,
		// two zones and "remote from HOST". On the stack, as each "From " of a
		// body comes here.
		var words [24][]byte
		n := splitWords(f.envelope, words[:])
		f.dated, f.plain = findDate(words[:n], f.envelope)
	}
	f.header = startsField(b[size:])
	name := strings.ToLower(string(fieldName(b[size:])))
	f.mozilla = strings.HasPrefix(name, "x-mozilla-") || name == "x-account-key" || name == "x-uidl"
	f.mail = f.mozilla || traceFields[name] || mailFields[name]
	return f, true
}

// firstLine returns the first line of b and its size with the line end. size is
// 0 if b has no line end. LF, CR LF and CR end lines.
func firstLine(b []byte) (line []byte, size int) {
	for i, c := range b {
		switch c {
		case '\n':
			return b[:i], i + 1
		case '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				return b[:i], i + 2
			}
			return b[:i], i + 1
		}
	}
	return b, 0
}

// splitWords splits line at blanks into at most len(words) words and returns
// their number.
func splitWords(line []byte, words [][]byte) int {
	n := 0
	for i := 0; i < len(line) && n < len(words); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		j := i
		for j < len(line) && line[j] != ' ' && line[j] != '\t' {
			j++
		}
		words[n] = line[i:j]
		n++
		i = j
	}
	return n
}

// findDate searches for a date at the end of the line, before an optional zone
// and "remote from".
func findDate(words [][]byte, line []byte) (dated, plain bool) {
	for i := range words {
		n := dateLength(words[i:])
		// At the line's start a date needs its weekday, as it is the sender's
		// place: "From 1 May 2002 12:00" is prose.
		if n > 0 && dateTail(words[i+n:]) && (i > 0 || isWeekday(words[0])) {
			return true, plainSender(words[:i], line)
		}
	}
	return false, false
}

// plainSender reports whether the words before the date have a form that
// programs write: one word ("-", "MAILER-DAEMON", "???@???", an address), an
// address with blanks ("joe at example.com" in list archives, "\"joe
// user\"@example.com"), or nothing.
func plainSender(words [][]byte, line []byte) bool {
	switch {
	case len(words) <= 1:
		return true
	case len(words) == 3 && string(words[1]) == "at":
		return true
	}
	return line[0] == '"'
}

// dateLength returns the number of leading words that form a date and time, or
// 0:
//
//	Thu Aug 22 13:17:22 2002       asctime; also without seconds or weekday
//	Thu Aug 22 13:17:22 EDT 2002   zone before the year, also numeric, also two words
//	Thu, 22 Aug 2002 13:17:22      RFC 5322
//	2002-08-22T13:17:22Z           ISO 8601, also in two words
func dateLength(w [][]byte) int {
	i := 0
	if len(w) > 0 && isWeekday(w[0]) {
		i = 1
	}
	rest := w[i:]
	switch {
	case len(rest) >= 4 && isMonth(rest[0]) && isDay(rest[1]) && isTime(rest[2]):
		// Up to two zones may stand before the year.
		for j := 3; j < len(rest) && j < 6; j++ {
			if isYear(rest[j]) {
				return i + j + 1
			}
			if !isZone(rest[j]) {
				return 0
			}
		}
	case len(rest) >= 4 && isMonth(rest[0]) && isDay(rest[1]) && isYear(rest[2]) && isTime(rest[3]),
		len(rest) >= 4 && isDay(rest[0]) && isMonth(rest[1]) && isYear(rest[2]) && isTime(rest[3]):
		return i + 4
	case len(rest) >= 2 && isISODate(rest[0]) && isTime(rest[1]):
		return i + 2
	case len(rest) >= 1 && len(rest[0]) >= 16 && isISODate(rest[0][:10]) && rest[0][10] == 'T' && isDigit(rest[0][11]):
		return i + 1
	}
	return 0
}

// dateTail reports whether words may follow a date: one or two zones, and
// "remote from host" of UUCP.
func dateTail(w [][]byte) bool {
	for len(w) > 0 && isZone(w[0]) {
		w = w[1:]
	}
	return len(w) == 0 || len(w) >= 2 && string(w[0]) == "remote" && string(w[1]) == "from"
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isName reports whether w is one of the three-letter names in list, in any
// case.
func isName(w []byte, list string) bool {
	if len(w) != 3 {
		return false
	}
	name := [3]byte{w[0] | 0x20, w[1] | 0x20, w[2] | 0x20}
	for i := 0; i+3 <= len(list); i += 3 {
		if string(name[:]) == list[i:i+3] {
			return true
		}
	}
	return false
}

func isWeekday(w []byte) bool {
	return isName(bytes.TrimSuffix(w, []byte(",")), "montuewedthufrisatsun")
}

func isMonth(w []byte) bool { return isName(w, "janfebmaraprmayjunjulaugsepoctnovdec") }

// isDay reports whether w is a day of the month, with or without a comma.
func isDay(w []byte) bool {
	w = bytes.TrimSuffix(w, []byte(","))
	switch {
	case len(w) == 1:
		return '1' <= w[0] && w[0] <= '9'
	case len(w) == 2:
		return '0' <= w[0] && w[0] <= '3' && isDigit(w[1])
	}
	return false
}

// isYear accepts four digits, and two as some UUCP programs wrote.
func isYear(w []byte) bool {
	if len(w) != 4 && len(w) != 2 {
		return false
	}
	for _, c := range w {
		if !isDigit(c) {
			return false
		}
	}
	return len(w) == 2 || w[0] == '1' && w[1] == '9' || w[0] == '2'
}

// isTime accepts 9:05, 09:05 and 09:05:59.
func isTime(w []byte) bool {
	digits, colons := 0, 0
	for i, c := range w {
		switch {
		case isDigit(c):
			digits++
		case c == ':' && i > 0 && i < len(w)-1 && w[i-1] != ':':
			colons++
		default:
			return false
		}
	}
	return colons == 1 && digits >= 3 && digits <= 4 || colons == 2 && digits >= 5 && digits <= 6
}

// isISODate accepts dates such as 2005-04-03.
func isISODate(w []byte) bool {
	if len(w) != 10 || w[4] != '-' || w[7] != '-' {
		return false
	}
	return isYear(w[:4]) && isDay(w[8:]) && isDigit(w[5]) && isDigit(w[6])
}

// isZone accepts "EDT", "WETDST", "(MET", "DST)", "+0200", "-04:00", "Z".
//
// Capital letters only: that keeps ordinary words such as "to" out. Eight of
// them hold "(WETDST)".
func isZone(w []byte) bool {
	if len(w) == 0 || len(w) > 8 {
		return false
	}
	if w[0] == '+' || w[0] == '-' {
		for _, c := range w[1:] {
			if !isDigit(c) && c != ':' {
				return false
			}
		}
		return len(w) >= 3
	}
	for _, c := range w {
		if (c < 'A' || c > 'Z') && c != '(' && c != ')' {
			return false
		}
	}
	return true
}

// startsField reports whether b begins like a header field (RFC 5322 section
// 2.2; blanks before the colon by section 4.5), or with the ">From " line that
// some servers put first.
func startsField(b []byte) bool {
	name := fieldName(b)
	return len(name) > 0 || bytes.HasPrefix(b, []byte(">From "))
}

// fieldName returns the field name at the start of b, or nil.
func fieldName(b []byte) []byte {
	// Field names are short: Original-Encoded-Information-Types (RFC 2156) has
	// 34 letters. A line without a colon within 100 bytes is text.
	for i, c := range b[:min(len(b), 100)] {
		switch {
		case c == ':':
			return b[:i]
		case c == ' ' || c == '\t':
			rest := bytes.TrimLeft(b[i:min(len(b), i+8)], " \t")
			if len(rest) > 0 && rest[0] == ':' {
				return b[:i]
			}
			return nil
		case c < '!' || c > '~':
			return nil
		}
	}
	return nil
}
