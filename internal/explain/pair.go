package explain

import (
	"context"
	"slices"
	"strings"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/sql/store/campaigns"
)

// Pair is why two messages belong together, or do not.
//
// E.With is greater than 0 if B is a campaign and not a message.
type Pair struct {
	How       Options
	Told      *Told
	Stored    int   // messages that the run weighed
	Since     int64 // messages that came after it
	Ran       time.Time
	A, B      Asked // as they were asked for
	E         campaign.Explanation
	Runs      map[int64]*campaigns.Spamrun
	Decisions []decision.Decision // about the pair, its campaigns, or its common features
	Less      []LessEvidence
	Own       []campaign.Explanation // of two messages in campaigns: each against the others of its own
	Rests     []Resting
}

// LessEvidence is the remaining evidence without a line, or without a user's
// selection.
type LessEvidence struct {
	Step *campaign.Step
	What string
	campaign.Explanation
}

// pairReader puts a Pair together.
type pairReader struct {
	*why
	*Pair
}

// read completes the explanation of a pair: facts, spamruns, own campaigns,
// totals without lines, decisions and original lines.
func (p *pairReader) read(ctx context.Context) error {
	if err := p.know(ctx, []int64{p.E.A, p.E.B}); err != nil {
		return err
	}
	p.Runs = make(map[int64]*campaigns.Spamrun)
	for _, key := range []int64{p.E.A, p.E.B} {
		r, err := p.readRun(ctx, p.Teller.Facts[key])
		if err != nil {
			return err
		}
		p.Runs[key] = r
	}
	if err := p.readOwn(ctx); err != nil {
		return err
	}
	p.leaveOut()
	if err := p.readDecisions(ctx); err != nil {
		return err
	}
	return p.readRests(ctx)
}

// readOwn compares each of two messages with the others of its campaign.
func (p *pairReader) readOwn(ctx context.Context) error {
	if p.E.With > 0 {
		return nil
	}
	var nearest []int64
	for _, key := range []int64{p.E.A, p.E.B} {
		if e, ok := p.index.Against(key, campaign.Without{}); ok {
			p.Own = append(p.Own, e)
			nearest = append(nearest, e.B)
		}
	}
	if len(nearest) == 0 {
		return nil
	}
	return p.know(ctx, distinctKeys(nearest))
}

// leaveOut computes the totals without the strongest line, without its whole
// group, and without the user's selection, if any.
//
// If both totals agree, the strongest line was all of its group, and one of the
// two is dropped.
func (p *pairReader) leaveOut() {
	add := func(l LessEvidence, w campaign.Without) {
		e, ok := p.index.Pair(p.E.A, p.E.B, w)
		if p.E.With > 0 {
			e, ok = p.index.Against(p.E.A, w)
		}
		if ok {
			l.Explanation = e
			p.Less = append(p.Less, l)
		}
	}
	if len(p.Options.Without) > 0 {
		add(LessEvidence{What: strings.Join(p.Options.Without, ", ")}, p.without)
		return
	}
	s := strongest(p.E.Steps)
	if s == nil {
		return
	}
	if s.Feature != 0 {
		add(LessEvidence{Step: s}, campaign.Without{Features: []evidence.Key{s.Feature}})
	}
	if g, ok := evidence.GroupOf(s.Group); ok {
		add(LessEvidence{What: "all evidence of " + s.Group}, campaign.Without{Kinds: g.Kinds()})
	}
	if len(p.Less) == 2 && p.Less[0].Total == p.Less[1].Total {
		p.Less = p.Less[1:]
	}
}

// strongest returns the step with the most bits; nil if none speaks for the
// pair.
func strongest(steps []campaign.Step) *campaign.Step {
	var best *campaign.Step
	for i := range steps {
		if s := &steps[i]; s.Bits > 0 && (best == nil || s.Bits > best.Bits) {
			best = s
		}
	}
	return best
}

// readDecisions reads the decisions that affect the pair.
//
// They are shown because a decision overrules any number of bits.
func (p *pairReader) readDecisions(ctx context.Context) error {
	list, err := p.st.Standing(ctx)
	if err != nil {
		return err
	}
	shared := func(k evidence.Key) bool {
		return k != 0 && slices.ContainsFunc(p.E.Steps, func(s campaign.Step) bool { return s.Feature == k })
	}
	p.Decisions = decision.Bearing(list, p.E.A, p.E.B, shared)
	return nil
}
