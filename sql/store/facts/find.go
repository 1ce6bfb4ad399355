package facts

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
)

// Found is a message that a word denotes.
type Found struct {
	Key  int64
	Hash ingest.Hash
	Ham  bool
}

// Find returns the messages that word denotes: by SHA-256 in hex, by a prefix
// of at least 8 digits, or by Message-ID, which several messages may share.
//
// The prefix is a range of keys, which the primary key serves; the full hash is
// compared in addition. nil means that no message is stored under the word.
func (s *Store) Find(ctx context.Context, word string) ([]Found, error) {
	low, high, prefix := keyRange(word)
	rows, err := s.db.Pool.Query(ctx, sql.Query("messages_find"), word, low, high, prefix)
	if err != nil {
		return nil, store.Failed("look for messages", err)
	}
	var list []Found
	var f Found
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&f.Key, &hash, &f.Ham}, func() error {
		f.Hash = ingest.Hash(hash)
		list = append(list, f)
		return nil
	})
	return list, store.Failed("look for messages", err)
}

// minPrefix is the number of hex digits that denote a message: four bytes, as
// screens print them.
const minPrefix = 8

// keyRange returns the keys of hashes with a prefix. Other words match no
// message. The range extends a little further, for messages whose natural key
// was taken.
func keyRange(word string) (low, high int64, prefix string) {
	prefix = strings.ToLower(word)
	if len(prefix) < minPrefix || len(prefix) > 64 || strings.Trim(prefix, "0123456789abcdef") != "" {
		return 1, 0, "-"
	}
	head := prefix[:min(len(prefix), 16)]
	first, _ := strconv.ParseUint(head+strings.Repeat("0", 16-len(head)), 16, 64)
	last, _ := strconv.ParseUint(head+strings.Repeat("f", 16-len(head)), 16, 64)
	low, high = int64(first), int64(last)
	if high <= math.MaxInt64-reach {
		high += reach
	}
	return low, high, prefix
}

// reach is how far above its natural key a message is searched for by its
// prefix.
const reach = 16
