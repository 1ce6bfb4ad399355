package ingest

import (
	"context"

	"spoor/ingest/mailbox"
	"spoor/ingest/message"
	"spoor/ingest/received"
)

// surveyed is how many messages tell whose servers wrote the upper hops.
const surveyed = 4_000

// Survey looks at messages spread over all sources and infers which servers are the
// receiver's own, with the grounds for it. It reads little of large sources and consumes
// nothing of standard input.
func Survey(ctx context.Context, sources []*mailbox.Source, o Options) (received.Own, []received.Guess) {
	var survey received.Survey
	each, step := max(1, surveyed/max(1, len(sources))), max(1, len(sources)/surveyed)
	for i := 0; i < len(sources) && ctx.Err() == nil; i += step {
		for raw := range sources[i].Sample(ctx, o.Limits, each) {
			surveyMessage(&survey, raw.Data, o.Forwarded)
		}
	}
	return survey.Infer()
}

func surveyMessage(survey *received.Survey, data []byte, embedded bool) {
	if !embedded {
		survey.Add(sample(message.ParseHeader(data)))
		return
	}
	for _, inner := range message.Parse(data).Embedded() {
		survey.Add(sample(message.ParseHeader(inner)))
	}
}
