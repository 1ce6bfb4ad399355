package dossiers

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"spoor/sql/store"
)

// maxRaw bounds a message as it was received.
const maxRaw = 64 << 20

// maxProbes limits the messages that share one number: more collisions than
// anyone can produce.
const maxProbes = 1 << 16

// Raw returns a message as received; nil if it is not kept, or only in part.
func (s *Store) Raw(ctx context.Context, sha256 string) ([]byte, error) {
	hash, err := hex.DecodeString(sha256)
	if err != nil || len(hash) != 32 {
		return nil, fmt.Errorf("%q is no SHA-256", sha256)
	}
	// A message is stored under the number that its hash begins with, or soon after.
	key := int64(binary.BigEndian.Uint64(hash))
	var data []byte
	err = s.db.Pool.QueryRow(ctx, "SELECT r.data FROM messages m JOIN raw r USING (message_key) WHERE m.message_key BETWEEN $1 AND $2 AND m.sha256 = $3 AND NOT r.cut",
		key, key+min(maxProbes, math.MaxInt64-key), hash).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, store.Failed("read a message", err)
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxRaw))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	raw, err := z.DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("message %s is damaged in the store: %w", sha256, err)
	}
	return raw, nil
}
