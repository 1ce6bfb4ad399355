package rented

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/lab/compose"
	"spoor/internal/lab/dice"
)

// mail is one message before a program writes it.
type mail struct {
	at       time.Time
	fromName string
	from     string
	to       string
	reply    string // "" without one
	subject  string
	text     string
	page     string // "" for plain text alone
	file     *file
	extra    []string // header lines of a service or platform
	id       string   // set by services that give Message-IDs themselves
}

// file is an attachment.
type file struct{ name, kind, content string }

// program is a mailer: it writes its own fields, and names the boundary.
//
// fields returns the lines in the program's order, without the body's; the
// Message-ID; and the boundary, "" for any.
type program struct {
	name   string
	fields func(w *world, h *hand, m *mail) (lines []string, id, boundary string)
	encode [2]string // of plain text and of HTML
	single bool      // sends HTML alone, without the text
	fleet  string    // kind of machines that it needs; "" for any
}

// hand is a program as one crew has set it up.
//
// Two hands of one program agree in the order and form of the fields, and
// differ in account, version, script and zone.
type hand struct {
	*program
	account string // tenant, project or number that its fields name
	zone    *time.Location
	version string
	script  string
	tag     string // a field that the crew adds, "" without one
	word    string
	swap    bool // From before To
}

// newHand makes up one installation of a program, with the account and version
// that its mail shows.
func (w *world) newHand(p *program) *hand {
	h := &hand{
		program: p, zone: time.FixedZone("", 3600*w.Between(-7, 9)), version: fmt.Sprintf("%d.%d.%d", w.Between(2, 9), w.IntN(10), w.IntN(20)),
		script: strings.ToLower(w.Word(2)) + dice.Pick(w.Dice, []string{".php", "-mail.php", "1.php"}), word: dice.Pick(w.Dice, []string{"B", "Q"}), swap: w.Chance(0.5),
	}
	switch p {
	case tenancy:
		h.account = strings.ToLower(w.Word(3)) + w.Chars(dice.Digits, 3) + ".onmicrosoft.com " + w.UUID()
	case project:
		h.account = w.Digits(12)
	default:
		h.account = w.Digits(6)
	}
	// A field that only one crew writes would give a campaign away, hence in a
	// quarter only.
	if w.Chance(0.25) {
		h.tag = "X-" + w.Word(2) + "-ID: " + w.Chars(dice.Hex, 8)
	}
	return h
}

// Programs that send from a provider's servers.
var (
	tenancy = &program{name: "tenancy", fleet: "tenancy", encode: [2]string{"quoted-printable", "quoted-printable"}, fields: tenancyFields}
	project = &program{name: "project", fleet: "webmail", encode: [2]string{"", "quoted-printable"}, fields: projectFields}
)

// programs are those that anybody may run anywhere; tenancy and project among them, with
// accounts that are thrown away.
var programs = []*program{
	tenancy, project,
	{name: "phpmailer", encode: [2]string{"8bit", "8bit"}, fields: phpFields},
	{name: "phpmail", single: true, encode: [2]string{"", ""}, fields: bareFields},
	{name: "desk", encode: [2]string{"7bit", "quoted-printable"}, fields: deskFields},
	{name: "python", encode: [2]string{"base64", "base64"}, fields: pythonFields},
	{name: "node", encode: [2]string{"quoted-printable", "quoted-printable"}, fields: nodeFields},
	{name: "swift", encode: [2]string{"quoted-printable", "quoted-printable"}, fields: swiftFields},
	{name: "java", encode: [2]string{"7bit", "7bit"}, fields: javaFields},
	{name: "bulk", single: true, encode: [2]string{"base64", "base64"}, fields: bulkFields},
}

func zoned(h *hand, at time.Time) string {
	return at.In(h.zone).Format("Mon, 02 Jan 2006 15:04:05 -0700")
}

