package wording

import (
	"fmt"

	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Lure is the commonest subject of a campaign, and the number of its other
// subjects.
func Lure(l campaigns.Lure) string {
	if l.Subject == "" {
		return ""
	}
	text := Quoted(printable.Cut(printable.Fold(l.Subject), maxLure))
	if l.Subjects > 1 {
		text += fmt.Sprintf(" +%s", cli.Number(l.Subjects-1))
	}
	return text
}

// maxLure limits a subject, in cells.
const maxLure = 60
