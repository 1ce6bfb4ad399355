package spamrun

import (
	"fmt"
	"net/netip"
	"strings"
)

// Pool reports whether a reverse name looks like one of a dynamic pool. Such a
// name has four numbers or more, or a number and a word that providers use.
func Pool(name string) bool {
	name = strings.ToLower(name)
	if len(name) > 255 {
		return false
	}
	numbers, digits := 0, 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] >= '0' && name[i] <= '9' {
			digits++
			continue
		}
		if digits > 0 {
			numbers++
		}
		if digits >= 8 {
			numbers += 3
		}
		digits = 0
	}
	if numbers >= 4 {
		return true
	}
	if numbers == 0 {
		return false
	}
	for _, w := range poolWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// poolWords are words that providers put into the reverse names of dynamic
// addresses.
var poolWords = []string{"dyn", "dsl", "pool", "dial", "ppp", "cable", "dhcp", "client", "cust", "broadband", "user", "home", "modem", "catv", "fios", "wlan", "mobile", "cpe"}

// numbered reports whether a reverse name is made from the address. Such a name
// holds the last two bytes or more, in either order, in decimal or hexadecimal.
// Programs name customers so; people name mail servers.
func numbered(name string, a netip.Addr) bool {
	if !a.IsValid() || name == "" || len(name) > 255 {
		return false
	}
	name = strings.ToLower(name)
	b := a.As16()
	x, y, z := b[13], b[14], b[15]
	for _, form := range [...]string{
		fmt.Sprintf("%02x%02x%02x", x, y, z), fmt.Sprintf("%02x%02x%02x", z, y, x), fmt.Sprintf("%03d%03d%03d", x, y, z),
	} {
		if strings.Contains(name, form) {
			return true
		}
	}
	return adjoin(name, y, z) || adjoin(name, z, y)
}

// adjoin reports whether two numbers are adjacent in a name and apart from
// other digits.
func adjoin(name string, first, second byte) bool {
	for _, sep := range [...]string{"-", ".", "_", "x"} {
		pair := fmt.Sprintf("%d%s%d", first, sep, second)
		for at := 0; ; {
			i := strings.Index(name[at:], pair)
			if i < 0 {
				break
			}
			i += at
			end := i + len(pair)
			if (i == 0 || !digit(name[i-1])) && (end == len(name) || !digit(name[end])) {
				return true
			}
			at = i + 1
		}
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