// mailbox writes a name and an address as the program does.
func mailbox(h *hand, name, address string, quoted bool) string {
	if w := compose.Word(name, h.word); w != name || !quoted {
		return w + " <" + address + ">"
	}
	return `"` + name + `" <` + address + ">"
}

// tenancyFields are those of a mail system for firms: its tenant in several places.
//
// The tenant's id is fixed, message and host change. Some names are of
// Exchange's internal headers.
func tenancyFields(w *world, h *hand, m *mail) ([]string, string, string) {
	name, id, _ := strings.Cut(h.account, " ")
	host := w.Chars(dice.Upper, 2) + w.Digits(1) + "PR" + w.Digits(2) + "MB" + w.Digits(4)
	region := dice.Pick(w.Dice, list("eurprd04 namprd10 apcprd06"))
	mid := host + w.Chars(dice.HEX, 28) + "@" + host + "." + region + ".prod.outlook.com"
	topic := w.Chars(dice.Base64, 22) + "=="
	return []string{
		"From: " + mailbox(h, m.fromName, m.from, false), "To: " + m.to, "Subject: " + compose.Word(m.subject, h.word), "Thread-Topic: " + compose.Word(m.subject, h.word),
		"Thread-Index: Ad" + topic, "Date: " + m.at.UTC().Format("Mon, 2 Jan 2006 15:04:05 -0700"), "Message-ID: <" + mid + ">", "Accept-Language: " + dice.Pick(w.Dice, list("en-US de-DE")) + ", en-US",
		"Content-Language: en-US", "X-MS-Has-Attach:", "X-MS-TNEF-Correlator:", "x-ms-publictraffictype: Email", "x-originatororg: " + name,
		"X-MS-Exchange-CrossTenant-id: " + id, "X-MS-Exchange-CrossTenant-Network-Message-Id: " + w.UUID(), "X-MS-Exchange-CrossTenant-fromentityheader: Hosted",
		"X-MS-Exchange-Transport-CrossTenantHeadersStamped: " + host,
	}, mid, "_000_" + host + w.Chars(dice.HEX, 12) + host + "_"
}

// projectFields returns the fields of mail sent through a web mailer's API: a
// hop names the cloud project that called it.
//
// The number of the project is the only thing that is the customer's.
func projectFields(w *world, h *hand, m *mail) ([]string, string, string) {
	mid := "CA" + w.Chars("+-_"+dice.Base62, 48) + "@mail.gmail.com"
	return []string{
		"Received: from " + h.account + " named unknown by gmailapi.google.com with HTTPREST;\n\t" + m.at.UTC().Format("Mon, 2 Jan 2006 15:04:05 -0700"),
		"X-Gm-Message-State: AOJu0Y" + w.Chars(dice.Base62, 60), "X-Google-Smtp-Source: AGHT+I" + w.Chars(dice.Base62, 60) + "=", "MIME-Version: 1.0",
		"From: " + mailbox(h, m.fromName, m.from, true), "Date: " + zoned(h, m.at), "Message-ID: <" + mid + ">", "Subject: " + compose.Word(m.subject, h.word), "To: " + m.to,
	}, mid, "000000000000" + w.Chars(dice.Hex, 16)
}

// phpFields are the header fields of PHPMailer, the Message-ID and the
// boundary.
func phpFields(w *world, h *hand, m *mail) ([]string, string, string) {
	key := w.Chars(dice.Base62, 43)
	mid := key + "@" + domainOf(m.from)
	return []string{
		"To: " + m.to, "Subject: " + compose.Word(m.subject, h.word), "X-PHP-Originating-Script: " + h.account[:4] + ":" + h.script, "Date: " + zoned(h, m.at),
		"From: " + mailbox(h, m.fromName, m.from, false), "Message-ID: <" + mid + ">", "X-Mailer: PHPMailer " + h.version + " (https://github.com/PHPMailer/PHPMailer)", "MIME-Version: 1.0",
	}, mid, "b1=_" + key
}

