package links

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"spoor/internal/text"
)

// bare searches s, which has no URL with a scheme, for host names that a reader
// would type or click, such as www.example.com or example.com/path. It collects
// mail addresses on the way.
func (x *extractor) bare(s, where string, n notes) {
	if len(s) < 4 {
		return
	}
	s = text.Cut(s, maxToken)
	if strings.IndexByte(s, '@') >= 0 {
		x.mails(s, where, n)
	}
	if i := strings.IndexByte(s, '.'); i < 0 || i == len(s)-1 {
		return
	}
	for i := 0; i < len(s); {
		size := hostRune(s[i:])
		if size == 0 {
			i++
			continue
		}
		end := i
		for end < len(s) && size > 0 {
			end += size
			size = hostRune(s[end:])
		}
		i = max(end, x.bareRun(s, i, end, where, n))
	}
}

// hostRune returns the length of the first character of s if a host name may
// contain it, else 0. East Asian letters end a host name, because that text
// continues after an ASCII name without a space.
func hostRune(s string) int {
	if s == "" {
		return 0
	}
	c := s[0]
	if isAlnum(c) || c == '.' || c == '-' || c == '_' {
		return 1
	}
	if c < utf8.RuneSelf {
		return 0
	}
	r, size := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(r) || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		return 0
	}
	return size
}

// bareRun examines s[start:end], a run of host characters, and returns the
// index at which to continue.
func (x *extractor) bareRun(s string, start, end int, where string, n notes) int {
	var prev, next byte
	if start > 0 {
		prev = s[start-1]
	}
	for start < end && (s[start] == '.' || s[start] == '-' || s[start] == '_') {
		start++
	}
	stop := end
	for stop > start && (s[stop-1] == '.' || s[stop-1] == '-' || s[stop-1] == '_') {
		stop--
	}
	if stop < len(s) {
		next = s[stop]
	}
	// Leading and trailing signs are punctuation of the sentence.
	if n := x.hostLength(s[start:stop]); n < stop-start {
		stop, next = start+n, ' ' // text continues the name without a blank
		end = stop
	}
	if prev == '@' || next == '@' || !x.acceptBare(s[start:stop], prev, next, s[stop:]) {
		return end
	}
	length := stop - start
	if next == '/' || next == '?' || next == '#' || next == ':' && stop+1 < len(s) && isNumber(s[stop+1]) {
		// The end of the path is found by the rules for URLs with a scheme.
		const scheme = "http://"
		length = max(length, x.matchURL(scheme+s[start:], 0, len(scheme))-len(scheme))
	}
	raw := s[start : start+length]
	x.found(raw, "http://"+raw, where, n|noScheme)
	return start + length
}

// acceptBare distinguishes a host name from a file name, an abbreviation, or
// two sentences without a space between them. rest is the text after the name.
func (x *extractor) acceptBare(name string, prev, next byte, rest string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 || len(name) > 253 || strings.Contains(name, "..") {
		return false
	}
	path := next == '/' || next == '?' && len(rest) > 1 && isAlnum(rest[1]) || next == ':' && len(rest) > 1 && isNumber(rest[1])
	tld := name[dot+1:]
	// Four numbers are an address only in front of a path. Elsewhere they are
	// versions.
	if !isLetter(tld[0]) && tld[0] < utf8.RuneSelf {
		_, err := netip.ParseAddr(name)
		return err == nil && next == '/' && prev != '/'
	}
	// "www." announces a host. Without it, a name in source code or after a
	// path character is something else.
	www := len(name) > 4 && strings.EqualFold(name[:4], "www.") && strings.Count(name, ".") > 1
	if !www && x.code || !www && strings.IndexByte(`/\%&~#=?$+`, prev) >= 0 && prev != 0 {
		return false
	}
	o := x.owner(strings.ToLower(name))
	if !o.ok || !o.name.Known || o.name.Registered == "" {
		return false
	}
	if www {
		return true
	}
	if o.name.Malformed || !saneCase(name, tld) {
		return false
	}
	label := o.name.Registered[:strings.IndexByte(o.name.Registered, '.')]
	// A path makes a name a URL. Without one, names of files and sentences
	// without a blank after the full stop are excluded.
	if path {
		return hasLetter(name[:dot])
	}
	// One-letter labels and short ones under a word ("sign.in") are text.
	return !fileTLD(tld) && hasLetter(label) && len(label) > 1 && (len(label) > 4 || !wordTLD(tld))
}

// wordTLD reports whether a top-level domain is a short English word. Texts
// such as "sign.in" and "this.is" are rarely meant as hosts.
func wordTLD(tld string) bool {
	switch strings.ToLower(tld) {
	case "in", "is", "it", "at", "to", "so", "be", "no", "by", "as", "do", "an", "on", "my":
		return true
	}
	return false
}

// saneCase rejects "end.The": real names have their top-level domain in lower
// case or are all upper case.
func saneCase(name, tld string) bool {
	return tld == strings.ToLower(tld) || name == strings.ToUpper(name)
}

// hasLetter reports whether s has a letter; names of digits and dots alone are
// versions, dates or amounts.
func hasLetter(s string) bool {
	for i := 0; i < len(s); i++ {
		if isLetter(s[i]) || s[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// fileTLD reports whether a top-level domain is far more often a file
// extension.
//
// "report.zip" in a text is a file, although the domain exists. With a path or
// "www." it counts as a host.
func fileTLD(tld string) bool {
	switch strings.ToLower(tld) {
	case "sh", "md", "py", "pl", "rs", "ps", "cc", "so", "mov", "zip", "app", "la", "ac", "ml", "mk", "as", "am", "do",
		"pm", "mm", "mo", "cab", "cat", "vi", "sc", "map", "properties", "java":
		return true
	}
	return false
}

// mails collects the mail addresses in s.
//
// Signs at the beginning of a local part belong to the text around the address,
// such as quotes and list marks.
func (x *extractor) mails(s, where string, n notes) {
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '@')
		if i < 0 {
			return
		}
		at := from + i
		start := at
		for start > from && localByte(s[start-1]) {
			start--
		}
		end := at + 1
		for size := hostRune(s[end:]); size > 0; size = hostRune(s[end:]) {
			end += size
		}
		host := strings.TrimRight(s[at+1:end], ".-_")
		x.mail(strings.TrimLeft(s[start:at], ".-'&=+#*~_"), host[:x.hostLength(host)], where)
		from = at + 1
	}
}

// localByte reports whether c occurs in local parts in practice. RFC 5322
// section 3.2.3 allows more, but accepting "!" or "/" would glue addresses to
// the text before them.
func localByte(c byte) bool {
	return isAlnum(c) || strings.IndexByte("._%+-='&#~*", c) >= 0
}

// mail records a mail address if its domain is possible.
func (x *extractor) mail(local, host, where string) {
	// RFC 5321 section 4.5.3.1.1 allows 64 octets; bounce addresses with an
	// encoded recipient exceed that.
	if local == "" || len(local) > 128 || strings.IndexByte(host, '.') < 1 {
		return
	}
	o := x.owner(strings.ToLower(host))
	if !o.ok || !o.name.Known || o.name.Registered == "" && !o.name.Private {
		return
	}
	x.contact(Contact{Kind: "mail", Value: local + "@" + o.name.Host, Raw: local + "@" + host, Where: where})
}
