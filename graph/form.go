package graph

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// everydayHosts are linked by mail of every kind, spam or not: standards that document
// types name, platforms in everyone's footer, the brands that phishing quotes. Frequency
// shows the same in a large store; this list is for small ones.
var everydayHosts = map[string]bool{
	"w3.org": true, "schemas.microsoft.com": true, "schemas.openxmlformats.org": true, "purl.org": true,
	"facebook.com": true, "fb.com": true, "twitter.com": true, "x.com": true, "instagram.com": true,
	"linkedin.com": true, "youtube.com": true, "youtu.be": true, "pinterest.com": true, "tiktok.com": true,
	"whatsapp.com": true, "wa.me": true, "t.me": true, "apple.com": true, "microsoft.com": true,
	"google.com": true, "goo.gl": true, "googleapis.com": false, "gstatic.com": true,
	"fonts.googleapis.com": true, "ajax.googleapis.com": true, "fonts.gstatic.com": true, "gravatar.com": true,
	"wikipedia.org": true, "wikimedia.org": true, "amazon.com": true, "paypal.com": true, "yahoo.com": true,
	"hotmail.com": true, "msn.com": true, "aol.com": true, "outlook.com": true, "live.com": true,
	"adobe.com": true, "mozilla.org": true, "aka.ms": true, "office.com": true, "sourceforge.net": true,
	"example.com": false,
}

// everyday reports whether the host, or a domain above it, is linked by mail of every kind.
func everyday(host string) bool {
	for h := host; h != ""; {
		if known, ok := everydayHosts[h]; ok {
			return known
		}
		_, rest, ok := strings.Cut(h, ".")
		if !ok {
			return false
		}
		h = rest
	}
	return false
}

// tenant is the corner of a shared host that belongs to one of its customers: for most
// hosts the first piece of the path that looks like an id says which, so the path as a
// whole is taken, without the query.
func tenant(l *Link) string {
	path := pathOf(l.URL)
	if path == "" || path == "/" {
		return ""
	}
	return l.Host + path
}

// pathOf is the path of an absolute URL, without query and fragment.
func pathOf(url string) string {
	p, _, _ := strings.Cut(afterHost(url), "#")
	p, _, _ = strings.Cut(p, "?")
	return p
}

func afterHost(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return rest[i:]
	}
	return ""
}

// minLiteral is how many letters must be left of a path, once what varies is taken out,
// for it to say anything: "/index.html" does not.
const minLiteral = 12

// pathForm is the path and the names of the query's parameters, with everything that
// varies from mail to mail replaced by its class. It is "" if too little is left.
func pathForm(url string) string {
	rest := afterHost(url)
	if len(rest) > 400 {
		return ""
	}
	path, query, _ := strings.Cut(rest, "?")
	path, _, _ = strings.Cut(path, "#")
	var b strings.Builder
	literal := 0
	for seg := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		b.WriteByte('/')
		literal += writeForm(&b, seg)
	}
	query, _, _ = strings.Cut(query, "#")
	for i, pair := range strings.Split(query, "&") {
		if name, _, ok := strings.Cut(pair, "="); ok {
			b.WriteByte("?&"[min(i, 1)])
			literal += writeForm(&b, name)
			b.WriteByte('=')
		}
	}
	if literal < minLiteral {
		return ""
	}
	return b.String()
}

// writeForm writes a path segment or parameter name: as it stands if it is made of
// letters as words are, its class if it looks like an id. It returns the letters kept.
func writeForm(b *strings.Builder, s string) int {
	digits, letters, upper := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
			letters++
		case c >= 'a' && c <= 'z' || c >= 0x80:
			letters++
		}
	}
	looksLikeID := len(s) >= 8 && digits > 0 && digits*4 >= len(s) || len(s) > 24 || upper > 2 && upper < letters && len(s) >= 8
	if looksLikeID {
		b.WriteByte('*')
		return 0
	}
	b.WriteString(numberForm(s))
	return letters
}

// numberForm replaces each run of digits by one 0.
func numberForm(s string) string {
	if !strings.ContainsAny(s, "0123456789") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' {
			if n := len(b); n > 0 && b[n-1] == '0' {
				continue
			}
			c = '0'
		}
		b = append(b, c)
	}
	return string(b)
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s)) // never fails
	return h.Sum64()
}

func hex64(v uint64) string { return strconv.FormatUint(v, 16) }
