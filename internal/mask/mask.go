// Package mask takes the addresses of our own recipients out of what is handed on: reports
// to abuse desks, exports, packs. A spammer writes a recipient's address not only into To,
// but in many disguises into links, pictures and bounce addresses, so that whoever gets
// the evidence could tell him which mailbox reported him.
//
// In go texts and messages of any bytes, out come the same with each recipient replaced by
// a number that is the same throughout. What cannot be masked is left out and said so.
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

// Mask knows whom to take out. It is safe for concurrent use.
type Mask struct {
	number  map[string]int // of each address, in lower case
	domains []string       // all mailboxes there are ours
	hosts   []string       // of the others: strangers have mailboxes there too
	locals  map[string]int // telling local parts
	digests map[string]int // by hex digest of the address
}

// New makes a mask for addresses, and for every other mailbox of their domains, unless
// strangers have mailboxes there too.
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
	// Numbers go by the addresses, not by the order in which they were met.
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

// minWord is the length from which a local part alone names somebody.
const minWord = 5

// telling reports whether a local part alone tells whose mailbox it is. Names of roles are
// words of every mail, and part of many a path.
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
			at = max(at, f.to) // it overlaps one that was masked
			continue
		}
		out.Write(text[at:f.from])
		out.WriteString(f.replacement())
		at = f.to
	}
	out.Write(text[at:])
	return out.Bytes()
}

// Finds reports whether a recipient can be told from text.
func (m *Mask) Finds(text []byte) bool { return len(m.find(text, maxDepth)) > 0 }

// match is where a recipient stands.
type match struct {
	from, to int
	number   int  // 0: a mailbox of our domains that is not in the list
	address  bool // it is written as an address, so that one takes its place
}

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

// maxDepth is how many encodings may lie inside one another: base64 within an encoded URL
// within quoted-printable is seen, and more is not.
const maxDepth = 2

// find returns where recipients stand, in order, the widest first among those that begin
// together.
func (m *Mask) find(text []byte, depth int) []match {
	if len(m.number) == 0 {
		return nil
	}
	var out []match
	for _, v := range views(text) {
		// What was decoded may have nonsense beside it, decoded of other text.
		alone := depth == maxDepth
		v.add(&out, m.search(v.lower, alone))
		v.add(&out, m.search(rot13(v.lower), alone))
		v.addReversed(&out, m.search(reversed(v.lower), alone))
		v.add(&out, m.encoded(v.text, depth))
	}
	slices.SortFunc(out, func(a, b match) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	return out
}

// search finds addresses and telling local parts in text of lower case. alone: only those
// that end where their domain does.
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

// known reads the address of a known mailbox, of which the host at text[from:to] is the end.
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

// maxLocal bounds a local part, with what a bounce address puts before it.
const maxLocal = 80

// words adds telling local parts that stand for themselves.
func (m *Mask) words(text []byte, out []match) []match {
	for from := 0; from < len(text); from++ {
		if !localByte(text[from]) || wordByte(text, from-1) && wordByte(text, from) {
			continue // words begin at a border only
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

// maxPieces bounds a local part in words and the punctuation between them.
const maxPieces = 9

// mailbox reads the address of which one of our domains at text[from:to] is the end.
func (m *Mask) mailbox(text []byte, from, to int, alone bool) (match, bool) {
	if alone && to < len(text) && (letterOrDigit(text[to]) || text[to] == '-') {
		return match{}, false
	}
	host := from
	for host > 0 && (letterOrDigit(text[host-1]) || text[host-1] == '-' || text[host-1] == '.') && from-host < 255 {
		host--
	}
	if host < from && text[from-1] != '.' {
		return match{}, false // another domain that ends alike
	}
	sep := separatorBefore(text[:host])
	local := host - sep
	for local > 0 && localByte(text[local-1]) && host-local < maxLocal {
		local--
	}
	if sep == 0 || local == host-sep {
		return match{}, false
	}
	// What stands in front of a known mailbox is not his: "bounce-john=...", "--boundary-john@...".
	for at := local; at < host-sep; at++ {
		if at == local || !wordByte(text, at-1) {
			if n := m.number[string(text[at:host-sep])+"@"+string(text[host:to])]; n > 0 {
				return match{at, to, n, true}, true
			}
		}
	}
	return match{local, to, 0, true}, true
}

// separators stand between mailbox and domain, in addresses, in bounce addresses that
// carry another address (VERP), and in what people write.
var separators = []string{"@", "=", "%", "#", "(at)", "[at]", "{at}", " at ", "_at_", "-at-", ".at."}

func separatorBefore(text []byte) int {
	for _, s := range separators {
		if bytes.HasSuffix(text, []byte(s)) {
			return len(s)
		}
	}
	return 0
}

func letterOrDigit(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func localByte(c byte) bool {
	return letterOrDigit(c) || c == '.' || c == '_' || c == '+' || c == '-'
}

// wordByte reports whether the byte at i belongs to a word.
func wordByte(text []byte, i int) bool {
	return i >= 0 && i < len(text) && (letterOrDigit(text[i]) || text[i] >= 0x80)
}

// occurrences yields where word stands in text.
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
