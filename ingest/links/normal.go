package links

import (
	"net/netip"
	"strings"

	"github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/idna"

	"spoor/internal/domain"
)

// parsed is a normalised URL with its components.
//
// ok is false for a URL that the standard refuses. It has its scheme and
// possibly a host, but no tail, so nothing is read out of it.
type parsed struct {
	text   string
	scheme string
	host   string
	addr   netip.Addr
	port   uint16
	tail   int // index of path, query and fragment in text; 0 if unknown
	notes  notes
	ok     bool
}

// maxAuthority limits user, host and port given to the URL library, whose time
// grows with the square of their length. A host name has at most 253
// characters, three times that if percent-encoded.
const maxAuthority = 1 << 10

// parseURL normalises a cleaned URL. Most URLs in mail are in normal form
// already, so parsePlain comes first.
func parseURL(s string) parsed {
	if p, ok := parsePlain(s); ok {
		return p
	}
	switch scheme, _ := splitScheme(s); scheme {
	case "data", "javascript", "vbscript", "livescript":
		// This URL is too long and has no host, so normalising would gain
		// nothing.
		return parsed{text: stripControls(s), scheme: scheme, ok: true}
	}
	return parseStandard(s)
}

// Components of a URL in which a character needs no encoding.
const (
	inHost = 1 << iota
	inPath
	inQuery
	inFragment
)

// plainChars holds, for each byte, the components that keep it unchanged (URL
// Standard section 1.3, percent-encode sets, and section 4.4, path state).
var plainChars = func() (t [256]uint8) {
	for c := '!'; c <= '~'; c++ {
		t[c] = inPath | inQuery | inFragment
	}
	for _, c := range "\"<>" {
		t[c] = 0
	}
	for _, c := range "#?^`{}\\" {
		t[c] &^= inPath
	}
	for _, c := range "#'" {
		t[c] &^= inQuery
	}
	t['`'] &^= inFragment
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= inHost
	}
	for c := '0'; c <= '9'; c++ {
		t[c] |= inHost
	}
	t['-'] |= inHost
	t['.'] |= inHost
	return t
}()

// parsePlain accepts an http or https URL that equals its normal form: a
// lower-case ASCII name without port or user, a path without dot segments,
// nothing to encode. A property test compares it with the library.
func parsePlain(s string) (p parsed, ok bool) {
	switch {
	case strings.HasPrefix(s, "https://"):
		p.scheme = s[:5]
	case strings.HasPrefix(s, "http://"):
		p.scheme = s[:4]
	default:
		return p, false
	}
	start := len(p.scheme) + 3
	end := start
	for end < len(s) && plainChars[s[end]]&inHost != 0 {
		end++
	}
	p.host = s[start:end]
	if !plainHost(p.host) {
		return p, false
	}
	if end == len(s) {
		p.text, p.tail, p.ok = s+"/", end, true
		return p, true
	}
	if s[end] != '/' || !plainTail(s[end:]) {
		return p, false
	}
	p.text, p.tail, p.ok = s, end, true
	return p, true
}

// plainHost rejects names that need the library: empty labels, punycode, and
// names that may be numbers.
func plainHost(h string) bool {
	if h == "" || len(h) > 253 || h[0] == '.' || h[len(h)-1] == '.' ||
		strings.Contains(h, "..") || strings.Contains(h, "xn--") {
		return false
	}
	last := h[strings.LastIndexByte(h, '.')+1:]
	return isLetter(last[0])
}

// plainTail reports whether the library would leave path, query and fragment
// unchanged.
func plainTail(s string) bool {
	in := uint8(inPath)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if plainChars[c]&in != 0 {
			if c == '/' && in == inPath && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '%') {
				return false // possibly a dot segment
			}
			continue
		}
		switch {
		case c == '?' && in == inPath:
			in = inQuery
		case c == '#' && in != inFragment:
			in = inFragment
		default:
			return false
		}
	}
	return true
}

// parseStandard uses the URL library. A URL that it refuses is kept as written,
// with the host if that can be determined.
func parseStandard(s string) parsed {
	p := parsed{notes: lookOver(s)}
	auth := authority(s)
	if len(auth) <= maxAuthority {
		if u, ok := standard(s); ok {
			p.take(u, auth)
			return p
		}
	}
	p.text = stripControls(s)
	p.notes |= invalid
	if i := strings.IndexByte(p.text, ':'); i > 0 {
		p.scheme = schemeOf(p.text[:i])
	}
	// The standard refuses "user%40host", but the browsers for which it was
	// written went to host.
	if n, ok := domain.Parse(hostOf(percentDecode(auth))); ok {
		p.host = n.Host
	}
	return p
}

// standard calls the library and recovers from its panics: it indexes out of
// range for some hostile addresses.
func standard(s string) (u *url.Url, ok bool) {
	defer func() {
		if recover() != nil {
			u, ok = nil, false
		}
	}()
	u, err := url.Parse(s)
	return u, err == nil && u != nil
}

