package campaign

import (
	"encoding/binary"
	"math"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// packedVersion is that of the form in which profiles are packed.
const packedVersion = 2

// maxCount bounds the stored size of a campaign: above it, shares of features
// stay the same.
const maxCount = 1 << 24

// Pack appends a profile to b in a compact form, without its Campaign.
func (p *Profile) Pack(b []byte) []byte {
	b = append(b, packedVersion)
	b = binary.AppendUvarint(b, evidence.Version)
	b = binary.AppendUvarint(b, uint64(min(p.Units, maxCount)))
	b = binary.AppendUvarint(b, uint64(len(p.Kinds)))
	for _, k := range p.Kinds {
		for _, n := range []int32{k.Units, k.Values, k.Distinct} {
			b = binary.AppendUvarint(b, uint64(min(n, maxCount)))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(p.Shared)))
	for _, s := range p.Shared {
		b = binary.BigEndian.AppendUint64(b, uint64(s.Feature))
		b = binary.AppendUvarint(b, uint64(min(s.Units, maxCount)))
		b = binary.AppendUvarint(b, uint64(math.Round(100*float64(max(s.Bits, 0)))))
	}
	return b
}

// Unpack reads the output of Pack. It reports false for anything else, and for
// features derived by other rules than the present ones, which new mail would
// not have.
func Unpack(b []byte) (Profile, bool) {
	u := unpacker{b: b}
	if u.byte() != packedVersion || u.number(math.MaxInt32) != evidence.Version {
		return Profile{}, false
	}
	p := Profile{Units: int(u.number(maxCount))}
	p.Kinds = make([]mixture.KindCount, u.number(uint64(modelKinds)))
	for i := range p.Kinds {
		p.Kinds[i] = mixture.KindCount{Units: int32(u.number(uint64(p.Units))), Values: int32(u.number(maxCount)), Distinct: int32(u.number(maxCount))}
	}
	p.Shared = make([]Shared, u.number(maxShared))
	for i := range p.Shared {
		p.Shared[i] = Shared{evidence.Key(u.key()), int32(u.number(uint64(p.Units))), float32(u.number(10_000)) / 100}
		if i > 0 && p.Shared[i].Feature <= p.Shared[i-1].Feature || uint8(p.Shared[i].Feature.Kind()) >= modelKinds {
			u.bad = true
		}
	}
	if u.bad || len(u.b) > 0 || p.Units == 0 || len(p.Kinds) != int(modelKinds) {
		return Profile{}, false
	}
	return p, true
}

// unpacker reads from b; a value that does not fit sets bad and reads as zero.
type unpacker struct {
	b   []byte
	bad bool
}

// bytes returns the next n bytes, or nil if there are not as many.
func (u *unpacker) bytes(n uint64) []byte {
	if uint64(len(u.b)) < n {
		u.bad, u.b = true, nil
	}
	if u.bad || n == 0 {
		return nil
	}
	v := u.b[:n:n]
	u.b = u.b[n:]
	return v
}

// byte returns the next byte.
func (u *unpacker) byte() byte {
	if v := u.bytes(1); v != nil {
		return v[0]
	}
	return 0
}

// key returns the next key, eight bytes.
func (u *unpacker) key() uint64 {
	if v := u.bytes(8); v != nil {
		return binary.BigEndian.Uint64(v)
	}
	return 0
}

// number reads a number of at most that size.
func (u *unpacker) number(most uint64) uint64 {
	v, n := binary.Uvarint(u.b)
	if n <= 0 || v > most {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[n:]
	return v
}
