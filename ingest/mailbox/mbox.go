package mailbox

import (
	"bytes"
	"io"
	"slices"

	"spoor/internal/text"
)

// Limits of the search for separators.
const (
	// fromLookahead is the number of bytes needed to judge a line that begins
	// with "From ": the line itself, and the start of the next.
	fromLookahead = maxFromLine + 128
	// maxHeaderWalk limits the search for Content-Length and Status in a
	// header, in bytes.
	maxHeaderWalk = 256 << 10
	// maxHint limits the Content-Length values that are followed, in bytes,
	// since following one holds the message in memory. A longer message may be
	// split at an unquoted, dated "From " line after a blank line.
	maxHint = 16 << 20
)

// splitter splits an mbox into messages. It reads each byte once. It holds the
// present message up to limit, and the bytes to which a Content-Length points.
//
// The dialects treat a body line that begins with "From " in different ways.
// mboxo puts ">" before it; mboxrd does so for ">From " too. mboxcl and mboxcl2
// give the length of the body in a Content-Length field, and mboxcl2 quotes
// nothing. The splitter undoes no quoting: the stored bytes are the message.
type splitter struct {
	s     *stream
	limit int64
	// strict demands a header field after the first separator, since the input
	// may not be an mbox.
	strict bool
	// undated accepts "From -" without a date if a header field follows. It is
	// set if the file's first separator has that form.
	undated bool
	// patches accepts the separators of git format-patch. Elsewhere such a line
	// is the beginning of a patch attached to a message.
	patches bool
	// lengths counts messages whose Content-Length was right, and is -1 once a
	// message had none or a wrong one.
	lengths int

	piece int64  // start of the present message or prologue
	at    int64  // no separator begins between piece and here
	head  []byte // the first limit bytes of a piece that has outgrown limit
	first int64  // start of the block that holds head
}

// separator is the line between two messages.
type separator struct {
	cut      int64 // end of the message before it, without the blank line
	end      int64 // start of the next message
	envelope string
}

// next returns the next separator, or false at the end of the input.
func (m *splitter) next() (separator, bool) {
	for {
		w := m.s.from(m.at)
		i := bytes.Index(w, fromPrefix)
		if i < 0 {
			// The last four bytes may be the beginning of a "From " that the
			// next block completes.
			m.at = max(m.at, m.s.end()-int64(len(fromPrefix)-1))
			if !m.more() {
				return separator{}, false
			}
			continue
		}
		m.at += int64(i)
		if m.startsLine(m.at) {
			// The block may have moved, so the search starts again from m.at,
			// which has not changed.
			if len(w)-i < fromLookahead && m.more() {
				continue
			}
			if sep, ok := m.judge(m.at, false); ok {
				return sep, true
			}
		}
		m.at += int64(len(fromPrefix))
	}
}

// startsLine reports whether a line starts at p. A byte order mark does not
// count as a line.
func (m *splitter) startsLine(p int64) bool {
	if p == 0 || p <= m.s.off {
		return p == 0
	}
	before := m.s.buf[:p-m.s.off]
	return isEOL(before[len(before)-1]) || p == int64(len(utf8BOM)) && bytes.Equal(before, utf8BOM)
}

// fromPrefix begins every separator of an mbox (RFC 4155).
var fromPrefix = []byte("From ")

// isEOL accepts a bare CR, too: old Macintosh files have no LF.
func isEOL(c byte) bool { return c == '\n' || c == '\r' }

// more reads on and returns false at the end. It discards the bytes before the
// piece. Once the piece has outgrown the limit, it discards those before the
// position of the search.
func (m *splitter) more() bool {
	if m.head == nil && m.s.end()-m.piece > m.limit {
		m.head, m.first = m.s.from(m.piece)[:m.limit:m.limit], m.s.off
	}
	keep := m.piece
	if m.head != nil {
		keep = max(m.s.off, m.at-8) // 8 bytes for the line end before a separator
		if m.s.off != m.first {
			m.s.recycle(keep) // no slice of this block was given away
		}
	}
	before := m.s.end()
	m.s.extend(keep, 0)
	return m.s.end() > before
}

// judge decides whether the line at p, which begins with "From ", is a
// separator. told means that a Content-Length points to it.
func (m *splitter) judge(p int64, told bool) (separator, bool) {
	f, ok := parseFromLine(m.s.from(p))
	if !ok {
		return separator{}, false
	}
	eol, blank := m.blankBefore(p)
	switch {
	case told:
		ok = f.dated || f.bare()
	// Of unknown data only the surest form counts, as a wrong one turns prose
	// into mail.
	case m.strict:
		ok = blank && f.dated && f.header
	case blank:
		ok = f.dated && (f.plain || f.header) || m.undated && !f.dated && f.header && undatedSender(f.envelope) || f.bare()
	default:
		// c-client, Dovecot and mutt need no blank line before a separator, and
		// files of programs without that rule sometimes lack it.
		ok = f.header && (f.dated && f.plain || m.undated && string(f.envelope) == "-") || f.bare()
	}
	if !ok || !m.patches && isPatch(f.envelope) {
		return separator{}, false
	}
	cut := p
	if blank {
		cut = max(m.piece, p-int64(eol))
	}
	return separator{cut: cut, end: p + int64(f.size), envelope: string(f.envelope)}, true
}

