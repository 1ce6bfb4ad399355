package wording

import (
	"fmt"
	"time"

	"spoor/graph/correlation"
	"spoor/internal/cli"
)

// Progress is a step of a run as a line of progress.
func Progress(s correlation.Step) string {
	switch s.Doing {
	case correlation.Deriving:
		return "correlating  evidence of " + cli.Number(s.Done) + " of " + cli.Number(s.All) + " new messages"
	case correlation.Reading:
		return "correlating  " + cli.Number(s.Done) + " messages read"
	case correlation.Grouping:
		return "correlating  " + cli.Number(s.Done) + " messages, grouping"
	case correlation.Writing:
		return "correlating  writing campaigns"
	}
	return "correlating"
}

// Since says that mail came after the run whose numbers are shown.
func Since(messages int64, run time.Time) string {
	return fmt.Sprintf("%s came after the run of %s and changed no weight.", cli.Count(messages, "message", ""), cli.Date(run))
}
