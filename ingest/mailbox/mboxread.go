package mailbox

import "fmt"

// splitterFor returns a splitter for an mbox that begins with head.
//
// The first separator speaks for the file: one program writes all of an mbox,
// and the rarer forms are accepted only where it is known to use them.
func splitterFor(head []byte) splitter {
	f, ok := parseFromLine(trimBlank(head))
	return splitter{undated: ok && !f.dated, patches: ok && isPatch(f.envelope)}
}

// mbox yields the messages of s and returns the number of separators. Data
// before the first separator is a failure of its own, unless it is blank or no
// separator follows.
func (p *pass) mbox(pl Place, s *stream, m splitter) (found int) {
	bare := pl.Format == "" // otherwise a Maildir or MH file that begins with a "From " line
	if bare {
		pl.Format = Mbox
	}
	m.s, m.limit = s, p.lim.MessageBytes
	m.begin(s.off)
	sep, ok := m.next()
	if !ok {
		return 0
	}
	p.prologue(pl, &m, sep)
	m.strict = false
	for ok && !p.stopped {
		found++
		m.begin(sep.end)
		pl.Offset = sep.end
		h := m.walkHeader()
		if bare {
			pl.Flags = h.flags
		}
		this := sep
		hint, atEnd, told := m.hinted(h)
		// Counted after hinted, so that the first message cannot vouch for
		// itself.
		m.count(told)
		switch {
		case told && atEnd:
			ok = false
		case told:
			sep, ok = hint, true
		default:
			sep, ok = m.next()
		}
		if !ok {
			p.last(pl, &m, this)
			break
		}
		p.message(pl, &m, this, sep.cut)
	}
	return found
}

// prologue reports data before the first separator. Byte order marks and blank
// lines are ignored; the administrator must know of anything else.
func (p *pass) prologue(pl Place, m *splitter, sep separator) {
	junk, _ := m.data(sep.cut)
	if len(trimBlank(junk)) == 0 && sep.cut-m.piece <= m.limit {
		return
	}
	pl.Offset, pl.Length = m.piece, sep.cut-m.piece
	p.fail(pl, "prologue", fmt.Sprintf("the %d bytes before the first message are no message: %q", pl.Length, excerpt(junk)), nil)
}

// last yields the message that ends with the input.
//
// If the reading failed, its bytes are incomplete. They are told as a failure
// with their position and not passed on as a message, whose hash would differ
// from that of the whole one at the next import.
func (p *pass) last(pl Place, m *splitter, sep separator) {
	if err := m.s.failed(); err != nil {
		pl.Length = m.s.end() - m.piece
		p.readError(pl, err)
		return
	}
	p.message(pl, m, sep, m.finish())
}

// message yields the present piece up to cut.
//
// An empty message is told, because in an mbox it is mostly the trace of a
// crash between separator and body.
func (p *pass) message(pl Place, m *splitter, sep separator, cut int64) {
	data, truncated := m.data(cut)
	pl.Length = cut - m.piece
	if len(trimBlank(data)) == 0 && !truncated {
		p.fail(pl, "empty", "the separator is followed by no message", nil)
		return
	}
	p.give(Raw{Place: pl, Data: data, Truncated: truncated, Envelope: sep.envelope})
}
