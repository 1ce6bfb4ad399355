package links

import (
	"encoding/json"
	"strings"
)

// The redirectors below have formats of their own, taken from their makers'
// descriptions and from real links.

// unwrapProofpoint reads URL Defense, versions 1 to 3.
func unwrapProofpoint(u *parsed) string {
	tail := u.text[u.tail:]
	_, query, _ := strings.Cut(tail, "?")
	switch {
	case strings.HasPrefix(tail, "/v1/"):
		return decodeTarget(percentDecode(param(query, "u")))
	// Version 2 writes "%" as "-" and "/" as "_".
	case strings.HasPrefix(tail, "/v2/"):
		v := param(query, "u")
		v = strings.NewReplacer("-", "%", "_", "/").Replace(v)
		return percentDecode(v)
	}
	if i := strings.Index(tail, "/v3/__"); i >= 0 {
		return proofpointV3(tail[i+len("/v3/__"):])
	}
	return ""
}

// proofpointV3 reads "<url>__;<base64>!...". Unsafe characters are "*" in the
// URL and follow in base64. "**" and a letter stand for a run of them.
func proofpointV3(s string) string {
	end := strings.LastIndex(s, "__;")
	if end < 0 {
		return ""
	}
	target, coded := s[:end], s[end+3:]
	if i := strings.IndexByte(coded, '!'); i >= 0 {
		coded = coded[:i]
	}
	target = percentDecode(target)
	removed := []rune(string(lenientBase64(coded)))
	var b strings.Builder
	for i := 0; i < len(target); i++ {
		if target[i] != '*' || len(removed) == 0 {
			b.WriteByte(target[i])
			continue
		}
		n := 1
		if i+2 < len(target) && target[i+1] == '*' {
			if run := runLength(target[i+2]); run > 0 {
				n = run
				i += 2
			}
		}
		n = min(n, len(removed))
		b.WriteString(string(removed[:n]))
		removed = removed[n:]
	}
	out := b.String()
	if scheme, rest, ok := strings.Cut(out, ":/"); ok && !strings.HasPrefix(rest, "/") && web(scheme) {
		return scheme + "://" + rest // a slash was lost on the way
	}
	return out
}

// runLength is the length of a run that a letter of the base64 alphabet
// encodes, starting with 2.
func runLength(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 2
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 28
	case '0' <= c && c <= '9':
		return int(c-'0') + 54
	case c == '-':
		return 64
	case c == '_':
		return 65
	}
	return 0
}

// unwrapSophos reads the parameter u, base64 of the URL. The parameter d names
// only the domain.
func unwrapSophos(u *parsed) string {
	_, query, _ := strings.Cut(u.text[u.tail:], "?")
	if v := string(lenientBase64(percentDecode(param(query, "u")))); strings.HasPrefix(v, "http") {
		return v
	}
	return ""
}

// unwrapCheckPoint reads "/v2/___<url>___.<base64>". The form "/v2/r01/"
// rotates each letter and digit of the URL by five.
//
// Older links have the target in the parameter url.
func unwrapCheckPoint(u *parsed) string {
	tail := u.text[u.tail:]
	i := strings.Index(tail, "/___")
	if i < 0 {
		_, query, _ := strings.Cut(tail, "?")
		return decodeTarget(percentDecode(param(query, "url")))
	}
	moved := strings.HasSuffix(tail[:i], "/r01")
	v := tail[i+4:]
	if j := strings.LastIndex(v, "___"); j >= 0 {
		v = v[:j]
	}
	if moved && !strings.HasPrefix(v, "http") {
		v = moveBack(v)
	}
	return decodeTarget(v)
}

// moveBack undoes a rotation by five within small letters, capitals and digits.
func moveBack(s string) string {
	b := []byte(s)
	for i, c := range b {
		switch {
		case 'a' <= c && c <= 'z':
			b[i] = 'a' + (c-'a'+21)%26
		case 'A' <= c && c <= 'Z':
			b[i] = 'A' + (c-'A'+21)%26
		case isNumber(c):
			b[i] = '0' + (c-'0'+5)%10
		}
	}
	return string(b)
}

// unwrapGoogle reads /url?q=, /amp/s/, image results and logouts of Google's
// hosts.
func unwrapGoogle(u *parsed) string {
	path, query, _ := strings.Cut(u.text[u.tail:], "?")
	if rest, ok := strings.CutPrefix(path, "/amp/s/"); ok {
		return "https://" + percentDecode(rest)
	}
	if rest, ok := strings.CutPrefix(path, "/amp/"); ok && strings.IndexByte(rest, '.') > 0 {
		return "http://" + percentDecode(rest)
	}
	for _, name := range []string{"q", "url", "u", "adurl", "imgrefurl", "continue", "dest", "lite_url", "link"} {
		v := param(query, name)
		if v == "" {
			continue
		}
		v = decodeTarget(percentDecode(v))
		if s, _ := splitScheme(v); web(s) {
			return v
		}
		if path == "/url" {
			return v
		}
	}
	return ""
}

