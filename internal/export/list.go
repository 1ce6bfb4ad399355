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

// list is a block list: the kinds of indicators that it accepts, and the
// notation of their values.
//
// write depends on the campaigns' order: the first campaign with a value gives
// its reason.
type list struct {
	kinds []dossier.Kind
	key   func(kind dossier.Kind, value string) (string, bool) // false: the format cannot express it
	head  func(io.Writer, Options) error                       // nil: only the usual comment
	mark  string                                               // begins a comment
	line  func(e entry) string
	under dossier.Kind // values under a blocked value of this kind are left out: that one hits them, too
}

// entry is one blocked value.
type entry struct {
	key       string
	campaign  *dossier.Campaign
	indicator *dossier.Indicator
	until     time.Time
}

// words give the reason for the entry in plain ASCII. A mail server sends them
// in its answers, so they contain no text of the spammer.
func (e *entry) words() string {
	return fmt.Sprintf("%s: %s, until %s", e.campaign.Label(), e.indicator.Verdict.Words(), e.until.UTC().Format(time.DateOnly))
}

// defaultValid is the lifetime of an entry if the user gives none.
const defaultValid = 30 * 24 * time.Hour

// entries lists the values to block, each key once, because two campaigns may
// share a host.
//
// A value whose text is not well formed for the server is left out. It could
// not match, or would break the file.
func (l *list) entries(campaigns []dossier.Campaign, o Options) []entry {
	valid := o.Valid
	if valid == 0 {
		valid = defaultValid
	}
	var out []entry
	seen := make(map[string]bool)
	above := l.above(campaigns, o)
	for i := range campaigns {
		c := &campaigns[i]
		for j := range c.Indicators {
			in := &c.Indicators[j]
			if !in.Verdict.Block || !slices.Contains(l.kinds, in.Kind) {
				continue
			}
			key, ok := l.key(in.Kind, in.Value)
			if !ok || seen[key] || isUnder(above, key) {
				continue
			}
			seen[key] = true
			out = append(out, entry{key, c, in, o.Now.Add(valid)})
		}
	}
	return out
}

// above returns the blocked values under which others are left out.
func (l *list) above(campaigns []dossier.Campaign, o Options) map[string]bool {
	out := make(map[string]bool)
	if l.under == "" {
		return out
	}
	for _, e := range (&list{kinds: []dossier.Kind{l.under}, key: l.key}).entries(campaigns, o) {
		out[e.key] = true
	}
	return out
}

// isUnder reports whether a name, or one above it, is among some.
//
// It cuts labels off from the left, so "notexample.com" is not under
// "example.com".
func isUnder(some map[string]bool, name string) bool {
	for name != "" {
		if some[name] {
			return true
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return false
}

// want counts the entries that the list's file must have.
func (l *list) want(campaigns []dossier.Campaign) int { return len(l.entries(campaigns, Options{})) }

// write writes a block list with a comment of campaign, reason and expiry for
// each entry.
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

// maxComment limits the name of a campaign in a comment, in cells.
const maxComment = 100

// comment makes untrusted text safe in a comment: one line of printable ASCII.
// It removes backslashes, since one at the end of a line would join the next
// line.
func comment(s string) string {
	return strings.ReplaceAll(printable.ASCII(printable.Cut(s, maxComment)), `\`, "?")
}

// countEntries counts lines that are neither empty nor comments.
func countEntries(r io.Reader) (int, error) {
	return countMatching(r, func(line string) bool { return line != "" && line[0] != '#' })
}

// countMatching counts the lines that satisfy a condition.
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

// asLink accepts targets of links, and of senders only addresses.
func asLink(k dossier.Kind, value string) (string, bool) {
	if k == dossier.SenderIP {
		return wellformed.Address(value)
	}
	return wellformed.HostOrAddress(value)
}

// Left counts the indicators that a block list omits for a reason.
type Left struct {
	Reason string
	Number int
}

// LeftOut lists why indicators are missing from a block list, most frequent
// reason first. The entries of the list and those left out add up to total, the
// indicators of the accepted kinds.
func (f Format) LeftOut(campaigns []dossier.Campaign, o Options) (total int, left []Left) {
	reasons := make(map[string]int)
	seen := make(map[string]bool)
	campaigns = force(campaigns, o)
	above := make(map[*list]map[string]bool)
	for i := range campaigns {
		for j := range campaigns[i].Indicators {
			in := &campaigns[i].Indicators[j]
			l := f.listFor(in.Kind)
			if l == nil {
				continue
			}
			total++
			if above[l] == nil {
				above[l] = l.above(campaigns, o)
			}
			key, ok := l.key(in.Kind, in.Value)
			hit := ok && isUnder(above[l], key)
			// Lists of different kinds may hold the same text, such as an
			// address as sender and as HELO.
			key = string(l.kinds[0]) + " " + key
			switch {
			case !in.Verdict.Block:
				reasons[in.Verdict.Words()]++
			case !ok:
				reasons["not expressible in "+f.Name]++
			case hit:
				reasons["hit by a domain in the list"]++
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

// listFor returns the list that accepts a kind, or nil.
func (f Format) listFor(k dossier.Kind) *list {
	for _, file := range f.files {
		if file.list != nil && slices.Contains(file.list.kinds, k) {
			return file.list
		}
	}
	return nil
}
