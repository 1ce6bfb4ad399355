package facts

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"

	"spoor/ingest"
	"spoor/ingest/mailbox"
)

// Key is the key under which a message is stored unless another one has it: the
// first eight bytes of its hash. Anyone can make two messages with one natural key in
// 2^32 tries, so the second takes the next free number, and nobody can keep a message
// out by sending another first. Numbers are taken upwards without a gap and never given
// back; looking upwards until a number is free therefore finds every message.
func Key(h ingest.Hash) int64 { return int64(binary.BigEndian.Uint64(h[:8])) }

// shortHash keys small tables by what they hold, so that importers agree on keys without
// asking. At a million rows two hashes of 64 bits are equal once in 37 million stores.
func shortHash(b []byte) int64 {
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

func sourceKey(path string) int64 { return shortHash([]byte(path)) }

// placeKey is the same for a message that is seen again at the same place.
func placeKey(p *mailbox.Place) int64 {
	var buf [512]byte
	return shortHash(placeText(buf[:0], p))
}

// message is a message together with the key under which it is stored.
type message struct {
	key   int64
	facts *ingest.Facts
}

// place is where a message was seen, with the keys of both.
type place struct {
	*mailbox.Place
	message, source, key int64
}

// placeText is what a place's key is the hash of. A NUL, which no path can hold, stands
// between its parts.
func placeText(buf []byte, p *mailbox.Place) []byte {
	buf = append(append(buf[:0], p.Path...), 0)
	buf = append(append(buf, p.Name...), 0)
	return strconv.AppendInt(buf, p.Offset, 10)
}

// sortMessages puts messages into the order of their keys. Whoever locks rows does so
// in this order, so that two importers seldom wait for each other in a circle.
func sortMessages(list []message) {
	slices.SortFunc(list, func(a, b message) int { return cmp.Compare(a.key, b.key) })
}

// sortPlaces is sortMessages for places.
func sortPlaces(list []place) {
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.message, b.message), cmp.Compare(a.key, b.key))
	})
}
