package received

import (
	"fmt"
	"strconv"
	"strings"

	"spoor/internal/text"
)

// MX is one of the receiver's mail exchangers with its preference. A sender
// should try the lowest first (RFC 5321 section 5.1). Senders of spam often
// prefer the highest, because backup servers filter less.
type MX struct {
	Name     string // host name, "*" stands for any run of characters
	Priority int
}

func (x MX) String() string { return fmt.Sprintf("%s=%d", x.Name, x.Priority) }

// ParseMX parses NAME=PRIORITY.
//
// PRIORITY has 16 bits (RFC 1035 section 3.3.9). The error names the form, for
// the command line.
func ParseMX(s string) (MX, error) {
	name, priority, ok := strings.Cut(s, "=")
	n, err := strconv.ParseUint(strings.TrimSpace(priority), 10, 16)
	name = strings.ToLower(strings.TrimSpace(name))
	if !ok || err != nil || name == "" {
		return MX{}, fmt.Errorf("%q must be NAME=PRIORITY, such as mx2.example.com=20", s)
	}
	return MX{Name: name, Priority: int(n)}, nil
}

// Priority returns the priority of the named exchanger, or -1 if it is unknown.
//
// The first pattern that matches counts, in the order of the user.
func (o *Own) Priority(name string) int {
	if name == "" {
		return -1
	}
	for _, x := range o.MX {
		if text.Glob(x.Name, strings.TrimRight(name, ".")) {
			return x.Priority
		}
	}
	return -1
}
