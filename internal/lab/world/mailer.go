package world

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// A mailer is a program that writes messages. Its habits distinguish it: order
// and spelling of the header fields, and the formats of its ids, boundaries and
// dates.
type mailer struct {
	name     string
	fields   []string // names in order, as this mailer spells them
	constant map[string]string
	msgid    string // pattern
	boundary string // pattern
	date     string // layout
	zones    []string
	encoding string // of text: "qp", "base64", "8bit", "7bit"
	wordEnc  string // of headers: "q", "b", "raw"
	charset  string
	quoted   bool   // names in From are quoted
	toName   bool   // To has a display name
	to       string // fixed value of To; "" for the recipient's address
	wrapped  int    // line length of text; 0 for unwrapped text
	idHost   string // "own", "from", "helo", "rcpt", or a fixed host
	utc      bool
	plain    bool   // writes no HTML
	htmlOnly bool   // never writes an alternative
	preamble string // in front of the first part of a multipart
	bounce   string // pattern of the envelope sender; "" for the address in From
	helo     string // pattern of the HELO name; "" for the name of the sending host
	forged   string // pattern of a forged hop; "" without one
	backup   float64
	damage   int // habit of breaking recipients
}

// Forms of Date that programs write.
const (
	rfcDate   = "Mon, 2 Jan 2006 15:04:05 -0700"
	rfcDate0  = "Mon, 02 Jan 2006 15:04:05 -0700"
	namedZone = "Mon, 02 Jan 2006 15:04:05 -0700 (MST)"
	gmtDate   = "Mon, 2 Jan 2006 15:04:05 GMT"
	noDay     = "2 Jan 2006 15:04:05 -0700"
)

// program is a mailer that honest people use.
func program(name, fields, msgid, boundary, date, encoding string, constant ...string) *mailer {
	m := &mailer{
		name: name, fields: strings.Fields(fields), msgid: msgid, boundary: boundary, date: date, encoding: encoding,
		charset: "utf-8", wordEnc: "q", quoted: true, idHost: "from", wrapped: 72, constant: map[string]string{},
	}
	for i := 0; i+1 < len(constant); i += 2 {
		m.constant[constant[i]] = constant[i+1]
	}
	return m
}

// programs returns the common clients of a year, which spam also forges. The
// formats are those that the real programs write.
func programs(year int) []*mailer {
	if year < 2010 {
		express := program("express", "Message-ID From To Subject Date MIME-Version Content-Type X-Priority X-MSMail-Priority X-Mailer X-MimeOLE",
			"%x12$%x8$%x8@%h", "----=_NextPart_000_%X4_%X8.%X8", rfcDate, "qp", "X-Priority", "3", "X-MSMail-Priority", "Normal",
			"X-Mailer", "Microsoft Outlook Express 6.00.2800.1106", "X-MimeOLE", "Produced By Microsoft MimeOLE V6.00.2800.1106")
		express.preamble, express.charset, express.wordEnc = "This is a multi-part message in MIME format.", "iso-8859-1", "q"
		mozilla := program("mozilla", "Message-ID Date From User-Agent X-Accept-Language MIME-Version To Subject Content-Type Content-Transfer-Encoding",
			"%X8.%d7@%h", "------------%d24", rfcDate0, "7bit", "User-Agent", "Mozilla Thunderbird 1.0.7 (Windows/20050923)", "X-Accept-Language", "en-us, en")
		mozilla.quoted, mozilla.preamble, mozilla.charset = false, "This is a multi-part message in MIME format.", "ISO-8859-1"
		bat := program("bat", "Date From X-Mailer X-Priority Message-ID To Subject MIME-Version Content-Type Content-Transfer-Encoding",
			"%d9.%T@%h", "----------%X14", rfcDate, "8bit", "X-Mailer", "The Bat! (v2.00.8) Personal", "X-Priority", "3 (Normal)")
		mutt := program("mutt", "Date From To Subject Message-ID Mime-Version Content-Type Content-Disposition User-Agent",
			"%T.GA%d4@%h", "%m16", rfcDate, "7bit", "User-Agent", "Mutt/1.4.2.1i", "Content-Disposition", "inline")
		mutt.plain, mutt.quoted, mutt.charset = true, false, "us-ascii"
		return []*mailer{express, mozilla, bat, mutt, outlook()}
	}
	thunder := program("thunderbird", "Message-ID Date MIME-Version User-Agent Content-Language To From Subject Content-Type Content-Transfer-Encoding",
		"%x8-%x4-4%x3-b%x3-%x12@%h", "------------%m24", rfcDate, "8bit", "User-Agent", "Mozilla Thunderbird", "Content-Language", "en-US")
	thunder.quoted, thunder.preamble = false, "This is a multi-part message in MIME format."
	apple := program("apple", "From Content-Type Content-Transfer-Encoding Mime-Version Subject Message-Id Date To X-Mailer",
		"%X8-%X4-4%X3-A%X3-%X12@%h", "Apple-Mail=_%X8-%X4-%X4-%X4-%X12", rfcDate, "qp", "X-Mailer", "Apple Mail (2.3696.120.41.1.1)")
	apple.quoted = false
	return []*mailer{thunder, apple, outlook(), phpMailer("https://github.com/PHPMailer/PHPMailer", "6.5.0")}
}

