package store

import (
	"bytes"
	"context"
	"io"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"spoor/sql"
)

// Proof is what stands in a message, as it stands there.
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

// Proofs reads what stands in messages, in the order of their keys.
func (s *Store) Proofs(ctx context.Context, keys []int64) ([]Proof, error) {
	return collect[Proof](ctx, s, "why_messages", keys)
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
	// What is damaged is shown as far as it can be read.
	b, _ := io.ReadAll(io.LimitReader(z, maxHeader))
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(b, []byte(end)); i >= 0 {
			b = b[:i]
		}
	}
	return b
}

// MessagesAt lists up to limit messages that link to a host or domain, or to or from an
// address of a network. Keys are hashes, so that many more than limit are sampled.
func (s *Store) MessagesAt(ctx context.Context, i Indicator, limit int) ([]int64, error) {
	var rows pgx.Rows
	if i.Kind == "net" {
		rows, _ = s.pool.Query(ctx, sql.Query("why_address"), i.Net, limit)
	} else {
		rows, _ = s.pool.Query(ctx, sql.Query("why_host"), wellFormed(i.Value), limit)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, failed("look for messages", err)
}

// OperationMembers lists the messages of all campaigns of an operation.
func (s *Store) OperationMembers(ctx context.Context, id int64) ([]int64, error) {
	rows, _ := s.pool.Query(ctx, "SELECT message_key FROM campaigns c JOIN memberships USING (campaign_id) WHERE c.operation_id = $1 ORDER BY 1", id)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, failed("read members", err)
}

// Block is who holds or announces the network of an address, by whom.
type Block struct {
	Prefix         netip.Prefix
	Source, Server string
	AskedAt        time.Time
	Name, Owner    string
	ASNs           []int64
	ASNames        []string
}

// BlocksOf tells who holds and announces an address, the smallest network first.
func (s *Store) BlocksOf(ctx context.Context, a netip.Addr) ([]Block, error) {
	return collect[Block](ctx, s, "why_blocks", a.Unmap().WithZone(""))
}
