package evidence

import (
	"strings"

	"spoor/internal/text"
)

// maxValue bounds a feature's value: what is longer is cut, and so agrees with what
// begins the same.
const maxValue = 512

// collector gathers the features of one message.
type collector struct{ out []Feature }

// put adds a value. A cut may fall into the middle of a character: the rest of it goes too,
// since a store takes nothing but whole ones.
func (c *collector) put(k Kind, v string) {
	if v = strings.ToValidUTF8(text.Cut(v, maxValue), ""); v != "" {
		c.out = append(c.out, Feature{k, v})
	}
}
