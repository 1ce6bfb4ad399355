package realparts

import (
	"regexp"
	"strings"

	"spoor/internal/lab/dice"
)

// refill writes a string of the same shape: runs of characters that a program made by
// chance are made anew, words and punctuation stay. Of a run each character keeps its
// class, and a run that is hexadecimal stays so.
func refill(d dice.Dice, s string) string {
	var b strings.Builder
	for len(s) > 0 {
		n := 0
		for n < len(s) && isAlnum(s[n]) {
			n++
		}
		if n == 0 {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		if run := s[:n]; byChance(run) {
			b.WriteString(refillRun(d, run))
		} else {
			b.WriteString(run)
		}
		s = s[n:]
	}
	return b.String()
}

// signed matches the hash and the signature of DKIM.
var signed = regexp.MustCompile(`(?s)\bbh?=[^;]+`)

// resign makes the hashes of a signature (RFC 6376) anew, all of their characters: a piece
// that stays would join strangers.
func resign(d dice.Dice, v string) string {
	return signed.ReplaceAllStringFunc(v, func(s string) string {
		name, hash, _ := strings.Cut(s, "=")
		return name + "=" + strings.Map(func(r rune) rune {
			if r < 0x80 && isAlnum(byte(r)) {
				return rune(dice.Base62[d.IntN(62)])
			}
			return r
		}, hash)
	})
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// byChance reports whether a run is random and not a word: numbers of three
// digits and more, letters mixed with digits, capitals inside a long run.
//
// The thresholds are those at which a word of mail headers is hardly ever taken
// for a random run.
func byChance(run string) bool {
	digits, lower, inner := 0, 0, 0
	for i := range len(run) {
		switch c := run[i]; {
		case c <= '9':
			digits++
		case c >= 'a':
			lower++
		case i > 0:
			inner++
		}
	}
	switch {
	case digits == len(run):
		return digits >= 3
	case digits > 0:
		return len(run) >= 5 && run != "sha256" && run != "base64" && run != "iso8859"
	}
	return len(run) >= 12 && inner >= 2 && lower >= 2
}

// refillRun replaces letters and digits by others of the same kind: hex stays
// hex, and case stays.
func refillRun(d dice.Dice, run string) string {
	hex := strings.Trim(run, dice.Hex) == "" || strings.Trim(run, dice.HEX) == ""
	b := []byte(run)
	for i, c := range b {
		switch {
		case c <= '9' && i == 0 && c != '0':
			b[i] = '1' + byte(d.IntN(9))
		case c <= '9':
			b[i] = dice.Digits[d.IntN(10)]
		case hex && c >= 'a':
			b[i] = "abcdef"[d.IntN(6)]
		case hex:
			b[i] = "ABCDEF"[d.IntN(6)]
		case c >= 'a':
			b[i] = dice.Lower[d.IntN(26)]
		default:
			b[i] = dice.Upper[d.IntN(26)]
		}
	}
	return string(b)
}
