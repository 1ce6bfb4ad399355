package findings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"spoor/graph/decision"
	"spoor/ingest/message"
	mailtext "spoor/ingest/text"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/messages"
)

// Letter is one message for reading.
//
// Raw may be shorter than the message if the import kept only its beginning.
type Letter struct {
	*messages.Message
	Name   string  // name of its campaign; "" without one
	Raw    []byte  // raw bytes, as far as they are kept; nil if they are not
	Header []Field // fields as received, with Received; from the stored facts if the message is not kept
	Texts  []Text
}

// Field is one header field, unfolded and decoded.
type Field struct{ Name, Value string }

// Text is the visible text of one part.
type Text struct {
	Type string // media type
	Size int64  // decoded bytes of the part
	Seen string
	Cut  bool // there is more
}

// Limits of a letter's texts and header; --raw gives all bytes.
const (
	// Nobody reads more on a screen.
	maxSeen   = 256 << 10
	maxTexts  = 50
	maxFields = 1000
)

// ReadLetter reads the message that a word names: a SHA-256 or its first digits, a
// Message-ID, or a number of the list that was printed last.
func ReadLetter(ctx context.Context, env *cli.Env, st *campaigns.Store, all *messages.Store, word, where string) (*Letter, error) {
	// A short number is a place in the last list before it is the beginning of
	// a hash.
	word, err := fromLastList(env, word, where)
	if err != nil {
		return nil, err
	}
	named, err := MessageNamed(ctx, env, st, word)
	if err != nil {
		return nil, err
	}
	m, err := all.Read(ctx, named.Key)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, env.Nothing("No message is called %s.", env.Text(printable.Cut(word, 100)))
	}
	l := &Letter{Message: m}
	if l.Raw, err = m.Raw(); err != nil {
		return nil, err
	}
	l.read()
	if m.Campaign != 0 {
		names, err := decision.ReadNames(ctx, st)
		l.Name = names[m.Campaign]
		return l, err
	}
	return l, nil
}

// Ends reads the message that is surest of a campaign and the least sure one; of
// a campaign of one message, that one.
func (p *Page) Ends(ctx context.Context, st *campaigns.Store, all *messages.Store) ([]*Letter, error) {
	keys, err := st.Central(ctx, p.State.ID, nil, 0)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	ends := []int64{keys[0], keys[len(keys)-1]}
	var out []*Letter
	for _, key := range slices.Compact(ends) {
		m, err := all.Read(ctx, key)
		if err != nil {
			return nil, err
		}
		if m == nil {
			continue // erased meanwhile
		}
		l := &Letter{Message: m, Name: p.Opinion.Said.Name}
		if l.Raw, err = m.Raw(); err != nil {
			return nil, err
		}
		l.read()
		out = append(out, l)
	}
	return out, nil
}

// maxListNumber is one more than the longest number of a list; more digits are the beginning
// of a hash.
const maxListNumber = 100_000

// fromLastList makes the hash of a number of the last list; other words stay.
//
// A list of another store is not used: the numbers would name other mail.
func fromLastList(env *cli.Env, word, where string) (string, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(word), "#"))
	if err != nil || n < 1 || n >= maxListNumber || len(word) > 6 {
		return word, nil
	}
	hashes := env.LastList(where)
	switch {
	case len(hashes) == 0:
		return "", cli.Usage("%d is a number of a list of messages, but none was printed yet; see correlate show ID, members ID, find", n)
	case n > len(hashes):
		return "", cli.Usage("%d is beyond the last list, which has %s", n, cli.Count(len(hashes), "message", ""))
	}
	return hashes[n-1], nil
}

// read parses the message: header fields and the visible text of each part.
//
// The kept bytes are parsed again and not taken from the facts: a reader wants
// all fields and the text.
//
// At most 50 texts and 1,000 fields are kept, as a message may have any number.
func (l *Letter) read() {
	if l.Raw == nil {
		l.headerOfFacts()
		return
	}
	m := message.Parse(l.Raw)
	for i := range m.Header[:min(len(m.Header), maxFields)] {
		f := &m.Header[i]
		l.Header = append(l.Header, Field{string(f.Name), f.Text()})
	}
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.Attachment || len(p.Text) == 0 || len(l.Texts) == maxTexts {
			continue
		}
		t := Text{Type: p.Type, Size: p.Size}
		if t.Seen, t.Cut = mailtext.Seen(mailtext.Block{Text: p.Text, HTML: p.HTML}, maxSeen); t.Seen != "" {
			l.Texts = append(l.Texts, t)
		}
	}
}

// headerOfFacts builds a header from the stored facts if the bytes are not
// kept.
func (l *Letter) headerOfFacts() {
	from := l.FromAddress
	if l.FromName != "" {
		from = l.FromName + " <" + from + ">"
	}
	for _, f := range []Field{
		{"Return-Path", l.ReturnPath}, {"Date", l.Date}, {"From", from}, {"Reply-To", strings.Join(l.ReplyTo, ", ")}, {"To", strings.Join(l.ToAddresses, ", ")},
		{"Subject", l.Subject}, {"Message-ID", l.MessageID}, {"X-Mailer", l.Mailer},
	} {
		if f.Value != "" {
			l.Header = append(l.Header, f)
		}
	}
}
