package wording

import (
	"strings"

	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// SetAside says why a message is set aside from campaigns; "" if it is not. The name of a
// publisher is untrusted; the screen escapes it.
func SetAside(publisher string, report bool) string {
	switch {
	case publisher != "":
		return "set aside as a newsletter of " + publisher
	case report:
		return "set aside as a delivery report"
	}
	return ""
}

// Returns says of which campaign a delivery report returns mail, and by what
// that is known.
func Returns(campaign, by string) string {
	return "returns mail of " + campaign + ", by its " + by
}

// Backscatter sums up the delivery reports that return mail of a campaign: it
// forged our addresses as senders. "" without any.
func Backscatter(b *campaigns.Backscatter) string {
	if b.Reports == 0 {
		return ""
	}
	var by []string
	for _, m := range []struct {
		what string
		n    int64
	}{{"Message-ID", b.ByID}, {"links", b.ByLinks}, {"subject", b.BySubject}} {
		if m.n > 0 {
			by = append(by, m.what+" "+cli.Number(m.n))
		}
	}
	text := Plural(b.Reports, "delivery report returns", "delivery reports return") + " its mail, matched by " + strings.Join(by, ", ")
	if span := cli.Span(b.FirstSeen, b.LastSeen); span != "" {
		text += "; " + span
	}
	return text + ".  They are no members."
}

// Block writes a verdict on blocking in the width of a column.
func Block(yes bool, reason string) string {
	if yes {
		return "yes"
	}
	return "no, " + reason
}
