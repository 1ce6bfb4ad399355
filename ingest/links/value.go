package links

import (
	"strings"
	"unicode/utf8"

	"github.com/nlnwa/whatwg-url/url"
)

// maxBase limits the base of relative references, in bytes, since each
// reference costs the length of the base.
const maxBase = 512

// urlValue reads a value where HTML or CSS expects a URL. It returns the index
// of the link, or -1 for an anchor, a part of the message or a contact.
//
// A contact (mailto, tel, a wallet) is recorded as such. whatsapp: is both: a
// number, and a URL that opens a program.
func (x *extractor) urlValue(val, where, base string) int {
	v := strings.TrimFunc(val, func(r rune) bool { return r <= ' ' || r == '\u00A0' })
	if v == "" || v[0] == '#' {
		return -1
	}
	n := notes(0)
	if hidden(v) {
		v, n = visibleOnly(v), invisible
	}
	scheme, rest := splitScheme(v)
	switch scheme {
	case "http", "https":
		if strings.Trim(rest, "/\\ ") == "" {
			return -1 // an unfilled template
		}
		return x.webValue(v, where, n)
	case "":
		return x.relativeValue(v, where, base, n)
	case "mailto":
		x.mailto(rest, where)
		return -1
	case "tel", "callto", "sms", "facetime", "whatsapp":
		x.dial(scheme, rest, where)
		if scheme != "whatsapp" {
			return -1
		}
	case "data":
		return x.dataURL(v, where)
	case "javascript", "vbscript", "livescript":
		i := x.link(v, "", where, n)
		x.under(i, func() { x.searchScript([]byte(percentDecode(rest)), where) })
		return i
	case "cid", "mid", "about", "blob", "x-msg", "outbind", "applewebdata", "webkit-fake-url", "x-apple-data-detectors", "res":
		return -1 // refers to the message or to the program that wrote it
	case "hxxp", "hxxps", "hzzp", "hzzps":
		u, more := fixScheme(v)
		return x.link(v, u, where, n|more)
	// Readers on Windows open it like \\host\share.
	case "file":
		return x.link(v, "", where, n|unc)
	}
	// Unknown schemes without slashes are host names with a port, or text.
	if coin(scheme) {
		x.wallet([]byte(rest), where)
	}
	if strings.HasPrefix(rest, "//") || knownSchemes()[scheme] || coin(scheme) {
		x.moreInside(v, where)
		return x.link(v, "", where, n)
	}
	return x.relativeValue(v, where, "", n)
}

// webValue records an http or https URL.
func (x *extractor) webValue(v, where string, n notes) int {
	i := x.found(v, v, where, n)
	x.moreInside(v, where)
	return i
}

// moreInside searches a value that contains a blank, quote or bracket. There
// the closing quote is missing, and the value swallowed other URLs.
func (x *extractor) moreInside(v, where string) {
	_, after, _ := strings.Cut(v, ":/")
	if i := strings.IndexAny(after, "<>\"' \n"); i >= 0 && strings.Contains(after[i:], "://") {
		x.searchText([]byte(after[i:]), where)
	}
}

// splitScheme returns the scheme of v in lower case, without tabs and line
// ends, as browsers read it. It returns "" if there is none.
func splitScheme(v string) (scheme, rest string) {
	i := strings.IndexByte(v, ':')
	if i < 1 || i > 64 {
		return "", v
	}
	s := v[:i]
	if strings.ContainsAny(s, "\t\r\n") {
		s = stripControls(s)
	}
	if len(s) < 2 { // a drive letter
		return "", v
	}
	switch s { // avoids a copy for common schemes
	case "http", "https", "mailto":
		return s, v[i+1:]
	}
	return schemeOf(s), v[i+1:]
}

// relativeValue reads a value without a scheme: a reference relative to the
// base, a host whose scheme was forgotten, or nothing.
//
// Without a base a relative reference leads nowhere in mail. It is searched for
// a host nevertheless, because authors forget the scheme.
func (x *extractor) relativeValue(v, where, base string, n notes) int {
	switch {
	case strings.HasPrefix(v, `\\`) && x.uncPath(v, where, n):
		return len(x.out.Links) - 1
	// A URL without a scheme takes that of the base.
	case strings.HasPrefix(v, "//"):
		if len(v) > 2 && v[2] != '/' && strings.IndexByte(authority(":"+v), '.') > 0 {
			scheme := "http:"
			if strings.HasPrefix(base, "https:") {
				scheme = "https:"
			}
			return x.link(v, scheme+v, where, n|noScheme)
		}
		return -1
	}
	if strings.Contains(v, ":/") {
		return x.firstIn(v, where, n)
	}
	if base != "" && len(v) <= MaxURLBytes {
		// Resolving costs the library's time; thousands of equal references are
		// counted first.
		if i, ok := x.again(v, where); ok {
			return i
		}
		if u, err := resolve(base, v); err == nil {
			return x.link(v, u, where, n|relative)
		}
	}
	if strings.IndexByte(v, '.') < 0 || v[0] == '/' || v[0] == '.' {
		return -1
	}
	return x.firstIn(v, where, n)
}

// again counts another occurrence of a value. ok is also true if the limits
// leave no room for a new one.
func (x *extractor) again(v, where string) (link int, ok bool) {
	if i, ok := x.seen[linkKey{v, where, x.part, x.parent}]; ok {
		x.out.Links[i].Count++
		return i, true
	}
	if len(x.out.Links) >= MaxLinks {
		x.out.Dropped++
		return -1, true
	}
	return -1, false
}

// firstIn searches v as text and returns the first link in it, or -1.
func (x *extractor) firstIn(v, where string, n notes) int {
	was := x.first
	x.first = -1
	x.mode(n, func() { x.searchText([]byte(v), where) })
	i := x.first
	if was >= 0 {
		x.first = was
	}
	return i
}

// resolve completes ref with base and recovers from panics of the library.
func resolve(base, ref string) (s string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errRefused
		}
	}()
	u, err := url.ParseRef(base, ref)
	if err != nil {
		return "", err
	}
	return u.Href(false), nil
}

// hidden reports whether v contains invisible characters.
func hidden(v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i] >= utf8.RuneSelf {
			return strings.ContainsFunc(v, unseen)
		}
	}
	return false
}

// visibleOnly removes invisible characters, as a reader's eye does.
func visibleOnly(v string) string {
	return strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, v)
}

// under runs search and records its finds as contained in link i.
//
// At maxVia the finds are recorded beside the link, so that none is lost.
func (x *extractor) under(i int, search func()) {
	if i < 0 || x.marks[i].depth >= maxVia {
		search()
		return
	}
	was := x.parent
	x.parent = i
	search()
	x.parent = was
}