// isPatch recognises the commit hash and the constant date that git
// format-patch writes.
//
// A hash has 40 hexadecimal digits. The date is that of no commit: git writes
// it so that file(1) can tell its patches.
func isPatch(envelope []byte) bool {
	const fixed = " Mon Sep 17 00:00:00 2001"
	return len(envelope) == 40+len(fixed) && bytes.HasSuffix(envelope, []byte(fixed))
}

// bare recognises the separator of Thunderbird since version 115: "From " or
// "From -" and nothing else, even in folders whose older separators have a
// date. Thunderbird omits the blank line before it if the message lacks a final
// line end, so the field that follows decides.
func (f *fromLine) bare() bool {
	return f.mail && len(f.envelope) == 0 || f.mozilla && string(f.envelope) == "-"
}

// undatedSender recognises a separator without a date: "-" or an address.
func undatedSender(envelope []byte) bool {
	if len(envelope) == 0 || bytes.IndexByte(envelope, ' ') >= 0 {
		return false
	}
	return string(envelope) == "-" || bytes.IndexByte(envelope, '@') > 0
}

// blankBefore reports whether an empty line, or nothing, precedes p. eol is the
// length of the line end before p.
func (m *splitter) blankBefore(p int64) (eol int, blank bool) {
	w := m.s.buf[:p-m.s.off]
	if p == 0 || p == int64(len(utf8BOM)) && bytes.Equal(w, utf8BOM) {
		return 0, true
	}
	eol = trailingEOL(w)
	w = w[:len(w)-eol]
	if len(w) == 0 {
		return eol, eol > 0 && m.s.off == 0
	}
	return eol, eol > 0 && isEOL(w[len(w)-1])
}

// trailingEOL returns the length of the line end that ends w.
func trailingEOL(w []byte) int {
	n := len(w)
	switch {
	case n >= 2 && w[n-2] == '\r' && w[n-1] == '\n':
		return 2
	case n >= 1 && isEOL(w[n-1]):
		return 1
	}
	return 0
}

// begin starts a new piece at p.
func (m *splitter) begin(p int64) { m.piece, m.at, m.head = p, p, nil }

// finish returns the end of the last message, without the blank line that its
// writer added for the next separator. So the hash of a message stays the same
// when another one is appended.
func (m *splitter) finish() int64 {
	end := m.s.end()
	if eol, blank := m.blankBefore(end); blank && end > m.piece {
		return max(m.piece, end-int64(eol))
	}
	return end
}

// data returns the bytes of the piece up to cut, at most limit.
func (m *splitter) data(cut int64) (data []byte, truncated bool) {
	size := cut - m.piece
	switch {
	case m.head != nil:
		n := min(size, m.limit)
		return m.head[:n:n], size > n
	case size > m.limit:
		return m.s.from(m.piece)[:m.limit:m.limit], true
	}
	data = m.s.from(m.piece)[:size:size]
	if cap(m.s.buf) > 4*blockSize && len(data) < cap(m.s.buf)/8 {
		data = bytes.Clone(data) // it must not keep a large block alive
	}
	return data, false
}

// header holds the header fields that the splitter needs.
type header struct {
	length int64 // Content-Length; -1 if absent or useless
	end    int64 // start of the body
	flags  string
}

// walkHeader reads the header fields at the start of the piece.
func (m *splitter) walkHeader() header {
	h := header{length: -1}
	var status [16]byte
	flags := status[:0]
	// If a field occurs twice, the last Content-Length counts: a server that
	// delivers appends its own below those of the sender.
	for p := m.piece; p-m.piece < maxHeaderWalk; {
		line, size := lineAt(m, p)
		if len(line) == 0 {
			h.end = p + int64(size)
			break
		}
		// The header is damaged, so its length is not trusted.
		if c := line[0]; c != ' ' && c != '\t' && !startsField(line) || size == 0 {
			h.length = -1
			break
		}
		switch line[0] {
		case 'C', 'c':
			if v, ok := fieldValue(line, "content-length"); ok {
				h.length = parseLength(v)
			}
		case 'S', 's':
			if v, ok := fieldValue(line, "status"); ok {
				flags = append(flags, v[:min(len(v), 8)]...)
			}
		case 'X', 'x':
			if v, ok := fieldValue(line, "x-status"); ok {
				flags = append(flags, v[:min(len(v), 8)]...)
			}
		}
		p += int64(size)
	}
	if h.end == 0 {
		h.length = -1
	}
	h.flags = sortFlags(flags)
	return h
}

