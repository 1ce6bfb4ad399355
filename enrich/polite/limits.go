package polite

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// Limit is what one server tolerates.
type Limit struct {
	Rate     float64 // questions a second; 0 for no limit
	AtOnce   int     // questions under way in this process; 0 for no limit
	Failures int     // in a row, before it is left alone; 0 for 5
}

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

// Table tells the Limit of each server. A line of its text form is
//
//	SERVER RATE AT-ONCE [FAILURES]
//
// SERVER is host, host:port, *.suffix, or :port for all servers at a port; the most exact
// one counts, and of equal ones the later. RATE is a number per s, min, h or day ("5/s",
// "1000/day"), or "-" for no limit, as AT-ONCE may be. "#" begins a comment.
type Table struct {
	limits map[string]Limit
}

// Defaults returns the table that ships with the program.
func Defaults() (*Table, error) {
	t := &Table{}
	if err := t.Read(strings.NewReader(rates)); err != nil {
		return nil, fmt.Errorf("read the built-in rates: %w", err)
	}
	return t, nil
}

// Read adds the lines of a text to the table, over those it has.
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
	t.Set(fields[0], l)
	return nil
}

// count reads a number, or "-" for none.
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

// ParseRate reads "5/s", "30/min", "500/h", "1000/day" or "-", as questions a second.
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

// Set gives a server, suffix or port its Limit.
func (t *Table) Set(server string, l Limit) {
	if t.limits == nil {
		t.limits = map[string]Limit{}
	}
	t.limits[strings.ToLower(server)] = l
}

// cautious is for a server of which nothing is known.
var cautious = Limit{Rate: 1, AtOnce: 1}

// Limit tells what a server ("host:port") tolerates; for New.
func (t *Table) Limit(server string) Limit {
	server = strings.ToLower(server)
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		host = server
	}
	keys := []string{server, host}
	for rest, more := host, true; more; {
		if _, rest, more = strings.Cut(rest, "."); more {
			keys = append(keys, "*."+rest)
		}
	}
	for _, key := range append(keys, ":"+port) {
		if l, ok := t.limits[key]; ok {
			return l
		}
	}
	return cautious
}
