package rented

import (
	"crypto/sha256"
	"math/big"
	"strings"
)

// base58 has the digits of wallets.
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58check writes bytes with four of their double hash behind them, as wallets do.
//
// Each zero byte in front is a "1", as the number alone would lose them.
func base58check(payload []byte) string {
	one := sha256.Sum256(payload)
	two := sha256.Sum256(one[:])
	all := append(payload[:len(payload):len(payload)], two[:4]...)
	n, base, digit := new(big.Int).SetBytes(all), big.NewInt(58), new(big.Int)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, base, digit)
		out = append(out, base58[digit.Int64()])
	}
	var b strings.Builder
	for i := 0; i < len(all) && all[i] == 0; i++ {
		b.WriteByte('1')
	}
	for i := len(out) - 1; i >= 0; i-- {
		b.WriteByte(out[i])
	}
	return b.String()
}
