package received

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Thresholds at which hosts become one pattern.
const (
	siblings   = 2  // hosts that differ only in digits and become one pattern
	domainwide = 6  // patterns of one domain that become "*.domain"
	maxGuesses = 64 // lines of output, and patterns in Own
)

// writer counts the hops of one host or pattern at and above the boundaries.
//
// hops, top and edge count messages of the sample, nets the /16 or /32 of the
// clients at the edge (at most maxSeen).
type writer struct {
	pattern string
	hosts   int
	hops    int
	top     int // topmost hops
	edge    int // boundary hops with a public client
	nets    map[netip.Prefix]bool
}

// result names the writers of all hops at and above the boundaries.
//
// The order is by hops and then by name, so that equal samples give equal
// answers.
func (in *inference) result() (Own, []Guess) {
	hosts := in.writers()
	groups := group(hosts, digitPattern, siblings)
	groups = group(groups, domainPattern, domainwide)
	slices.SortFunc(groups, func(a, b *writer) int {
		return cmp.Or(cmp.Compare(b.hops, a.hops), cmp.Compare(a.pattern, b.pattern))
	})
	// A message that never passed the receiver's servers has a stranger at the
	// top. A writer of fewer than one message in 500 is therefore not listed.
	least := max(1, in.total/500)
	if in.total >= 20 {
		least = max(2, least)
	}
	var guesses []Guess
	for _, w := range groups {
		if w.hops < least || len(guesses) == maxGuesses {
			break
		}
		in.name(w.pattern)
		guesses = append(guesses, Guess{Name: w.pattern, Hops: w.hops, Reason: in.reason(w)})
	}
	return in.own, guesses
}

// name adds a pattern to the receiver's own servers.
func (in *inference) name(pattern string) {
	switch {
	case pattern == googleInside:
		in.own.Addrs = append(in.own.Addrs, netip.MustParsePrefix(googleInside))
	// "localhost" is everybody's name and cannot tell ours from others.
	case isLocalName(pattern) || slices.Contains(in.own.Names, pattern):
	default:
		if a, _, ok := literal(pattern); ok {
			// A private address proves nothing outside of its network.
			if isPublic(a) {
				in.own.Addrs = append(in.own.Addrs, netip.PrefixFrom(a, a.BitLen()))
			}
			return
		}
		in.own.Names = append(in.own.Names, pattern)
	}
}

// reason explains why a writer of top hops counts as one of our own servers.
func (in *inference) reason(w *writer) string {
	if why := in.why[w.pattern]; why != "" {
		return why
	}
	parts := []string{"wrote the hop at the top of " + part(w.top, in.total)}
	if w.top == 0 {
		parts[0] = "handed on within our own servers"
	}
	if w.edge > 0 {
		parts = append(parts, fmt.Sprintf("accepted %s from outside, out of %s", plural(w.edge, "message", "messages"), plural(len(w.nets), "network", "networks")))
	}
	if w.hosts > 1 {
		parts = append(parts, fmt.Sprintf("%d hosts", w.hosts))
	}
	return strings.Join(parts, "; ")
}

// part words a share of the messages.
func part(n, total int) string {
	if n == total {
		return "every message"
	}
	return fmt.Sprintf("%d of %d messages", n, total)
}

// writers counts the hosts at and above the boundaries.
func (in *inference) writers() []*writer {
	byName := map[string]*writer{}
	for _, c := range in.chains {
		b := in.own.Boundary(c.hops)
		for i := 0; i <= b; i++ {
			h := &c.hops[i]
			name := writerName(h)
			if name == "" {
				continue
			}
			w := byName[name]
			if w == nil {
				w = &writer{pattern: name, hosts: 1, nets: map[netip.Prefix]bool{}}
				byName[name] = w
			}
			w.hops += c.count
			if i == 0 {
				w.top += c.count
			}
			// The lowest hop of the receiver takes mail from strangers in many
			// networks.
			if i == b && isPublic(h.Addr) {
				w.edge += c.count
				if len(w.nets) < maxSeen {
					w.nets[net16(h.Addr)] = true
				}
			}
		}
	}
	out := make([]*writer, 0, len(byName))
	for _, w := range byName {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b *writer) int { return cmp.Compare(a.pattern, b.pattern) })
	return out
}

// googleInside is the 10.0.0.0/8 of Google, which it writes as 6to4 addresses.
const googleInside = "2002:a00::/24"

// writerName returns the name by which a hop's writer is counted. Google's
// internal hosts count as one network.
func writerName(h *Hop) string {
	if h.ByAddr.IsValid() && h.ByAddr.Is6() && sixToFourPrivate(h.ByAddr) && strings.HasPrefix(h.By, "2002:") {
		return googleInside
	}
	return strings.ToLower(h.By)
}

// group joins writers whose names share a pattern, if at least least of them
// do. The result is deterministic because the input is sorted.
//
// It runs twice: over digits in host names first, then over whole domains. A
// domain is taken whole only if it has many patterns, as those of a provider
// with thousands of hosts.
func group(in []*writer, pattern func(string) string, least int) []*writer {
	count := map[string]int{}
	for _, w := range in {
		count[pattern(w.pattern)]++
	}
	merged := map[string]*writer{}
	var out []*writer
	for _, w := range in {
		p := pattern(w.pattern)
		// Too few hosts share the pattern: it would admit strangers of the same
		// domain.
		if p == "" || p == w.pattern || count[p] < least {
			out = append(out, w)
			continue
		}
		m := merged[p]
		if m == nil {
			m = &writer{pattern: p, nets: map[netip.Prefix]bool{}}
			merged[p] = m
			out = append(out, m)
		}
		m.hosts += w.hosts
		m.hops += w.hops
		m.top += w.top
		m.edge += w.edge
		for n := range w.nets {
			m.nets[n] = true
		}
	}
	return out
}

// digitPattern replaces a single digit by "?" and a longer run of digits by "*"
// in the first label: "mx?.example.com", "mailin*.example.ch".
//
// A pattern needs a letter in the first label. Otherwise "1-2-3-4.example.com"
// would become a pattern that holds every customer of a provider.
func digitPattern(name string) string {
	if _, _, ok := literal(name); ok || name == googleInside {
		return ""
	}
	label := firstLabel(name)
	var b strings.Builder
	for i := 0; i < len(label); {
		j := i
		for j < len(label) && label[j] >= '0' && label[j] <= '9' {
			j++
		}
		switch j - i {
		case 0:
			b.WriteByte(label[i])
			j++
		case 1:
			b.WriteByte('?')
		default:
			b.WriteByte('*')
		}
		i = j
	}
	p := b.String() + name[len(label):]
	if checkPattern(p) != nil || !strings.ContainsAny(label, "abcdefghijklmnopqrstuvwxyz") {
		return ""
	}
	return p
}

// domainPattern returns the pattern for all hosts of a name's registered
// domain, or "" for the domain itself.
func domainPattern(name string) string {
	d := registered(strings.NewReplacer("*", "x", "?", "x").Replace(name))
	if d == "" || name == d {
		return ""
	}
	return "*." + d
}
