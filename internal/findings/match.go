package findings

import (
	"context"
	"io"
	"iter"

	"spoor/graph/score"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// worst limits the mixed clusters and broken classes that are listed.
const worst = 5

// ReadMatch compares the campaigns of the last run with the truth read from r;
// name is the name of its file.
func ReadMatch(ctx context.Context, env *cli.Env, st *campaigns.Store, name string, r io.Reader) (*Match, error) {
	if name == "-" {
		name = "standard input"
	}
	last, err := st.LastRun(ctx)
	if err != nil {
		return nil, err
	}
	if last.Run == 0 {
		return nil, env.Nothing("The stored messages have not been correlated yet: run correlate.")
	}
	return MatchTruth(name, r, last.Run, st.All(ctx))
}

// MatchTruth compares the campaigns of all messages, as a run has them, with the truth that r
// holds.
//
// An error is of the truth, with the number of the line, or of the store.
func MatchTruth(name string, r io.Reader, run int64, all iter.Seq2[*campaigns.Grouped, error]) (*Match, error) {
	t, err := readTruth(r)
	if err != nil {
		return nil, &cli.Error{Code: cli.InPart, Message: printable.Cut(name, 200), Err: err}
	}
	m := &Match{Name: name, Run: run, Truth: t}
	if err := m.match(all); err != nil {
		return nil, err
	}
	m.weigh()
	return m, nil
}

// weigh computes the figures; without a message in common there are none.
func (s *Match) weigh() {
	if len(s.Messages) == 0 {
		return
	}
	s.Campaigns = s.level(func(m *scored) score.Item { return m.campaign })
	if s.Truth.operations {
		s.Operations = s.level(func(m *scored) score.Item { return m.operation })
	}
}

// Match is the result of a comparison with a truth.
//
// Campaigns is nil if the truth names no stored message.
type Match struct {
	Name              string
	Run               int64
	Truth             *truth
	Messages          []scored
	Unsaid, UnsaidHam int64 // stored messages that the truth does not name; of these ham
	Campaigns         *Level
	Operations        *Level // nil if the truth has no operations
}

// scored is a stored message that the truth names.
type scored struct {
	Sha256              [32]byte
	campaign, operation score.Item
}

// Level has the figures of campaigns, or of operations.
type Level struct {
	score.Scores
	Mixed, Broken []score.Group
}

// match keeps the stored messages that the truth names, and counts the others.
func (s *Match) match(all iter.Seq2[*campaigns.Grouped, error]) error {
	for g, err := range all {
		if err != nil {
			return err
		}
		row, ok := s.Truth.of(g)
		if !ok {
			// A truth may cover a part of the mail; the rest is counted, never
			// scored.
			s.Unsaid++
			if g.Ham {
				s.UnsaidHam++
			}
			continue
		}
		m := scored{Sha256: g.SHA256}
		m.campaign = score.Item{Truth: row.campaignLabel()}
		m.operation.Truth = row.operationLabel()
		if g.CampaignID != 0 {
			m.campaign.Found = naming.ID(g.CampaignID)
			m.operation.Found = m.campaign.Found
		}
		if g.Operation != 0 {
			m.operation.Found = naming.OperationID(g.Operation)
		}
		s.Messages = append(s.Messages, m)
	}
	return nil
}

// level computes the figures of one level.
func (s *Match) level(of func(*scored) score.Item) *Level {
	items := make([]score.Item, len(s.Messages))
	for i := range s.Messages {
		items[i] = of(&s.Messages[i])
	}
	t := score.New(items)
	return &Level{t.Scores(), t.Mixed(worst), t.Broken(worst)}
}