// outlook imitates Outlook's fields and ids.
func outlook() *mailer {
	m := program("outlook", "From To Subject Date Message-ID MIME-Version Content-Type X-Mailer Thread-Index Content-Language",
		"%d6d%x6$%x8$%x8$@%h", "----=_NextPart_000_%X4_%X8.%X8", rfcDate, "qp", "X-Mailer", "Microsoft Outlook 16.0", "Content-Language", "en-us",
		"Thread-Index", "%m22==")
	m.preamble = "This is a multipart message in MIME format."
	return m
}

// phpMailer imitates PHPMailer of a version.
func phpMailer(home, version string) *mailer {
	m := program("phpmailer", "Date To From Reply-To Subject Message-ID X-Mailer MIME-Version Content-Type Content-Transfer-Encoding",
		"%m43@%h", "b1_%m43", rfcDate, "base64", "X-Mailer", "PHPMailer "+version+" ("+home+")")
	m.quoted, m.idHost, m.utc = false, "helo", true
	return m
}

// webMailer returns the mailer of a mailbox provider's web interface.
func (b *builder) webMailer(domain string) *mailer {
	m := b.kit("web-" + domain)
	m.name, m.forged, m.backup, m.damage, m.bounce, m.helo = "web-"+domain, "", 0, whole, "", ""
	m.idHost = dice.Pick(b.Dice, []string{"mail." + domain, domain})
	m.encoding = dice.Pick(b.Dice, []string{"qp", "8bit", "7bit"})
	m.plain, m.to = false, ""
	return m
}

// Parts that kits put their ids together from.
var (
	idHeads    = []string{"%d9", "%x12", "%X8", "%T", "%y", "%m10", "%t", "%a6", "%X4-%X4", "%d4"}
	idJoints   = []string{".", "$", "-", "_", "%%", "=", ".qmail.", ".JavaMail.", "+"}
	idTails    = []string{"%d5", "%x8", "%X6", "%m8", "%d9", "%a4", "%d12", "%x16"}
	edgeHeads  = []string{"----=_Part_", "--", "=_", "----", "_----------=_", "NextPart_", "----=_NextPart_", "--ALT--", "b_", "==="}
	agentHeads = []string{"Microsoft Outlook Express 5.50.4522.1200", "Microsoft Outlook, Build 10.0.2627", "The Bat! (v1.62i)", "QUALCOMM Windows Eudora Version 5.1",
		"Microsoft Outlook 16.0", "iPhone Mail (15E148)", "PHP/5.6.40", "Mailer %a5 v%d1.%d2", "Roundcube Webmail/1.4.%d1", "MIME-tools 5.503 (Entity 5.501)"}
	forgedHops = []string{
		"from [%{x}] by %h with HTTP;", "from %h (%d9 [%d9]) by %{f} (Qmailv1) with ESMTP id %X10", "from %{f} (HELO %{f}) (%{x}) by %h with SMTP;",
		"from unknown (HELO %a7) (%{x}) by %{f} with SMTP;", "by %{f} with Microsoft SMTPSVC id %x8;", "from %{x} by %{f};", "from %a8 by %{f} with local (Exim 4.%d2)",
		"from mail.%{f} ([%{x}]) by mta%d2.%{f} with esmtp;",
	}
	zones = []string{"-0800", "-0700", "-0600", "-0500", "-0400", "+0000", "+0100", "+0200", "+0300", "+0530", "+0800", "+0900"}
)

