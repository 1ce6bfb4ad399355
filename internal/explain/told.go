package explain

import (
	"context"
	"net/netip"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// Told holds the data of the messages in an answer, and of their domains and
// addresses.
type Told struct {
	Teller teller
	Proofs map[int64]*campaigns.Proof
}

// know reads the facts of messages.
//
// An answer about a message that was erased meanwhile would be in part, so it
// is refused.
func (t *why) know(ctx context.Context, keys []int64) error {
	facts, err := t.st.Evidence(ctx, keys)
	if err != nil {
		return err
	}
	for i := range facts {
		t.Teller.learn(&facts[i])
	}
	proofs, err := t.st.Proofs(ctx, keys)
	if err != nil {
		return err
	}
	for i := range proofs {
		t.Proofs[proofs[i].Key] = &proofs[i]
	}
	if len(facts) < len(keys) || len(proofs) < len(keys) {
		return &cli.Error{Code: cli.InPart, Message: "a message was erased while its evidence was read"}
	}
	return nil
}

// maxRuns limits the spamruns of one sender that are searched.
const maxRuns = 50

// readRun returns the spamrun of a message; nil if it is in none.
func (t *why) readRun(ctx context.Context, m *evidence.Message) (*campaigns.Spamrun, error) {
	if !m.Sender.IsValid() || m.ReceivedAt.IsZero() || m.Ham {
		return nil, nil
	}
	a := PlainAddr(m.Sender)
	runs, err := t.st.Spamruns(ctx, campaigns.SpamrunFilter{Sender: netip.PrefixFrom(a, a.BitLen()), Limit: maxRuns})
	for i := range runs {
		if r := &runs[i]; !m.ReceivedAt.Before(r.StartedAt) && !m.ReceivedAt.After(r.EndedAt) {
			return r, err
		}
	}
	return nil, err
}
