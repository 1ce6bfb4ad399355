package mailbox

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// maxDictionary limits the memory that a compressed stream may demand. xz -9
// needs 64 MiB, zstd --long 128 MiB.
const maxDictionary = 128 << 20

// meter compares the output of all layers of an item with the input of the
// lowest. A limit for each layer alone would multiply with the nesting.
type meter struct {
	lim     Limits
	in, out int64
	burst   bool // a bomb was detected; nothing more of the item is read
}

// spend counts n bytes of output. It returns errBomb, now and for every later
// layer, once the ratio to the input is exceeded.
//
// in counts the bytes read so far and not the size of the file, so that
// trailing garbage cannot buy a larger output. Only a zip in a file counts
// whole, as it is read from its end.
func (m *meter) spend(n int) error {
	m.out += int64(n)
	if m.out > max(m.lim.RatioFloor, m.lim.Ratio*m.in) {
		m.burst = true
		return errBomb
	}
	return nil
}

// metered reads unpacked bytes and stops at a bomb.
type metered struct {
	r io.Reader
	m *meter
}

// Read fails once the decompressed size exceeds the limit of Limits (a
// decompression bomb).
func (r metered) Read(p []byte) (int, error) {
	if r.m.burst {
		return 0, errBomb
	}
	n, err := r.r.Read(p)
	if bomb := r.m.spend(n); bomb != nil {
		return n, bomb
	}
	return n, packedError(err)
}

// packedError distinguishes damaged packed data from errors of the disk.
func packedError(err error) error {
	if err == nil || err == io.EOF || errors.Is(err, errBomb) || errors.Is(err, errDictionary) || errors.Is(err, errPacked) {
		return err
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return errDictionary
	}
	return fmt.Errorf("%w: %w", errPacked, err)
}

// decompress yields the messages in the compressed stream s.
func (p *pass) decompress(pl Place, s *stream, k kind, t trust, depth int, m *meter) {
	if p.tooDeep(pl, depth) {
		return
	}
	r, release, err := unpacker(k, s)
	if err != nil {
		p.readError(pl, packedError(err))
		return
	}
	defer release()
	p.item(pl, &stream{r: metered{r, m}, buf: p.arena.take(blockSize / 8)}, t, depth+1, m)
}

// tooDeep reports whether an item is nested beyond Limits.Depth, and yields a
// Failure if so.
func (p *pass) tooDeep(pl Place, depth int) bool {
	if depth < p.lim.Depth {
		return false
	}
	p.fail(pl, "depth", fmt.Sprintf("packed more than %d times over; unpack it", p.lim.Depth), nil)
	return true
}

// unpacker returns a reader of the decompressed data, and a function that
// releases it.
func unpacker(k kind, r io.Reader) (io.Reader, func(), error) {
	// The decoders read single bytes in places.
	buffered := bufio.NewReaderSize(r, 64<<10)
	switch k {
	case isGzip:
		z, err := gzip.NewReader(buffered)
		return z, func() {}, err
	case isBzip2:
		return bzip2.NewReader(buffered), func() {}, nil
	case isXz:
		// The library has no limit of the dictionary, hence the guard.
		z, err := xz.NewReader(bufio.NewReader(&xzGuard{r: buffered}))
		return z, func() {}, err
	case isZstd:
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxDictionary), zstd.WithDecoderMaxMemory(maxDictionary))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return nil, nil, fmt.Errorf("%w: no such compression", errPacked)
}

// Unpack returns a reader of the decompressed data of a stream, which is
// recognised by its first bytes, and a function that releases it. Memory is
// bounded, the output is not.
//
// A stream that is not compressed, or by a method that is not known, gives an
// error.
func Unpack(r io.Reader) (io.Reader, func(), error) {
	buffered := bufio.NewReader(r)
	head, err := buffered.Peek(packedHead)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	out, release, err := unpacker(sniffPacked(head), buffered)
	if err != nil {
		return nil, nil, packedError(err)
	}
	return out, release, nil
}

// packedHead is how much of a stream tells the compression.
const packedHead = 512

// packedName is the name of a kind in Source.Compression.
func packedName(k kind) string {
	return map[kind]string{isGzip: "gzip", isBzip2: "bzip2", isXz: "xz", isZstd: "zstd", isTar: "tar", isZip: "zip"}[k]
}