// take copies the library's result into p.
//
// The fragment is part of the text: phishing kits address their victims in it.
func (p *parsed) take(u *url.Url, auth string) {
	p.ok = true
	p.text = u.Href(false)
	p.scheme = u.Scheme()
	p.host = u.Hostname()
	if port := u.DecodedPort(); u.Port() != "" && port > 0 && port < 1<<16 {
		p.port = uint16(port)
		p.notes |= oddPort
	}
	if u.Username() != "" || u.Password() != "" {
		p.notes |= userinfo
	}
	p.takeAddress(auth)
	p.dropRootDot()
	if p.scheme == "file" && p.host != "" {
		p.notes |= unc
	}
	if i := strings.Index(p.text, "://"); i >= 0 {
		if j := strings.IndexAny(p.text[i+3:], "/?#"); j >= 0 {
			p.tail = i + 3 + j
		}
	}
}

// takeAddress recognises a host that is an IP address and notes an unusual
// spelling.
//
// The standard accepts an IPv4 address in octal, hexadecimal or with fewer
// numbers (URL Standard section 3.5). Browsers open it; honest mail does not
// write it.
func (p *parsed) takeAddress(auth string) {
	h := strings.TrimSuffix(strings.TrimPrefix(p.host, "["), "]")
	a, err := netip.ParseAddr(h)
	if err != nil {
		return
	}
	p.addr = a
	p.host = a.String()
	if a.Is4() && strings.TrimSuffix(hostOf(auth), ".") != p.host {
		p.notes |= ipObfuscated
	}
	if a.Is4In6() {
		p.notes |= ipObfuscated
	}
}

// dropRootDot removes the trailing dot of the DNS root, since both spellings
// name one host.
func (p *parsed) dropRootDot() {
	h := strings.TrimRight(p.host, ".")
	if h == p.host || h == "" || p.addr.IsValid() {
		return
	}
	if i := strings.Index(p.text, p.host); i >= 0 && p.host[len(h):] == "." {
		p.text = p.text[:i+len(h)] + p.text[i+len(p.host):]
		p.host = h
	}
}

// lookOver notes peculiarities of the spelling that the normal form hides.
func lookOver(s string) notes {
	var n notes
	auth := authority(s)
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' {
			n |= control
			break
		}
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok {
		return n
	}
	slash := 0
	for slash < len(rest) && (rest[slash] == '/' || rest[slash] == '\\') {
		if rest[slash] == '\\' {
			n |= backslash
		}
		slash++
	}
	// Browsers accept any number of slashes, in either direction. Honest
	// software writes two.
	if web(scheme) && slash != 2 {
		n |= slashes
	}
	if strings.IndexByte(auth, '@') >= 0 {
		n |= userinfo
	}
	if strings.IndexByte(hostOf(auth), '%') >= 0 {
		n |= percentHost
	}
	if i := len(scheme) + 1 + slash + len(auth); i < len(s) && s[i] == '\\' {
		n |= backslash
	}
	return n
}

// web reports whether scheme is http or https in any case.
func web(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

// authority returns the text between the slashes after the scheme and the path.
func authority(s string) string {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return ""
	}
	s = strings.TrimLeft(s[i+1:], "/\\")
	if j := strings.IndexAny(s, "/\\?#"); j >= 0 {
		s = s[:j]
	}
	return s
}

// hostOf returns the host of an authority.
//
// The last "@" counts, as in browsers: everything in front of it is user
// information.
func hostOf(auth string) string {
	if i := strings.LastIndexByte(auth, '@'); i >= 0 {
		auth = auth[i+1:]
	}
	if i := strings.LastIndexByte(auth, ':'); i >= 0 && !strings.HasSuffix(auth, "]") {
		auth = auth[:i]
	}
	return auth
}

// schemeOf returns s in lower case if it has the form of a scheme (RFC 3986
// section 3.1), else "".
func schemeOf(s string) string {
	if len(s) == 0 || len(s) > 40 || !isLetter(s[0]) {
		return ""
	}
	for i := 1; i < len(s); i++ {
		if !isSchemeByte(s[i]) {
			return ""
		}
	}
	return strings.ToLower(s)
}

// stripControls removes the characters that the URL Standard's parser skips:
// tabs and line ends anywhere, other controls and blanks at both ends.
func stripControls(s string) string {
	if strings.ContainsAny(s, "\t\n\r") {
		s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	}
	return clean(s)
}

// hostNotes reports which scripts the letters of a host belong to.
//
// Each label is judged for itself: a Cyrillic name under a Latin top-level
// domain is ordinary.
func hostNotes(n *domain.Name) notes {
	if !n.IDN && !strings.Contains(n.Host, "xn--") {
		return 0
	}
	out := idn
	for _, label := range strings.Split(n.Host, ".") {
		if !strings.HasPrefix(label, "xn--") {
			continue
		}
		if u, err := idna.Punycode.ToUnicode(label); err == nil && mixesScripts(u) {
			out |= mixedScript
		}
	}
	return out
}
