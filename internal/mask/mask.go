// Package mask removes the addresses of our own recipients from data that is
// passed on: abuse reports, exports, packs. Spammers put a recipient's address
// not only into To but also, disguised, into links, images and bounce
// addresses. From unmasked evidence they could tell which mailbox reported
// them.
//
// Text and messages of any bytes go in. The same come out with each recipient
// replaced by a number, which is consistent throughout. A part that cannot be
// masked is left out, and this is stated.
package mask

import (
	"bytes"
	"cmp"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"spoor/internal/domain"
)

// Mask knows the recipients to remove. It is safe for concurrent use.
type Mask struct {
	number  map[string]int // of each address in lower case
	domains []string       // domains in which all mailboxes are ours
	hosts   []string       // domains of the others, where strangers have mailboxes too
	locals  map[string]int // identifying local parts
	digests map[string]int // by hex digest of the address
}

// New returns a mask for addresses and for every other mailbox in their
// domains, except domains in which strangers have mailboxes too.
func New(addresses []string) *Mask {
	m := &Mask{number: make(map[string]int), locals: make(map[string]int), digests: make(map[string]int)}
	var list []string
	for _, a := range addresses {
		a = strings.ToLower(strings.Trim(a, "<> \t"))
		local, host, ok := strings.Cut(a, "@")
		if !ok || local == "" || host == "" || m.number[a] != 0 {
			continue
		}
		list = append(list, a)
		m.number[a] = 1
		n, ok := domain.Parse(host)
		switch own := ok && n.Shared == "" && n.Registered != ""; {
		case own && !slices.Contains(m.domains, n.Registered):
			m.domains = append(m.domains, n.Registered)
		case !own && !slices.Contains(m.hosts, host):
			m.hosts = append(m.hosts, host)
		}
	}
	// Numbers follow the order of addresses and not the order of input.
	slices.Sort(list)
	for i, a := range list {
		m.number[a] = i + 1
		if local, _, _ := strings.Cut(a, "@"); telling(local) && m.locals[local] == 0 {
			m.locals[local] = i + 1
		}
		for _, sum := range [][]byte{sum16(a), sum20(a), sum32(a)} {
			m.digests[hex.EncodeToString(sum)] = i + 1
		}
	}
	return m
}

func sum16(a string) []byte { s := md5.Sum([]byte(a)); return s[:] }
func sum20(a string) []byte { s := sha1.Sum([]byte(a)); return s[:] }
func sum32(a string) []byte { s := sha256.Sum256([]byte(a)); return s[:] }

// minWord is the length, in bytes, from which a local part alone identifies
// somebody.
const minWord = 5

// telling reports whether a local part alone identifies a mailbox. Names of
// roles are common words and occur in many paths.
func telling(local string) bool {
	switch local {
	case "abuse", "admin", "administrator", "billing", "contact", "enquiries", "hello", "hostmaster", "jobs", "mail", "marketing", "newsletter", "office",
		"orders", "postmaster", "press", "sales", "security", "service", "support", "webmaster", "everyone", "users", "accounts", "accounting":
		return false
	}
	return len(local) >= minWord
}

// Text returns s with every recipient masked.
func (m *Mask) Text(s string) string { return string(m.Bytes([]byte(s))) }

// Bytes returns text with every recipient masked.
func (m *Mask) Bytes(text []byte) []byte {
	found := m.find(text, maxDepth)
	if len(found) == 0 {
		return text
	}
	var out bytes.Buffer
	at := 0
	for _, f := range found {
		if f.from < at {
			at = max(at, f.to) // it overlaps one that is masked
			continue
		}
		out.Write(text[at:f.from])
		out.WriteString(f.replacement())
		at = f.to
	}
	out.Write(text[at:])
	return out.Bytes()
}

// Finds reports whether text identifies a recipient.
func (m *Mask) Finds(text []byte) bool { return len(m.find(text, maxDepth)) > 0 }

// match is the position of a recipient.
type match struct {
	from, to int
	number   int  // 0: an unlisted mailbox in our domains
	address  bool // written as an address, so an address replaces it
}

// replacement returns the text in place of a match. An address stays one in
// form, so that the message still parses; .invalid is reserved (RFC 2606).
func (f match) replacement() string {
	name := "rx"
	if f.number > 0 {
		name = fmt.Sprintf("r%d", f.number)
	}
	if f.address {
		return name + "@masked.invalid"
	}
	return "masked-" + name
}

// maxDepth is the nesting of encodings that is detected: base64 in an encoded
// URL in quoted-printable, and no more.
const maxDepth = 2

