package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
	"spoor/internal/wellformed"
)

// list is a block list: which kinds of indicators it takes, and how a value stands in it.
type list struct {
	kinds []dossier.Kind
	key   func(kind dossier.Kind, value string) (string, bool) // false: the format can't say it
	head  func(io.Writer, Options) error                       // nil: none but the usual comment
	mark  string                                               // begins a comment
	line  func(e entry) string
}

// entry is one thing that a list blocks.
type entry struct {
	key       string
	campaign  *dossier.Campaign
	indicator *dossier.Indicator
	until     time.Time
}

// words say in plain ASCII why the entry stands there: they go into answers of a mail
// server, so nothing of the spammer's is in them.
func (e *entry) words() string {
	return fmt.Sprintf("%s: %s, until %s", e.campaign.Label(), e.indicator.Verdict.Words(), e.until.UTC().Format(time.DateOnly))
}

// defaultValid is how long an entry holds when the user doesn't say.
const defaultValid = 30 * 24 * time.Hour

// entries lists what is to be blocked, each key once: two campaigns may have half of a
// host's mail each.
func (l *list) entries(campaigns []dossier.Campaign, o Options) []entry {
	valid := o.Valid
	if valid == 0 {
		valid = defaultValid
	}
	var out []entry
	seen := make(map[string]bool)
	for i := range campaigns {
		c := &campaigns[i]
		for j := range c.Indicators {
			in := &c.Indicators[j]
			if !in.Verdict.Block || !slices.Contains(l.kinds, in.Kind) {
				continue
			}
			key, ok := l.key(in.Kind, in.Value)
			if !ok || seen[key] {
				continue
			}
			seen[key] = true
			out = append(out, entry{key, c, in, o.Now.Add(valid)})
		}
	}
	return out
}

// want counts the entries that a file of the list must have.
func (l *list) want(campaigns []dossier.Campaign) int { return len(l.entries(campaigns, Options{})) }

func (l *list) write(w io.Writer, campaigns []dossier.Campaign, o Options) (int, error) {
	b := bufio.NewWriter(w)
	if _, err := fmt.Fprintf(b, "%s Written by Spoor on %s. Changes are lost at the next export.\n", l.mark, o.Now.UTC().Format(time.RFC3339)); err != nil {
		return 0, err
	}
	for i := range campaigns {
		if _, err := fmt.Fprintf(b, "%s %s\n", l.mark, comment(campaigns[i].Title())); err != nil {
			return 0, err
		}
	}
	if l.head != nil {
		if err := l.head(b, o); err != nil {
			return 0, err
		}
	}
	all := l.entries(campaigns, o)
	for i := range all {
		e := &all[i]
		if _, err := fmt.Fprintf(b, "%s %s; %d of its %d messages, %d of all spam\n%s\n",
			l.mark, e.words(), e.indicator.Members, e.campaign.Members, e.indicator.Spam, l.line(*e)); err != nil {
			return i, err
		}
	}
	return len(all), b.Flush()
}

// maxComment bounds the name of a campaign in a comment.
const maxComment = 100

// comment makes words of strangers safe in a comment: one line of printable ASCII. A
// backslash at the end of a line would join the next to it.
func comment(s string) string {
	return strings.ReplaceAll(printable.ASCII(printable.Cut(s, maxComment)), `\`, "?")
}

// countEntries counts the lines that are neither empty nor comments.
func countEntries(r io.Reader) (int, error) {
	return countMatching(r, func(line string) bool { return line != "" && line[0] != '#' })
}

func countMatching(r io.Reader, is func(line string) bool) (int, error) {
	n := 0
	s := bufio.NewScanner(r)
	for s.Scan() {
		if is(strings.TrimSpace(s.Text())) {
			n++
		}
	}
	return n, s.Err()
}

// asLink lets through what links lead to, and of senders addresses only.
func asLink(k dossier.Kind, value string) (string, bool) {
	if k == dossier.SenderIP {
		return wellformed.Address(value)
	}
	return wellformed.HostOrAddress(value)
}

// Left is how many indicators a block list does not take, and why.
type Left struct {
	Reason string
	Number int
}

// LeftOut tells what a block list's files do not hold, commonest reason first. What they
// hold and what is left out add up to total, the indicators of the kinds that they take.
func (f Format) LeftOut(campaigns []dossier.Campaign, o Options) (total int, left []Left) {
	reasons := make(map[string]int)
	seen := make(map[string]bool)
	campaigns = force(campaigns, o)
	for i := range campaigns {
		for j := range campaigns[i].Indicators {
			in := &campaigns[i].Indicators[j]
			l := f.listFor(in.Kind)
			if l == nil {
				continue
			}
			total++
			key, ok := l.key(in.Kind, in.Value)
			key = string(l.kinds[0]) + " " + key
			switch {
			case !in.Verdict.Block:
				reasons[in.Verdict.Words()]++
			case !ok:
				reasons["not expressible in "+f.Name]++
			case seen[key]:
				reasons["listed already"]++
			default:
				seen[key] = true
			}
		}
	}
	for r, n := range reasons {
		left = append(left, Left{r, n})
	}
	slices.SortFunc(left, func(a, b Left) int {
		if a.Number != b.Number {
			return b.Number - a.Number
		}
		return strings.Compare(a.Reason, b.Reason)
	})
	return total, left
}

// listFor finds the list that takes a kind; nil if none does.
func (f Format) listFor(k dossier.Kind) *list {
	for _, file := range f.files {
		if file.list != nil && slices.Contains(file.list.kinds, k) {
			return file.list
		}
	}
	return nil
}
