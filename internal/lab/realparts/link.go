package realparts

import (
	"regexp"
	"strings"

	"spoor/internal/lab/dice"
)

// anyURL matches links, also without a scheme. Names of XML and HTML are no
// links.
var anyURL = regexp.MustCompile(`(?i)(?:https?:)?//[a-z0-9@:_-]+(?:\.[a-z0-9-]+)+[^\s"'<>()\\]*`)

// vocabularies is the host of XML names in HTML, which is no link.
const vocabularies = "www.w3.org"

// hostOf is the host of a link in lower case, without port and user.
func hostOf(u string) string {
	_, host, _ := strings.Cut(u, "//")
	if end := strings.IndexAny(host, "/?#:"); end >= 0 {
		host = host[:end]
	}
	return strings.ToLower(host[strings.LastIndexByte(host, '@')+1:])
}

// pathOf is what follows the host.
func pathOf(u string) string {
	_, rest, _ := strings.Cut(u, "//")
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		return rest[at:]
	}
	return ""
}

// isPicture reports whether a page loads the link by itself; else a reader
// clicks it.
//
// It looks at the 14 bytes before the link: "background=" and a quote fit.
func isPicture(before string) bool {
	before = strings.ToLower(before[max(0, len(before)-14):])
	return strings.Contains(before, "src=") || strings.Contains(before, "url(") || strings.Contains(before, "background=")
}

// grammar is the form of a path. Parts fixed by a kit or a customer's account
// are constant; parts of each message are generated anew.
type grammar []piece

// piece is a part of a URL; a fresh one changes from message to message.
type piece struct {
	text  string
	fresh bool
}

// newGrammar re-fills a real path. Of its runs by chance the share fresh changes with each
// message; the others are refilled once. Words stay in half of the cases.
//
// A word before "=" is the name of a parameter and stays in any case. At most
// 60 pieces are kept.
func newGrammar(d dice.Dice, path string, fresh float64, invent func(int) string) grammar {
	var g grammar
	for len(path) > 0 && len(g) < 60 {
		n := 0
		for n < len(path) && isAlnum(path[n]) {
			n++
		}
		switch {
		case n == 0:
			g, n = append(g, piece{path[:1], false}), 1
		case byChance(path[:n]) && d.Chance(fresh):
			g = append(g, piece{path[:n], true})
		case byChance(path[:n]):
			g = append(g, piece{refillRun(d, path[:n]), false})
		case n >= 4 && d.Chance(0.5) && !strings.HasPrefix(path[n:], "="):
			g = append(g, piece{strings.ToLower(invent(2)), false})
		default:
			g = append(g, piece{path[:n], false})
		}
		path = path[n:]
	}
	return g
}

// write makes one path.
func (g grammar) write(d dice.Dice) string {
	var b strings.Builder
	for _, p := range g {
		if p.fresh {
			b.WriteString(refillRun(d, p.text))
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// kit returns the part of a path that identifies its kit, "" if it has words
// only.
//
// It is the truth's trait: pieces that look random and are the same in all
// links of the campaign.
func (g grammar) kit() string {
	var b strings.Builder
	for _, p := range g {
		if !p.fresh && byChance(p.text) {
			b.WriteString(p.text + " ")
		}
	}
	return b.String()
}

// tracker is a service through which many hands send their readers. The customer's
// account stands inside of a path segment, between letters that change.
type tracker struct {
	hosts []string
	form  int
}

// trackerForms is the number of forms of tracking links.
const trackerForms = 4

// link writes a link of a customer's account and list.
//
// account and list are the evidence, the rest is chance. In the first form they
// stand between letters without a separator, as one real tracker has it, and a
// finder must know to look for digits.
func (t *tracker) link(d dice.Dice, host, account, list string) string {
	switch t.form % trackerForms {
	case 0: // /4DSNxKabcd80DOYMBqrst285239VFQZ
		return "http://" + host + "/" + d.Chars(dice.Base62, 1) + d.Chars(dice.Letters, 5) + account + d.Chars(dice.Letters, 7) + list + d.Chars(dice.Letters, 4) + d.Chars(dice.Digits, 2) + d.Chars(dice.Upper, 1)
	case 1: // /cl/80_md/3/285239/12/4_x
		return "http://" + host + "/cl/" + account + "_md/" + d.Digits(1) + "/" + list + "/" + d.Digits(4) + "/" + d.Chars(dice.Slug, 8)
	case 2: // /t/285239-80-9f3a.../c
		return "https://" + host + "/t/" + list + "-" + account + "-" + d.Chars(dice.Hex, 24) + "/c"
	}
	return "https://" + host + "/ls/click?upn=u" + account + "." + d.Chars(dice.Base62, 40) + "-2F" + list + d.Chars(dice.Base62, 12)
}
