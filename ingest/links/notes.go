package links

// notes is a set of peculiarities of one link.
type notes uint32

// The notes. Their order is that of noteNames.
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

// noteNames are the stored codes. They never change their meaning.
var noteNames = [...]string{
	"visible-mismatch", // the text displays the name of another registered domain
	"userinfo",         // user or password before the host
	"ip-obfuscated",    // address not written as four decimal numbers
	"idn",              // internationalised host
	"mixed-script",     // letters of several scripts in one label
	"defanged",         // hxxp, [.] and the like, restored
	"no-scheme",        // bare host, or //host
	"percent-host",     // host percent-encoded
	"cut",              // longer than MaxURLBytes
	"data",             // data: URL, or found inside one
	"open-redirect",    // contains another full URL
	"opaque-redirect",  // link of a known filter whose URL does not contain its target
	"invalid",          // refused by the URL standard
	"backslash",        // backslash where a slash belongs
	"control",          // tab, line end or another control character inside
	"invisible",        // zero-width characters or soft hyphens inside
	"wrapped",          // joined from several lines
	"qp-leftover",      // joined from quoted-printable that was left undecoded
	"unc",              // \\host\share or file://host
	"slashes",          // not exactly two slashes after the scheme
	"port",             // port other than the scheme's default
	"relative",         // completed by the message's base
	"base64-target",    // contains its target in base64
	"computed",         // computed by a script
}

// names returns the codes of the set in the order above.
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
