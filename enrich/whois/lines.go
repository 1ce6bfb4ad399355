package whois

import (
	"strings"
	"unicode"

	"spoor/internal/text"
)

// Limits of an answer. Longer lines are legal notices.
const (
	maxLines = 20_000
	maxLine  = 2_000 // bytes read of one line
	maxKey   = 80
)

// line is one line of an answer, split into its parts.
type line struct {
	text    string // without indentation, comment marks and trailing blanks
	raw     string // key as written, without leaders
	key     string // normalised key; "" if the line has none
	value   string // text after the key; the whole text if there is none
	indent  int    // columns; a tab counts to the next multiple of eight
	comment bool   // starts with "%", "#", ";" or ">>>"
	marked  bool   // "[Key]" or "** Key": always a heading
	colon   bool   // a colon, an equals sign or dots separate key and value
}

// splitLines splits text into at most maxLines lines.
//
// Some servers answer with HTML, whose tags are removed first.
func splitLines(answer string) []line {
	answer = text.WithoutTags(answer)
	classes := strings.Contains(answer, ":Class-Name:")
	out := make([]line, 0, min(strings.Count(answer, "\n")+1, maxLines))
	for l := range strings.SplitSeq(answer, "\n") {
		if len(out) == maxLines {
			break
		}
		if classes {
			l = withoutClass(l)
		}
		out = append(out, readLine(text.Cut(l, maxLine)))
	}
	return out
}

// withoutClass removes the class before each attribute of an rwhois answer (RFC
// 2167 section 3.1.9), as in "domain:Created:20010203", and lines that only
// refer to another object.
func withoutClass(l string) string {
	_, rest, ok := strings.Cut(l, ":")
	attr, _, ok2 := strings.Cut(rest, ":")
	switch {
	case !ok || !ok2 || strings.ContainsAny(attr, " \t"):
		return l
	case strings.HasSuffix(attr, ";I"):
		return ""
	}
	return rest
}

// readLine splits a line into indent, comment, key and value.
func readLine(s string) line {
	l := line{indent: indent(s)}
	s = strings.TrimSpace(s)
	s, l.comment = uncomment(s)
	if rest, ok := strings.CutPrefix(s, "**"); ok { // .tr heads its sections with "** "
		s = strings.TrimSpace(strings.TrimLeft(rest, "*"))
		l.marked = s != ""
	}
	l.text, l.value = s, s
	l.splitKey()
	if strings.HasPrefix(l.value, "!") && !strings.Contains(l.value, " ") { // name of a type in YAML
		l.value = ""
	}
	return l
}

// indent returns the column of the text, with tab stops at every eight columns.
func indent(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ':
			n++
		case '\t':
			n += 8 - n%8
		default:
			return n
		}
	}
	return 0
}

// uncomment removes the marks that registries put before lines that are not
// data.
func uncomment(s string) (string, bool) {
	t := strings.TrimLeft(s, "%#;")
	if t == s && (strings.HasPrefix(s, ">>>") || strings.HasPrefix(s, "-- ")) {
		t = strings.TrimLeft(s, ">-")
	}
	if len(t) == len(s) {
		return s, false
	}
	return strings.TrimSpace(t), true
}

// splitKey splits key and value: "Key: value", "Key....: value", "Key.....
// value", "[Key] value", "a. [Key] value", "Key = value", and a known key
// before two blanks or a tab.
//
// The first form that fits counts, from the most to the least distinctive.
func (l *line) splitKey() {
	if l.text == "" || l.comment && !strings.Contains(l.text, ":") {
		return
	}
	if l.bracketKey() || l.colonKey() || l.dottedKey() {
		return
	}
	l.columnKey()
}

// bracketKey parses the layout of JPRS and .lv.
func (l *line) bracketKey() bool {
	s := withoutNumber(l.text)
	if s[0] != '[' {
		return false
	}
	end := strings.IndexByte(s, ']')
	if end < 2 || end > maxKey || strings.HasSuffix(l.text, "]") && strings.HasSuffix(s[:end], " ") {
		return false
	}
	l.raw = s[1:end]
	l.set(l.raw, s[end+1:])
	l.marked = true
	return l.key != ""
}

// colonKey parses "Key: value". A colon in a URL, a time or an IPv6 address
// does not count.
func (l *line) colonKey() bool {
	s := withoutNumber(l.text)
	i := strings.IndexByte(s, ':')
	if i <= 0 || i > maxKey+20 {
		if j := strings.Index(s, "："); j > 0 && j <= maxKey { // the full-width colon of .cn and .tw
			l.set(s[:j], s[j+len("："):])
			l.colon = true
			return l.key != ""
		}
		if p := strings.Index(s, " ("); p > 0 && p < maxKey && i > p && i < 300 && known(normalKey(s[:p])) { // .hk explains its keys at length
			l.set(s[:p], s[i+1:])
			l.colon = true
			return true
		}
		return false
	}
	key, value := s[:i], s[i+1:]
	// URLs, keys without letters, and brackets that another form reads.
	if strings.HasPrefix(value, "//") || !hasLetter(key) || strings.Count(key, "[") > strings.Count(key, "]") || strings.Contains(key, ". [") {
		return false
	}
	if len(value) > 0 && value[0] != ' ' && value[0] != '\t' && looksHex(key) {
		return false
	}
	if c := key[len(key)-1]; c >= '0' && c <= '9' && value != "" && value[0] >= '0' && value[0] <= '9' && strings.Contains(key, " ") {
		return false // "Created on 12/30/2005 09:45:58"
	}
	l.set(key, strings.TrimLeft(value, ": \t"))
	l.colon = true
	return l.key != ""
}

