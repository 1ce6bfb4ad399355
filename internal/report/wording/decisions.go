package wording

import (
	"strconv"
	"strings"

	"spoor/graph/decision"
	"spoor/internal/naming"
	"spoor/internal/printable"
)

// Decision describes a decision.
func Decision(d *decision.Decision) string {
	switch d.Kind {
	case decision.Merge:
		return d.Value + " are one campaign"
	case decision.Same:
		return d.Value + " belong together"
	case decision.NotSame:
		return d.Value + " do not belong together"
	case decision.Split:
		return "out of " + naming.ID(d.Campaign) + ": " + d.Value
	case decision.Name:
		return naming.ID(d.Campaign) + " is called " + strconv.Quote(printable.Clean(d.Value))
	case decision.Remark:
		return "on " + naming.ID(d.Campaign) + ": " + d.Value
	case decision.Tag:
		return naming.ID(d.Campaign) + " has the tag " + d.Value
	case decision.Untag:
		return naming.ID(d.Campaign) + " has no more the tag " + d.Value
	case decision.Ignore:
		return "no evidence: " + d.Value
	case decision.Trust:
		return "good evidence: " + d.Value
	}
	return string(d.Kind) + " " + d.Value
}

// IDsOf lists the ids of decisions.
func IDsOf(list []decision.Decision) string {
	var out []string
	for i := range list {
		out = append(out, naming.DecisionID(list[i].ID))
	}
	return strings.Join(out, " ")
}
