package message

import (
	"iter"
	"strings"

	"spoor/internal/text"
)

const maxSkeleton = 500

// Skeleton gives the nested media types of a message on one line, such as
// "multipart/mixed(multipart/alternative(text/plain,text/html),image/png)", cut to 500
// bytes. Text outside of the structure and files inside a text are left out.
func Skeleton(m *Message) string {
	var b strings.Builder
	depth := 0
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.Outside != "" {
			continue
		}
		switch {
		case i == 0:
		case p.Depth > depth:
			b.WriteByte('(')
		default:
			for range depth - p.Depth {
				b.WriteByte(')')
			}
			b.WriteByte(',')
		}
		depth = p.Depth
		b.WriteString(p.Type)
		if b.Len() > maxSkeleton {
			break
		}
	}
	for range depth {
		b.WriteByte(')')
	}
	return text.Cut(b.String(), maxSkeleton)
}

// Embedded yields the messages that a message carries (message/rfc822 and its like),
// decoded, with the index of their part. Messages inside of those are not yielded: they
// are found when those are parsed.
func (m *Message) Embedded() iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		s := state{m: m}
		for i := range m.Parts {
			if p := &m.Parts[i]; p.Message && !s.inMessage(i) && !yield(i, p.Body) {
				return
			}
		}
	}
}
