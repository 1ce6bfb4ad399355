package evidence

import (
	"strings"

	"spoor/internal/text"
)

// maxValue limits a feature's value, in bytes. Longer values are truncated and
// therefore equal others with the same beginning.
const maxValue = 512

// collector collects the features of one message.
type collector struct{ out []Feature }

// put adds a value. If the truncation splits a character, the rest of it is
// removed, because the database accepts valid UTF-8 only.
func (c *collector) put(k Kind, v string) {
	if v = strings.ToValidUTF8(text.Cut(v, maxValue), ""); v != "" {
		c.out = append(c.out, Feature{k, v})
	}
}
