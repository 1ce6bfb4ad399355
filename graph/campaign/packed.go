package campaign

import (
	"encoding/binary"
	"math"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// packedVersion is that of the form in which profiles are packed.
const packedVersion = 1

// maxMembers limits the stored size of a campaign. Beyond it, the portions of
// members with a feature hardly change.
const maxMembers = 1 << 24

// Pack appends a profile to b in a compact form, without its Campaign.
func (p *Profile) Pack(b []byte) []byte {
	b = append(b, packedVersion)
	b = binary.AppendUvarint(b, evidence.Version)
	b = binary.AppendUvarint(b, uint64(min(p.Members, maxMembers)))
	for _, n := range p.Present {
		b = binary.AppendUvarint(b, uint64(min(n, maxMembers)))
	}
	b = binary.AppendUvarint(b, uint64(len(p.Shared)))
	for _, s := range p.Shared {
		b = binary.BigEndian.AppendUint64(b, uint64(s.Feature))
		b = binary.AppendUvarint(b, uint64(min(s.Members, maxMembers)))
		b = appendBits(b, s.Bits)
	}
	b = binary.AppendUvarint(b, uint64(len(p.Specimens)))
	for _, s := range p.Specimens {
		b = appendBits(b, s.Copied)
		b = binary.AppendUvarint(b, uint64(len(s.Features)))
		b = append(b, s.Features...)
		b = binary.AppendUvarint(b, uint64(len(s.Sketch)))
		b = append(b, s.Sketch...)
	}
	return b
}

// appendBits appends bits in hundredths.
func appendBits(b []byte, bits float32) []byte {
	return binary.AppendUvarint(b, uint64(math.Round(100*float64(max(bits, 0)))))
}

// Unpack decodes the output of Pack. It returns false for other data, and for
// features of another version of the rules, which new mail would never match.
func Unpack(b []byte) (Profile, bool) {
	u := unpacker{b: b}
	if u.byte() != packedVersion || u.number(math.MaxInt32) != evidence.Version {
		return Profile{}, false
	}
	p := Profile{Members: int(u.number(maxMembers))}
	for g := range p.Present {
		p.Present[g] = int(u.number(uint64(p.Members)))
	}
	p.Shared = make([]Shared, u.number(maxShared))
	for i := range p.Shared {
		p.Shared[i] = Shared{evidence.Key(u.key()), int32(u.number(uint64(p.Members))), u.bits()}
		if i > 0 && p.Shared[i].Feature <= p.Shared[i-1].Feature || p.Shared[i].Feature.Kind() >= evidence.Kinds {
			u.bad = true
		}
	}
	p.Specimens = make([]Specimen, u.number(maxSpecimens))
	for i := range p.Specimens {
		s := &p.Specimens[i]
		s.Copied = u.bits()
		s.Features = u.bytes(u.number(maxShared))
		for j, f := range s.Features {
			if int(f) >= len(p.Shared) || j > 0 && f <= s.Features[j-1] {
				u.bad = true
			}
		}
		if n := u.number(sketch.Size); n != 0 && n != sketch.Size {
			u.bad = true
		} else {
			s.Sketch = u.bytes(n)
		}
	}
	if u.bad || len(u.b) > 0 || p.Members == 0 {
		return Profile{}, false
	}
	return p, true
}

// unpacker reads from b. Data that is too short sets bad and reads as zero.
type unpacker struct {
	b   []byte
	bad bool
}

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

func (u *unpacker) byte() byte {
	if v := u.bytes(1); v != nil {
		return v[0]
	}
	return 0
}

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

func (u *unpacker) bits() float32 { return float32(u.number(10_000)) / 100 }
