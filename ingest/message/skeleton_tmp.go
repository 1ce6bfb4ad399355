package message

import "iter"

// Placeholders until the parser has them: delete this file when it does.

// ParseHeader reads only the header of a message, for callers that need no more; data
// may be cut in the body.
func ParseHeader(data []byte) Header { return Parse(data).Header }

func Skeleton(m *Message) string { return "" }
func Template(s string) string   { return "" }

func (m *Message) Embedded() iter.Seq2[int, []byte] { return func(func(int, []byte) bool) {} }