// kit invents a spammer's mailer. Two kits differ in several places, as far as chance
// lets them.
func (b *builder) kit(name string) *mailer {
	m := &mailer{
		name: name, constant: map[string]string{}, charset: dice.Pick(b.Dice, []string{"utf-8", "UTF-8", "iso-8859-1", "us-ascii", "windows-1252"}),
		date: dice.Pick(b.Dice, []string{rfcDate, rfcDate0, namedZone, gmtDate, noDay, rfcDate}), zones: dice.Some(b.Dice, zones, b.Between(1, 3)),
		encoding: dice.Pick(b.Dice, []string{"qp", "base64", "8bit", "7bit"}), wordEnc: dice.Pick(b.Dice, []string{"q", "b", "raw", "raw"}),
		quoted: b.Chance(0.5), toName: b.Chance(0.2), idHost: dice.Pick(b.Dice, []string{"from", "helo", "rcpt", "from"}), htmlOnly: b.Chance(0.3),
	}
	m.to = dice.Pick(b.Dice, []string{"", "", "", "", "", "undisclosed-recipients:;", "self"})
	m.wrapped = dice.Pick(b.Dice, []int{72, 76, 68, 0, 60})
	m.msgid = dice.Pick(b.Dice, idHeads) + dice.Pick(b.Dice, idJoints) + dice.Pick(b.Dice, idTails)
	if b.Chance(0.4) {
		m.msgid += dice.Pick(b.Dice, idJoints) + dice.Pick(b.Dice, idTails)
	}
	m.msgid += "@%h"
	m.boundary = dice.Pick(b.Dice, edgeHeads) + dice.Pick(b.Dice, idHeads) + dice.Pick(b.Dice, []string{"", "_", ".", "-"}) + dice.Pick(b.Dice, idTails)
	b.kitFields(m)
	m.helo = dice.Pick(b.Dice, []string{"", "", "%a7", "%d9", "%{from}", "%{from}", "[%{ip}]", "%A%A-%X8", "localhost", "%{rcpthost}"})
	m.bounce = dice.Pick(b.Dice, []string{"", "", "%a8@%h", "bounce-%d6-%d4@%h", "%u-%{user}=%{rcpthost}@%h", "%x10@%h", "b.%d5.%{user}@%h", "return%d3@%h"})
	if b.Chance(0.35) && b.year < 2012 {
		m.forged = dice.Pick(b.Dice, forgedHops)
	}
	m.backup = dice.Pick(b.Dice, []float64{0, 0, 0.2, 0.9})
	m.damage = dice.Pick(b.Dice, []int{whole, whole, dictionary, cutFront, doubled})
	return m
}

// kitFields gives a kit its header fields, in an order of its own and with odd
// spellings.
func (b *builder) kitFields(m *mailer) {
	id := dice.Pick(b.Dice, []string{"Message-ID", "Message-Id", "Message-id", "Message-ID"})
	version := dice.Pick(b.Dice, []string{"MIME-Version", "Mime-Version", "MIME-version"})
	kind := dice.Pick(b.Dice, []string{"Content-Type", "Content-type", "Content-Type"})
	transfer := dice.Pick(b.Dice, []string{"Content-Transfer-Encoding", "Content-transfer-encoding", "Content-Transfer-Encoding"})
	head := []string{id, "From", "To", "Subject", "Date", "Reply-To"}
	if b.Chance(0.55) {
		agent := dice.Pick(b.Dice, []string{"X-Mailer", "X-Mailer", "User-Agent"})
		m.constant[agent] = expand(b.Dice, dice.Pick(b.Dice, agentHeads), fill{})
		head = append(head, agent)
	}
	if b.Chance(0.3) {
		m.constant["X-Priority"] = dice.Pick(b.Dice, []string{"3", "1", "3 (Normal)", "1 (Highest)"})
		head = append(head, "X-Priority")
	}
	if b.Chance(0.4) {
		odd := "X-" + title(b.syllabic(2)) + dice.Pick(b.Dice, []string{"", "-ID", "-Info", "-Ref"})
		m.constant[odd] = dice.Pick(b.Dice, []string{"%d6", "%x16", "%a4-%d4", "%m12", "Yes"})
		head = append(head, odd)
	}
	if b.Chance(0.2) {
		m.constant["Importance"] = "Normal"
		head = append(head, "Importance")
	}
	tail := []string{version, kind, transfer}
	if b.Chance(0.5) {
		head = append(head, tail...)
		tail = nil
	}
	b.Shuffle(len(head), func(i, j int) { head[i], head[j] = head[j], head[i] })
	m.fields = append(head, tail...)
}

