package campaigns

import (
	"bytes"
	"context"
	"io"

	"github.com/klauspost/compress/zstd"

	"spoor/sql/store"
)

// Proof holds the original text of a message's fields.
type Proof struct {
	Key        int64 `db:"message_key"`
	SHA256     string
	Campaign   int64   `db:"campaign_id"` // 0: in none
	Confidence float64 // that it belongs there; 0 where it is in none
	Received   string  // the field that our own server wrote when it took the message
	Raw        []byte  // the beginning of the message, zstd-compressed; nil where it is not kept
	Oddities   []string
	Evidence   []string // of each oddity; "" for none
}

// Proofs reads the original text of messages, in the order of their keys.
func (s *Store) Proofs(ctx context.Context, keys []int64) ([]Proof, error) {
	return store.Collect[Proof](ctx, s.db, "why_messages", keys)
}

// maxHeader is how much of a message is looked at for its header.
const maxHeader = 128 << 10

// Header returns the header of the message as it came; nil where it is not kept.
func (p *Proof) Header() []byte {
	if p.Raw == nil {
		return nil
	}
	z, err := zstd.NewReader(bytes.NewReader(p.Raw), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil
	}
	defer z.Close()
	// A damaged message is shown up to the damage.
	b, _ := io.ReadAll(io.LimitReader(z, maxHeader))
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(b, []byte(end)); i >= 0 {
			b = b[:i]
		}
	}
	return b
}
