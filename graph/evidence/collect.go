package evidence

// maxValue bounds a feature's value: what is longer is cut, and so agrees with what
// begins the same.
const maxValue = 512

// collector gathers the features of one message.
type collector struct{ out []Feature }

func (c *collector) put(k Kind, v string) {
	if v != "" {
		c.out = append(c.out, Feature{k, v[:min(len(v), maxValue)]})
	}
}
