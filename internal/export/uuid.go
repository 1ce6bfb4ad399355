package export

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"strings"
)

// uuid returns a name-based UUID (RFC 9562 section 5.5), so that a thing has
// the same id in every export.
//
// Version 5 prescribes SHA-1. It need not withstand an attacker here:
// ids only name things.
func uuid(namespace [16]byte, name string) string {
	h := sha1.New()
	h.Write(namespace[:])
	h.Write([]byte(name))
	id := [16]byte(h.Sum(nil)[:16])
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

var (
	// observables is the namespace that STIX 2.1 section 2.9 prescribes, so
	// that different producers give the same domain or address the same id.
	observables = [16]byte{0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7}
	// ours is for everything else, for which that namespace must not be used.
	ours = [16]byte{0x5f, 0x0f, 0x7c, 0x1e, 0x3d, 0x0b, 0x4d, 0x0e, 0x9a, 0x55, 0x1b, 0x7a, 0x6c, 0x0f, 0x7d, 0x21}
)

// named returns an id from the words that identify a thing.
func named(kind string, words ...string) string {
	return kind + "--" + uuid(ours, kind+"\x00"+strings.Join(words, "\x00"))
}

// observed returns the id of an observable from the properties that contribute
// to it.
func observed(kind string, contributing any) string {
	return kind + "--" + uuid(observables, canonical(contributing))
}

// canonical returns JSON by RFC 8785 for the input used here: strings, numbers,
// and objects with sorted keys.
func canonical(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v) // strings and numbers always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}