// withoutNumber removes the number or letter that some forms put before each
// line: "a. ", "1b.", "c ".
func withoutNumber(s string) string {
	i := 0
	for i < len(s) && i < 2 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	digits := i > 0
	letter := i < len(s) && s[i] >= 'a' && s[i] <= 'z'
	if letter {
		i++
	}
	dot := i < len(s) && (s[i] == '.' || s[i] == ')')
	if dot {
		i++
	}
	rest := strings.TrimLeft(s[i:], " \t")
	switch {
	case rest == "" || !digits && !letter:
		return s
	case dot && (rest[0] == '[' || len(rest) < len(s)-i && hasLetter(rest)), letter && !digits && i == 1 && rest[0] == '[' && len(rest) < len(s)-1:
		return rest
	}
	return s
}

// dottedKey parses "Creation Date........ 2001-02-03".
func (l *line) dottedKey() bool {
	i := strings.Index(l.text, "...")
	if i <= 0 || i > maxKey {
		return false
	}
	value := strings.TrimLeft(l.text[i:], ".")
	if value != "" && value[0] != ' ' && value[0] != '\t' {
		return false
	}
	l.set(l.text[:i], value)
	l.colon = true
	return l.key != ""
}

// columnKey parses "Domain-name   example.sk" and "Created on 12/30/2005" if
// the key is known. Without that condition every line of an address would
// match.
func (l *line) columnKey() {
	s := l.text
	if i := strings.IndexByte(s, '='); i > 0 && i <= maxKey {
		if k := normalKey(s[:i]); known(k) {
			l.raw, l.key, l.value, l.colon = s[:i], k, strings.TrimSpace(s[i+1:]), true
			return
		}
	}
	i := strings.Index(s, "  ")
	if i > 0 && s[i-1] == '.' { // the end of a sentence
		return
	}
	if t := strings.IndexByte(s, '\t'); t > 0 && (i < 0 || t < i) {
		i = t
	}
	if i > 0 && i <= maxKey {
		if k := normalKey(s[:i]); known(k) {
			l.raw, l.key, l.value = s[:i], k, strings.TrimSpace(s[i:])
			return
		}
	}
	if i := strings.Index(s, ". "); i > 0 && i <= maxKey { // "Organisation Address. 8 Example Street"
		if k := normalKey(s[:i]); strings.Contains(k, " ") && known(k) {
			l.raw, l.key, l.value, l.colon = s[:i], k, strings.TrimSpace(s[i+1:]), true
			return
		}
	}
	if key, value, ok := dateSentence(s); ok {
		l.raw, l.key, l.value = key, normalKey(key), value
	}
}

// dateSentence parses "Record expires on 12-Aug-2006." and "Created on
// 12/30/2005 09:45:58".
//
// Words are moved from the key to the date until both are known: "on" belongs
// to the key, "12-Aug-2006" and "Mon Aug 12" to the date.
func dateSentence(s string) (key, value string, ok bool) {
	i := strings.IndexFunc(s, unicode.IsDigit)
	if i < 0 || i > 50 {
		return "", "", false
	}
	cut := strings.LastIndexByte(s[:i], ' ')
	for range 5 { // the month or the weekday may come first
		if cut <= 0 {
			return "", "", false
		}
		if k := normalKey(s[:cut]); isDateKey(k) {
			if _, isDate := ParseDate(s[cut:]); isDate {
				return s[:cut], strings.TrimSpace(s[cut:]), true
			}
		}
		cut = strings.LastIndexByte(s[:cut], ' ')
	}
	return "", "", false
}

// set stores key and value. A key without letters is none; the whole line is
// the value then.
func (l *line) set(key, value string) {
	l.raw = strings.TrimSpace(key)
	l.key = normalKey(key)
	l.value = strings.TrimSpace(value)
	if l.key == "" {
		l.value = l.text
	}
}

// hasLetter reports whether s has a letter of any script.
func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// looksHex reports whether s could be the first group of an IPv6 address.
func looksHex(s string) bool {
	return len(s) <= 4 && strings.Trim(s, "0123456789abcdefABCDEF") == "" && strings.ContainsAny(s, "0123456789")
}

// normalKey returns a key in lower case with single blanks in place of
// everything but letters and digits, so that "Registrant_Name......" equals
// "registrant name".
func normalKey(s string) string {
	s = text.Cut(s, maxKey+20)
	if k, ok := asciiKey(s); ok {
		return k
	}
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case r == '\'': // "registrant's"
		default:
			gap = true
		}
	}
	return b.String()
}

// asciiKey is normalKey for ASCII without allocation; nearly all keys are
// ASCII.
//
// The result must equal that of normalKey for the same bytes: the vocabulary is
// indexed by the slow form.
func asciiKey(s string) (string, bool) {
	var buf [maxKey + 20]byte
	n, gap := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x80:
			return "", false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		case c == '\'':
			continue
		default:
			gap = true
			continue
		}
		if gap && n > 0 {
			buf[n] = ' '
			n++
		}
		gap = false
		buf[n] = c
		n++
	}
	return string(buf[:n]), true
}
