package logworld

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// given and family are the names of the world's users. They overlap with the
// names of a dictionary attack, as real names do.
var (
	given = strings.Fields(`susan peter maria thomas anna john linda robert petra michael julia stefan karin david laura frank nina paul eva martin
 heike ralf ingo birgit sven katja holger anja dirk silke uwe tanja joerg ulrike axel monika bernd claudia andreas sabine olaf heiko`)
	family = strings.Fields(`nobody miller schmidt becker hoffmann keller wagner lorenz brandt vogel winter sommer kraft busch ritter seidel
 haas graf otto pohl engel horn bergmann thiel albrecht roth simon ludwig winkler schuster jansen krueger stein voigt sauer arnold wolff`)
)

// users invents n local parts in common forms: susan.nobody, snobody, susan,
// susann, nobody.
func users(dice *rand.Rand, n int) []string {
	seen := map[string]bool{}
	var all []string
	for len(all) < n {
		g, f := pick(dice, given), pick(dice, family)
		var l string
		switch k := dice.IntN(10); {
		case k < 5:
			l = g + "." + f
		case k < 7:
			l = g[:1] + f
		case k < 8:
			l = g + f[:1]
		case k < 9:
			l = g + "_" + f
		default:
			l = f
		}
		if seen[l] {
			l += fmt.Sprint(2 + dice.IntN(97))
		}
		if !seen[l] {
			seen[l] = true
			all = append(all, l)
		}
	}
	return all
}

// pick draws one.
func pick[T any](dice *rand.Rand, of []T) T { return of[dice.IntN(len(of))] }

// Kinds are the kinds of recipients that the world makes, by the names that issue and views
// give them. "unknown" is damage that fits no kind.
var Kinds = []string{"valid", "domain_prefix", "domain_host_prefix", "host_prefix", "char_prefix", "cut_front", "first_replaced", "cut_replaced",
	"message_id", "dictionary", "role", "stale", "foreign", "unknown"}

// alphabet has the letters of random names.
const alphabet = "abcdefghijklmnopqrstuvwxyz"

// broken makes a damaged recipient of a kind. from is the original local part,
// "" if there is none.
func (w *World) broken(dice *rand.Rand, kind string) (address, from string) {
	u := pick(dice, w.Users)
	at := "@" + w.Domain
	other := func(than byte) string {
		for {
			if c := alphabet[dice.IntN(26)]; c != than {
				return string(c)
			}
		}
	}
	switch kind {
	case "valid":
		return u + at, u
	case "domain_prefix":
		return w.Domain + u + at, u
	case "domain_host_prefix":
		return w.Domain + pick(dice, hosts) + u + at, u
	case "host_prefix":
		return pick(dice, hosts) + u + at, u
	case "char_prefix":
		return string("0123456789_-x"[dice.IntN(13)]) + u + at, u
	case "cut_front":
		return u[1+dice.IntN(2):] + at, u
	case "first_replaced":
		return other(u[0]) + u[1:] + at, u
	case "cut_replaced":
		return other(u[1]) + u[2:] + at, u
	case "message_id":
		return fmt.Sprintf("%08X.%d", dice.Uint32(), 1000000+dice.IntN(9000000)) + at, ""
	case "dictionary":
		return pick(dice, dictionary) + at, ""
	case "role":
		return pick(dice, roleNames) + at, ""
	case "stale":
		u = pick(dice, w.Former)
		return u + at, u
	case "foreign":
		return u + "@elsewhere.example", ""
	}
	return unfit(dice, u) + at, ""
}

// unfit damages an address in a way that no kind has.
func unfit(dice *rand.Rand, u string) string {
	i := 2 + dice.IntN(len(u)-2)
	switch dice.IntN(5) {
	case 0: // a letter in the middle is gone, the front is whole
		return u[:i] + u[i+min(1, len(u)-i-1):] + string(alphabet[dice.IntN(26)])
	case 1: // two letters swapped
		j := max(2, i-1)
		return u[:j] + string(u[len(u)-1]) + u[j:]
	case 2: // the end is gone
		return u[:max(2, len(u)-2)] + "zq"
	case 3: // something behind
		return u + pick(dice, []string{"nospam", "xx", ".old", "-remove", "3d"})
	}
	return pick(dice, []string{"qx", "zzk", "vlk"}) + u // more letters in front than one
}

// Names that senders guess: of hosts, of people, and of roles.
var (
	hosts      = strings.Fields("smtp mail mx mail2 pop imap ns1 www relay")
	dictionary = strings.Fields("mike test alex jessica kevin brian amanda jason guest steve melissa")
	roleNames  = strings.Fields("info sales admin support webmaster postmaster abuse contact office")
)
