package maillog

// eximHeaders is whether the lines of a reject log are headers of a refused mail, which
// Exim writes behind the verdict. They are the sender's, so that a folded header could be
// taken for a line of the log.
type eximHeaders bool

// has reports whether a line is one of the headers. The first two name the envelope; each
// header has a flag and a blank in front, and continues behind blanks.
func (h *eximHeaders) has(line []byte) bool {
	line, _ = cut(line, "\xef\xbb\xbf")
	if begins(line, "Envelope-from: <") || begins(line, "Envelope-to: <") {
		*h = true
		return true
	}
	*h = *h && len(line) > 1 && (line[0] == ' ' || line[0] == '\t' || line[1] == ' ' && (line[0] >= 'A' && line[0] <= 'Z' || line[0] == '*'))
	return bool(*h)
}

// eximPieces are lines for syslog that were too long, as far as they were read. Exim divides
// them after some 900 bytes, or where they have several lines:
//
//	[1/2] 1rjFQf-0001Ab-2C <= s@y …
//	[2/2]  for u@x
//	[1\3] H=… rejected after DATA
//
// Several processes may write such lines at a time.
type eximPieces map[pieceKey]*eximPiece

// pieceKey is the process that writes a line.
type pieceKey struct {
	server int32
	pid    int
}

// eximPiece is a line as far as it was read.
type eximPiece struct {
	next int // number of the piece that is expected
	text []byte
}

// Limits of long lines. Exim writes a list of recipients that is longer to its own log.
const (
	maxPieces = 64 // of a line
	maxLong   = 64 // lines at a time
)

// join returns the whole line once its last piece is read. Pieces behind the first line
// are headers. part is false if b is no piece.
func (all *eximPieces) join(w *where, b []byte) (whole []byte, part bool) {
	if len(b) < 6 || b[0] != '[' {
		return b, false
	}
	k, n := number(b[1:], 3)
	if n == 0 || b[1+n] != '/' && b[1+n] != '\\' {
		return b, false
	}
	sep, rest := b[1+n], b[2+n:]
	of, n := number(rest, 3)
	if n == 0 || !begins(rest[n:], "] ") {
		return b, false
	}
	key := pieceKey{w.server.id, w.pid}
	if k == 1 {
		if *all == nil || len(*all) >= maxLong {
			*all = eximPieces{}
		}
		(*all)[key] = &eximPiece{next: 1}
	}
	p := (*all)[key]
	if p == nil || k != p.next || k > maxPieces {
		delete(*all, key)
		return nil, true
	}
	p.text = append(p.text, rest[n+2:]...)
	p.next++
	if k < of && sep == '/' {
		return nil, true
	}
	delete(*all, key)
	return p.text, true
}
