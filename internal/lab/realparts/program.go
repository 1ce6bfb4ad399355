package realparts

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"spoor/internal/lab/compose"
	"spoor/internal/lab/dice"
)

// program is a real mailer as one actor uses it: its header fields in their
// order, with values of the same form. Parts fixed by a program or an account
// are generated once.
//
// Two actors with programs of one real message have the same form and other
// ids, as two buyers of one mailer do.
type program struct {
	real  *real
	fixed map[int]string // values by index of the field
	zone  *time.Location
	word  string // encoding of header words
}

// account matches fields whose value names the sender's account or build, not
// the message.
var account = regexp.MustCompile(`(?i)^(feedback-id|list-id|x-.*(account|customer|entity|campaign|report-abuse|complaints|sid|stem|user|php|source|client|get-message|authenticated|antiabuse|job|mta|emmkt).*|organization|thread-topic|x-(abuse|csa).*)$`)

// constant matches fields whose value is the same in all mail of a program.
var constant = regexp.MustCompile(`(?i)^(mime-version|x-mailer|user-agent|x-priority|importance|priority|x-mimeole|x-msmail-priority|content-language|accept-language|precedence|auto-submitted|x-auto-response-suppress|list-unsubscribe-post|content-class|sensitivity|x-ses-outgoing)$`)

// newProgram is a mail program with the header fields of a real message. Fields
// that hold an account keep one value.
func newProgram(d dice.Dice, r *real) *program {
	p := &program{real: r, fixed: map[int]string{}, zone: time.FixedZone("", 3600*d.Between(-8, 9)), word: dice.Pick(d, []string{"B", "B", "Q"})}
	for i, f := range r.fields {
		if account.MatchString(f.name) {
			p.fixed[i] = refill(d, f.value)
		}
	}
	return p
}

// letter is the input of a program.
type letter struct {
	at            time.Time
	fromName      string
	from          string // address
	to            string
	subject       string
	reply         string // "" without one
	html, text    string
	sender        netip.Addr
	helo          string
	unsubscribe   string // link, "" without one
	messageIDHost string
}

// write makes the header below the hops, and the body. It returns the
// Message-ID, too.
//
// Hops are added by post. A Content-Type for a body of one part names UTF-8
// even if the real one did not, because the new text may need it.
func (p *program) write(d dice.Dice, l *letter) (mail, id string) {
	var b strings.Builder
	boundary := refill(d, p.real.boundary)
	replied := l.reply == ""
	for i, f := range p.real.fields {
		v, line := "", true
		switch lower := strings.ToLower(f.name); lower {
		case "from":
			v = p.mailbox(f.value, l.fromName, l.from)
		case "to":
			v = recipient(f.value, l.to)
		case "subject":
			v = compose.Word(l.subject, p.word)
		case "date":
			v = l.at.In(p.zone).Format("Mon, 2 Jan 2006 15:04:05 -0700")
		case "message-id":
			id = p.messageID(d, f.value, l)
			v = "<" + id + ">"
		case "reply-to":
			line, replied, v = !replied, true, l.reply
		case "content-type":
			v = p.contentType(f.value, boundary)
		case "list-unsubscribe":
			line, v = l.unsubscribe != "", "<"+l.unsubscribe+">"
		case "content-transfer-encoding":
			v = p.single()
		default:
			v = p.value(d, i, l)
		}
		if line {
			fmt.Fprintf(&b, "%s: %s\n", f.name, v)
		}
	}
	if id == "" { // our server adds the id if the program writes none
		id = p.messageID(d, "", l)
		fmt.Fprintf(&b, "Message-Id: <%s>\n", id)
	}
	if !replied {
		fmt.Fprintf(&b, "Reply-To: %s\n", l.reply)
	}
	return b.String() + "\n" + p.body(l, boundary), id
}

// mailbox writes an address field as the program quotes it.
func (p *program) mailbox(was, name, address string) string {
	switch {
	case name == "":
		return "<" + address + ">"
	case strings.HasPrefix(was, `"`):
		if w := compose.Word(name, p.word); w != name {
			return w + " <" + address + ">"
		}
		return `"` + strings.ReplaceAll(name, `"`, "") + `" <` + address + ">"
	}
	return compose.Word(strings.Trim(name, `"`), p.word) + " <" + address + ">"
}

// recipient writes the address in the form that the real field had.
func recipient(was, to string) string {
	switch {
	case strings.Contains(strings.ToLower(was), "undisclosed"):
		return "undisclosed-recipients:;"
	case strings.HasPrefix(was, "<"):
		return "<" + to + ">"
	}
	return to
}

// byReceiver matches Message-IDs that the receiver had to make.
var byReceiver = regexp.MustCompile(`(?i)protection\.outlook\.com|\.prod\.outlook\.com`)

