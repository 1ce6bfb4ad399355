package whois

import (
	"strings"
	"unicode"

	"spoor/internal/text"
)

// Contacts without keys have the form of a postal address: name or
// organisation, street, town and country, with phone numbers and a mail address
// at any place. Network Solutions introduced the form, and hundreds of
// registrars copied it.

// letter parses the collected lines without keys of a contact.
//
// Lines are taken away in the order of certainty: addresses and numbers have a
// form of their own, names come first, places last. The rest is the street.
func (d *draft) letter() {
	if len(d.free) == 0 && d.c.Name == "" && d.c.Organization == "" && d.ref == "" {
		d.free = d.descr
	}
	if len(d.free) == 0 {
		d.streetTail()
		return
	}
	var rest []string
	for _, s := range d.free {
		if s = d.takeReach(s); s != "" {
			rest = append(rest, s)
		}
	}
	if len(rest) > 0 && len(d.free) == 1 && looksHandle(rest[0]) { // "Technical contact: / ABC001-REG" of SIDN
		text.SetOnce(&d.c.Handle, rest[0])
		return
	}
	rest = d.takeKind(rest)
	rest = d.takeNames(rest)
	d.takePlace(rest)
	d.townInStreet()
}

// takeReach extracts mail address, phone and fax numbers and a handle from a
// line and returns the rest.
//
// The text beside a mail address is often the person's name, and kept as such.
func (d *draft) takeReach(s string) string {
	s = plainAt(s)
	if m := emailIn(s); m != "" {
		text.SetOnce(&d.c.Email, m)
		i := strings.Index(s, m)
		if i < 0 {
			return ""
		}
		s = strings.TrimRight(s[:i], " \t<([:,") + " " + strings.TrimLeft(s[i+len(m):], " \t>)],;:")
		s = strings.TrimSpace(s)
		if hasLetter(s) {
			d.nameLine = s
		}
		if k := normalKey(s); contactKeys[k] == fEmail {
			return ""
		}
	}
	if i := strings.LastIndexByte(s, '('); i >= 0 && strings.HasSuffix(s, ")") && looksHandle(s[i+1:len(s)-1]) && hasLetter(s[i:]) {
		text.SetOnce(&d.c.Handle, s[i+1:len(s)-1])
		s = strings.TrimSpace(s[:i])
	}
	return d.takeNumbers(s)
}

// takeNumbers parses "+1.5555551234 Fax: +1.5555551235", "phone : …" and bare
// numbers.
func (d *draft) takeNumbers(s string) string {
	if i := strings.LastIndexByte(s, ' '); i > 0 && s[i+1] == '+' && looksPhone(s[i+1:]) && hasLetter(s[:i]) && !strings.ContainsAny(s[:i], "0123456789") && contactKeys[normalKey(s[:i])] == "" {
		text.SetOnce(&d.c.PhoneRaw, s[i+1:]) // "Jane Doe +1.2175550100"
		if d.nameLine == s {
			d.nameLine = strings.TrimSpace(s[:i])
		}
		return strings.TrimSpace(s[:i])
	}
	low := strings.ToLower(s)
	if i := indexWord(low, "fax"); i >= 0 && len(low) == len(s) {
		n := strings.TrimLeft(s[i+3:], " .:-nNoOrR#)")
		if n == "" && looksPhone(strings.TrimRight(s[:i], "( ")) { // "+44 1632 960001 (FAX)"
			text.SetOnce(&d.c.Fax, strings.TrimRight(s[:i], "( "))
			return ""
		}
		if looksPhone(n) {
			text.SetOnce(&d.c.Fax, strings.TrimSpace(n))
			s = strings.TrimRight(s[:i], "( ")
		} else if strings.Trim(n, " :.-") == "" && i == 0 {
			return ""
		}
	}
	key, value := phoneLabel(s)
	switch {
	case key && looksPhone(value):
		text.SetOnce(&d.c.PhoneRaw, value)
	case key && value == "":
	case looksPhone(s) && d.c.PhoneRaw == "":
		d.c.PhoneRaw = s
	case looksPhone(s):
		text.SetOnce(&d.c.Fax, s)
	default:
		return s
	}
	return ""
}

