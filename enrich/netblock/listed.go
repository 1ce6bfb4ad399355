package netblock

import (
	"net/netip"
	"strings"

	"spoor/internal/text"
)

// listed is one line of the list that ARIN returns if several nets match and no
// details were requested:
//
//	Example Networks, Inc. EXAMPLE-BLK-1 (NET-192-0-2-0-1) 192.0.2.0 - 192.0.2.255
//
// Before 2010 the range had a line of its own.
type listed struct{ owner, name, handle string }

// maxListed limits the list; ARIN itself stops at 256.
const maxListed = 512

// shortList parses all such lines.
func shortList(answer string) []network {
	var out []network
	if !strings.Contains(answer, "(NET") {
		return nil
	}
	var waiting *listed
	for l := range strings.SplitSeq(answer, "\n") {
		if len(out) == maxListed {
			break
		}
		l = strings.TrimSpace(text.Cut(l, maxLine))
		rng := l
		// A line names a network by its handle in parentheses. Its range
		// follows, or stands on the next line if the name is long.
		if i := strings.LastIndex(l, "(NET"); i > 0 && !strings.Contains(l, ": ") {
			line, rest, ok := readListed(l, i)
			if !ok {
				continue
			}
			waiting, rng = &line, rest
		}
		if waiting == nil || rng == "" {
			continue
		}
		if r := parseRange(rng, netip.Addr{}); r.IsValid() {
			out = append(out, network{rng: r, at: -1, style: arin, line: *waiting})
		}
		waiting = nil
	}
	return out
}

// readListed parses a line whose handle starts at i and returns the text after
// it.
func readListed(l string, i int) (line listed, rest string, ok bool) {
	handle, rest, ok := strings.Cut(l[i+1:], ")")
	if !ok || strings.ContainsAny(handle, " \t") {
		return listed{}, "", false
	}
	front := strings.Fields(l[:i])
	if len(front) == 0 {
		return listed{}, "", false
	}
	last := len(front) - 1
	return listed{
		owner: text.Cut(strings.Join(front[:last], " "), maxValue), name: text.Cut(front[last], 100), handle: text.Cut(handle, 100),
	}, strings.TrimSpace(rest), true
}
