package links

// notes is a set of oddities of one link.
type notes uint32

const (
	visibleMismatch notes = 1 << iota
	userinfo
	ipObfuscated
	idn
	mixedScript
	defanged
	noScheme
	percentHost
	cut
	data
	openRedirect
	opaqueRedirect
	invalid
	backslash
	control
	invisible
	wrapped
	qpLeftover
	unc
	slashes
	oddPort
	relative
	base64Target
	computed
)

// noteNames are the codes that are stored; they never change their meaning.
var noteNames = [...]string{
	"visible-mismatch", // the reader saw the name of another registered domain
	"userinfo",         // user or password before the host
	"ip-obfuscated",    // address not written as four decimal numbers
	"idn",              // internationalised host
	"mixed-script",     // letters of several scripts in one label
	"defanged",         // hxxp, [.] and the like, written back
	"no-scheme",        // bare host, or //host
	"percent-host",     // host percent-encoded
	"cut",              // longer than MaxURLBytes
	"data",             // data: URL, or found inside one
	"open-redirect",    // carries another full URL
	"opaque-redirect",  // a known filter's link that does not show its target
	"invalid",          // refused by the URL standard
	"backslash",        // backslash where a slash belongs
	"control",          // tab, line end or another control character inside
	"invisible",        // zero-width characters or soft hyphens inside
	"wrapped",          // put together from several lines
	"qp-leftover",      // put together from quoted-printable that was left undecoded
	"unc",              // \\host\share or file://host
	"slashes",          // not exactly two slashes after the scheme
	"port",             // port given that is not the scheme's own
	"relative",         // completed by the message's base
	"base64-target",    // carried its target in base64
	"computed",         // put together by a script
}

// names returns the set as codes, in the order above.
func (n notes) names() []string {
	if n == 0 {
		return nil
	}
	var out []string
	for i, name := range noteNames {
		if n&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}
