package maillog

import (
	"bytes"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// cut takes prefix off b.
func cut(b []byte, prefix string) ([]byte, bool) {
	if len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix {
		return b[len(prefix):], true
	}
	return b, false
}

// begins is bytes.HasPrefix for a string, without a conversion that allocates.
func begins(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

// ends is bytes.HasSuffix for a string.
func ends(b []byte, suffix string) bool {
	return len(b) >= len(suffix) && string(b[len(b)-len(suffix):]) == suffix
}

// fieldBytes limits each stored field: RFC 5321 allows 256 for a path, and
// replies of many lines are cut after the useful part.
const fieldBytes = 512

// text is b as a string that every store takes: valid UTF-8 without NUL, and bounded.
//
// It is cut at fieldBytes, perhaps within a character, which is then replaced.
func text(b []byte) string {
	plain := true
	if len(b) > fieldBytes {
		b = b[:fieldBytes]
	}
	for _, c := range b {
		if c == 0 || c >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return string(b)
	}
	s := strings.ToValidUTF8(string(b), "\uFFFD")
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// peer is a host as Postfix names it: "mail.example[192.0.2.1]:25".
type peer struct {
	name []byte // nil for "unknown"
	addr netip.Addr
	port uint16
}

// cutPeer reads a peer. A host name contains neither blank nor bracket, so the
// first bracket ends it. A client's reverse zone cannot forge one.
func cutPeer(b []byte) (p peer, rest []byte, ok bool) {
	n := 0
	for n < len(b) && b[n] != '[' {
		if c := b[n]; c <= ' ' || c == ']' || c == '<' || c == '>' || c == ';' || n > 255 {
			return p, b, false
		}
		n++
	}
	end := bytes.IndexByte(b[n:min(len(b), n+64)], ']')
	if n == len(b) || end < 0 {
		return p, b, false
	}
	end += n
	if p.name = b[:n]; string(p.name) == "unknown" {
		p.name = nil
	}
	if p.addr, ok = addrOf(b[n+1 : end]); !ok && string(b[n+1:end]) != "unknown" {
		return p, b, false
	}
	rest = b[end+1:]
	if len(rest) > 1 && rest[0] == ':' { // smtpd_client_port_logging, postscreen
		if v, w := number(rest[1:], 5); w > 0 && v < 65536 {
			p.port, rest = uint16(v), rest[1+w:]
		}
	}
	return p, rest, true
}

// addrOf reads an IP address.
//
// The usual case, IPv4, is read without a string. A zone is dropped, and IPv4
// in IPv6 becomes IPv4.
func addrOf(b []byte) (netip.Addr, bool) {
	var v4 [4]byte
	if i, n := 0, 0; len(b) <= 15 {
		for ; n < 4; n++ {
			v, w := number(b[i:], 3)
			if w == 0 || v > 255 {
				break
			}
			v4[n] = byte(v)
			if i += w; n < 3 {
				if i >= len(b) || b[i] != '.' {
					break
				}
				i++
			}
		}
		if n == 4 && i == len(b) {
			return netip.AddrFrom4(v4), true
		}
	}
	b, _ = cut(b, "IPv6:")
	a, err := netip.ParseAddr(string(b))
	if err != nil {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}

// cutAddress reads an address that begins after "<" up to its ">". A quoted local part may
// hold anything, also a bracket.
func cutAddress(b []byte) (addr, rest []byte, ok bool) {
	i := quotedLen(b)
	j := bytes.IndexByte(b[i:], '>')
	if j < 0 {
		return nil, b, false
	}
	return b[:i+j], b[i+j+1:], true
}

// quotedLen is the length of the quoted string that b begins with, or 0.
func quotedLen(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return 0
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// cutCode reads "550 5.1.1 " or either of the two.
//
// code is 0 and dsn empty if there is none.
func cutCode(b []byte) (code int, dsn, rest []byte) {
	if len(b) >= 4 && b[3] == ' ' || len(b) == 3 {
		if v := digits(b[:3]); v >= 200 && v < 600 {
			code = v
			b = b[3:]
			b, _ = cut(b, " ")
		}
	}
	n := dsnLen(b)
	dsn, b = b[:n], b[n:]
	b, _ = cut(b, " ")
	return code, dsn, b
}

// dsnLen is the length of the enhanced status code (RFC 3463) that b begins with, or 0.
func dsnLen(b []byte) int {
	if len(b) < 5 || b[0] != '2' && b[0] != '4' && b[0] != '5' || b[1] != '.' {
		return 0
	}
	_, w := number(b[2:], 3)
	if w == 0 || len(b) <= 2+w || b[2+w] != '.' {
		return 0
	}
	_, v := number(b[3+w:], 3)
	if n := 3 + w + v; v > 0 && (n == len(b) || b[n] == ' ' || b[n] == ',' || b[n] == ';') {
		return n
	}
	return 0
}

// hash is FNV-1a: short keys of two parts, in a table that no sender can aim at, since
// servers choose queue ids.
func hash(seed uint64, b []byte) uint64 {
	h := seed ^ 14695981039346656037
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}
