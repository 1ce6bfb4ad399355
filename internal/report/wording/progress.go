package wording

import (
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
