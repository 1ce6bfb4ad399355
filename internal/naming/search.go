package naming

import (
	"strconv"
	"strings"

	"spoor/graph/evidence"
	"spoor/sql/store/campaigns"
)

// Readings lists the possible meanings of a search for text, the likeliest
// first. Words that are no indicator are compared as they are with all words
// that screens show.
func Readings(text string) []campaigns.Indicator {
	text = strings.Trim(strings.TrimSpace(text), "\"“”")
	if text == "" {
		return nil
	}
	var out []campaigns.Indicator
	if n, ok := asNumber(text); ok {
		out = append(out, campaigns.Indicator{Kind: "as", Value: n})
	}
	if i, ok := asNet(refanged.Replace(text)); ok {
		return []campaigns.Indicator{i, asWords(text)}
	}
	if digits, ok := phoneDigits(text); ok {
		out = append(out, campaigns.Indicator{Kind: "phone", Value: digits, Forms: phoneForms(digits)})
	}
	if HashLike(text) {
		out = append(out, campaigns.Indicator{Kind: "hash", Value: strings.ToLower(text)})
	}
	if i, ok := ParseIndicator(text); ok && i.Kind != "phone" && i.Kind != "hash" {
		if i.Kind == "mail" {
			i.Forms = distinct([]string{text, i.Value})
		}
		out = append(out, i)
	}
	return append(out, asWords(text))
}

// asNumber reads the number of an autonomous system: "AS64501", "as 64501".
func asNumber(text string) (string, bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(text), "as")
	n, err := strconv.ParseUint(strings.TrimSpace(rest), 10, 32)
	return strconv.FormatUint(n, 10), ok && err == nil
}

// asWords looks for text as it stands: a name, a wallet, a queue id, an id in a link.
func asWords(text string) campaigns.Indicator {
	lower := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	i := campaigns.Indicator{Kind: "words", Value: lower, Forms: distinct([]string{text, lower, strings.ToUpper(text)})}
	if readings, exact, err := ReadFeature(text); err == nil && exact {
		for _, f := range readings {
			i.Keys = append(i.Keys, f.Key())
		}
		return i
	}
	for k := range evidence.Kinds {
		if k.Is(evidence.Inherited) {
			continue // values of registries occur in no message
		}
		for _, v := range distinct([]string{text, lower}) {
			i.Keys = append(i.Keys, evidence.Feature{Kind: k, Value: v}.Key())
		}
	}
	return i
}

// keypad gives the digit of each letter on a phone's keys (ITU-T E.161).
const keypad = "22233344455566677778889999"

// phoneDigits reads a phone number in any writing: "(888) 763-2497", "1-800-FLOWERS".
// Letters count only behind digits and a hyphen, and where they are not the most.
func phoneDigits(text string) (string, bool) {
	var b strings.Builder
	letters := 0
	for _, r := range strings.TrimPrefix(strings.ToLower(text), "tel:") {
		switch {
		case r >= '0' && r <= '9', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case r >= 'a' && r <= 'z' && strings.Contains(text, "-"):
			letters++
			b.WriteByte(keypad[r-'a'])
		case strings.ContainsRune(" -()./\u00a0\u2010\u2011\u2013", r):
		default:
			return "", false
		}
	}
	digits := b.String()
	n := len(strings.TrimPrefix(digits, "+"))
	if n < 7 || n > 15 || letters > 0 && (digits[0] != '1' && digits[0] != '+' && digits[0] != '0' || letters > 7) {
		return "", false
	}
	return digits, true
}

// phoneForms lists how a number may be stored: in E.164 with any country's code (ITU-T E.164:
// one to three digits), where it was typed without; as digits without it, where it was typed
// with one; and without the zeros that are dialled before an area or a country.
func phoneForms(typed string) []string {
	digits := strings.TrimPrefix(typed, "+")
	out := []string{typed, digits, "+" + digits}
	local := strings.TrimPrefix(digits, "0")
	if rest, ok := strings.CutPrefix(digits, "00"); ok && typed[0] != '+' {
		digits, local = rest, rest
		out = append(out, rest, "+"+rest)
	}
	if typed[0] != '+' {
		for code := 1; code < 1000; code++ {
			out = append(out, "+"+strconv.Itoa(code)+local)
		}
	}
	for n := 1; n <= 3 && len(digits)-n >= 7; n++ {
		out = append(out, digits[n:], "0"+digits[n:])
	}
	return distinct(out)
}