// configured returns a kit with the settings of one of its users: the same
// program.
func (b *builder) configured(kit *mailer, name string) *mailer {
	m, other := *kit, b.kit(name)
	m.name, m.zones, m.helo, m.bounce, m.backup, m.damage = name, other.zones, other.helo, other.bounce, other.backup, other.damage
	m.constant = map[string]string{}
	for k, v := range kit.constant {
		m.constant[k] = v
		if (k == "X-Mailer" || k == "User-Agent") && b.Chance(0.5) {
			m.constant[k] = expand(b.Dice, dice.Pick(b.Dice, agentHeads), fill{})
		}
	}
	if b.Chance(0.4) {
		m.encoding, m.charset = other.encoding, other.charset
	}
	return &m
}

// forgery returns a kit's imitation of an honest program, with a few mistakes.
func (b *builder) forgery(name string) *mailer {
	m := *dice.Pick(b.Dice, programs(b.year))
	m.name, m.damage, m.plain = name, dice.Pick(b.Dice, []int{whole, dictionary, doubled}), false
	m.idHost = dice.Pick(b.Dice, []string{"helo", "rcpt", "from"})
	switch b.IntN(3) {
	case 0:
		m.msgid = dice.Pick(b.Dice, idHeads) + "$" + dice.Pick(b.Dice, idTails) + "$" + dice.Pick(b.Dice, idTails) + "@%h"
	case 1:
		m.boundary = dice.Pick(b.Dice, edgeHeads) + dice.Pick(b.Dice, idTails) + "_" + dice.Pick(b.Dice, idTails)
	case 2:
		m.date = dice.Pick(b.Dice, []string{rfcDate0, namedZone, gmtDate})
	}
	fields := append([]string(nil), m.fields...)
	i := b.IntN(len(fields) - 1)
	fields[i], fields[i+1] = fields[i+1], fields[i]
	m.fields, m.zones = fields, dice.Some(b.Dice, zones, 1)
	m.bounce = dice.Pick(b.Dice, []string{"", "%a8@%h", "%d6.%x4@%h"})
	m.helo = dice.Pick(b.Dice, []string{"%{from}", "%a6", "%d8", ""})
	return &m
}

// dateOf writes the Date of a message in the mailer's manner.
func (m *mailer) dateOf(d dice.Dice, at time.Time) string {
	zone := "+0000"
	if len(m.zones) > 0 {
		zone = dice.Pick(d, m.zones)
	}
	t, err := time.Parse("-0700", zone)
	if err != nil || m.utc || m.date == gmtDate {
		return at.UTC().Format(strings.ReplaceAll(m.date, "MST", "UTC"))
	}
	_, offset := t.Zone()
	at = at.In(time.FixedZone(zoneName(offset), offset))
	return at.Format(m.date)
}

// zoneName is the name that a program writes for an offset.
func zoneName(offset int) string {
	switch offset / 3600 {
	case -8:
		return "PST"
	case -5:
		return "EST"
	case 0:
		return "GMT"
	case 1:
		return "CET"
	}
	return fmt.Sprintf("UTC%+d", offset/3600)
}

// Damage of address lists. A guessed or badly scraped list has recipients that
// never existed. A sender who mails them bought the list or made it.
const (
	whole = iota
	dictionary
	cutFront
	doubled
)

// recipient draws a recipient, damaged in the given way in most cases.
func (b *builder) recipient(damage int) string {
	host := dice.Pick(b.Dice, b.ownDomains)
	user := dice.Pick(b.Dice, b.users)
	if b.Chance(0.4) {
		return user + "@" + host
	}
	switch damage {
	case dictionary:
		user = strings.ToLower(dice.Pick(b.Dice, given)) + b.Chars(dice.Digits, b.Between(0, 2))
	case cutFront:
		user = user[1:]
	case doubled:
		user = user + user[len(user)/2:]
	}
	return user + "@" + host
}