// bareFields are those of a script that calls mail() and knows no more.
//
// No blank between name and address, and a subject that is not encoded: faults
// of the script, which help to know it.
func bareFields(w *world, h *hand, m *mail) ([]string, string, string) {
	mid := m.at.UTC().Format("20060102150405") + "." + w.Chars(dice.HEX, 9) + "@" + domainOf(m.from)
	return []string{
		"To: " + m.to, "Subject: " + m.subject, "X-PHP-Script: " + domainOf(m.from) + "/" + h.script + " for " + "198.51.100." + h.account[:2], "MIME-Version: 1.0",
		"From: " + m.fromName + "<" + m.from + ">", "Message-Id: <" + mid + ">", "Date: " + zoned(h, m.at),
	}, mid, ""
}

// deskFields are those of a desktop program.
//
// The boundary repeats the middle of the Message-ID, as Outlook's does.
func deskFields(w *world, h *hand, m *mail) ([]string, string, string) {
	left := w.Chars(dice.Hex, 8)
	mid := "0" + w.Chars(dice.Hex, 11) + "$" + left + "$" + w.Chars(dice.Hex, 8) + "$@" + domainOf(m.from)
	return []string{
		"From: " + mailbox(h, m.fromName, m.from, true), "To: <" + m.to + ">", "Subject: " + compose.Word(m.subject, h.word), "Date: " + zoned(h, m.at), "Message-ID: <" + mid + ">", "MIME-Version: 1.0",
		"X-Mailer: Microsoft Outlook 1" + h.version[:1] + ".0", "Thread-Index: A" + w.Chars(dice.Base64, 30), "Content-Language: " + dice.Pick(w.Dice, list("en-us en-gb")),
	}, mid, "----=_NextPart_000_" + w.Chars(dice.HEX, 4) + "_01D" + w.Chars(dice.HEX, 5) + "." + strings.ToUpper(left)
}

// pythonFields are those of Python's email package.
//
// make_msgid: microseconds, process id, random number, host.
func pythonFields(w *world, h *hand, m *mail) ([]string, string, string) {
	mid := fmt.Sprintf("%d.%d.%s@%s", m.at.UnixMicro(), w.Between(100, 30000), w.Digits(19), h.script[:4])
	return []string{
		"MIME-Version: 1.0", "From: " + compose.Word(m.fromName, h.word) + " <" + m.from + ">", "To: " + m.to, "Subject: " + compose.Word(m.subject, h.word), "Date: " + zoned(h, m.at), "Message-ID: <" + mid + ">",
	}, mid, "===============" + w.Digits(19) + "=="
}

// nodeFields are those of Nodemailer.
func nodeFields(w *world, h *hand, m *mail) ([]string, string, string) {
	mid := w.UUID() + "@" + domainOf(m.from)
	return []string{
		"From: " + mailbox(h, m.fromName, m.from, true), "To: " + m.to, "Subject: " + compose.Word(m.subject, h.word), "Message-ID: <" + mid + ">", "Date: " + m.at.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700"), "MIME-Version: 1.0",
	}, mid, "--_NmP-" + w.Chars(dice.Hex, 16) + "-Part_1"
}

// swiftFields are those of Swift Mailer.
func swiftFields(w *world, h *hand, m *mail) ([]string, string, string) {
	key := w.Chars(dice.Hex, 32)
	mid := key + "@" + domainOf(m.from)
	return []string{
		"Message-ID: <" + mid + ">", "Date: " + zoned(h, m.at), "Subject: " + compose.Word(m.subject, h.word), "From: " + mailbox(h, m.fromName, m.from, false), "To: " + m.to, "MIME-Version: 1.0", "X-Campaign-Run: " + h.account,
	}, mid, fmt.Sprintf("_=_swift_v4_%d_%s_=_", m.at.Unix(), key)
}