// unwrapAMP reads /c/s/host/path, /v/s/... and /i/s/... of the AMP cache, where
// "s" means https.
func unwrapAMP(u *parsed) string {
	path := u.text[u.tail:]
	for _, kind := range []string{"/c/", "/v/", "/i/", "/r/", "/wp/"} {
		rest, ok := strings.CutPrefix(path, kind)
		if !ok {
			continue
		}
		if secure, ok := strings.CutPrefix(rest, "s/"); ok {
			return "https://" + secure
		}
		return "http://" + rest
	}
	return ""
}

// unwrapTranslate reads the host from www-example-com.translate.goog, which
// writes a dot as "-" and a hyphen as "--".
//
// Parameters of the service itself begin with _x_tr_ and are removed.
func unwrapTranslate(u *parsed) string {
	label, ok := strings.CutSuffix(u.host, ".translate.goog")
	if !ok || label == "" {
		return ""
	}
	host := strings.NewReplacer("--", "-", "-", ".").Replace(label)
	path, query, _ := strings.Cut(u.text[u.tail:], "?")
	kept := ""
	for _, pair := range strings.Split(query, "&") {
		if pair != "" && !strings.HasPrefix(pair, "_x_tr_") {
			kept += "&" + pair
		}
	}
	if kept != "" {
		path += "?" + kept[1:]
	}
	return "https://" + host + path
}

// unwrapCache reads q=cache:ID:host/path.
func unwrapCache(u *parsed) string {
	_, query, _ := strings.Cut(u.text[u.tail:], "?")
	v, ok := strings.CutPrefix(percentDecode(param(query, "q")), "cache:")
	if !ok {
		return ""
	}
	if i := strings.IndexByte(v, ':'); i >= 0 && !strings.HasPrefix(v, "http") {
		v = v[i+1:]
	}
	v, _, _ = strings.Cut(v, "+")
	return v
}

// unwrapBing reads /ck/a?...&u=a1<base64>.
func unwrapBing(u *parsed) string {
	path, query, _ := strings.Cut(u.text[u.tail:], "?")
	if !strings.HasPrefix(path, "/ck/") && !strings.HasPrefix(path, "/aclick") && !strings.HasPrefix(path, "/aclk") {
		return ""
	}
	v := percentDecode(param(query, "u"))
	v = strings.TrimPrefix(v, "a1")
	if d := string(lenientBase64(v)); strings.HasPrefix(d, "http") {
		return decodeTarget(d)
	} else if d := decodeTarget(d); strings.HasPrefix(d, "http") {
		return d
	}
	return decodeTarget(v)
}

// unwrapYahoo reads /RU=<url>/RK= of the path, and the older /**http%3a//.
func unwrapYahoo(u *parsed) string {
	tail := u.text[u.tail:]
	if i := strings.Index(tail, "RU="); i >= 0 {
		v, _, _ := strings.Cut(tail[i+3:], "/")
		if scheme, rest, ok := strings.Cut(v, ":"); ok && rest == "" && web(scheme) {
			v = tail[i+3:] // not encoded
		}
		return decodeTarget(v)
	}
	if i := strings.Index(tail, "/**"); i >= 0 {
		return decodeTarget(tail[i+3:])
	}
	return ""
}

// unwrapAWS reads /L0/<url>/1/<message>/... of Amazon's click tracking.
func unwrapAWS(u *parsed) string {
	tail := u.text[u.tail:]
	if len(tail) < 5 || tail[0] != '/' || tail[1] != 'L' && tail[1] != 'I' {
		return ""
	}
	_, v, ok := strings.Cut(tail[1:], "/")
	if !ok {
		return ""
	}
	v, _, _ = strings.Cut(v, "/")
	return decodeTarget(v)
}

// unwrapPostmark reads /2s/<host and path>/..., /3s/...
func unwrapPostmark(u *parsed) string {
	parts := strings.SplitN(u.text[u.tail:], "/", 4)
	if len(parts) < 3 || len(parts[1]) < 1 || len(parts[1]) > 3 || !isNumber(parts[1][0]) {
		return ""
	}
	v := percentDecode(parts[2])
	if strings.HasSuffix(parts[1], "s") {
		return "https://" + v
	}
	return "http://" + v
}

// unwrapMandrill reads the parameter p: base64 of JSON whose "p" is JSON again,
// whose "url" is the target.
func unwrapMandrill(u *parsed) string {
	_, query, _ := strings.Cut(u.text[u.tail:], "?")
	raw := lenientBase64(percentDecode(param(query, "p")))
	var outer struct {
		P string `json:"p"`
	}
	if json.Unmarshal(raw, &outer) != nil {
		return ""
	}
	var inner struct {
		URL string `json:"url"`
	}
	if json.Unmarshal([]byte(outer.P), &inner) != nil {
		return ""
	}
	return inner.URL
}
