package campaigns

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	"spoor/graph/decision"
	"spoor/sql/store"
)

// Foreign is a verdict of another store's analysts about a campaign, with its
// messages.
type Foreign struct {
	Name   string
	Notes  []decision.Note
	By     string   // origin of the pack; part of every note
	SHA256 []string // of messages that are stored here
}

// Adopt stores the verdicts of a pack as decisions about its messages, so that
// they follow these messages through later runs. It skips decisions that are
// stored already, and returns the number of new ones.
func (s *Store) Adopt(ctx context.Context, f Foreign, at time.Time) (int, error) {
	keys, err := s.standing(ctx, f.SHA256)
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	made, err := s.Decide(ctx, func(standing []decision.Decision, _ map[int64]int64) ([]decision.Decision, error) {
		var out []decision.Decision
		say := func(kind decision.Kind, value, by string) {
			d := decision.Decision{MadeAt: at, Kind: kind, Messages: keys, Value: value, MadeBy: by, Because: f.By}
			same := func(o decision.Decision) bool {
				return o.Kind == d.Kind && o.Value == d.Value && o.MadeBy == d.MadeBy && o.Because == d.Because && slices.Equal(o.Messages, d.Messages)
			}
			if value != "" && !slices.ContainsFunc(standing, same) {
				out = append(out, d)
			}
		}
		say("name", f.Name, f.By)
		for _, n := range f.Notes {
			say("note", n.Text, n.By)
		}
		return out, nil
	})
	return len(made), err
}

// standing returns the keys of the first messages, as many as represent a
// campaign.
//
// The range of keys is not searched: a message whose natural key was taken is
// passed over, and the others stand in for it.
func (s *Store) standing(ctx context.Context, hashes []string) ([]int64, error) {
	var wanted [][]byte
	var near []int64
	for _, h := range hashes {
		if b, err := hex.DecodeString(h); err == nil && len(b) == 32 && len(wanted) < decision.MostStandIns {
			wanted = append(wanted, b)
			near = append(near, int64(binary.BigEndian.Uint64(b)))
		}
	}
	var keys []int64
	err := s.db.Pool.QueryRow(ctx, "SELECT coalesce(array_agg(message_key ORDER BY message_key), '{}') FROM messages WHERE message_key = ANY ($1) AND sha256 = ANY ($2)", near, wanted).Scan(&keys)
	return keys, store.Failed("find the messages of a pack", err)
}