// phoneLabel removes a word for "phone" at the start of s.
func phoneLabel(s string) (bool, string) {
	if i := strings.IndexByte(s, ')'); i > 0 && s[0] == '(' && hasLetter(s[:i]) { // "(Tel) 603-7957"
		s = s[1:i] + ":" + s[i+1:]
	}
	if i := strings.LastIndexByte(s, '('); i > 0 && contactKeys[normalKey(s[i:])] == fPhone { // "+44 1632 960000 (Phone)"
		return true, strings.TrimSpace(s[:i])
	}
	i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsDigit(r) || r == '+' || r == '(' })
	if i < 0 {
		i = len(s)
	}
	if contactKeys[normalKey(s[:i])] != fPhone {
		return false, s
	}
	return true, strings.TrimSpace(s[i:])
}

// indexWord returns the index of w in s, or -1 if it is the end of a longer
// word there.
func indexWord(s, w string) int {
	i := strings.Index(s, w)
	if i > 0 && isHostByte(s[i-1]) && s[i-1] != '.' {
		return -1
	}
	return i
}

// looksPhone reports whether s is a phone number: at least seven digits, and no
// letters except those of an extension.
//
// Plain digits must be ten or more: shorter runs are postal codes and numbers
// of houses or companies. 17 digits are 15 of E.164 and a prefix.
func looksPhone(s string) bool {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexAny(s, "xX"); i > 6 {
		s = s[:i]
	}
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-.()/ ", r):
			return false
		}
	}
	return digits >= 7 && digits <= 17 && (strings.ContainsAny(s, "+-.()/ ") || digits >= 10)
}

// takeKind removes a line with the kind of the holder (BookMyName's "PERSON").
func (d *draft) takeKind(rest []string) []string {
	if len(rest) < 2 {
		return rest
	}
	switch strings.ToLower(strings.Trim(rest[0], " :")) {
	case "person", "individual", "organization", "organisation", "company", "association", "corporation", "private person":
		d.kind = strings.ToLower(rest[0])
		return rest[1:]
	}
	return rest
}

// takeNames removes the names of the holder at the front.
//
// At most two names are taken, organisation and person in either order. The
// last lines stay, since an address has at least a town.
func (d *draft) takeNames(rest []string) []string {
	if len(rest) > 2 && rest[1] == d.nameLine && d.c.Name == "" && d.c.Organization == "" { // the person has the mail address
		d.c.Organization, d.c.Name = rest[0], rest[1]
		return rest[2:]
	}
	for i := 0; i < 2 && len(rest) > 0; i++ {
		s := rest[0]
		company := looksCompany(s) || d.kind != "" && d.kind != "person" && d.kind != "individual" && i == 0
		switch {
		case i == 1 && (looksPlace(s) || len(rest) <= 2 && countryName(rest[len(rest)-1]) != ""):
			return rest
		case i == 1 && len(rest) < 3:
			return rest
		case company && d.c.Organization == "":
			d.c.Organization = s
			if i == 0 && d.c.Name == "" && !(len(rest) > 3 && !looksPlace(rest[1])) {
				d.c.Name = s
				return rest[1:]
			}
		case d.c.Name == "":
			d.c.Name = s
		default:
			return rest
		}
		rest = rest[1:]
		if i == 0 && d.c.Organization == "" && len(rest) > 0 && !looksCompany(rest[0]) && !(len(rest) > 3 && !looksPlace(rest[0])) {
			return rest
		}
	}
	return rest
}

// companyWords occur in names of organisations.
var companyWords = keySet(`inc|llc|ltd|limited|corp|corporation|company|co|gmbh|ag|kg|sa|sarl|sas|srl|spa|bv|nv|ab|oy|as|aps|plc|pty|pte|foundation|university|institute|association|society|college|school|group|ministry|department|bank|church|ev|ltda|ooo|zao|kft|sro|doo|services|solutions|systems|technologies|enterprises|holdings|international|networks|organization|club|hosting|media|software|consulting|communications|registrar|internet|network|industries|trust`)

