package links

import (
	"bytes"

	"spoor/ingest/html"
)

// tokens reads the tokens of body and returns the number of bytes read:
// everything except an unterminated tag.
func (w *walker) tokens(body []byte, depth int) (used int) {
	for i := 0; i < len(body); {
		lt := bytes.IndexByte(body[i:], '<')
		if lt < 0 {
			w.read(body[i:])
			break
		}
		if lt > 0 {
			w.read(body[i : i+lt])
			i += lt
		}
		// "<" without a name is text, as for browsers.
		name, closing, isTag := html.StartsTag(body, i)
		switch {
		case isTag:
			end, ok := w.token.Scan(body, name)
			// The tag is not closed: the caller reads the rest as text.
			if !ok {
				return i
			}
			raw := body[i:end]
			i = end
			if closing {
				w.endTag(raw, w.token.Name.Of(body))
			} else if literal := w.tag(raw, body); literal != "" {
				// The content of scripts and styles has no tags.
				stop := html.RawTextEnd(body, i, literal)
				w.literal(literal, body[i:stop], depth)
				i = stop
			}
		case html.StartsMarkup(body, i):
			content, end := html.Markup(body, i)
			w.markup(content.Of(body), depth)
			i = end
		default:
			w.text = append(w.text, '<')
			i++
		}
	}
	return len(body)
}

// markup searches the content of a comment or declaration.
func (w *walker) markup(content []byte, depth int) {
	if len(content) > 7 && bytes.EqualFold(content[:7], []byte("doctype")) {
		w.searchIn(content, "doctype")
		return
	}
	w.comment(content, depth)
}
