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

// Key is the natural key of a message: the first eight bytes of its hash.
// Anybody can produce two messages with equal keys in 2^32 tries. The second
// one therefore gets the next free number, so that nobody can suppress a
// message by sending another first. Numbers are assigned upwards without gaps
// and never reused, so searching upwards to the first free number finds every
// message.
func Key(h ingest.Hash) int64 { return int64(binary.BigEndian.Uint64(h[:8])) }

// shortHash derives keys of small tables from their content, so that importers
// agree without communication. With a million rows, two equal 64-bit hashes
// occur once in 37 million stores.
func shortHash(b []byte) int64 {
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// sourceKey is the key of a source. A path that changes gives a new source;
// messages and their places stay.
func sourceKey(path string) int64 { return shortHash([]byte(path)) }

// placeKey is the key of a place; it is equal when a message is seen there
// again.
func placeKey(p *mailbox.Place) int64 {
	var buf [512]byte
	return shortHash(placeText(buf[:0], p))
}

// message is a message with the key under which it is stored.
type message struct {
	key   int64
	facts *ingest.Facts
}

// place is where a message was seen, with the keys of both.
type place struct {
	*mailbox.Place
	message, source, key int64
}

// placeText is the input of placeKey's hash. NUL, which no path can contain,
// separates its parts.
func placeText(buf []byte, p *mailbox.Place) []byte {
	buf = append(append(buf[:0], p.Path...), 0)
	buf = append(append(buf, p.Name...), 0)
	return strconv.AppendInt(buf, p.Offset, 10)
}

// sortMessages sorts messages by key. Rows are always locked in this order,
// which makes deadlocks between importers rare.
func sortMessages(list []message) {
	slices.SortFunc(list, func(a, b message) int { return cmp.Compare(a.key, b.key) })
}

// sortPlaces is sortMessages for places.
func sortPlaces(list []place) {
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.message, b.message), cmp.Compare(a.key, b.key))
	})
}
