package received

import (
	"strings"

	"spoor/internal/text"
)

// clause is the part of a field that a keyword opens (RFC 5321 section 4.4).
//
// Programs write the clauses in other orders too, and words between them.
type clause int

// The clauses, in the order of RFC 5321. clauses is their number.
const (
	noClause clause = iota
	fromClause
	byClause
	viaClause
	withClause
	idClause
	forClause
	envClause // "envelope-from <…>" outside a comment, as Haraka writes it
	clauses
)

// field is a Received field while it is parsed.
type field struct {
	hop    Hop
	client client
	tok    tokens
	in     clause
	seen   [clauses]bool
	first  [clauses]int // index of the clause's first word
	last   [clauses]int // index of the last word in its first run
	from   [4]string    // first words of the from clause
	nFrom  int
	left   string // first comment that no rule has used
	local  bool   // "(from user@host)" or "with local": there is no client
}

// Parse parses the value of one Received field, folded or not. It never fails:
// a part that cannot be read stays empty. Time is linear in len(value), of
// which the first 64 KiB count.
//
// The strings of the Hop are slices of one copy of the value.
func Parse(value []byte) Hop {
	s := unfold(value)
	var f field
	f.tok.scan(s)
	f.hop.Raw = s
	if len(s) > maxRaw {
		f.hop.Raw = strings.ToValidUTF8(s[:maxRaw], "")
	}
	f.readTokens()
	f.readWords()
	f.readDate()
	f.hop.Syntax = syntax(&f)
	f.settleClient()
	f.hop.Comment = text.Cut(f.left, maxComment)
	if len(s) > maxRaw {
		f.hop.detach()
	}
	return f.hop
}

// readTokens assigns words and comments to clauses. Each keyword opens a clause
// once; a second "with" is an ordinary word.
func (f *field) readTokens() {
	for i := 0; i < f.tok.n; i++ {
		text := f.tok.text(i)
		if f.tok.list[i].kind == comment {
			f.readComment(text)
			continue
		}
		if f.tok.date >= 0 && int(f.tok.list[i].start) >= f.tok.date && f.in != idClause && !strings.EqualFold(text, "id") {
			continue // the date; Courier writes its id after it
		}
		if c := keyword(text); c != noClause && !f.seen[c] && (c != envClause || f.seen[byClause]) {
			f.in = c
			f.seen[c] = true
			f.first[c], f.last[c] = -1, -1
			continue
		}
		f.readWord(i, text)
	}
}

// readWord takes a word as value of the present clause.
func (f *field) readWord(i int, w string) {
	c := f.in
	if c == fromClause {
		if f.nFrom < len(f.from) {
			f.from[f.nFrom] = w
			f.nFrom++
		}
		return
	}
	if c != noClause {
		if f.first[c] < 0 {
			f.first[c], f.last[c] = i, i
			return
		}
		// A run ends at the first comment, which is a token between.
		if f.last[c] == i-1 {
			f.last[c] = i
		}
	}
	if hasFold(w, "id=") && f.hop.ID == "" { // Debian's bug tracker
		f.hop.ID = text.Cut(unbracket(w[3:]), maxText)
	}
}

// keyword returns the clause that a word opens.
func keyword(w string) clause {
	// The length excludes most words without a comparison.
	switch len(w) {
	case 2:
		if strings.EqualFold(w, "by") {
			return byClause
		}
		if strings.EqualFold(w, "id") {
			return idClause
		}
	case 3:
		if strings.EqualFold(w, "for") {
			return forClause
		}
		if strings.EqualFold(w, "via") {
			return viaClause
		}
	case 4:
		if strings.EqualFold(w, "from") {
			return fromClause
		}
		if strings.EqualFold(w, "with") {
			return withClause
		}
	case 13:
		if strings.EqualFold(w, "envelope-from") {
			return envClause
		}
	}
	return noClause
}

// readWords sets the fields of the Hop from the words of each clause.
func (f *field) readWords() {
	h := &f.hop
	if w := f.clauseFirst(byClause); w != "" {
		h.By = hostName(w)
		if a, _, ok := literal(w); ok && !h.ByAddr.IsValid() {
			h.ByAddr = a
		}
	}
	h.Via = f.clauseRun(viaClause)
	h.With = f.clauseRun(withClause)
	if w := f.clauseFirst(idClause); w != "" {
		h.ID = text.Cut(unbracket(w), maxText)
	}
	if w := f.clauseFirst(forClause); w != "" {
		h.For = recipient(w)
	}
	if w := f.clauseFirst(envClause); w != "" && h.EnvelopeFrom == "" {
		h.EnvelopeFrom = recipient(w)
	}
	f.local = f.local || strings.EqualFold(h.With, "local")
	h.Authenticated = h.Authenticated || authProtocol(h.With)
}

// clauseFirst returns the first word of a clause, or "".
func (f *field) clauseFirst(c clause) string {
	if !f.seen[c] || f.first[c] < 0 {
		return ""
	}
	return f.tok.text(f.first[c])
}

// clauseRun returns the clause's words up to the first comment, such as
// "Microsoft SMTP Server".
func (f *field) clauseRun(c clause) string {
	if !f.seen[c] || f.first[c] < 0 {
		return ""
	}
	return text.Cut(f.tok.s[f.tok.list[f.first[c]].start:f.tok.list[f.last[c]].end], maxText)
}

// authProtocol reports whether the protocol name means that the client
// authenticated (RFC 3848; older Exim wrote "asmtp"). LMTPA is excluded: it
// describes the receiver's own delivery agent.
func authProtocol(with string) bool {
	n := len(with)
	if n < 5 || n > 12 || with[n-1] != 'A' && with[n-1] != 'a' {
		return strings.EqualFold(with, "asmtp")
	}
	return !strings.EqualFold(with[:4], "lmtp") && strings.Contains(strings.ToUpper(with), "SMTP")
}

// hostName strips the characters that servers write around a name.
func hostName(w string) string {
	w = trimEnd(w)
	if len(w) > 2 && w[0] == '<' && w[len(w)-1] == '>' {
		w = w[1 : len(w)-1]
	}
	return text.Cut(w, maxText)
}

// trimEnd removes full stops and commas at the end.
func trimEnd(w string) string {
	for w != "" && (w[len(w)-1] == '.' || w[len(w)-1] == ',') {
		w = w[:len(w)-1]
	}
	return w
}

func unbracket(w string) string {
	w = strings.TrimPrefix(w, "<")
	return strings.TrimRight(w, ">,")
}

// recipient extracts the address from "<a@b>", "a@b", "<a@b>,<c@d>" and
// "<rfc822;a@b>".
//
// Of several recipients the first counts.
func recipient(w string) string {
	if i := strings.IndexByte(w, '<'); i >= 0 {
		w = w[i+1:]
		if j := strings.IndexByte(w, '>'); j >= 0 {
			w = w[:j]
		}
	}
	w = strings.TrimPrefix(w, "rfc822;")
	return text.Cut(strings.Trim(w, "<>,;"), maxText)
}

// detach copies the strings of a Hop, so that the memory of an oversized field
// can be freed.
func (h *Hop) detach() {
	for _, p := range []*string{&h.From, &h.Reverse, &h.Ident, &h.By, &h.Via, &h.With, &h.ID,
		&h.For, &h.EnvelopeFrom, &h.TLS, &h.Zone, &h.Comment, &h.Raw} {
		*p = strings.Clone(*p)
	}
}
