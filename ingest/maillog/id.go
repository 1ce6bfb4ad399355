package maillog

// A queue id is a word of letters and digits before ": ". Short Postfix ids are
// upper-case hexadecimal, long ones base 52. Other similar words with a digit
// are accepted too, since ids vary with versions and systems.

// cutQueueID returns the id that b begins with and what follows the colon.
//
// A word of hexadecimal digits without a decimal one counts too, such as
// "FACADE"; any other needs a digit.
func cutQueueID(b []byte) (id, rest []byte) {
	n, hasDigit, hex := 0, false, true
	for ; n < len(b) && n <= 31; n++ {
		c := b[n]
		switch {
		case c >= '0' && c <= '9':
			hasDigit = true
		case c >= 'A' && c <= 'F':
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			hex = false
		default:
			goto end
		}
	}
end:
	if n < 5 || n > 30 || n+2 >= len(b) || b[n] != ':' || b[n+1] != ' ' || !hasDigit && !hex {
		return nil, b
	}
	return b[:n], b[n+2:]
}

// base52 is Postfix's alphabet of long queue ids: no vowels, so that no id is a
// word.
const base52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"

// value52 and value62 map a byte to its value in base 52, and in Exim's base
// 62.
var value52, value62 = values(base52), values("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

// values converts an alphabet to a table; -1 marks other bytes.
func values(alphabet string) (v [256]int8) {
	for i := range v {
		v[i] = -1
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = int8(i)
	}
	return v
}

// madeAt returns the time in UTC at which a queue id was created, if the id
// contains it: seconds and microseconds in base 52 before the last z of a long
// Postfix id, or seconds in base 62 at the start of an Exim id. It is 0 for
// short ids.
//
// Of a long id the four digits before the z are microseconds, those in front of them seconds, and the inode follows the z.
func madeAt(id []byte) int64 {
	if isEximID(id) {
		return plausible(decode(id[:6], &value62, 62))
	}
	z := len(id) - 1
	for z >= 0 && id[z] != 'z' { // the inode after it is base 51, without z
		z--
	}
	if z < 10 || z > 12 || len(id) < z+2 || decode(id[z-4:z], &value52, 52) >= 1e6 || decode(id[z+1:], &value52, 52) < 0 {
		return 0
	}
	return plausible(decode(id[:z-4], &value52, 52))
}

// plausible drops times before 2005 and after 2100: the id is of another make.
func plausible(sec int64) int64 {
	if sec < 1104537600 || sec > 4102444800 {
		return 0
	}
	return sec
}

// decode reads a number, or returns -1. Ten digits fit into 63 bits in either base.
func decode(b []byte, values *[256]int8, base int64) (n int64) {
	if len(b) > 10 {
		return -1
	}
	for _, c := range b {
		v := values[c]
		if v < 0 {
			return -1
		}
		n = n*base + int64(v)
	}
	return n
}

// isEximID recognises "1rjFQf-0001Ab-2C" and, since 4.97, "1rjFQf-00000001Ab-002C".
func isEximID(b []byte) bool { return eximIDLen(b) == len(b) && len(b) > 0 }

// eximIDLen is the length of the Exim id that b begins with, or 0.
func eximIDLen(b []byte) int {
	n := 16
	switch {
	case len(b) >= 23 && b[6] == '-' && b[18] == '-':
		n = 23
	case len(b) < 16 || b[6] != '-' || b[13] != '-':
		return 0
	}
	for i, c := range b[:n] {
		dash := i == 6 || n == 16 && i == 13 || n == 23 && i == 18
		if !dash && value62[c] < 0 {
			return 0
		}
	}
	if len(b) > n && (value62[b[n]] >= 0 || b[n] == '-') {
		return 0
	}
	return n
}
