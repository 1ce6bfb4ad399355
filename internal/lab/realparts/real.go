package realparts

import (
	"regexp"
	"strings"

	"spoor/ingest/message"
)

// Limits on parts of a real message. Longer ones would make worlds of hundreds
// of megabytes without adding variety.
const (
	maxReal = 96 << 10
	maxHTML = 12 << 10
	maxText = 6 << 10
)

// real is one real message, taken apart.
//
// The body is decoded to UTF-8. encodeAs holds the transfer encodings of text
// and HTML, in this order.
type real struct {
	subject  string
	fromName string
	from     string // domain of From
	bounce   string // domain of Return-Path
	replies  bool   // has a Reply-To
	bulk     bool   // has the header of a newsletter
	fields   []field
	html     string
	text     string
	key      string // its words
	skeleton string // "html", "text", "alternative"
	encodeAs [2]string
	boundary string
}

// field is one field that the sender's program wrote, in its place.
type field struct{ name, value string }

// receiverField matches fields written on the receiving side. Content-Length is
// among them although kits forge it: in an mbox it would mark the end of the
// message.
var receiverField = regexp.MustCompile(`(?i)^(received|return-path|content-length|authentication-results.*|arc-.*|received-spf|delivered-to|envelope-to|status|x-status|x-keywords|x-uid|` +
	`x-(ms-exchange|ms-publictraffic|ms-traffictype|ms-userlast|ms-office365|microsoft|forefront|eop|incoming|sid|message|sender-ip|pm|rspamd|spamd?|tmn|exchange|original-to|forwarded|received|externalrecipient|ld-processed|idnv|mozilla|vr|evolution|apparently).*|` +
	`delivery-date|lines|replied|forwarded|bcc|cc)$`)

// masked matches how the corpora write addresses of the people that mail was for.
var masked = regexp.MustCompile(`(?i)[a-z]+@pot\b|user-[0-9a-f]{6,12}@masked\.example|[a-z0-9._+-]+@(?:spamassassin\.taint\.org|netnoteinc\.com|example\.com)\b|\bjm@jmason\.org`)

// parseReal takes a message apart; ok is false for those that have no use.
//
// The fields keep the spelling and order of the program: both tell programs
// apart.
func parseReal(data []byte) (r real, ok bool) {
	if len(data) > maxReal {
		return r, false
	}
	m := message.Parse(data)
	for i := range m.Header {
		f := &m.Header[i]
		name := string(f.Name)
		if !receiverField.MatchString(name) {
			r.fields = append(r.fields, field{name, strings.TrimSpace(strings.ReplaceAll(string(f.Raw), "\r", ""))})
		}
	}
	if !r.readHeader(m.Header) {
		return r, false
	}
	return r, r.readBody(m)
}

// readHeader reads the fields to imitate; false if the message lacks one or is
// too long.
func (r *real) readHeader(h message.Header) bool {
	from, subject := h.Get("From"), h.Get("Subject")
	if from == nil || subject == nil || h.Get("Date") == nil {
		return false
	}
	r.subject = strings.Join(strings.Fields(masked.ReplaceAllString(subject.Text(), "you")), " ")
	a := from.Addresses(1)
	if len(a) == 0 || r.subject == "" || len(r.subject) > 200 {
		return false
	}
	r.fromName, r.from = strings.Join(strings.Fields(masked.ReplaceAllString(a[0].Name, "you")), " "), domainOf(a[0].Address)
	if f := h.Get("Return-Path"); f != nil {
		r.bounce = domainOf(strings.Trim(f.Value(), "<> "))
	}
	r.replies = h.Get("Reply-To") != nil
	r.bulk = h.Get("List-Unsubscribe") != nil || h.Get("List-Id") != nil
	return true
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// readBody reads structure and texts; false if they are too large or have fewer
// than twelve words.
//
// Twelve words are too few for two lures to agree by chance.
func (r *real) readBody(m *message.Message) bool {
	r.skeleton = "text"
	for i := range m.Parts {
		p := &m.Parts[i]
		switch {
		case p.Outside != "" || p.Attachment:
		case p.Boundary != "" && r.boundary == "":
			r.boundary = p.Boundary
		case p.HTML && r.html == "":
			r.html, r.encodeAs[1] = clean(p.Text), p.Encoding
		case p.Text != nil && !p.HTML && r.text == "":
			r.text, r.encodeAs[0] = clean(p.Text), p.Encoding
		}
	}
	switch {
	case len(r.html) > maxHTML || len(r.text) > maxText:
		return false
	case r.html != "" && r.text != "" && r.boundary != "":
		r.skeleton = "alternative"
	case r.html != "":
		r.skeleton, r.boundary = "html", ""
	default:
		r.boundary = ""
	}
	w := words(r.visible())
	r.key = strings.Join(w, " ")
	return len(w) >= 12
}

func clean(text []byte) string {
	s := strings.ToValidUTF8(strings.ReplaceAll(string(text), "\r", ""), "?")
	return strings.ReplaceAll(s, "\x00", "")
}

// tag matches the parts of HTML that a reader does not see as text.
var tag = regexp.MustCompile(`(?s)<(?:style|script|title).*?</(?:style|script|title)>|<!--.*?-->|<[^>]*>|&[a-z#0-9]+;`)

// visible returns about the text that a reader sees.
func (r *real) visible() string {
	if r.html != "" {
		return tag.ReplaceAllString(r.html, " ")
	}
	return r.text
}

// word matches a word of two letters or more.
var word = regexp.MustCompile(`[\pL]{2,}`)

// words returns the words of a text in lower case, without links and numbers.
func words(s string) []string {
	return word.FindAllString(strings.ToLower(anyURL.ReplaceAllString(s, " ")), 400)
}
