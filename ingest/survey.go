package ingest

import (
	"cmp"
	"context"
	"slices"

	"spoor/ingest/mailbox"
	"spoor/ingest/message"
	"spoor/ingest/received"
)

// surveyed is the number of messages that the survey samples. It is well above
// the number of servers that a receiver has, and parses in under a second.
const surveyed = 4_000

// Survey samples messages over all sources and infers which servers are the
// receiver's own, with the grounds for each. It reads little of large sources
// and consumes nothing of standard input.
//
// Small sources come first, and the unused rest of their share goes to the
// larger ones. So a folder of thousands beside a dozen files of one message
// each is judged by thousands of its own.
func Survey(ctx context.Context, sources []*mailbox.Source, o Options) (received.Own, []received.Guess) {
	var survey received.Survey
	bySize := slices.Clone(sources)
	slices.SortStableFunc(bySize, func(a, b *mailbox.Source) int { return cmp.Compare(a.Bytes, b.Bytes) })
	left, step := surveyed, max(1, len(sources)/surveyed)
	for i := 0; i < len(bySize) && ctx.Err() == nil; i += step {
		share := max(1, left*step/(len(bySize)-i))
		for raw := range bySize[i].Sample(ctx, o.Limits, share) {
			surveyMessage(&survey, raw.Data, o.Forwarded)
			left--
		}
	}
	return survey.Infer()
}

// surveyMessage samples a message, or the messages attached to it if those are
// imported.
func surveyMessage(survey *received.Survey, data []byte, embedded bool) {
	if !embedded {
		survey.Add(sample(message.ParseHeader(data)))
		return
	}
	for _, inner := range message.Parse(data).Embedded() {
		survey.Add(sample(message.ParseHeader(inner)))
	}
}
