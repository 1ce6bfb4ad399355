package evidence

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"spoor/internal/text"
)

// tokens collects the identifiers inside URLs at any depth. Affiliate, account,
// mailing and project numbers stay the same while the domains of a campaign
// change. An identifier is a parameter with its name, or a path segment that
// does not look like a word. Percent-encoding, base64 and nested URLs are
// decoded.
type tokens struct {
	readers []string
	out     []string
}

// maxTokenDepth limits decoding: a redirector in a redirector with parameters
// in base64 has three layers. Each layer shortens the value, so the limit
// bounds the work for hostile nesting.
const maxTokenDepth = 3

// url collects ids from the path, query and fragment of a URL. depth limits
// URLs within URLs.
func (t *tokens) url(u string, depth int) {
	rest := afterHost(text.Cut(u, maxURL))
	path, query, _ := strings.Cut(rest, "?")
	path, fragment, _ := strings.Cut(path, "#")
	for seg := range strings.SplitSeq(path, "/") {
		t.value("", seg, depth)
	}
	query, more, _ := strings.Cut(query, "#")
	t.pairs(query, depth)
	if strings.Contains(fragment, "=") {
		t.pairs(fragment, depth)
	} else {
		t.value("", fragment, depth)
	}
	t.pairs(more, depth)
}

// pairs collects ids from the parameters of a query.
func (t *tokens) pairs(query string, depth int) {
	if query == "" {
		return
	}
	for pair := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, v, ok := strings.Cut(pair, "=")
		if !ok {
			t.value("", pair, depth)
			continue
		}
		t.value(strings.ToLower(text.Cut(name, 40)), v, depth)
	}
}

// value examines a parameter value or path segment and decodes it as far as
// possible. Values with an @ are left out: they are usually the reader's
// address.
func (t *tokens) value(name, v string, depth int) {
	if len(t.out) >= maxTokens || len(v) < 3 || len(v) > maxURL || commonName(name) {
		return
	}
	if strings.IndexByte(v, '%') >= 0 {
		if plain, err := url.PathUnescape(v); err == nil {
			v = plain
		}
	}
	if strings.IndexByte(v, '@') >= 0 || t.isReader(v) {
		return // usually the reader's address
	}
	if depth < maxTokenDepth {
		if strings.Contains(v, "://") {
			t.url(v, depth+1)
			return
		}
		if plain, ok := opened(v); ok {
			t.opened(name, plain, depth+1)
			return
		}
	}
	t.add(name, v)
}

// opened examines decoded base64: parameters, a URL, or parts between
// separators.
func (t *tokens) opened(name, plain string, depth int) {
	switch {
	case strings.Contains(plain, "://"):
		t.url(plain, depth)
	case strings.Contains(plain, "="):
		t.pairs(plain, depth)
	default:
		for piece := range strings.FieldsFuncSeq(plain, func(r rune) bool { return strings.ContainsRune("|,:;/ \t\"{}", r) }) {
			t.value(name, piece, depth)
		}
	}
}

// add keeps a value that looks like an id, with the name of its parameter.
func (t *tokens) add(name, v string) {
	if len(v) > 100 || !idLike(name, v) {
		return
	}
	s := v
	if name != "" {
		s = name + "=" + v
	}
	if !slices.Contains(t.out, s) {
		t.out = append(t.out, s)
	}
}

// idLike reports whether a value can be an identifier. With a parameter name,
// three digits are enough; a path segment must look generated.
func idLike(name, v string) bool {
	digits, letters := 0, 0
	for i := range len(v) {
		switch c := v[i]; {
		case isDigit(c):
			digits++
		case isAlpha(c):
			letters++
		case strings.IndexByte("-_.~+=", c) < 0:
			return false
		}
	}
	if name != "" {
		return digits >= 3 || digits > 0 && letters > 1 || letters >= 5 && digits == 0 && namesID(name)
	}
	if i := strings.LastIndexByte(v, '.'); i >= 0 {
		v = v[:i] // a file name
	}
	return digits >= 4 && len(v) >= 5 || digits >= 2 && letters >= 3 && len(v) >= 6 || looksLikeID(v) && letters > 0 && digits > 0
}

// namesID reports whether a parameter's name announces an identifier.
func namesID(name string) bool {
	for _, w := range []string{"aff", "ref", "partner", "camp", "account", "acct", "client", "pub", "src", "source", "list", "offer", "cid", "sid", "pid", "uid", "aid", "id", "subid", "tag", "user", "key"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// commonName reports whether a parameter sizes images, names versions or counts
// the origin of clicks. Its values are the same for everybody.
func commonName(name string) bool {
	switch name {
	case "w", "h", "width", "height", "v", "ver", "version", "size", "s", "quality", "q", "format", "fm", "fit", "auto", "crop",
		"lang", "locale", "hl", "family", "display", "subset", "dpr", "resize", "color", "bg", "type", "utm_medium", "utm_term", "t", "ts", "time", "date", "year":
		return true
	}
	return false
}

// isReader reports whether a value is the local part of a recipient. Such
// values differ from copy to copy.
func (t *tokens) isReader(v string) bool {
	for _, r := range head(t.readers, maxValues) {
		if local, _, _ := strings.Cut(r, "@"); len(local) > 2 && strings.EqualFold(local, v) {
			return true
		}
	}
	return false
}

// opened decodes base64 that contains readable text.
func opened(v string) (string, bool) {
	if len(v) < 8 || strings.IndexByte(v, '.') >= 0 {
		return "", false
	}
	s := strings.TrimRight(v, "=")
	s = strings.NewReplacer("-", "+", "_", "/").Replace(s)
	data, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || len(data) < 4 || !utf8.Valid(data) {
		return "", false
	}
	for _, c := range data {
		if c < ' ' || c == 0x7f {
			return "", false
		}
	}
	return string(data), true
}
