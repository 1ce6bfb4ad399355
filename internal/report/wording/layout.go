package wording

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Plural writes a number with its noun.
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return cli.Number(n) + " " + many
}

// Paragraph breaks text into lines that fit.
func Paragraph(text string, width int) string {
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		w := printable.Width(word)
		switch {
		case used == 0:
		case used+1+w > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	b.WriteByte('\n')
	return b.String()
}

// Some writes the first n of a list and the number of the others; "-" if it is
// empty.
func Some(list []string, n int) string {
	switch {
	case len(list) == 0:
		return "-"
	case len(list) <= n:
		return strings.Join(list, " ")
	}
	return strings.Join(list[:n], " ") + fmt.Sprintf(" +%d", len(list)-n)
}

// Quoted puts a name into quotation marks, without unprintable characters.
func Quoted(name string) string { return "\"" + printable.Fold(name) + "\"" }

// NameOrNull returns a name for --json; null if it is empty.
func NameOrNull(name string) *string {
	if name == "" {
		return nil
	}
	return &name
}

// IDOrNull returns a campaign's id for --json; null if it is 0.
func IDOrNull(id int64) *string {
	if id == 0 {
		return nil
	}
	s := naming.ID(id)
	return &s
}

// maxWrapped limits the lines that a raw line may take.
const maxWrapped = 4

// Indented breaks text into lines under its beginning.
func Indented(begin, text string, width int) string {
	room := max(width-len(begin), 20)
	lines := strings.Split(strings.TrimSuffix(Paragraph(text, room), "\n"), "\n")
	if len(lines) > maxWrapped {
		lines = append(lines[:maxWrapped-1], lines[maxWrapped-1]+" …")
	}
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			begin = strings.Repeat(" ", len(begin))
		}
		b.WriteString(begin + printable.Cut(line, room) + "\n")
	}
	return b.String()
}

// Exchangers lists the servers of ours that received the run, with their
// priorities if known.
func Exchangers(s *campaigns.Spamrun) string {
	var priorities []string
	for _, p := range s.MXPriorities {
		priorities = append(priorities, fmt.Sprint(p))
	}
	return strings.TrimSpace(strings.Join(priorities, ",") + " " + Some(s.MX, 2))
}
