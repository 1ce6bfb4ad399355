package main

import (
	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/format"
	"spoor/internal/report/decide"
	"spoor/internal/report/find"
	"spoor/internal/report/grep"
	"spoor/internal/report/list"
	"spoor/internal/report/publishers"
	"spoor/internal/report/runs"
	"spoor/internal/report/score"
	"spoor/internal/report/show"
	"spoor/internal/report/summary"
	"spoor/internal/report/why"
)

// declare declares the results of each command for programs, by its name.
//
// A command without a shape has no --format.
func declare(env *cli.Env, root *cobra.Command) {
	decided := []format.Shape{format.One[decide.Document]()}
	env.Declare(root, map[string][]format.Shape{
		"correlate":        {format.List[list.Document]("campaigns"), format.List[summary.Document]("changes")},
		"summary":          {format.List[summary.Document]("changes")},
		"list":             {format.List[list.Document]("campaigns")},
		"show":             {format.List[show.Document]("members"), format.List[show.OperationDocument]("campaigns")},
		"members":          {format.List[list.MembersDocument]("members")},
		"find":             {format.List[find.Document]("hits"), format.List[find.ManyDocument]("indicators")},
		"runs":             {format.List[runs.Document]("spamruns")},
		"publishers":       {format.List[publishers.Document]("publishers")},
		"run-show":         {format.List[runs.OneDocument]("recipients_tried")},
		"grep":             {format.List[grep.Document]("mentions")},
		"ask":              {format.List[questionsJSON]("questions"), format.List[answerJSON]("rows")},
		"score":            {format.One[score.Document]()},
		"why":              {format.List[why.PairDocument]("evidence.steps"), format.List[why.HoldingDocument]("traits")},
		"decisions":        {format.List[decide.ListDocument]("decisions")},
		"ham":              {format.One[classJSON]()},
		"spam":             {format.One[classJSON]()},
		"abuse":            {format.List[abuseJSON]("sources"), format.List[aliveJSON]("reports")},
		"import-sightings": {format.List[sightingsJSON]("campaigns")},
		"merge":            decided,
		"split":            decided,
		"same":             decided,
		"not-same":         decided,
		"name":             decided,
		"note":             decided,
		"tag":              decided,
		"untag":            decided,
		"ignore":           decided,
		"trust":            decided,
		"undo":             decided,
	})
}
