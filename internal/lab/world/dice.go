package world

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// dice is the only source of chance. One seed gives one world.
type dice struct{ *rand.Rand }

func newDice(seed uint64, label string) dice {
	h := fnv.New64a()
	h.Write([]byte(label))
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns lo to hi, both included.
func (d dice) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// spread returns lo to hi with equal weight on each power of two: most values are small.
func (d dice) spread(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	v := math.Exp(math.Log(float64(lo)) + d.Float64()*(math.Log(float64(hi)+1)-math.Log(float64(lo))))
	return min(int(v), hi)
}

// weighted returns an index by weight.
func (d dice) weighted(weights []float64) int {
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

func pick[T any](d dice, of []T) T { return of[d.IntN(len(of))] }

// some returns n different elements in the order of a shuffle.
func some[T any](d dice, of []T, n int) []T {
	out := make([]T, 0, n)
	for _, i := range d.Perm(len(of)) {
		if len(out) == n {
			break
		}
		out = append(out, of[i])
	}
	return out
}

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
	decimal  = "0123456789"
	letters  = "abcdefghijklmnopqrstuvwxyz"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	mixed    = decimal + capitals + letters
	slug     = decimal + letters
)

func (d dice) chars(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(b)
}

// fill holds the values of a pattern's placeholders.
type fill struct {
	at    time.Time
	host  string            // %h
	user  string            // %u
	count int               // %n
	named map[string]string // %{name}
}

// expand writes a pattern. Mailers, bounce addresses and paths of links are made from
// them: %x8 is eight hex digits, %X8 capitals, %d digits, %a letters, %A capital letters,
// %m letters and digits of both cases, %s lower-case letters and digits; %t Unix time,
// %T 20060102150405, %y Unix time in hex; %h, %u, %n and %{name} come from fill.
func (d dice) expand(pattern string, f fill) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' || i+1 == len(pattern) {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		verb := pattern[i]
		if verb == '{' {
			end := i + strings.IndexByte(pattern[i:], '}')
			b.WriteString(f.named[pattern[i+1:end]])
			i = end
			continue
		}
		n := 0
		for i+1 < len(pattern) && pattern[i+1] >= '0' && pattern[i+1] <= '9' && strings.IndexByte("xXdaAms", verb) >= 0 && n < 10 {
			i++
			n = n*10 + int(pattern[i]-'0')
		}
		b.WriteString(d.verb(verb, max(n, 1), f))
	}
	return b.String()
}

func (d dice) verb(verb byte, n int, f fill) string {
	switch verb {
	case 'x':
		return d.chars(lowerHex, n)
	case 'X':
		return d.chars(upperHex, n)
	case 'd':
		return d.chars(decimal, n)
	case 'a':
		return d.chars(letters, n)
	case 'A':
		return d.chars(capitals, n)
	case 'm':
		return d.chars(mixed, n)
	case 's':
		return d.chars(slug, n)
	case 't':
		return strconv.FormatInt(f.at.Unix(), 10)
	case 'y':
		return strings.ToUpper(strconv.FormatInt(f.at.Unix(), 16))
	case 'T':
		return f.at.Format("20060102150405")
	case 'h':
		return f.host
	case 'u':
		return f.user
	case 'n':
		return strconv.Itoa(f.count)
	}
	return string(verb)
}
