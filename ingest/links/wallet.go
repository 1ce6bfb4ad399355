package links

import (
	"bytes"
	"crypto/sha256"
	"math/bits"
	"strings"
)

// minWallet is the length of the shortest wallet address.
const minWallet = 26

// coin reports whether scheme is that of a payment link.
func coin(scheme string) bool {
	switch scheme {
	case "bitcoin", "ethereum", "litecoin", "dogecoin", "tron", "bitcoincash":
		return true
	}
	return false
}

// wallet records a token that is a wallet address with a valid checksum.
// Extortion asks for money there, and one wallet means one recipient.
func (x *extractor) wallet(tok []byte, where string) {
	tok = bytes.Trim(tok, ".,;:!?()[]{}'\"*_<>")
	if i := bytes.IndexByte(tok, ':'); i >= 0 && i < len(tok)-minWallet {
		tok = tok[i+1:]
	}
	if i := bytes.IndexByte(tok, '?'); i >= 0 {
		tok = tok[:i]
	}
	// BIP 173 limits an address to 90 characters.
	if len(tok) < minWallet || len(tok) > 90 {
		return
	}
	name, value := "", string(tok)
	switch c := tok[0]; {
	case c == '0' && len(tok) == 42 && (tok[1] == 'x' || tok[1] == 'X'):
		if ethereum(value[2:]) {
			name, value = "ethereum", "0x"+strings.ToLower(value[2:])
		}
	case (c|0x20 == 'b' || c|0x20 == 'l') && bytes.IndexByte(tok, '1') > 0:
		name = bech32Coin(strings.ToLower(value))
		value = strings.ToLower(value)
	// 25 bytes in base 58.
	case len(tok) <= 35:
		name = base58Coin(value)
	}
	if name != "" {
		x.contact(Contact{Kind: "wallet", Value: value, Raw: string(tok), Where: where, Notes: []string{name}})
	}
}

// base58Alphabet has the digits of Base58 in order: no 0, O, I and l, which
// look alike.
const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58Coin returns the coin of a Base58Check address: a version byte, 20
// bytes, and the first four bytes of their double SHA-256.
func base58Coin(s string) string {
	var n [25]byte
	for i := 0; i < len(s); i++ {
		carry := strings.IndexByte(base58Alphabet, s[i])
		if carry < 0 {
			return ""
		}
		// The number in base 58 is multiplied into 25 bytes; more would be no
		// address.
		for j := len(n) - 1; j >= 0; j-- {
			carry += int(n[j]) * 58
			n[j] = byte(carry)
			carry >>= 8
		}
		if carry != 0 {
			return ""
		}
	}
	sum := sha256.Sum256(n[:21])
	sum = sha256.Sum256(sum[:])
	if !bytes.Equal(sum[:4], n[21:]) {
		return ""
	}
	// The version byte. 0x05 is a script's address of Bitcoin, which Litecoin
	// shared before it took 0x32.
	switch n[0] {
	case 0x00, 0x05:
		return "bitcoin"
	case 0x30, 0x32:
		return "litecoin"
	case 0x1e:
		return "dogecoin"
	case 0x41:
		return "tron"
	}
	return ""
}

// bech32Alphabet has the characters of BIP 173 for the values 0 to 31.
const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32Coin returns the coin of a segwit address with a valid checksum (BIP
// 173, BIP 350).
func bech32Coin(s string) string {
	sep := strings.LastIndexByte(s, '1')
	hrp := s[:sep]
	// The human-readable part in front of the last "1" names the network. Those
	// of test networks are worth nothing.
	if hrp != "bc" && hrp != "ltc" {
		return ""
	}
	chk := uint32(1)
	for i := 0; i < len(hrp); i++ {
		chk = bech32Step(chk, uint32(hrp[i]>>5))
	}
	chk = bech32Step(chk, 0)
	for i := 0; i < len(hrp); i++ {
		chk = bech32Step(chk, uint32(hrp[i]&31))
	}
	for i := sep + 1; i < len(s); i++ {
		v := strings.IndexByte(bech32Alphabet, s[i])
		if v < 0 {
			return ""
		}
		chk = bech32Step(chk, uint32(v))
	}
	// The constants of Bech32 and Bech32m.
	if chk != 1 && chk != 0x2bc830a3 {
		return ""
	}
	if hrp == "ltc" {
		return "litecoin"
	}
	return "bitcoin"
}

// bech32Step is one step of the BCH code of BIP 173.
func bech32Step(chk, v uint32) uint32 {
	top := chk >> 25
	chk = chk&0x1ffffff<<5 ^ v
	for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			chk ^= g
		}
	}
	return chk
}

// ethereum reports whether s is 20 bytes in hexadecimal. If it mixes capitals
// and small letters, they must form the checksum of EIP-55.
func ethereum(s string) bool {
	upper, lower := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case !isHex(c):
			return false
		case c >= 'a':
			lower = true
		case c >= 'A':
			upper = true
		}
	}
	if !upper || !lower {
		return true // written without a checksum
	}
	sum := keccak256([]byte(strings.ToLower(s)))
	for i := 0; i < len(s); i++ {
		if isNumber(s[i]) {
			continue
		}
		nibble := sum[i/2] >> 4
		if i%2 == 1 {
			nibble = sum[i/2] & 15
		}
		if (nibble >= 8) != (s[i] < 'a') {
			return false
		}
	}
	return true
}

// keccak256 hashes one short block with the original Keccak, as Ethereum does.
// The standard library has only SHA-3, whose padding NIST changed. len(msg)
// must be below 136.
func keccak256(msg []byte) (sum [32]byte) {
	var block [200]byte
	copy(block[:136], msg)
	block[len(msg)] ^= 1
	block[135] ^= 0x80
	var a [25]uint64
	for i := range a {
		for j := range 8 {
			a[i] |= uint64(block[8*i+j]) << (8 * j)
		}
	}
	keccakF(&a)
	for i := range sum {
		sum[i] = byte(a[i/8] >> (8 * (i % 8)))
	}
	return sum
}

// keccakF is the permutation Keccak-f[1600] (FIPS 202 section 3.3). Its round
// constants come from the shift register of section 3.2.5.
func keccakF(a *[25]uint64) {
	lfsr := byte(1)
	for range 24 {
		// The steps theta, rho and pi, chi, iota of FIPS 202 section 3.2.
		var c [5]uint64
		for i := range 5 {
			c[i] = a[i] ^ a[i+5] ^ a[i+10] ^ a[i+15] ^ a[i+20]
		}
		for i := range 25 {
			a[i] ^= c[(i+4)%5] ^ bits.RotateLeft64(c[(i+1)%5], 1)
		}
		x, y, last := 1, 0, a[1]
		for t := range 24 {
			x, y = y, (2*x+3*y)%5
			last, a[x+5*y] = a[x+5*y], bits.RotateLeft64(last, (t+1)*(t+2)/2)
		}
		for j := 0; j < 25; j += 5 {
			row := [5]uint64(a[j : j+5])
			for i := range 5 {
				a[j+i] = row[i] ^ ^row[(i+1)%5]&row[(i+2)%5]
			}
		}
		for j := range 7 {
			if lfsr&1 == 1 {
				a[0] ^= 1 << (1<<j - 1)
			}
			if lfsr&0x80 != 0 {
				lfsr = lfsr<<1 ^ 0x71
			} else {
				lfsr <<= 1
			}
		}
	}
}