// lineAt returns the line at p and reads on if necessary. size is 0 if the
// input ends within the line, or if it is longer than a header may be.
//
// The common case, a short line within the buffer, is tried first without a
// copy. A bare CR ends a line too, so one inside sends it to the careful way.
func lineAt(m *splitter, p int64) (line []byte, size int) {
	for {
		w := m.s.from(p)
		if i := bytes.IndexByte(w[:min(len(w), maxFromLine)], '\n'); i >= 0 && bytes.IndexByte(w[:i], '\r') < 0 {
			return w[:i], i + 1
		}
		w = w[:min(len(w), maxHeaderWalk)]
		line, size = firstLine(w)
		whole := size > 0 && (size < len(w) || w[size-1] == '\n') // a final CR may be half of a CR LF
		if whole || len(w) == maxHeaderWalk || !m.more() {
			return line, size
		}
	}
}

// fieldValue returns the value of a header line if its name is name, which is
// in lower case.
func fieldValue(line []byte, name string) ([]byte, bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || !text.HasPrefixFold(line[:len(name)], name) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name)+1:]), true
}

// parseLength parses a non-negative number; it returns -1 for anything else.
//
// Twelve digits are a terabyte, which is far above maxHint and cannot overflow.
func parseLength(v []byte) int64 {
	if len(v) == 0 || len(v) > 12 {
		return -1
	}
	n := int64(0)
	for _, c := range v {
		if !isDigit(c) {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// sortFlags returns the distinct letters of b in order.
func sortFlags(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	slices.Sort(b)
	out := slices.Compact(b)
	out = slices.DeleteFunc(out, func(c byte) bool { return !isLetter(c) })
	return string(out)
}

// count keeps lengths.
//
// One wrong or missing length makes the whole file untrusted for good. A file
// of one program has them all; a file to which others have appended has lost
// the property.
func (m *splitter) count(right bool) {
	if right && m.lengths >= 0 {
		m.lengths++
	} else {
		m.lengths = -1
	}
}

// hinted returns the separator to which h's Content-Length points. A value that
// points to none is ignored: servers rewrite bodies without it, and senders
// invent values. A sender who knows the size of later messages can point behind
// them, so that they pass for his body. Only in a file whose messages so far
// all had a right length may one lead past a separator with a header.
func (m *splitter) hinted(h header) (sep separator, atEnd, ok bool) {
	sep, atEnd, ok = m.pointed(h)
	if ok && m.lengths < 1 && m.hides(h.end, min(h.end+h.length, m.s.end())) {
		return separator{}, false, false
	}
	return sep, atEnd, ok
}

// hides reports whether a separator with a header after it stands between two
// positions. It ends at the first, so that the bytes behind it are looked at
// once.
func (m *splitter) hides(from, to int64) bool {
	for p := from; p < to; p += int64(len(fromPrefix)) {
		i := bytes.Index(m.s.from(p)[:to-p], fromPrefix)
		if i < 0 {
			return false
		}
		p += int64(i)
		if !m.startsLine(p) {
			continue
		}
		if f, ok := parseFromLine(m.s.from(p)); ok && f.header {
			if _, is := m.judge(p, false); is {
				return true
			}
		}
	}
	return false
}

// pointed returns the separator at h's Content-Length without regard to the
// bytes between.
func (m *splitter) pointed(h header) (sep separator, atEnd, ok bool) {
	if h.length < 0 || h.length > min(maxHint, m.limit) {
		return separator{}, false, false
	}
	target := h.end + h.length
	for m.s.end() < target+fromLookahead && m.more() {
	}
	if target > m.s.end() {
		return separator{}, false, false
	}
	w := m.s.from(target)
	// mboxcl counts the blank line into the length in some programs and not in
	// others.
	for range 3 { // at the separator, or one or two line ends before it
		if len(w) == 0 {
			return separator{}, m.s.err == io.EOF, m.s.err == io.EOF
		}
		p := m.s.end() - int64(len(w))
		if bytes.HasPrefix(w, fromPrefix) && p > m.s.off && isEOL(m.s.from(p - 1)[0]) {
			sep, ok := m.judge(p, true)
			return sep, false, ok
		}
		n := leadingEOL(w)
		if n == 0 {
			break
		}
		w = w[n:]
	}
	return separator{}, false, false
}

// leadingEOL returns the length of the line end that begins w.
func leadingEOL(w []byte) int {
	switch {
	case len(w) >= 2 && w[0] == '\r' && w[1] == '\n':
		return 2
	case len(w) >= 1 && isEOL(w[0]):
		return 1
	}
	return 0
}
