// Package dice provides reproducible randomness for generated worlds: one seed
// and label give one sequence. Each part of a world uses dice with its own
// label, so that a change in one part leaves the others unchanged.
package dice

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
)

// Dice is a source of chance.
type Dice struct{ *rand.Rand }

// New returns the dice of a seed and a label.
func New(seed uint64, label string) Dice {
	h := fnv.New64a()
	h.Write([]byte(label))
	return Dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// Chance is true with probability p.
func (d Dice) Chance(p float64) bool { return d.Float64() < p }

// Between returns lo to hi, both included.
func (d Dice) Between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// Spread returns lo to hi with equal weight on each power of two: most values
// are small.
func (d Dice) Spread(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	v := math.Exp(math.Log(float64(lo)) + d.Float64()*(math.Log(float64(hi)+1)-math.Log(float64(lo))))
	return min(int(v), hi)
}

// Weighted returns an index by weight.
func (d Dice) Weighted(weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := d.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// Pick returns one element.
func Pick[T any](d Dice, of []T) T { return of[d.IntN(len(of))] }

// Some returns up to n different elements in the order of a shuffle.
func Some[T any](d Dice, of []T, n int) []T {
	out := make([]T, 0, min(n, len(of)))
	for _, i := range d.Perm(len(of))[:min(n, len(of))] {
		out = append(out, of[i])
	}
	return out
}

// Alphabets of Chars.
const (
	Digits  = "0123456789"
	Hex     = "0123456789abcdef"
	HEX     = "0123456789ABCDEF"
	Lower   = "abcdefghijklmnopqrstuvwxyz"
	Upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	Slug    = Digits + Lower
	SLUG    = Digits + Upper
	Letters = Upper + Lower
	Base62  = Digits + Letters
	Base64  = Base62 + "+/"
)

// Chars returns n characters of an alphabet.
func (d Dice) Chars(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(b)
}

// Digits returns n digits of which the first is not zero.
func (d Dice) Digits(n int) string {
	return string('1'+byte(d.IntN(9))) + d.Chars(Digits, n-1)
}

// UUID returns a random UUID (RFC 9562, version 4).
func (d Dice) UUID() string {
	return strings.Join([]string{d.Chars(Hex, 8), d.Chars(Hex, 4), "4" + d.Chars(Hex, 3), d.Chars("89ab", 1) + d.Chars(Hex, 3), d.Chars(Hex, 12)}, "-")
}

// Shares splits n into parts with weights 1/(rank+1)^tail, none under least.
func (d Dice) Shares(n, parts, least int, tail float64) []int {
	weights, sum := make([]float64, parts), 0.0
	for i := range weights {
		weights[i] = math.Pow(float64(i+1), -tail) * (0.6 + 0.8*d.Float64())
		sum += weights[i]
	}
	out := make([]int, parts)
	for i, w := range weights {
		out[i] = max(least, int(w/sum*float64(n)))
	}
	return out
}
