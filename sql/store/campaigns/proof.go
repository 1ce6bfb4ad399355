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
	Campaign   int64   `db:"campaign_id"` // 0: none
	Confidence float64 // confidence of the membership; 0 without a campaign
	Aside
	Received  string // the field that our own server wrote when it took the message
	Raw       []byte // beginning of the message, zstd-compressed; nil if it is not kept
	Anomalies []string
	Evidence  []string // evidence of each anomaly; "" without one
}

// Proofs reads the original text of messages, in the order of their keys.
func (s *Store) Proofs(ctx context.Context, keys []int64) ([]Proof, error) {
	return store.Collect[Proof](ctx, s.db, "why_messages", keys)
}

// maxHeader limits how far into a message, in bytes, Header searches for the
// header's end.
const maxHeader = 128 << 10

// Header returns the header of the message as received; nil if it is not kept.
//
// Headers longer than maxHeader are cut. That is enough for every field that
// evidence comes from.
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
