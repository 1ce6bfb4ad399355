package mailbox

import (
	"bufio"
	"encoding/binary"
)

// xzGuard passes an xz stream on and stops before a block whose header demands
// a larger dictionary than maxDictionary. The decoder would allocate the whole
// dictionary, up to 4 GiB a block. The guard follows the container (streams,
// blocks, index) and the sizes of the LZMA2 chunks without unpacking. Anything
// that it does not understand passes, as the decoder will refuse it.
type xzGuard struct {
	r     *bufio.Reader
	pass  int64 // bytes to pass on before the next examination
	state xzState
	check int64 // size of the check after each block, from the stream's flags
	chunk int64 // bytes since the block header, or of the index; needed for padding
	lost  bool  // not understood: pass on everything

	numbers int64 // numbers left in the index; -1 before their count
}

// xzState is the position of the guard in the container.
type xzState int

// The positions.
const (
	xzStream xzState = iota // at a stream header or padding between streams
	xzBlock                 // at a block header or the index
	xzChunk                 // at an LZMA2 chunk
	xzIndex                 // at a number in the index
)

// Read passes on only bytes whose block header was checked.
//
// The guard peeks at headers, and hands on the runs of bytes between them.
func (g *xzGuard) Read(p []byte) (int, error) {
	for g.pass == 0 && !g.lost {
		if err := g.look(); err != nil {
			return 0, err
		}
	}
	if !g.lost {
		p = p[:min(int64(len(p)), g.pass)]
	}
	n, err := g.r.Read(p)
	if !g.lost {
		g.pass -= int64(n)
	}
	return n, err
}

// look decides how many bytes from here on are harmless.
func (g *xzGuard) look() error {
	switch g.state {
	case xzStream:
		return g.stream()
	case xzBlock:
		return g.block()
	case xzIndex:
		return g.index()
	}
	g.lzma2()
	return nil
}

// stream parses a stream header: magic, two bytes of flags, CRC32 (xz format
// section 2.1.1).
func (g *xzGuard) stream() error {
	b, err := g.r.Peek(12)
	if len(b) == 0 {
		return err
	}
	switch {
	case len(b) >= 4 && binary.LittleEndian.Uint32(b) == 0:
		g.pass = 4 // padding between streams
	case len(b) < 12 || string(b[:6]) != "\xfd7zXZ\x00":
		g.lost = true
	default:
		g.check = [16]int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[b[7]&15]
		g.pass, g.state = 12, xzBlock
	}
	return nil
}

// block parses a block header, or the index if its first byte is zero.
func (g *xzGuard) block() error {
	b, err := g.r.Peek(1)
	if len(b) == 0 {
		return err
	}
	if b[0] == 0 {
		g.pass, g.chunk, g.numbers, g.state = 1, 1, -1, xzIndex
		return nil
	}
	// Section 3.1.1: the size of the header in units of four bytes, less one.
	size := (int(b[0]) + 1) * 4
	b, _ = g.r.Peek(size)
	props, ok := lzma2Property(b)
	if len(b) < size || !ok {
		g.lost = true
		return nil
	}
	if dictionarySize(props) > maxDictionary {
		return errDictionary
	}
	g.pass, g.chunk, g.state = int64(size), 0, xzChunk
	return nil
}

// lzma2Property returns the property byte of the only filter in a block header.
//
// The two low bits of the flags are the number of filters less one (section
// 3.1.2). A chain, such as x86 before LZMA2, is passed on unexamined; mail is
// never packed so, and the decoder refuses it.
func lzma2Property(b []byte) (byte, bool) {
	if len(b) < 8 || b[1]&3 != 0 {
		return 0, false
	}
	rest := b[2:]
	for _, present := range []bool{b[1]&0x40 != 0, b[1]&0x80 != 0} { // optional sizes of the block
		if present {
			_, n := binary.Uvarint(rest)
			if n <= 0 {
				return 0, false
			}
			rest = rest[n:]
		}
	}
	// Filter 0x21 is LZMA2, and its properties have one byte (section 5.3.1).
	if len(rest) < 3 || rest[0] != 0x21 || rest[1] != 1 {
		return 0, false
	}
	return rest[2], true
}

// dictionarySize decodes section 5.3.1 of the xz format: 2 or 3 times a power
// of two.
func dictionarySize(p byte) int64 {
	if p &= 0x3f; p > 40 {
		return 1 << 62
	}
	return (2 | int64(p&1)) << (p/2 + 11)
}

// lzma2 parses the control byte of a chunk.
func (g *xzGuard) lzma2() {
	b, _ := g.r.Peek(5)
	switch {
	case len(b) == 0:
		g.lost = true
	case b[0] == 0: // end of the block: padding to four bytes, then the check
		g.chunk++
		g.pass, g.state = 1+(4-g.chunk%4)%4+g.check, xzBlock
	// An uncompressed chunk: two bytes of size less one follow.
	case b[0] <= 2 && len(b) >= 3:
		g.pass = 3 + int64(binary.BigEndian.Uint16(b[1:])) + 1
		g.chunk += g.pass
	// A packed chunk. Two bytes of the unpacked size come before the two of the
	// packed one.
	case b[0] >= 0x80 && len(b) == 5:
		g.pass = 5 + int64(binary.BigEndian.Uint16(b[3:])) + 1
		if b[0] >= 0xc0 {
			g.pass++ // the properties follow
		}
		g.chunk += g.pass
	default:
		g.lost = true
	}
}

// index parses a number of the index: the count of records, then two for each
// record. Padding to four bytes, a CRC32 and a footer of 12 bytes follow the
// last.
func (g *xzGuard) index() error {
	b, _ := g.r.Peek(binary.MaxVarintLen64)
	v, n := binary.Uvarint(b)
	if n <= 0 {
		g.lost = true
		return nil
	}
	g.chunk += int64(n)
	if g.numbers < 0 {
		g.numbers = 2 * int64(min(v, 1<<60))
	} else {
		g.numbers--
	}
	g.pass = int64(n)
	if g.numbers == 0 {
		g.pass, g.state = g.pass+(4-g.chunk%4)%4+4+12, xzStream
	}
	return nil
}
