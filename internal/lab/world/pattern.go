package world

import (
	"strconv"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

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
func expand(d dice.Dice, pattern string, f fill) string {
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
		b.WriteString(expandVerb(d, verb, max(n, 1), f))
	}
	return b.String()
}

// expandVerb replaces one verb of a pattern: random characters, time, or names.
func expandVerb(d dice.Dice, verb byte, n int, f fill) string {
	switch verb {
	case 'x':
		return d.Chars(dice.Hex, n)
	case 'X':
		return d.Chars(dice.HEX, n)
	case 'd':
		return d.Chars(dice.Digits, n)
	case 'a':
		return d.Chars(dice.Lower, n)
	case 'A':
		return d.Chars(dice.Upper, n)
	case 'm':
		return d.Chars(dice.Base62, n)
	case 's':
		return d.Chars(dice.Slug, n)
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
