// Package questions is the one home of investigators' questions, each one
// statement over the published views. The command line, the page, the manual,
// the tests and the benchmark all take them from here.
//
// A question is a file NAME.sql. Its first line is a comment with its title;
// the comments that follow give its parameters, as "-- name type default:
// meaning", and "-- slow: why" if it takes more than 200 ms at a million
// messages. In the statement :name stands for a value. Values are bound, never
// pasted. :newest stands for the arrival of the newest stored message, which
// the caller looks up. Days count back from it, so that an old store answers,
// too, and the planner knows how few messages are meant. The package runs
// nothing.
package questions

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed *.sql
var files embed.FS

// Type is the type of a parameter's values.
type Type string

// The types. The words are those of the declarations.
const (
	Integer  Type = "integer"  // 0 to a million
	Text     Type = "text"     // any text of one line
	Network  Type = "inet"     // an address or a network
	Campaign Type = "campaign" // an id as the command line shows it, c2
)

// Parameter is a value that a question takes.
type Parameter struct {
	Name    string
	Type    Type
	Default string // also an example of its form
	About   string
}

// Question is one statement with its title.
type Question struct {
	Name       string
	Title      string
	Parameters []Parameter
	Slow       string // why it takes longer than a fifth of a second at a million messages; "" if it does not
	statement  string // with :name for values
}

// All lists the questions by name.
func All() []Question {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // embedded
	}
	var out []Question
	for _, e := range entries {
		b, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		q, err := parse(strings.TrimSuffix(e.Name(), ".sql"), string(b))
		if err != nil {
			panic(err) // a file of this package: its test finds it
		}
		out = append(out, q)
	}
	slices.SortFunc(out, func(a, b Question) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Named returns one question.
func Named(name string) (Question, bool) {
	for _, q := range All() {
		if q.Name == name {
			return q, true
		}
	}
	return Question{}, false
}

// parameterLine matches a comment that declares a parameter.
var parameterLine = regexp.MustCompile(`^([a-z][a-z0-9]*) (integer|text|inet|campaign) (.*?): (.+)$`)

// parse reads a question: comments up to the first other line, then the
// statement.
func parse(name, text string) (Question, error) {
	q := Question{Name: name}
	for {
		line, rest, _ := strings.Cut(text, "\n")
		comment, ok := strings.CutPrefix(line, "-- ")
		if !ok {
			break
		}
		if text = rest; q.Title == "" {
			q.Title = comment
			continue
		}
		if slow, ok := strings.CutPrefix(comment, "slow: "); ok {
			q.Slow = slow
			continue
		}
		m := parameterLine.FindStringSubmatch(comment)
		if m == nil {
			return q, fmt.Errorf("question %s: no parameter: %s", name, line)
		}
		q.Parameters = append(q.Parameters, Parameter{m[1], Type(m[2]), m[3], m[4]})
	}
	q.statement = strings.TrimSpace(text)
	if q.Title == "" || q.statement == "" {
		return q, fmt.Errorf("question %s: no title or no statement", name)
	}
	return q, nil
}

// placeholder matches :name. It matches neither a cast (::text) nor a part of a
// time.
var placeholder = regexp.MustCompile(`(^|[^:\w]):([a-z][a-z0-9]*)\b`)

// replaced returns the statement with each :name replaced by the result of by.
func (q *Question) replaced(by func(n int, p Parameter) string) string {
	return placeholder.ReplaceAllStringFunc(q.statement, func(s string) string {
		m := placeholder.FindStringSubmatch(s)
		for n, p := range q.Parameters {
			if p.Name == m[2] {
				return m[1] + by(n, p)
			}
		}
		return s
	})
}

// newest is the placeholder for the arrival of the newest message.
const newest = "newest"

// SQL returns the statement with numbered parameters: $1 for the first. If
// NeedsNewest, the number after the last stands for the arrival of the newest
// message.
func (q *Question) SQL() string {
	at := "${1}$$" + strconv.Itoa(len(q.Parameters)+1) + "::timestamptz"
	text := q.replaced(func(n int, p Parameter) string { return "$" + strconv.Itoa(n+1) + "::" + p.sqlType() })
	return newestPlace.ReplaceAllString(text, at)
}

// NeedsNewest reports whether the statement has a place for the arrival of the newest message.
func (q *Question) NeedsNewest() bool { return newestPlace.MatchString(q.statement) }

// newestPlace matches the placeholder newest.
var newestPlace = regexp.MustCompile(`(^|[^:\w]):` + newest + `\b`)

// Example returns the statement with the defaults of its parameters in place,
// to read and to paste.
func (q *Question) Example() string {
	text := q.replaced(func(_ int, p Parameter) string {
		if p.Type == Integer {
			return p.Default
		}
		literal := "'" + strings.ReplaceAll(p.Default, "'", "''") + "'"
		if p.Type == Network {
			return "inet " + literal
		}
		return literal
	})
	return newestPlace.ReplaceAllString(text, "$1(SELECT max(received_at) FROM messages_v)")
}

// sqlType returns the parameter's type in SQL. A cast to it makes PostgreSQL
// accept the bound value in every place.
func (p *Parameter) sqlType() string {
	if p.Type == Campaign {
		return "text"
	}
	return string(p.Type)
}

// ErrValue reports a value that its parameter does not accept.
var ErrValue = errors.New("not what the parameter takes")

// Bind returns the values of the statement's parameters in their order, each
// checked. A missing value has its default.
func (q *Question) Bind(given map[string]string) ([]any, error) {
	out := make([]any, len(q.Parameters))
	known := make(map[string]bool)
	for n, p := range q.Parameters {
		known[p.Name] = true
		value, ok := given[p.Name]
		if !ok {
			value = p.Default
		}
		bound, err := p.bind(value)
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrValue, p.Name, err)
		}
		out[n] = bound
	}
	for name := range given {
		if !known[name] {
			return nil, fmt.Errorf("%w: %s has no parameter %q", ErrValue, q.Name, name)
		}
	}
	return out, nil
}

// Bounds of values: more days than mail has existed, and more bytes than any
// name has.
const (
	maxInteger = 1_000_000
	maxText    = 1000
)

// campaignID matches an id as the command line shows it, with at most 18
// digits, which fit into a bigint.
var campaignID = regexp.MustCompile(`^c[1-9][0-9]{0,17}$`)

// bind parses a value. An error quotes at most 40 characters of it, because
// values come from requests.
func (p *Parameter) bind(s string) (any, error) {
	s = strings.TrimSpace(s)
	switch p.Type {
	case Integer:
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > maxInteger {
			return nil, fmt.Errorf("%.40q is no number from 0 to %d", s, maxInteger)
		}
		return n, nil
	case Network:
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(s); err == nil {
				// A single address is the network of its full length.
				a = a.Unmap().WithZone("")
				prefix = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%.40q is no address and no network", s)
		}
		return prefix.Masked(), nil
	case Campaign:
		if s = strings.ToLower(s); !campaignID.MatchString(s) {
			return nil, fmt.Errorf("%.40q is no campaign's ID, such as c2", s)
		}
		return s, nil
	}
	if s == "" || len(s) > maxText || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return nil, fmt.Errorf("%.40q is no text of 1 to %d bytes", s, maxText)
	}
	return s, nil
}
