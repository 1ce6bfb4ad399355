// Package report shows what came of a run of the correlator: the list of campaigns, one
// campaign, the members, where an indicator stands. Both programs print campaigns through it,
// so that they look the same.
//
// In goes a store; out come screens of text on env's stdout, or with --json the same
// facts as one JSON object. What foreign mail says goes through env before it is shown.
// It holds no rules of grouping (graph) and no SQL (sql/store).
package report

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