// javaFields are those of JavaMail.
func javaFields(w *world, h *hand, m *mail) ([]string, string, string) {
	mid := fmt.Sprintf("%s.%d.%d@%s", w.Digits(9), w.Between(1, 400), m.at.UnixMilli(), "app-"+h.account)
	return []string{
		"Date: " + zoned(h, m.at) + " (GMT)", "From: " + mailbox(h, m.fromName, m.from, false), "To: " + m.to, "Message-ID: <" + mid + ">", "Subject: " + compose.Word(m.subject, h.word), "MIME-Version: 1.0",
	}, mid, fmt.Sprintf("----=_Part_%d_%s.%d", w.Between(1, 900), w.Digits(9), m.at.UnixMilli())
}

// bulkFields are those of a program for bots: much of it by chance.
func bulkFields(w *world, h *hand, m *mail) ([]string, string, string) {
	mid := w.Digits(12) + "." + w.Chars(dice.SLUG, 12) + "@" + dice.Pick(w.Dice, list("localhost mail srv")) + w.Digits(2)
	return []string{
		"MIME-Version: 1.0", "Message-ID: <" + mid + ">", "Subject: " + compose.Word(m.subject, "B"), "X-Priority: " + dice.Pick(w.Dice, list("1 3 5")), "To: " + m.to, "From: " + mailbox(h, m.fromName, m.from, true), "Date: " + zoned(h, m.at),
	}, mid, ""
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// write is the header below the hops, and the body.
//
// Services give their own Message-ID, which replaces the program's in the line
// where that stood.
func (h *hand) write(w *world, m *mail) (raw, id string) {
	lines, id, boundary := h.fields(w, h, m)
	if m.id != "" {
		for i, l := range lines {
			lines[i] = strings.Replace(l, "<"+id+">", "<"+m.id+">", 1)
		}
		id = m.id
	}
	if m.reply != "" {
		at := min(4, len(lines))
		lines = append(lines[:at:at], append([]string{"Reply-To: " + m.reply}, lines[at:]...)...)
	}
	if h.tag != "" {
		lines = append(lines, h.tag)
	}
	lines = append(lines, m.extra...)
	header, body := h.body(w, m, boundary)
	return strings.Join(append(lines, header...), "\n") + "\n\n" + body, id
}

// body writes the parts and the header fields that describe them.
//
// With an attachment only one of the two forms of the text is sent.
func (h *hand) body(w *world, m *mail, boundary string) (header []string, body string) {
	text := compose.Part{Header: []string{"Content-Type: text/plain; charset=\"utf-8\""}, Text: m.text, Encoding: h.encode[0]}
	page := compose.Part{Header: []string{"Content-Type: text/html; charset=\"utf-8\""}, Text: m.page, Encoding: h.encode[1]}
	if boundary == "" {
		boundary = w.Chars(dice.Hex, 24)
	}
	var parts []compose.Part
	switch {
	case m.page == "":
		parts = []compose.Part{text}
	case h.single:
		parts = []compose.Part{page}
	default:
		parts = []compose.Part{text, page}
	}
	if m.file == nil {
		if len(parts) > 1 {
			return []string{"Content-Type: multipart/alternative;\n\tboundary=\"" + boundary + "\""}, compose.Multipart(boundary, "", parts...)
		}
		header = parts[0].Header
		if e := parts[0].Encoding; e != "" {
			header = append(header, "Content-Transfer-Encoding: "+e)
		}
		return header, compose.Encode(parts[0].Text, parts[0].Encoding)
	}
	parts = append(parts[len(parts)-1:], compose.Part{
		Header: []string{"Content-Type: " + m.file.kind + "; name=\"" + m.file.name + "\"", "Content-Disposition: attachment; filename=\"" + m.file.name + "\""}, Text: m.file.content, Encoding: "base64",
	})
	return []string{"Content-Type: multipart/mixed;\n\tboundary=\"" + boundary + "\""}, compose.Multipart(boundary, "", parts...)
}
