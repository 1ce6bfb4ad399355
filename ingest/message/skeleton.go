package message

import (
	"iter"
	"strings"

	"spoor/internal/text"
)

// maxSkeleton limits a skeleton, in bytes; longer ones are unique to one
// message.
const maxSkeleton = 500

// Skeleton returns the nested media types of a message on one line, such as
// "multipart/mixed(multipart/alternative(text/plain,text/html),image/png)", at
// most 500 bytes. It omits text outside of the structure, and files inside a
// text.
func Skeleton(m *Message) string {
	var b strings.Builder
	depth := 0
	for i := range m.Parts {
		p := &m.Parts[i]
		// Text outside of the tree is not of the mailer's doing.
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

// Embedded yields the attached messages (message/rfc822 and similar), decoded,
// with the index of their part. It does not descend into them; parse them for
// their own.
//
// Only the outermost messages are yielded. A message inside one of them is
// yielded when that one is parsed, so each is read once.
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
