package export

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"strings"
)

// uuid is a name-based UUID (RFC 9562, section 5.5): one thing has one id, in every export.
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
	// observables is the namespace that STIX 2.1, section 2.9, prescribes, so that two
	// producers name one domain or address alike.
	observables = [16]byte{0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7}
	// ours is for all else, for which that namespace must not be used.
	ours = [16]byte{0x5f, 0x0f, 0x7c, 0x1e, 0x3d, 0x0b, 0x4d, 0x0e, 0x9a, 0x55, 0x1b, 0x7a, 0x6c, 0x0f, 0x7d, 0x21}
)

// named makes an id of ours out of the words that tell a thing from others.
func named(kind string, words ...string) string {
	return kind + "--" + uuid(ours, kind+"\x00"+strings.Join(words, "\x00"))
}

// observed makes the id of an observable out of the properties that contribute to it.
func observed(kind string, contributing any) string {
	return kind + "--" + uuid(observables, canonical(contributing))
}

// canonical is JSON as RFC 8785 has it, for what we give it: texts, numbers, and objects
// whose keys are in order.
func canonical(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v) // texts and numbers always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}
