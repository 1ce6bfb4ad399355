package ingest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"spoor/ingest/mailbox"
	"spoor/ingest/message"
)

// work is a worker: it hashes the messages of each chunk, asks the sink which
// are new, and extracts those.
func (r *run) work(ctx context.Context, in <-chan *chunk, out chan<- *result) error {
	var z *zstd.Encoder
	if r.options.KeepRaw {
		var err error
		z, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(256<<10),
			zstd.WithEncoderCRC(false)) // the SHA-256 detects damage already
		if err != nil {
			return fmt.Errorf("start compression: %w", err)
		}
		defer z.Close()
	}
	for c := range in {
		res, err := r.extract(ctx, c, z)
		if err != nil {
			return err
		}
		r.room.Release(c.held() - res.hold(c.held()))
		select {
		case out <- res:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// extract turns a chunk into a result. It asks the sink once for the whole
// chunk. A copy within the chunk is extracted once.
func (r *run) extract(ctx context.Context, c *chunk, z *zstd.Encoder) (*result, error) {
	res := &result{failures: c.failures, read: int64(len(c.raws) + len(c.failures)), bytes: c.bytes}
	if r.options.Forwarded {
		carried := len(c.raws)
		c.raws, res.noForward = forwarded(c.raws)
		res.read += int64(len(c.raws) - carried)
	}
	hashes := make([]Hash, len(c.raws))
	for i, raw := range c.raws {
		hashes[i] = sha256.Sum256(raw.Data)
		res.sightings = append(res.sightings, Sighting{Hash: hashes[i], Place: raw.Place})
	}
	// Known messages are not extracted again; their places are still recorded.
	known, err := r.sink.Known(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("ask which messages are stored: %w", err)
	}
	seen := make(map[Hash]bool, len(hashes))
	for i, raw := range c.raws {
		if known[i] || seen[hashes[i]] {
			continue
		}
		seen[hashes[i]] = true
		// A message on which the extractor fails is a failure of its own.
		f, err := safeExtract(hashes[i], raw, &r.options)
		if err != nil {
			res.failures = append(res.failures, &Failure{Place: raw.Place, Code: "extractor", Reason: err.Error()})
			res.sightings = dropSighting(res.sightings, hashes[i])
			continue
		}
		if z != nil {
			f.Raw = compress(z, raw.Data)
		}
		res.facts = append(res.facts, f)
	}
	r.options.Progress.Read.Add(res.read)
	r.options.Progress.Bytes.Add(res.bytes)
	r.options.Progress.Failed.Add(int64(len(res.failures)))
	return res, nil
}

// compress returns a slice of exact size, because it stays in memory until its
// batch is stored.
func compress(z *zstd.Encoder, data []byte) []byte {
	if len(data) > chunkBytes {
		return z.EncodeAll(data, make([]byte, 0, len(data)/2)) // do not keep so large a buffer
	}
	buf := compressBuffers.Get().(*[]byte)
	defer compressBuffers.Put(buf)
	*buf = z.EncodeAll(data, (*buf)[:0])
	return append(make([]byte, 0, len(*buf)), *buf...)
}

// compressBuffers reuses output buffers, each of which grows to the largest
// message that a worker has compressed.
var compressBuffers = sync.Pool{New: func() any { return new([]byte) }}

// safeExtract turns a panic into an error. A panic is a bug of this program,
// and one message must not keep the rest of a folder from being imported.
func safeExtract(h Hash, raw mailbox.Raw, o *Options) (f *Facts, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the extractor failed on this message (%v); please report it; the message is read again by: collector failures retry", p)
		}
	}()
	f = extract(h, raw.Data, o.Class, &o.Own)
	f.Size = raw.Length
	if raw.Truncated {
		f.RawCut = true
		f.Defects = append(f.Defects, Defect{Code: "message-cut", Part: -1, Detail: fmt.Sprintf("%d of %d bytes read", len(raw.Data), raw.Length)})
	}
	return f, nil
}

// dropSighting removes the sightings of a message that failed: its Failure
// records the place.
func dropSighting(s []Sighting, h Hash) []Sighting {
	out := s[:0]
	for _, x := range s {
		if x.Hash != h {
			out = append(out, x)
		}
	}
	return out
}

// forwarded replaces each message by the messages attached to it, and counts
// those that have none.
func forwarded(raws []mailbox.Raw) (out []mailbox.Raw, none int64) {
	for _, raw := range raws {
		before := len(out)
		for n, data := range message.Parse(raw.Data).Embedded() {
			inner := raw
			inner.Name = fmt.Sprintf("%s#%d", raw.Name, n)
			inner.Data, inner.Length, inner.Truncated = data, int64(len(data)), false
			out = append(out, inner)
		}
		if len(out) == before {
			out = append(out, raw)
			none++
		}
	}
	return out, none
}
