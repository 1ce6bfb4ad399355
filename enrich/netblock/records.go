package netblock

import (
	"net/netip"
	"strings"
	"unicode"

	"go4.org/netipx"

	"spoor/internal/text"
)

// Limits of one answer.
const (
	maxLines = 20_000
	maxLine  = 1_000 // bytes read of a line
	// A longer "key" is prose with a colon.
	maxKey   = 60
	maxValue = 400
)

// style is the family of layouts of a record.
type style int

// The layouts. Those of one family differ in words only.
const (
	plain  style = iota
	rpsl         // RIPE, APNIC, AFRINIC, LACNIC, NIC.br, IANA
	arin         // NetRange
	jpnic        // [Network Number]
	krnic        // IPv4 Address : 192.0.2.0 - 192.0.2.255 (/24)
	rwhois       // network:IP-Network:192.0.2.0/24
	twnic        // Netblock: 192.0.2.0/24
)

// pair is a normalised key with its value.
type pair struct{ key, value string }

// record is a paragraph of keys and values.
type record struct {
	pairs []pair
	notes []string // comment lines directly before it
}

// rangeKeys are the keys of a record's range. Each belongs to one layout.
var rangeKeys = []struct {
	key   string
	style style
}{
	{"inetnum", rpsl}, {"inet6num", rpsl}, {"netrange", arin}, {"cidr", arin},
	{"ip-network-block", rwhois}, {"ip-network", rwhois}, {"ipv6-network", rwhois},
	{"network-number", jpnic}, {"ipネットワークアドレス", jpnic}, {"ipv4-address", krnic}, {"ipv6-address", krnic}, {"ip-address", krnic},
	{"ipv4주소", krnic}, {"ipv6주소", krnic}, {"ip주소", krnic}, {"netblock", twnic}, {"network-block", twnic}, {"ip-range", twnic}, {"address-range", twnic},
}

// styled returns the record's range and layout. The range is invalid if the
// record has none.
//
// The key decides the layout. Keys are tried in the order of the table; a
// record has one of them.
func (r *record) styled(addr netip.Addr) (netipx.IPRange, style) {
	for _, k := range rangeKeys {
		v := r.get(k.key)
		if v == "" {
			continue
		}
		if rng := parseRange(v, addr); rng.IsValid() {
			return rng, k.style
		}
	}
	return netipx.IPRange{}, plain
}

// get returns the first value of the first key that has one.
func (r *record) get(keys ...string) string {
	for _, k := range keys {
		for i := range r.pairs {
			if r.pairs[i].key == k && r.pairs[i].value != "" {
				return r.pairs[i].value
			}
		}
	}
	return ""
}

// all returns the values of a key.
func (r *record) all(key string) []string {
	var out []string
	for i := range r.pairs {
		if r.pairs[i].key == key && r.pairs[i].value != "" {
			out = append(out, r.pairs[i].value)
		}
	}
	return out
}

// has reports whether a record has a key, with a value or without.
func (r *record) has(key string) bool {
	for i := range r.pairs {
		if r.pairs[i].key == key {
			return true
		}
	}
	return false
}

// records splits text at empty lines, comment lines and headings.
func records(answer string) []record {
	var b recordBuilder
	n := 0
	for l := range strings.SplitSeq(answer, "\n") {
		if n++; n > maxLines {
			break
		}
		b.line(text.Cut(l, maxLine))
	}
	b.end()
	return b.done
}

// recordBuilder splits an answer into records line by line. notes are the
// comment lines before the present record.
type recordBuilder struct {
	done  []record
	now   record
	notes []string
}

// end completes the present record.
func (b *recordBuilder) end() {
	if len(b.now.pairs) > 0 {
		b.done = append(b.done, b.now)
		b.now = record{}
	}
}

// line adds a line of the answer. Blank lines and comments end a record.
func (b *recordBuilder) line(l string) {
	t := strings.TrimSpace(l)
	switch {
	case t == "":
		b.end()
		return
	// Comments before a record may name its abuse contact, as in RIPE's
	// answers.
	case t[0] == '%' || t[0] == '#':
		b.end()
		if len(b.notes) < 100 {
			b.notes = append(b.notes, t)
		}
		return
	case isHeading(t):
		b.end()
		return
	}
	key, value := splitPair(t)
	indented := l[0] == ' ' || l[0] == '\t' || l[0] == '+'
	if key == "" || indented && len(b.now.pairs) > 0 && !keyLike(key) {
		b.continues(strings.TrimLeft(t, "+ \t"), indented)
		return
	}
	if b.startsAnew(key) {
		b.end()
	}
	if len(b.now.pairs) == 0 {
		b.now.notes, b.notes = b.notes, nil
	}
	b.now.pairs = append(b.now.pairs, pair{key, text.Cut(value, maxValue)})
}

// continues appends a line without a key to the previous value (RFC 2622
// section 2).
//
// Each line becomes a value of its own under the same key, because descriptions
// and remarks are read line by line.
func (b *recordBuilder) continues(t string, indented bool) {
	n := len(b.now.pairs)
	if n == 0 || !indented {
		return
	}
	b.now.pairs = append(b.now.pairs, pair{b.now.pairs[n-1].key, text.Cut(t, maxValue)})
}

// startsAnew reports whether a key begins another record without an empty line
// before it, as in answers of rwhois servers.
func (b *recordBuilder) startsAnew(key string) bool {
	switch key {
	case "inetnum", "inet6num", "netrange", "auth-area", "class-name":
		return b.now.has(key)
	}
	return false
}

// isHeading distinguishes "[ Network Information ]" from JPNIC's key "[Return
// Date]" without a value.
func isHeading(t string) bool {
	return strings.HasPrefix(t, "[ ") && t[len(t)-1] == ']'
}

// splitPair splits a line into a normalised key and a value. In rwhois it drops
// the class and the type: "network:Org-Name;I:Example" has the key "org-name".
func splitPair(t string) (key, value string) {
	if len(t) > 3 && t[1] == '.' && t[2] == ' ' && strings.HasPrefix(strings.TrimSpace(t[2:]), "[") { // JPNIC's "a. [Network Number]"
		t = strings.TrimSpace(t[2:])
	}
	if t[0] == '[' {
		if k, v, ok := strings.Cut(t[1:], "]"); ok {
			return normalKey(k), strings.TrimSpace(v)
		}
		return "", t
	}
	if rest, ok := text.CutPrefixFold(t, "network:"); ok && strings.Contains(rest, ":") {
		t = rest
	}
	k, v, ok := strings.Cut(t, ":")
	if !ok || strings.HasPrefix(v, "//") {
		return "", t
	}
	k, _, _ = strings.Cut(k, ";")
	return normalKey(k), strings.TrimSpace(v)
}

// keyLike reports whether an indented key belongs to a layout that indents
// (TWNIC, providers' servers), and not to the continuation of an RPSL value.
func keyLike(key string) bool {
	switch key {
	case "netname", "netblock", "network-block", "ip-range", "address-range", "organization-name", "organization", "country",
		"administrator-contact", "technical-contact", "chinese-name", "street-address", "refer", "ip-network":
		return true
	}
	return false
}

// normalKey returns a key in lower case with "-" for blanks, or "" if s can't
// be a key.
func normalKey(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ".")
	if s == "" || len(s) > maxKey {
		return ""
	}
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '-' || r == '_' || r == '/':
			gap = b.Len() > 0
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && text.IsASCII(s) {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			return ""
		}
	}
	return b.String()
}
