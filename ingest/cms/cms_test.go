package cms

import (
	"bytes"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

// der makes an element of definite length, ber one that ends with zeros.
func der(tag byte, parts ...[]byte) []byte {
	value := bytes.Join(parts, nil)
	head := []byte{tag, byte(len(value))}
	if len(value) > 0x7F {
		head = []byte{tag, 0x82, byte(len(value) >> 8), byte(len(value))}
	}
	return append(head, value...)
}

func ber(tag byte, parts ...[]byte) []byte {
	return append(append([]byte{tag, 0x80}, bytes.Join(parts, nil)...), 0, 0)
}

type encoder func(tag byte, parts ...[]byte) []byte

// message is signed data around content.
func message(e encoder, kind []byte, content ...[]byte) []byte {
	version, digests := der(0x02, []byte{1}), der(set, der(sequence, der(oid, []byte{1, 2, 3})))
	return e(sequence, der(oid, kind), e(explicit0, e(sequence, version, digests,
		e(sequence, der(oid, data), e(explicit0, content...)), der(0xA0, []byte("certificates")))))
}

func TestSigned(t *testing.T) {
	const body = "Content-Type: text/html\r\n\r\n<a href=https://a.example/>x</a>"
	long := strings.Repeat("x", 300)
	for _, tc := range []struct {
		name string
		in   []byte
		want string
	}{
		{"DER", message(der, signedData, der(octets, []byte(body))), body},
		{"BER", message(ber, signedData, der(octets, []byte(body))), body},
		{"BER in pieces", message(ber, signedData, ber(octets|constructed, der(octets, []byte(body[:7])), der(octets, []byte(body[7:])))), body},
		{"a long one", message(der, signedData, der(octets, []byte(long))), long},
		{"enveloped data", message(der, []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03}, der(octets, []byte(body))), ""},
		{"a signature alone", der(sequence, der(oid, signedData), der(explicit0, der(sequence, der(0x02, []byte{1}), der(set), der(sequence, der(oid, data))))), ""},
		{"cut in the content", message(der, signedData, der(octets, []byte(long)))[:200], ""},
		{"nothing", nil, ""},
		{"no element", []byte("hello there"), ""},
	} {
		got, ok := Signed(tc.in)
		if tc.name == "cut in the content" {
			if !ok || !strings.HasPrefix(long, string(got)) {
				t.Errorf("%s: %q", tc.name, got)
			}
			continue
		}
		if string(got) != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: %q, %v", tc.name, got, ok)
		}
	}
}

func TestLinear(t *testing.T) {
	for name, unit := range map[string]string{"open": "\x30\x80", "pieces": "\x24\x80\x04\x01a\x00\x00", "empty": "\x04\x00", "zeros": "\x00\x00"} {
		t.Run(name, func(t *testing.T) {
			linear.Check(t, 1<<21, func(n int) []byte {
				return message(ber, signedData, []byte(strings.Repeat(unit, n/len(unit))))
			}, func(b []byte) { Signed(b) })
		})
	}
}

func FuzzSigned(f *testing.F) {
	f.Add(message(der, signedData, der(octets, []byte("x"))))
	f.Add(message(ber, signedData, ber(octets|constructed, der(octets, []byte("x")))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, ok := Signed(b); ok && len(got) > len(b) {
			t.Errorf("%d bytes out of %d", len(got), len(b))
		}
	})
}
