package recipient

// users are the local parts of one domain, indexed for look-ups from damaged
// ones.
type users struct {
	basis Basis
	n     int
	exact map[string]int32    // support: 1, or the number of recipients that can be made from it
	cut1  map[string][]string // without the first letter
	cut2  map[string][]string // without the first two
}

// newUsers returns an empty index.
func newUsers(b Basis) *users {
	return &users{basis: b, exact: map[string]int32{}, cut1: map[string][]string{}, cut2: map[string][]string{}}
}

// maxAlike limits the users with one shortened form: if there are several, none
// is certain.
const maxAlike = 8

// add indexes a user under its three forms.
func (u *users) add(local string) {
	if local == "" || len(local) > maxLocal || u.exact[local] > 0 {
		return
	}
	u.exact[local] = 1
	u.n++
	if len(local) > 1 {
		file(u.cut1, local[1:], local)
	}
	if len(local) > 2 {
		file(u.cut2, local[2:], local)
	}
}

// file appends to a list of limited length.
func file(m map[string][]string, key, local string) {
	if l := m[key]; len(l) < maxAlike {
		m[key] = append(l, local)
	}
}

// guess is one way in which a recipient can have been produced.
type guess struct {
	kind  Kind
	from  string // local part; "" for none
	odds  float64
	basis Basis
}

// Prior shares of the kinds among damaged recipients, and the number of
// different addresses that one kind of damage makes of one user. They are round
// numbers, because the odds differ by powers of ten.
const (
	shareDamage     = 0.1
	shareDictionary = 0.1
	shareUnknown    = 0.1
	digits          = 10
	letters         = 36
)

// damages lists the ways in which local can be made from one of the users.
func (u *users) damages(e *Explainer, local string, add func(guess)) {
	n := float64(max(u.n, 20))
	guess := func(k Kind, from string, ways float64) {
		if len(from) >= 2 && from != local {
			add(guessOf(u, k, from, shareDamage/n/ways))
		}
	}
	// A domain or a host of ours stands before the user, or both.
	for i := 2; i < len(local) && i < 260; i++ {
		front, rest := local[:i], local[i:]
		switch {
		case e.domains[front]:
			if u.exact[rest] > 0 {
				guess(DomainPrefix, rest, 1)
			}
			for j := 2; j < len(rest) && j <= 16; j++ {
				if e.hosts[rest[:j]] && u.exact[rest[j:]] > 0 {
					guess(DomainHostPrefix, rest[j:], 4)
				}
			}
		case i <= 16 && e.hosts[front] && u.exact[rest] > 0:
			guess(HostPrefix, rest, 4)
		}
	}
	if len(local) > 2 && u.exact[local[1:]] > 0 {
		ways := float64(letters)
		if c := local[0]; c < 'a' || c > 'z' {
			ways = digits
		}
		guess(CharPrefix, local[1:], ways)
	}
	// The user without its first one or two characters.
	for _, from := range u.cut1[local] {
		guess(CutFront, from, 2)
	}
	for _, from := range u.cut2[local] {
		guess(CutFront, from, 2)
	}
	if len(local) < 2 {
		return
	}
	// The same with another character in place of those cut.
	for _, from := range u.cut1[local[1:]] {
		if from[0] != local[0] {
			guess(FirstReplaced, from, letters)
		}
	}
	for _, from := range u.cut2[local[1:]] {
		if from[1] != local[0] {
			guess(CutReplaced, from, letters)
		}
	}
}

// guessOf makes a guess whose odds grow with the support for the user.
func guessOf(u *users, k Kind, from string, odds float64) guess {
	// Of other recipients, those count from which several can be made.
	if u.basis == Compared {
		odds *= float64(min(u.exact[from], 20))
	}
	return guess{k, from, odds, u.basis}
}
