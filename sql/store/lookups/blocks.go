package lookups

import (
	"cmp"
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/enrich"
	"spoor/sql"
	"spoor/sql/store/wire"
)

// The statements of netblocks and origins.
var (
	endBlocksSQL  = sql.Query("enrich_netblocks_end")
	putBlocksSQL  = sql.Query("enrich_netblocks")
	putOriginsSQL = sql.Query("enrich_origins")
)

// Limits of a plausible netblock.
const (
	maxPrefixes = 64 // of one block; ranges that need more are not assignments
	minBits4    = 8  // wider blocks belong to a registry and do not describe an address
	minBits6    = 16
)

// block is the smallest netblock known for an address, or its announced prefix.
//
// Exactly one of netblock and origin is set. The address is the one asked
// about; prefixes[0] identifies the block.
type block struct {
	p        *prepared
	address  netip.Addr
	prefixes []netip.Prefix
	netblock *enrich.Netblock // or
	origin   *enrich.OriginAS
}

// blocksOf finds the netblocks in observations. If several answers of one
// source about an address refer to each other, only the smallest block counts.
// The wider ones belong to others, and a neighbouring address may have its own
// holder.
func blocksOf(list []prepared) []block {
	smallest := map[subjectSource]block{}
	for i := range list {
		b, ok := blockOf(&list[i])
		if !ok {
			continue
		}
		k := subjectSource{b.p.subject, b.what(), b.p.source}
		// More bits are a smaller network.
		if old, there := smallest[k]; there && old.bits() > b.bits() {
			continue
		}
		smallest[k] = b
	}
	// One row for each block, even if several addresses are in it.
	type key struct {
		prefix       netip.Prefix
		what, source string
	}
	once := map[key]block{}
	for _, b := range smallest {
		k := key{b.prefixes[0], b.what(), b.p.source}
		if old, there := once[k]; !there || old.p.askedAt.Before(b.p.askedAt) {
			once[k] = b
		}
	}
	out := make([]block, 0, len(once))
	for _, b := range once {
		out = append(out, b)
	}
	// The common order of locks: two processes that store the same blocks must
	// not wait for each other.
	slices.SortFunc(out, func(a, b block) int {
		return cmp.Or(a.prefixes[0].Addr().Compare(b.prefixes[0].Addr()), cmp.Compare(a.prefixes[0].Bits(), b.prefixes[0].Bits()),
			cmp.Compare(a.p.source, b.p.source))
	})
	return out
}

// blockOf returns the block of an answer about an address. ok is false if there
// is none, or if it does not contain the address.
func blockOf(p *prepared) (block, bool) {
	a, err := netip.ParseAddr(p.subject)
	if err != nil || p.kind != string(enrich.Address) || p.outcome != string(enrich.Answered) {
		return block{}, false
	}
	b := block{p: p, address: a.Unmap()}
	var prefixes []netip.Prefix
	switch of := p.of.(type) {
	case *enrich.Netblock:
		b.netblock, prefixes = of, of.Prefixes
	case *enrich.OriginAS:
		b.origin, prefixes = of, []netip.Prefix{of.Prefix}
	}
	for _, x := range prefixes {
		if x.IsValid() && (x.Addr().Is4() && x.Bits() >= minBits4 || !x.Addr().Is4() && x.Bits() >= minBits6) {
			b.prefixes = append(b.prefixes, x.Masked())
		}
	}
	// A block without the address proves nothing about it.
	if len(b.prefixes) == 0 || len(b.prefixes) > maxPrefixes || b.bits() < 0 {
		return block{}, false
	}
	return b, true
}

// The table of the block: netblocks or origins.
func (b *block) what() string {
	if b.origin != nil {
		return "origin"
	}
	return "netblock"
}

// bits returns the length of the prefix that contains the address, or -1.
func (b *block) bits() int {
	for _, p := range b.prefixes {
		if p.Contains(b.address) {
			return p.Bits()
		}
	}
	return -1
}

// writeBlocks sends blocks as JSON, because most of a row's sixteen columns are
// unknown.
func writeBlocks(ctx context.Context, tx pgx.Tx, blocks []block) error {
	for _, of := range []struct {
		origin bool
		sql    string
	}{{false, putBlocksSQL}, {true, putOriginsSQL}} {
		var rows []map[string]any
		for i := range blocks {
			if (blocks[i].origin != nil) == of.origin {
				rows = append(rows, blocks[i].rows()...)
			}
		}
		if len(rows) == 0 {
			continue
		}
		text, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, of.sql, withoutNUL(text)); err != nil {
			return err
		}
	}
	return endBlocks(ctx, tx, blocks)
}

// rows returns the parameters of the statements, one row for each prefix.
func (b *block) rows() []map[string]any {
	out := make([]map[string]any, 0, len(b.prefixes))
	for _, prefix := range b.prefixes {
		row := map[string]any{
			"asked_at": b.p.askedAt, "fresh_until": b.p.freshUntil, "prefix": prefix,
			"source": b.p.source, "server": b.p.server, "content_hash": b.p.content,
		}
		text := func(name, s string) {
			if s = wire.Clean(strings.TrimSpace(s), wire.MaxKey); s != "" {
				row[name] = s
			}
		}
		if n := b.netblock; n != nil {
			first, last := n.First, n.Last
			// The table demands a sound range; a broken one is replaced by that
			// of the prefix.
			if !first.IsValid() || !last.IsValid() || first.Is4() != prefix.Addr().Is4() || last.Is4() != first.Is4() || last.Less(first) {
				first, last = prefix.Addr(), lastOf(prefix)
			}
			row["first"], row["last"] = first.WithZone(""), last.WithZone("")
			text("handle", n.Handle)
			text("name", n.Name)
			text("owner", n.Owner)
			text("country", n.Country)
			text("registry", n.Registry)
			text("status", n.Status)
			text("abuse_email", strings.ToLower(n.AbuseEmail))
			timeOf(row, "created", n.Created)
			timeOf(row, "updated", n.Updated)
		}
		if o := b.origin; o != nil {
			row["asns"], row["names"] = append([]uint32{}, o.ASNs...), wire.CleanAll(o.Names)
			text("country", o.Country)
			text("registry", o.Registry)
		}
		out = append(out, row)
	}
	return out
}

func timeOf(row map[string]any, name string, t time.Time) {
	if !t.IsZero() {
		row[name] = t
	}
}

// lastOf returns the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// endBlocks ends smaller blocks around an address for which the registry now
// names a wider one.
//
// A registry that withdraws an assignment answers with the allocation around
// it. Without this step the old holder would stay the answer.
func endBlocks(ctx context.Context, tx pgx.Tx, blocks []block) error {
	var addresses []netip.Addr
	var sources []string
	var bits []int32
	var at []time.Time
	for i := range blocks {
		if b := &blocks[i]; b.netblock != nil {
			addresses, sources = append(addresses, b.address), append(sources, b.p.source)
			bits, at = append(bits, int32(b.bits())), append(at, b.p.askedAt)
		}
	}
	if len(addresses) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, endBlocksSQL, addresses, sources, bits, at)
	return err
}
