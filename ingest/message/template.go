package message

import (
	"strconv"
	"strings"
)

// Limits of a template, in bytes.
const (
	maxTemplate   = 200
	templateInput = 1000 // read of a longer string
	blobLength    = 20   // letters of mixed class from which a run counts as base64 or similar
)

// Template turns a generated string (Message-ID, MIME boundary, bounce address)
// into the pattern of the program that generated it. Runs of characters become
// their class and length. Punctuation and known words of mailers are kept.
// Strings of one program share a template, and different programs rarely do.
//
//	9{n} digits    h{n} H{n} hexadecimal    a{n} A{n} Aa{n} letters
//	x{n} X{n} Xx{n} letters and digits      b{n} base64 or base62, with its punctuation
//	uuid UUID      d a host name with dots, w one without, d: only behind the last "@"
//
// Lengths that depend on a counter or clock are ranges.
func Template(s string) string {
	s = strings.Trim(s[:min(len(s), templateInput)], " \t\r\n")
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	host := ""
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		s, host = s[:at], "@"+hostForm(s[at+1:])
	}
	t := templater{s: s}
	t.hexCase()
	for t.pos < len(s) && t.out.Len() < maxTemplate {
		t.step()
	}
	return cutTemplate(t.out.String(), host)
}

// cutTemplate truncates a long template but keeps the pattern of its host.
func cutTemplate(local, host string) string {
	if len(host) > 80 {
		host = host[:80]
	}
	if most := maxTemplate - len(host); len(local) > most {
		local = local[:most]
	}
	return strings.ToValidUTF8(local+host, "?")
}

// templater is the state of Template.
type templater struct {
	s          string
	pos        int
	out        strings.Builder
	upper, low bool // hexadecimal runs with letters occur in that case
}

// hexCase looks for hexadecimal runs of the usual widths. If there are any, a
// run of such a width that has only digits counts as hexadecimal too.
//
// Otherwise one program would have two templates, since some of its random
// numbers have no letter by chance.
func (t *templater) hexCase() {
	for i := 0; i < len(t.s); {
		n := alnumRun(t.s[i:])
		if n == 0 {
			i++
			continue
		}
		if c := classOf(t.s[i : i+n]); n >= 4 {
			t.upper = t.upper || c == "H"
			t.low = t.low || c == "h"
		}
		i += n
	}
}

// step converts the next run of letters and digits, or of one repeated other
// character.
func (t *templater) step() {
	rest := t.s[t.pos:]
	if n := alnumRun(rest); n > 0 {
		t.pos += t.run(rest, n)
		return
	}
	n := 1
	for n < len(rest) && rest[n] == rest[0] {
		n++
	}
	t.pos += n
	c := rest[0]
	switch {
	case c < ' ' || c >= 0x7F:
		t.out.WriteByte('?')
	case n > 4:
		t.out.WriteByte(c)
		t.length(strconv.Itoa(n))
	default:
		t.out.WriteString(rest[:n])
	}
}

// run writes the run of n letters and digits at the start of rest and returns
// the bytes used.
func (t *templater) run(rest string, n int) int {
	if n == 8 && len(rest) >= 36 && isUUID(rest[:36]) {
		if strings.ToUpper(rest[:36]) == rest[:36] && strings.ToLower(rest[:36]) != rest[:36] {
			t.out.WriteString("UUID")
		} else {
			t.out.WriteString("uuid")
		}
		return 36
	}
	if programWords[rest[:n]] {
		t.out.WriteString(rest[:n])
		return n
	}
	if m := blobRun(rest); m > 0 {
		prefix := ""
		if strings.HasPrefix(rest, "CA") && m >= 48 {
			prefix = "CA" // Gmail
		}
		t.out.WriteString(prefix + "b")
		t.length(bucket(m, 16))
		return m
	}
	t.class(rest[:n])
	return n
}

// length writes a length or a range of them.
func (t *templater) length(s string) {
	t.out.WriteByte('{')
	t.out.WriteString(s)
	t.out.WriteByte('}')
}

// class writes the class of a random run with its length, such as "x8" for
// eight hex digits.
func (t *templater) class(run string) {
	n, c := len(run), classOf(run)
	if n <= 3 && c != "9" {
		// Short names such as "b1" and "mk3" have a fixed form.
		for i := range n {
			t.out.WriteString(classOf(run[i : i+1]))
		}
		return
	}
	if c == "9" && hexWidth(n) && (t.upper || t.low) {
		c = "h"
		if t.upper {
			c = "H"
		}
	}
	t.out.WriteString(c)
	switch c {
	case "9":
		t.length(digitLength(n))
	case "h", "H":
		t.length(hexLength(n))
	default:
		t.length(bucket(n, 4))
	}
}

// alnumRun returns the length of the letters and digits at the start of s.
func alnumRun(s string) int {
	for i := range len(s) {
		if !isAlpha(s[i]) && !isDigit(s[i]) {
			return i
		}
	}
	return len(s)
}

