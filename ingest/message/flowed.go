package message

import "bytes"

// joinFlowed joins the lines of text with format=flowed and delsp=yes (RFC 3676
// section 4), which splits URLs over lines. Without delsp the blank at the end
// of a line belongs to the text, so no URL continues and nothing needs joining.
func joinFlowed(b []byte) []byte {
	out := make([]byte, 0, len(b))
	// Lines join only within one level of quotation (section 4.5): a change of
	// depth ends the paragraph.
	flowing, level := false, 0 // of the previous line
	for len(b) > 0 {
		end := lineEnd(b, 0)
		line := trimLineEnd(b[:end])
		rest := b[end:]
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		content := bytes.TrimPrefix(line[depth:], []byte(" ")) // space-stuffed, section 4.4
		// Section 4.3: the signature separator ends in a blank, and is a line
		// of its own.
		signature := string(content) == "-- "
		joins := flowing && depth == level && !signature
		if !joins {
			if flowing {
				out = append(out, '\n')
			}
			out = append(out, line[:depth]...)
			if depth > 0 {
				out = append(out, ' ')
			}
		}
		flowing = !signature && len(content) > 0 && content[len(content)-1] == ' '
		level = depth
		if flowing {
			content = content[:len(content)-1]
		}
		out = append(out, content...)
		if !flowing && len(line) < end {
			out = append(out, '\n')
		}
		b = rest
	}
	return out
}
