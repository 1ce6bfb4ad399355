package received

import (
	"container/heap"
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"spoor/internal/text"
)

// Limits of a survey. Together they keep it below about 10 MB for any folder.
const (
	// A relay that brings two of a hundred messages shows 80 times in as many.
	maxChains      = 4096 // messages kept
	maxChainHops   = 16   // hops kept of a message, from the top
	maxChainText   = 100  // bytes kept of a name
	maxRecipients  = 4
	maxSampleCount = 1 << 30
)

// Survey collects the hops of many messages, from which Infer finds the
// receiver's own servers.
//
// It keeps a sample: the maxChains messages with the least hashes. The sample
// depends on the messages and not on the order of Add, and memory stays bounded
// for a folder with a million distinct names. The zero Survey is ready for use.
// It is not safe for concurrent use.
type Survey struct {
	chains chainHeap // largest hash first
	known  map[uint64]*chain
}

// Sample holds the fields of one message that a Survey needs.
type Sample struct {
	Hops       []Hop    // top first
	Recipients []string // Delivered-To, X-Original-To, Envelope-To; addresses
	List       bool     // has List-* fields or Precedence: list or bulk
}

// chain is one sampled message.
type chain struct {
	hash       uint64
	count      int // number of times that the same chain was added
	hops       []Hop
	recipients []string // domains
	list       bool
}

// Add adds one message.
//
// It costs a hash of the lines and, for a message of the sample, a copy of 16
// short hops. Equal chains are counted, which a resent message or a second copy
// in another folder gives.
func (s *Survey) Add(m Sample) {
	if len(m.Hops) == 0 {
		return
	}
	sum := m.hash()
	if c := s.known[sum]; c != nil {
		c.count = min(c.count+1, maxSampleCount)
		return
	}
	if len(s.chains) == maxChains {
		if sum > s.chains[0].hash {
			return
		}
		delete(s.known, s.chains[0].hash)
		heap.Pop(&s.chains)
	}
	if s.known == nil {
		s.known = make(map[uint64]*chain)
	}
	c := m.chain(sum)
	s.known[sum] = c
	heap.Push(&s.chains, c)
}

// hash depends only on the message, so a message that is surveyed twice counts
// once.
//
// The Raw of each hop holds a queue id and a time, so different messages
// differ. A NUL after each part keeps two neighbours from being one.
func (m *Sample) hash() uint64 {
	var d xxhash.Digest
	d.Reset()
	for i := range m.Hops {
		if i == maxChainHops {
			break
		}
		_, _ = d.WriteString(m.Hops[i].Raw) // a Digest never fails
		_, _ = d.Write([]byte{0})
	}
	for _, r := range m.Recipients[:min(len(m.Recipients), maxRecipients)] {
		_, _ = d.WriteString(text.Cut(r, maxText))
		_, _ = d.Write([]byte{0})
	}
	var flag [8]byte
	if m.List {
		binary.LittleEndian.PutUint64(flag[:], 1)
	}
	_, _ = d.Write(flag[:])
	return d.Sum64()
}

// chain copies the parts of a sample that Infer uses.
func (m *Sample) chain(sum uint64) *chain {
	c := &chain{hash: sum, count: 1, list: m.List}
	for i := range m.Hops[:min(len(m.Hops), maxChainHops)] {
		c.hops = append(c.hops, slim(&m.Hops[i]))
	}
	for _, r := range m.Recipients[:min(len(m.Recipients), maxRecipients)] {
		if d := mailDomain(r); d != "" && !slices.Contains(c.recipients, d) {
			c.recipients = append(c.recipients, strings.Clone(d))
		}
	}
	return c
}

// slim copies the fields of a hop that Infer uses, so that the rest of the
// message can be freed.
func slim(h *Hop) Hop {
	keep := func(s string) string { return strings.Clone(text.Cut(s, maxChainText)) }
	out := Hop{
		From: keep(h.From), Reverse: keep(h.Reverse), ReverseState: h.ReverseState,
		Addr: h.Addr, ByAddr: h.ByAddr, By: keep(h.By), With: keep(h.With),
		For: keep(h.For), Authenticated: h.Authenticated, Time: h.Time, Syntax: h.Syntax,
	}
	if noClient(h) {
		out.Comment = keep(h.Comment)
	}
	if strings.Contains(h.Raw, forged) {
		out.Raw = forged
	}
	return out
}

// forged is sendmail's note that a reverse name does not resolve to the
// address.
const forged = "may be forged"

// mailDomain returns the domain of a mail address in lower case.
func mailDomain(addr string) string {
	i := strings.LastIndexByte(addr, '@')
	if i < 0 || len(addr)-i > 254 {
		return ""
	}
	return strings.ToLower(strings.Trim(addr[i+1:], "<>. "))
}

// chainHeap is a max-heap by hash.
type chainHeap []*chain

func (h chainHeap) Len() int           { return len(h) }
func (h chainHeap) Less(i, j int) bool { return h[i].hash > h[j].hash }
func (h chainHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *chainHeap) Push(x any)        { *h = append(*h, x.(*chain)) }

// Pop removes the last chain (container/heap). It clears the slot, so that the
// chain's memory is freed.
func (h *chainHeap) Pop() any {
	old := *h
	c := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return c
}

// net16 is the network by which clients count as distinct: /16 of IPv4, /32 of
// IPv6.
func net16(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is4() {
		bits = 16
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