// looksCompany reports whether a line has a word of organisations, such as a
// legal form.
func looksCompany(s string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		if companyWords[strings.Trim(strings.ReplaceAll(w, ".", ""), ",()")] {
			return true
		}
	}
	return false
}

// looksPlace reports whether a line is part of an address: it has a number, or
// is a post office box or a country.
func looksPlace(s string) bool {
	return strings.ContainsAny(s, "0123456789") || strings.HasPrefix(strings.ToLower(s), "po box") || countryName(s) != ""
}

// takePlace parses an address from its end: country, then town, then streets.
//
// A country's name in the last line is certain. Codes of two letters count only
// behind two other lines, as they are also states ("CA", "DE").
func (d *draft) takePlace(rest []string) {
	if n := len(rest); n > 0 && d.c.CountryRaw == "" {
		last := rest[n-1]
		if n >= 3 && len(last) == 2 {
			last = strings.ToUpper(last)
		}
		if code := countryName(last); code != "" {
			d.c.Country, d.c.CountryRaw = code, rest[n-1]
			rest = rest[:n-1]
		} else if head, tail, ok := cutLast(rest[n-1]); ok && countryName(tail) != "" { // "Springfield, IL 62701 US"
			d.c.Country, d.c.CountryRaw = countryName(tail), tail
			rest = append(rest[:n-1:n-1], head)
		}
	}
	rest = d.takeLines(rest)
	for _, s := range rest {
		if len(d.c.Street) < maxStreet {
			d.c.Street = append(d.c.Street, s)
		}
	}
}

// takeLines removes the town at the end of an address, in one line or several.
func (d *draft) takeLines(rest []string) []string {
	n := len(rest)
	if n == 0 || d.c.City != "" {
		return rest
	}
	if s := rest[n-1]; n >= 3 && len(s) <= 3 && s == strings.ToUpper(s) && hasLetter(s) && lonePostal(rest[n-2]) { // "Milano", "20121", "MI"
		d.c.Region = s
		rest, n = rest[:n-1], n-1
	}
	last := rest[n-1]
	if lonePostal(last) {
		text.SetOnce(&d.c.PostalCode, last)
		return d.takeCity(rest[:n-1])
	}
	if region, code, ok := cutComma(last); ok && lonePostal(code) && n >= 3 && !strings.ContainsAny(rest[n-2], "0123456789,") { // "Mumbai", "Maharashtra,400050"
		d.c.City, d.c.Region, d.c.PostalCode = rest[n-2], region, code
		return rest[:n-2]
	}
	if d.takeTown(last) {
		return rest[:n-1]
	}
	return rest
}

// takeCity removes the town, and a county after it, at the end of an address
// whose postal code had a line of its own.
func (d *draft) takeCity(rest []string) []string {
	n := len(rest)
	plainLine := func(i int) bool { return i > 0 && i < n && !strings.ContainsAny(rest[i], "0123456789") }
	switch {
	case d.c.Region == "" && plainLine(n-1) && plainLine(n-2):
		d.c.City, d.c.Region = rest[n-2], rest[n-1]
		return rest[:n-2]
	case plainLine(n - 1):
		d.c.City = rest[n-1]
		return rest[:n-1]
	}
	return rest
}

// lonePostal reports whether a line is only a postal code.
func lonePostal(s string) bool {
	if len(s) < 3 || len(s) > 10 || !strings.ContainsAny(s, "0123456789") || strings.Count(s, " ") > 1 {
		return false
	}
	for w := range strings.FieldsSeq(s) {
		if !strings.ContainsAny(w, "0123456789") { // "10001 NY"
			return false
		}
	}
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r == ' ' || r == '-') {
			return false
		}
	}
	return true
}

// cutLast removes a country at the end of a line that has a town before it.
func cutLast(s string) (head, tail string, ok bool) {
	i := strings.LastIndexAny(s, ", ")
	if i <= 0 || !strings.ContainsAny(s[:i], "0123456789") {
		return "", "", false
	}
	return strings.TrimRight(s[:i], ", "), s[i+1:], true
}

