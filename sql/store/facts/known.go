package facts

import (
	"context"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
)

// knownSQL looks messages up by their keys.
var knownSQL = sql.Query("messages_known")

// found is the result of looking up a hash.
type found struct {
	there     bool
	key       int64 // of the message, or the first free one for it
	extractor int
	rawless   bool // stored without its bytes
	ham       bool
}

// lookup finds messages by their hashes, under the natural key or, while that
// belongs to another message, under the next.
//
// Each round is one statement for all open hashes. A second round is needed
// only for equal keys.
func (s *Store) lookup(ctx context.Context, q store.Querier, hashes []ingest.Hash, askRaw bool) ([]found, error) {
	out := make([]found, len(hashes))
	open := make([]int, len(hashes)) // indexes into out
	for n, h := range hashes {
		out[n].key, open[n] = s.keyOf(h), n
	}
	for len(open) > 0 {
		at, err := messagesAt(ctx, q, out, open, askRaw)
		if err != nil {
			return nil, err
		}
		rest := open[:0]
		for _, n := range open {
			m, taken := at[out[n].key]
			switch {
			case !taken:
			case ingest.Hash(m.SHA256) == hashes[n]:
				out[n].there, out[n].extractor, out[n].rawless, out[n].ham = true, m.Extractor, m.Rawless, m.Ham
			default:
				out[n].key++
				rest = append(rest, n)
			}
		}
		open = rest
	}
	return out, nil
}

// keyed is a stored message.
type keyed struct {
	MessageKey int64
	SHA256     []byte `db:"sha256"`
	Extractor  int
	Rawless    bool
	Ham        bool
}

// messagesAt reads the messages with the keys of the open ones and, with
// askRaw, whether their bytes are stored.
//
// Two hashes may want the same key, which is asked for once.
func messagesAt(ctx context.Context, q store.Querier, out []found, open []int, askRaw bool) (map[int64]keyed, error) {
	at := make(map[int64]keyed, len(open))
	keys := make([]int64, 0, len(open))
	for _, n := range open {
		if _, twice := at[out[n].key]; !twice {
			at[out[n].key] = keyed{}
			keys = append(keys, out[n].key)
		}
	}
	clear(at)
	err := store.EachRow(ctx, q, knownSQL, func(m *keyed) { at[m.MessageKey] = *m }, keys, askRaw)
	return at, err
}