// messageID makes up an id in the form of the real one. If a receiver had added
// that, so does ours.
//
// At least some digits come in, so that two messages never have one id.
func (p *program) messageID(d dice.Dice, was string, l *letter) string {
	was = strings.Trim(strings.Join(strings.Fields(was), ""), "<>")
	local, host, _ := strings.Cut(was, "@")
	switch {
	case byReceiver.MatchString(host) || local == "" || len(local) > 90:
		return l.at.UTC().Format("20060102150405") + "." + d.Chars(dice.HEX, 10) + "@" + l.messageIDHost
	case host == "" || !strings.Contains(host, "."):
		host = refill(d, host)
	case !isPlatformHost(host):
		host = domainOf(l.from)
	}
	if local = refill(d, local); strings.IndexFunc(local, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
		local += d.Digits(9)
	}
	return local + "@" + host
}

// isPlatformHost reports whether a host belongs to a service and so occurs in
// the mail of all its customers.
//
// Others' hosts are replaced by the sender's domain, as they would name the
// real sender.
func isPlatformHost(host string) bool {
	for _, s := range []string{"mail.gmail.com", "amazonses.com", "sendgrid", "mailgun", "ismtpd", "yahoo.com", "mandrill", "hotmail", "JavaMail", "mailchimp"} {
		if strings.Contains(host, s) {
			return true
		}
	}
	return false
}

// Parameters of Content-Type that are replaced.
var (
	boundaryParam = regexp.MustCompile(`(?is)boundary\s*=\s*("[^"]*"|[^\s;]+)`)
	charsetParam  = regexp.MustCompile(`(?is)charset\s*=\s*("?)[^\s;"]+("?)`)
	mediaType     = regexp.MustCompile(`^[^;\s]+`)
)

// contentType returns the type of the body in the program's spelling.
func (p *program) contentType(was, boundary string) string {
	switch p.real.skeleton {
	case "alternative":
		was = mediaType.ReplaceAllLiteralString(was, "multipart/alternative")
		return boundaryParam.ReplaceAllLiteralString(was, `boundary="`+boundary+`"`)
	case "html":
		was = mediaType.ReplaceAllLiteralString(was, "text/html")
	default:
		was = mediaType.ReplaceAllLiteralString(was, "text/plain")
	}
	was = boundaryParam.ReplaceAllLiteralString(was, `format=flowed`)
	return charsetParam.ReplaceAllString(was, "charset=${1}utf-8${2}")
}

// single is the transfer encoding of a message of one part.
func (p *program) single() string {
	switch p.real.skeleton {
	case "alternative":
		return "7bit"
	case "html":
		return encoding(p.real.encodeAs[1])
	}
	return encoding(p.real.encodeAs[0])
}

// encoding is the transfer encoding to use in place of a real one; 7bit could
// not carry new text.
func encoding(was string) string {
	if was == "base64" || was == "quoted-printable" {
		return was
	}
	return "8bit"
}

// body writes the parts in the structure of the real message.
func (p *program) body(l *letter, boundary string) string {
	switch p.real.skeleton {
	case "alternative":
		return compose.Multipart(boundary, "",
			compose.Part{Header: []string{`Content-Type: text/plain; charset="utf-8"`}, Text: l.text, Encoding: encoding(p.real.encodeAs[0])},
			compose.Part{Header: []string{`Content-Type: text/html; charset="utf-8"`}, Text: l.html, Encoding: encoding(p.real.encodeAs[1])})
	case "html":
		return compose.Encode(l.html, p.declared(p.real.encodeAs[1]))
	}
	return compose.Encode(l.text, p.declared(p.real.encodeAs[0]))
}

// declared returns the transfer encoding if the program has a field for it.
func (p *program) declared(was string) string {
	for _, f := range p.real.fields {
		if strings.EqualFold(f.name, "Content-Transfer-Encoding") {
			return encoding(was)
		}
	}
	return ""
}

// Values in header fields that are replaced.
var (
	anyAddress = regexp.MustCompile(`[A-Za-z0-9._%+=-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+[A-Za-z]`)
	anyIPv4    = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
	signature  = regexp.MustCompile(`(?i)\bd=[^;]+;`)
)

// value is a field that the program adds, in its shape.
//
// The order of the replacements matters: an address is replaced before a link,
// which may hold one.
func (p *program) value(d dice.Dice, i int, l *letter) string {
	f := p.real.fields[i]
	v, ok := p.fixed[i]
	switch {
	case ok:
	case constant.MatchString(f.name):
		return f.value
	case strings.EqualFold(f.name, "Thread-Topic"):
		return l.subject
	default:
		v = refill(d, masked.ReplaceAllLiteralString(f.value, l.to))
	}
	if strings.Contains(strings.ToLower(f.name), "signature") {
		v = resign(d, v)
	}
	v = signature.ReplaceAllLiteralString(v, "d="+domainOf(l.from)+";")
	v = anyAddress.ReplaceAllLiteralString(v, l.from)
	v = anyIPv4.ReplaceAllLiteralString(v, l.sender.String())
	for _, was := range []string{p.real.from, p.real.bounce} {
		if len(was) > 4 {
			v = strings.ReplaceAll(v, was, domainOf(l.from))
		}
	}
	return anyURL.ReplaceAllStringFunc(v, func(u string) string { return "http://" + domainOf(l.from) + refill(d, pathOf(u)) })
}