// classOf returns the narrowest class of a run of letters and digits.
func classOf(run string) string {
	var digit, low, up, beyondHex bool
	for i := range len(run) {
		c := run[i]
		switch {
		case isDigit(c):
			digit = true
		case c >= 'a':
			low = true
			beyondHex = beyondHex || c > 'f'
		default:
			up = true
			beyondHex = beyondHex || c > 'F'
		}
	}
	switch {
	case !low && !up:
		return "9"
	// Letters and digits in one case may be hexadecimal; without digits they
	// are more likely a word.
	case !beyondHex && digit && low != up:
		if low {
			return "h"
		}
		return "H"
	case !digit && low && up:
		return "Aa"
	case !digit && low:
		return "a"
	case !digit:
		return "A"
	case low && up:
		return "Xx"
	case low:
		return "x"
	}
	return "X"
}

// blobRun returns the length of base64 or base62 at the start of s: long, of
// mixed case with digits and random punctuation. A known word of a mailer ends
// it.
//
// Base64 breaks into runs at its own punctuation, so that the runs are judged
// together.
func blobRun(s string) int {
	n := 0
	mixed := false
	for n < len(s) {
		if m := alnumRun(s[n:]); m > 0 {
			run := s[n : n+m]
			if programWords[run] {
				return 0
			}
			mixed = mixed || m >= 5 && classOf(run) == "Xx"
			n += m
			continue
		}
		if strings.IndexByte("+/=_-", s[n]) < 0 {
			break
		}
		n++
	}
	if mixed && n >= blobLength {
		return n
	}
	return 0
}

// isUUID reports whether s, of 36 bytes, is a UUID in the notation of RFC 9562
// section 4.
func isUUID(s string) bool {
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if unhex[s[i]] > 15 {
			return false
		}
	}
	return true
}

// hexWidth reports whether hexadecimal numbers commonly have n digits: 16, 32
// or 48 bits and more.
func hexWidth(n int) bool { return n == 4 || n == 8 || n >= 12 && n%4 == 0 }

// digitLength keeps the widths of clocks (seconds, milliseconds,
// YYYYMMDDhhmmss) and merges those of counters.
func digitLength(n int) string {
	switch {
	case n <= 7:
		return "1-7"
	case n == 8 || n == 10 || n == 13 || n == 14 || n == 17:
		return strconv.Itoa(n)
	case n < 13:
		return "9-12"
	case n < 17:
		return "15-16"
	case n <= 20:
		return "18-20"
	}
	return bucket(n, 16)
}

// hexLength keeps the usual widths. Other widths are numbers without leading
// zeros, such as queue ids.
func hexLength(n int) string {
	switch {
	case n == 4 || n == 8 || n == 16 || n == 20 || n == 32 || n == 40 || n == 64:
		return strconv.Itoa(n)
	case n < 8:
		return "5-7"
	case n <= 12:
		return "9-12"
	}
	return bucket(n, 4)
}

// bucket returns the range of the given width that contains n.
//
// Ranges make strings of one program equal although their lengths vary by some
// letters. Two lengths near a limit may still fall into different ranges.
func bucket(n, width int) string {
	low := n / width * width
	return strconv.Itoa(max(low, 1)) + "-" + strconv.Itoa(low+width-1)
}

// hostForm keeps names of programs and services, and replaces those of their
// users.
func hostForm(host string) string {
	host = strings.ToLower(host)
	for _, known := range serviceHosts {
		if host == known || strings.HasSuffix(host, "."+known) {
			return known
		}
	}
	switch {
	case host == "":
		return ""
	case host[0] == '[':
		return "[]"
	case strings.HasPrefix(host, "geopod-ismtpd-"):
		return "geopod-ismtpd"
	case strings.Trim(host, "0123456789.") == "":
		return "9"
	case strings.IndexByte(host, '.') >= 0:
		return "d"
	}
	return "w"
}

// serviceHosts are host names in Message-IDs that stand for a program or
// service and not for its user.
var serviceHosts = [...]string{
	"mail.gmail.com", "mx.google.com", "googlegroups.com", "email.amazonses.com", "amazonses.com", "prod.outlook.com",
	"prod.exchangelabs.com", "phx.gbl", "mail.yahoo.com", "localhost", "localhost.localdomain", "swift.generated",
}

// programWords are words that mailers put into generated values. Other words
// may be chance.
var programWords = makeProgramWords()

// makeProgramWords returns the words as a set.
func makeProgramWords() map[string]bool {
	words := make(map[string]bool)
	for w := range strings.FieldsSeq(`NextPart Next Part Apple Mail JavaMail Boundary boundary BOUNDARY mimepart MIME Mime
		Multipart multipart MULTIPART alternative Alternative mixed Mixed related swift Pine Alpine phpmailer PHPMailer PHP
		Evolution evolution javamail EudoraBoundary NmP namprd eurprd Exim E1 LISTMANAGER NextMail MsgBoundary msg MSG
		part alt mix rel outlook Outlook Kmail KMail nextPart sinikael postfix sendgrid SMTPD ALT ALTERNATIVE Boundaries
		MixedPart separator Separator Mailman mailman mailer Mailer EXIM Message message Content content attachment`) {
		words[w] = true
	}
	return words
}