// takeTown parses "Springfield, IL 62701", "12993 NY", "75001 Paris", "1234 AB
// Amsterdam" and "London SW1A 1AA". It returns false for other forms.
//
// These are the customs of the United States and Canada, of most of Europe, of
// the Netherlands, and of Great Britain.
func (d *draft) takeTown(s string) bool {
	if city, tail, ok := strings.Cut(s, ","); ok && !strings.ContainsAny(city, "0123456789") {
		region, code := cutPostal(strings.ReplaceAll(tail, ",", " "))
		if code == "" && len(region) > 30 {
			return false
		}
		text.SetOnce(&d.c.City, strings.TrimSpace(city))
		text.SetOnce(&d.c.Region, region)
		text.SetOnce(&d.c.PostalCode, code)
		return true
	}
	rest, code := cutPostal(s)
	if code == "" {
		return false
	}
	text.SetOnce(&d.c.PostalCode, code)
	if len(rest) == 2 && rest == strings.ToUpper(rest) {
		text.SetOnce(&d.c.Region, rest)
		return true
	}
	if i := strings.LastIndexByte(rest, ' '); i > 0 && len(rest)-i == 3 && rest[i:] == strings.ToUpper(rest[i:]) && hasLetter(rest[i:]) { // "Toronto ON M5J0A1"
		text.SetOnce(&d.c.Region, rest[i+1:])
		rest = rest[:i]
	}
	text.SetOnce(&d.c.City, strings.TrimRight(rest, " ,"))
	return true
}

// cutPostal removes a postal code at either end of s: one or two words with a
// digit and at most eight letters and digits.
func cutPostal(s string) (rest, code string) {
	f := strings.Fields(s)
	n := len(f)
	isCode := func(w string) bool {
		return len(w) >= 3 && len(w) <= 10 && strings.ContainsAny(w, "0123456789") && !strings.ContainsAny(w, ".#/")
	}
	half := func(w string) bool { return len(w) <= 4 && strings.ToUpper(w) == w && len(w) >= 2 }
	switch {
	case n == 1 && lonePostal(s):
		return "", s
	case n >= 2 && isCode(f[n-1]) && len(f[n-1]) <= 3 && half(f[n-2]) && strings.ContainsAny(f[n-2], "0123456789"): // SW1A 1AA
		return strings.Join(f[:n-2], " "), f[n-2] + " " + f[n-1]
	case n >= 2 && isCode(f[n-1]):
		return strings.Join(f[:n-1], " "), f[n-1]
	case n >= 3 && isCode(f[0]) && len(f[0]) == 4 && len(f[1]) == 2 && half(f[1]) && !strings.ContainsAny(f[1], "0123456789"): // 1234 AB
		return strings.Join(f[2:], " "), f[0] + " " + f[1]
	case n >= 2 && isCode(f[0]) && len(f[0]) >= 4:
		return strings.Join(f[1:], " "), f[0]
	}
	return s, ""
}

// streetTail finds town and country in an address that has several lines under
// one key (.it, .fr, .eu).
//
// A single line is left alone: splitting it would be a guess.
func (d *draft) streetTail() {
	c := &d.c
	if len(c.Street) < 2 || c.City != "" || c.PostalCode != "" {
		return
	}
	street := c.Street
	c.Street = nil
	d.takePlace(street)
}

// townInStreet finds the town in "PO Box 51, Westport" if the next line has
// only a postal code and a state.
func (d *draft) townInStreet() {
	n := len(d.c.Street)
	if n == 0 || d.c.City != "" || d.c.PostalCode == "" {
		return
	}
	head, town, ok := cutComma(d.c.Street[n-1])
	if ok && !strings.ContainsAny(town, "0123456789") && len(town) <= 40 {
		d.c.City, d.c.Street[n-1] = town, head
	}
}

// cutComma divides a line at its last comma. ok is false without text on both
// sides.
func cutComma(s string) (head, tail string, ok bool) {
	i := strings.LastIndexByte(s, ',')
	if i <= 0 {
		return "", "", false
	}
	tail = strings.TrimSpace(s[i+1:])
	return strings.TrimSpace(s[:i]), tail, tail != ""
}
