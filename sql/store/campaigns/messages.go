package campaigns

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/graph/evidence"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/wire"
)

// NamedMessage is a message that a person selected by hash or Message-ID.
type NamedMessage struct {
	Key               int64 `db:"message_key"`
	SHA256, MessageID string
	Ham               bool
	Campaign          int64 `db:"campaign_id"` // 0: none
	Aside
}

// Aside is the reason for which a message takes no part in campaigns. The zero
// value means that it does take part.
type Aside struct {
	Publisher string // it is an issue of
	Report    bool   // it is a delivery report
}

// MessagesByHash lists up to limit messages whose SHA-256 begins with prefix, in hex.
func (s *Store) MessagesByHash(ctx context.Context, prefix string, limit int) ([]NamedMessage, error) {
	low, high, from, to, err := hashRange(prefix)
	if err != nil {
		return nil, err
	}
	return store.Collect[NamedMessage](ctx, s.db, "decision_messages", low, high, "", limit, from, to)
}

// hashRange returns the least and greatest hash with a prefix of hex digits,
// and the range of message keys of these hashes.
func hashRange(prefix string) (low, high []byte, from, to int64, err error) {
	low, err1 := hex.DecodeString((prefix + strings.Repeat("0", 64))[:64])
	high, err2 := hex.DecodeString((prefix + strings.Repeat("f", 64))[:64])
	if err := errors.Join(err1, err2); err != nil {
		return nil, nil, 0, 0, fmt.Errorf("read a hash: %w", err)
	}
	// A key is the first half of its hash, or a little more: the next that was free.
	// Far more than chance brings: two equal keys need 2^32 messages.
	const taken = 16
	from, to = facts.Key([32]byte(low)), facts.Key([32]byte(high))
	if to+taken > to {
		to += taken
	}
	return low, high, from, to, nil
}

// MessagesByID lists up to limit messages with that Message-ID, without its brackets.
func (s *Store) MessagesByID(ctx context.Context, id string, limit int) ([]NamedMessage, error) {
	if id == "" {
		return nil, nil
	}
	return store.Collect[NamedMessage](ctx, s.db, "decision_messages", []byte{}, []byte{}, wire.WellFormed(id), limit, 0, 0)
}

// FeatureCount is the number of messages that have a feature themselves, not
// through data of registries.
type FeatureCount struct {
	Feature   int64
	Spam, Ham int64
}

// FeatureCounts counts the messages with each feature, without features that
// occur in none.
func (s *Store) FeatureCounts(ctx context.Context, keys []evidence.Key) (map[evidence.Key]FeatureCount, error) {
	list := make([]int64, len(keys))
	for i, k := range keys {
		list[i] = int64(k)
	}
	counts, err := store.Collect[FeatureCount](ctx, s.db, "decision_features", list)
	out := make(map[evidence.Key]FeatureCount, len(counts))
	for _, c := range counts {
		out[evidence.Key(c.Feature)] = c
	}
	return out, err
}

// TraitValue is a value that the members of some campaign share.
type TraitValue struct{ Kind, Value string }

// TraitValues returns the shared values of all campaigns, each once.
func (s *Store) TraitValues(ctx context.Context) ([]TraitValue, error) {
	rows, _ := s.db.Pool.Query(ctx, "SELECT DISTINCT kind, value FROM campaign_traits WHERE value IS NOT NULL ORDER BY kind, value")
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[TraitValue])
	return out, store.Failed("read traits", err)
}
