package logs

import (
	"regexp"
	"strings"
)

// frontNoise matches characters that list makers leave in front of an address:
// "smtp" of a log line, zeros.
var frontNoise = regexp.MustCompile(`^(smtp|0)+([a-z])`)

// brokenByForm counts the damaged recipients of a run by their form alone. It
// serves runs without a log, where no server's answer tells the existing
// addresses from the others. A recipient is damaged if "smtp", "0" or its
// domain stands before the address, or if one or two letters are missing there
// that another recipient of the run has.
//
// to has the addresses in lower case; its values are not read. The cost is
// linear: two tails for each address.
func brokenByForm(to map[string]bool) (n int64) {
	type half struct{ local, domain string }
	mended := make(map[half]bool, len(to)) // and whether it had to be
	tails := make(map[half]bool, 2*len(to))
	for address := range to {
		i := strings.LastIndexByte(address, '@')
		if i < 1 || i+1 == len(address) {
			continue
		}
		h := half{address[:i], address[i+1:]}
		whole := frontNoise.ReplaceAllString(strings.TrimPrefix(h.local, h.domain), "$2")
		mended[h] = whole != h.local
		// The rest has four letters at least: shorter ones are tails of
		// something by chance.
		for cut := 1; cut <= 2 && len(whole) > 3+cut; cut++ {
			tails[half{whole[cut:], h.domain}] = true
		}
	}
	for h, was := range mended {
		if was || tails[h] {
			n++
		}
	}
	return n
}
