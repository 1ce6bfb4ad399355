package polite

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"spoor/enrich/servers"
)

// Limit is the load that one server tolerates.
type Limit struct {
	Rate     float64 // questions per second; 0 for no limit
	AtOnce   int     // concurrent questions of this process; 0 for no limit
	Failures int     // successive failures before it is backed off; 0 for 5
}

// tolerated returns the number of successive failures before a back-off. The
// default is five.
func (l Limit) tolerated() int {
	if l.Failures > 0 {
		return l.Failures
	}
	return 5
}

// rates is the table of limits that ships with the program.
//
//go:embed rates.txt
var rates string

// Table maps servers to their Limit. A line of its text form is
//
//	SERVER RATE AT-ONCE [FAILURES]
//
// SERVER is a servers.Pattern. Of the lines that match a server the most
// specific counts, and of equally specific ones the last. RATE is a number per
// s, min, h or day ("5/s", "1000/day"). RATE and AT-ONCE may be "-" for no
// limit. "#" begins a comment.
//
// Entries of Override take precedence over all lines, field by field.
type Table struct {
	lines     []line
	overrides []override
}

// line is one line of the table.
type line struct {
	servers.Pattern
	limit Limit
}

// override replaces some fields of a limit; nil keeps a field.
type override struct {
	servers.Pattern
	rate   *float64
	atOnce *int
}

// Defaults returns the table that is part of the program.
func Defaults() (*Table, error) {
	t := &Table{}
	if err := t.Read(strings.NewReader(rates)); err != nil {
		return nil, fmt.Errorf("read the built-in rates: %w", err)
	}
	return t, nil
}

// Read adds the lines of a text, which take precedence over the present ones.
func (t *Table) Read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		if err := t.addLine(fields); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

// addLine parses the fields of a line.
func (t *Table) addLine(fields []string) error {
	if len(fields) < 3 || len(fields) > 4 {
		return fmt.Errorf("%q is not SERVER RATE AT-ONCE [FAILURES]", strings.Join(fields, " "))
	}
	rate, err := ParseRate(fields[1])
	if err != nil {
		return err
	}
	l := Limit{Rate: rate}
	if l.AtOnce, err = count(fields[2]); err != nil {
		return err
	}
	if len(fields) == 4 {
		if l.Failures, err = count(fields[3]); err != nil {
			return err
		}
	}
	return t.Set(fields[0], l)
}

// count parses a number, or "-" for none.
func count(s string) (int, error) {
	if s == "-" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, fmt.Errorf("%q is not a number from 1 to 1000000, or \"-\" for no limit", s)
	}
	return n, nil
}

// ParseRate parses "5/s", "30/min", "500/h", "1000/day" or "-" and returns
// questions per second.
func ParseRate(s string) (float64, error) {
	if s == "-" {
		return 0, nil
	}
	number, unit, _ := strings.Cut(s, "/")
	n, err := strconv.ParseFloat(number, 64)
	seconds := map[string]float64{"s": 1, "min": 60, "h": 3600, "day": 86400}[unit]
	if err != nil || !(n > 0 && n <= 1e6) || seconds == 0 {
		return 0, fmt.Errorf("%q is not a rate like 5/s, 30/min, 500/h or 1000/day, or \"-\" for no limit", s)
	}
	return n / seconds, nil
}

// Set sets the Limit of the servers of a pattern.
func (t *Table) Set(pattern string, l Limit) error {
	p, err := servers.Parse(pattern)
	if err != nil {
		return err
	}
	t.lines = append(t.lines, line{p, l})
	return nil
}

// Override changes the rate of the servers of a pattern, and AT-ONCE unless
// atOnce is "".
func (t *Table) Override(pattern, rate, atOnce string) error {
	p, err := servers.Parse(pattern)
	if err != nil {
		return err
	}
	o := override{Pattern: p}
	r, err := ParseRate(rate)
	if err != nil {
		return err
	}
	o.rate = &r
	if atOnce != "" {
		n, err := count(atOnce)
		if err != nil {
			return err
		}
		o.atOnce = &n
	}
	t.overrides = append(t.overrides, o)
	// Limit applies them in this order, so the most specific comes last.
	slices.SortStableFunc(t.overrides, func(a, b override) int { return a.Exactness() - b.Exactness() })
	return nil
}

// cautious is the limit of a server about which nothing is known.
var cautious = Limit{Rate: 1, AtOnce: 1}

// Limit returns the limit of a server ("host:port"). It has the form that New
// expects.
func (t *Table) Limit(server string) Limit {
	l, best := cautious, -1
	for _, c := range t.lines {
		if exact := c.Exactness(); exact >= best && c.Match(server) {
			l, best = c.limit, exact
		}
	}
	for _, o := range t.overrides {
		if !o.Match(server) {
			continue
		}
		if o.rate != nil {
			l.Rate = *o.rate
		}
		if o.atOnce != nil {
			l.AtOnce = *o.atOnce
		}
	}
	return l
}
