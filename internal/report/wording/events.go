package wording

import (
	"fmt"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/sql/store/campaigns"
)

// Event describes a change of a campaign. A kind that this version does not
// know is printed as stored.
func Event(e campaigns.Event) string {
	n := cli.Count(e.Messages, "message", "")
	switch e.Event {
	case "born":
		return "born with " + n
	case "grew":
		return "grew by " + n
	case "shrank":
		return "shrank by " + n
	case "merged":
		return fmt.Sprintf("took %s in, %s", naming.ID(e.Other), n)
	case "split":
		return fmt.Sprintf("came out of %s with %s", naming.ID(e.Other), n)
	case "slept":
		return "fell asleep: nothing new for four weeks"
	case "woke":
		return "woke: new mail, " + n + " by now"
	case "dissolved":
		return "no longer held together"
	}
	return e.Event
}
