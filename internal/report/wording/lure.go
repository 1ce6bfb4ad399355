package wording

import (
	"fmt"

	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Lure is what a campaign's mail says: its commonest subject, and how many others it has.
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

// maxLure is how many cells of a subject tell what it is about.
const maxLure = 60