// find returns the positions of recipients in order; of those with the same
// start, the longest first.
func (m *Mask) find(text []byte, depth int) []match {
	if len(m.number) == 0 {
		return nil
	}
	var out []match
	for _, v := range views(text) {
		// Decoded text may contain noise around it, decoded from other text.
		alone := depth == maxDepth
		v.add(&out, m.search(v.lower, alone))
		v.add(&out, m.search(rot13(v.lower), alone))
		v.addReversed(&out, m.search(reversed(v.lower), alone))
		v.add(&out, m.encoded(v.text, depth))
	}
	slices.SortFunc(out, func(a, b match) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	return out
}

// search finds addresses and identifying local parts in lower-case text. If
// alone is true, an address must end where its domain ends.
func (m *Mask) search(text []byte, alone bool) []match {
	var out []match
	for _, d := range m.domains {
		for at := range occurrences(text, d) {
			if f, ok := m.mailbox(text, at, at+len(d), alone); ok {
				out = append(out, f)
			}
		}
	}
	for _, h := range m.hosts {
		for at := range occurrences(text, h) {
			if f, ok := m.known(text, at, at+len(h), alone); ok {
				out = append(out, f)
			}
		}
	}
	return m.words(text, out)
}

// known reads the address of a known mailbox that ends with the host at
// text[from:to].
func (m *Mask) known(text []byte, from, to int, alone bool) (match, bool) {
	if alone && to < len(text) && (letterOrDigit(text[to]) || text[to] == '-') {
		return match{}, false
	}
	end := from - separatorBefore(text[:from])
	found := match{}
	for at := end - 1; at >= 0 && end < from && end-at <= maxLocal && text[at] > ' ' && text[at] != '<' && text[at] != '>' && text[at] != '"'; at-- {
		if n := m.number[string(text[at:end])+"@"+string(text[from:to])]; n > 0 {
			found = match{at, to, n, true}
		}
	}
	return found, found.number > 0
}

// maxLocal limits a local part with the prefix of a bounce address, in bytes.
const maxLocal = 80

// words adds identifying local parts without a domain.
func (m *Mask) words(text []byte, out []match) []match {
	for from := 0; from < len(text); from++ {
		if !localByte(text[from]) || wordByte(text, from-1) && wordByte(text, from) {
			continue // words begin at a boundary only
		}
		for to, pieces := from, 0; to < len(text) && localByte(text[to]) && pieces < maxPieces; {
			to++
			if wordByte(text, to-1) && wordByte(text, to) {
				continue
			}
			pieces++
			if n := m.locals[string(text[from:to])]; n > 0 {
				out = append(out, match{from, to, n, false})
			}
		}
	}
	return out
}

// maxPieces limits the words and separators in a local part.
const maxPieces = 9

// mailbox reads the address that ends with one of our domains at text[from:to].
func (m *Mask) mailbox(text []byte, from, to int, alone bool) (match, bool) {
	if alone && to < len(text) && (letterOrDigit(text[to]) || text[to] == '-') {
		return match{}, false
	}
	host := from
	for host > 0 && (letterOrDigit(text[host-1]) || text[host-1] == '-' || text[host-1] == '.') && from-host < 255 {
		host--
	}
	if host < from && text[from-1] != '.' {
		return match{}, false // another domain with the same ending
	}
	sep := separatorBefore(text[:host])
	local := host - sep
	for local > 0 && localByte(text[local-1]) && host-local < maxLocal {
		local--
	}
	if sep == 0 || local == host-sep {
		return match{}, false
	}
	// The text before a known mailbox does not belong to it, as in
	// "bounce-john=..." or "--boundary-john@...".
	for at := local; at < host-sep; at++ {
		if at == local || !wordByte(text, at-1) {
			if n := m.number[string(text[at:host-sep])+"@"+string(text[host:to])]; n > 0 {
				return match{at, to, n, true}, true
			}
		}
	}
	return match{local, to, 0, true}, true
}

// separators occur between mailbox and domain: in addresses, in bounce
// addresses that contain another address (VERP), and in prose.
var separators = []string{"@", "=", "%", "#", "(at)", "[at]", "{at}", " at ", "_at_", "-at-", ".at."}

// separatorBefore is the length of a separator at the end of text, or 0.
func separatorBefore(text []byte) int {
	for _, s := range separators {
		if bytes.HasSuffix(text, []byte(s)) {
			return len(s)
		}
	}
	return 0
}

func letterOrDigit(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// localByte reports whether a byte may be in the local part of an address
// without quotes.
func localByte(c byte) bool {
	return letterOrDigit(c) || c == '.' || c == '_' || c == '+' || c == '-'
}

// wordByte reports whether the byte at i belongs to a word.
func wordByte(text []byte, i int) bool {
	return i >= 0 && i < len(text) && (letterOrDigit(text[i]) || text[i] >= 0x80)
}

// occurrences yields the positions of word in text.
func occurrences(text []byte, word string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for at := 0; ; at++ {
			i := bytes.Index(text[at:], []byte(word))
			if i < 0 || !yield(at+i) {
				return
			}
			at += i
		}
	}
}
