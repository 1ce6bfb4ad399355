// Package cms extracts the content of a signed S/MIME message (RFC 5652, RFC
// 8551 section 3.5.2). Signed data is not encrypted, and mail readers display
// it, so it is searched like any other body. The package verifies no signature
// and has no keys.
package cms

import "bytes"

// maxDepth limits the nesting of constructed octet strings. Real senders use
// one or two levels.
const maxDepth = 4

// Object identifiers of RFC 5652: signedData is 1.2.840.113549.1.7.2, data
// (plain content) is 1.2.840.113549.1.7.1. Both are DER-encoded without tag and
// length.
var (
	signedData = []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02}
	data       = []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01}
)

// Tags of ASN.1 types (X.690 section 8.1.2).
const (
	octets      = 0x04
	oid         = 0x06
	constructed = 0x20
	explicit0   = 0xA0 // context-specific, constructed, number 0
	sequence    = 0x30
	set         = 0x31
)

// Signed returns the content of a SignedData structure, in DER or in the BER
// that Outlook and OpenSSL write. ok is false for anything else, such as
// encrypted data or a detached signature.
func Signed(b []byte) (content []byte, ok bool) {
	info, _, ok := read(b, sequence) // ContentInfo
	if !ok {
		return nil, false
	}
	kind, rest, ok := read(info, oid)
	if !ok || !bytes.Equal(kind, signedData) {
		return nil, false
	}
	wrapped, _, ok := read(rest, explicit0)
	if !ok {
		return nil, false
	}
	signed, _, ok := read(wrapped, sequence) // SignedData: version, digests, content
	if !ok {
		return nil, false
	}
	for range 4 {
		tag, value, after, ok := element(signed)
		if !ok {
			return nil, false
		}
		if tag == sequence {
			return encapsulated(value)
		}
		signed = after
	}
	return nil, false
}

// encapsulated returns the content of an EncapsulatedContentInfo (RFC 5652
// section 5.2).
func encapsulated(b []byte) (content []byte, ok bool) {
	kind, rest, ok := read(b, oid)
	if !ok || !bytes.Equal(kind, data) {
		return nil, false
	}
	wrapped, _, ok := read(rest, explicit0)
	if !ok {
		return nil, false
	}
	content = gather(nil, wrapped, 0)
	return content, len(content) > 0
}

// gather concatenates the pieces of an octet string, which BER allows to be
// split (X.690 section 8.7.3).
func gather(out, b []byte, depth int) []byte {
	for len(b) > 0 && depth < maxDepth {
		tag, value, rest, ok := element(b)
		if !ok {
			break
		}
		switch tag {
		case octets:
			out = append(out, value...)
		case octets | constructed:
			out = gather(out, value, depth+1)
		}
		b = rest
	}
	return out
}

// read reads the next element and demands its tag.
func read(b []byte, tag byte) (value, rest []byte, ok bool) {
	got, value, rest, ok := element(b)
	return value, rest, ok && got == tag
}

// element reads the first element of b. An element of indefinite length ends
// with two zero bytes (X.690 section 8.1.3.6). One that claims more than b has
// is taken as far as b goes, because the mail may have been truncated.
func element(b []byte) (tag byte, value, rest []byte, ok bool) {
	if len(b) < 2 || b[0]&0x1F == 0x1F {
		return 0, nil, nil, false
	}
	tag, length := b[0], int(b[1])
	b = b[2:]
	switch {
	case length == 0x80:
		end := endOf(b, 0)
		return tag, b[:end], b[min(end+2, len(b)):], true
	case length > 0x80:
		n := length & 0x7F
		if n > 4 || n > len(b) {
			return 0, nil, nil, false
		}
		length = 0
		for _, c := range b[:n] {
			length = length<<8 | int(c)
		}
		b = b[n:]
	}
	length = min(length, len(b))
	return tag, b[:length], b[length:], true
}

// maxIndefinite limits the nesting of elements of indefinite length, and with
// it the recursion of endOf.
const maxIndefinite = 16

// endOf returns the index at which the content of an indefinite-length element
// ends.
func endOf(b []byte, depth int) int {
	pos := 0
	for pos+2 <= len(b) {
		if b[pos] == 0 && b[pos+1] == 0 {
			return pos
		}
		if b[pos+1] == 0x80 {
			if depth >= maxIndefinite {
				return len(b)
			}
			pos += 2
			pos += endOf(b[pos:], depth+1) + 2
			continue
		}
		_, _, rest, ok := element(b[pos:])
		if !ok {
			return len(b)
		}
		pos = len(b) - len(rest)
	}
	return len(b)
}
