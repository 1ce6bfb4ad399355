package received

import "strings"

// mark is a word by which comments or the protocol name the software.
type mark struct{ text, syntax string }

// softwareMarks are the beginnings of comments in which servers name
// themselves.
//
// The comparison is exact in its case. A mark of up to three bytes must be the
// whole comment.
var softwareMarks = []mark{
	{"Postfix", "postfix"},
	{"Exim", "exim"},
	{"qmail-ldap", "qmail"},
	{"qpsmtpd", "qpsmtpd"},
	{"fetchmail", "fetchmail"},
	{"getmail", "fetchmail"},
	{"mpop", "fetchmail"},
	{"amavis", "amavis"},
	{"OpenSMTPD", "opensmtpd"},
	{"Cyrus", "cyrus"},
	{"Dovecot", "dovecot"},
	{"CommuniGate", "communigate"},
	{"Lotus Domino", "domino"},
	{"IBM Domino", "domino"},
	{"HCL Domino", "domino"},
	{"MDaemon", "mdaemon"},
	{"PowerMTA", "powermta"},
	{"Haraka", "haraka"},
	{"iPlanet", "sun"},
	{"Sun Java", "sun"},
	{"Sun ONE", "sun"},
	{"Oracle Communications", "sun"},
	{"Netscape Messaging", "sun"},
	{"GroupWise", "groupwise"},
	{"ecelerity", "ecelerity"},
	{"Momentum", "ecelerity"},
	{"Microsoft Exchange", "exchange"},
	{"Internet Mail Service", "exchange"},
	{"InterMail", "intermail"},
	{"SMTPD32", "imail"},
	{"Mercury", "mercury"},
	{"LSMTP", "lsmtp"},
	{"LISTSERV", "listserv"},
	{"Smail", "smail"},
	{"Mailchimp", "mailchimp"},
	{"NNFMP", "nnfmp"},
	{"MailEnable", "mailenable"},
	{"Merak", "icewarp"},
	{"IceWarp", "icewarp"},
	{"Proofpoint", "proofpoint"},
	{"PPS", "proofpoint"},
	{"Symantec", "symantec"},
	{"nullmailer", "nullmailer"},
	{"SG", "sendgrid"},
	{"Halon", "halon"},
	{"Stalwart", "stalwart"},
	{"Maddy", "maddy"},
	{"SubEthaSMTP", "subethasmtp"},
	{"JAMES", "james"},
	{"hMailServer", "hmailserver"},
	{"SmarterMail", "smartermail"},
	{"Zarafa", "zarafa"},
	{"Mailgun", "mailgun"},
	{"Barracuda", "barracuda"},
}

// syntax returns the software whose format the field has, or "".
//
// Names that software gives itself come first, then the words of the protocol,
// then the form of the line.
func syntax(f *field) string {
	h := &f.hop
	if h.Syntax != "" {
		return h.Syntax
	}
	for i := 0; i < f.tok.n; i++ {
		if f.tok.list[i].kind == comment {
			if s := commentSyntax(f.tok.text(i)); s != "" {
				return s
			}
		}
	}
	switch {
	case hasFold(h.With, "microsoft smtp server") || strings.EqualFold(h.With, "mapi") || h.Via == "Frontend Transport",
		hasFold(h.With, "internet mail service"):
		return "exchange"
	case hasFold(h.With, "microsoft smtpsvc"):
		return "iis"
	case strings.EqualFold(h.With, "https") && hasFold(tail(h.By, ".outlook.com"), ".outlook.com"):
		return "exchange"
	case isGmail(h):
		return "gmail"
	case h.Via == "listexpand" || hasQuotedEHLO(f):
		return "zmailer"
	case hasFold(h.By, "filterd"):
		return "sendgrid"
	case hasFold(tail(h.By, ".amazonses.com"), ".amazonses.com"):
		return "ses"
	}
	return structuralSyntax(f)
}

// structuralSyntax recognises formats that do not name their software.
func structuralSyntax(f *field) string {
	h, c := &f.hop, &f.client
	switch {
	case c.addr.IsValid() && !c.bracket && c.name == "" && f.seen[byClause] && h.ID == "" &&
		(strings.EqualFold(h.With, "smtp") || strings.EqualFold(h.With, "esmtp") || strings.EqualFold(h.With, "qmqp")):
		// qmail gives no id, which sets it apart from the others with a bare
		// address.
		return "qmail" // from name (HELO x) (192.0.2.1) by host with SMTP
	case hasFold(h.With, "lmtp"):
		return "lmtp"
	case strings.HasPrefix(h.ID, "0") && strings.Count(h.ID, ".") == 2 && len(h.ID) > 24 && courierID(h.ID):
		return "courier"
	}
	return ""
}

// courierID accepts 000000000012AB34.3F2A1B0C.00001F2D.
func courierID(id string) bool {
	for i := 0; i < len(id); i++ {
		if !hexUpper(id[i]) && id[i] != '.' {
			return false
		}
	}
	return true
}

// commentSyntax returns the server software that writes such a comment, "" for
// none.
func commentSyntax(c string) string {
	if len(c) == 0 {
		return ""
	}
	if c[0] >= '0' && c[0] <= '9' && sendmailVersion(c) {
		return "sendmail"
	}
	for _, m := range marksByLetter[c[0]] {
		if strings.HasPrefix(c, m.text) && (len(m.text) > 3 || c == m.text) {
			return m.syntax
		}
	}
	if strings.HasPrefix(c, "SGI-8.") || strings.HasPrefix(c, "AIX") {
		return "sendmail"
	}
	return ""
}

// marksByLetter indexes softwareMarks by first byte.
var marksByLetter = func() (table [256][]mark) {
	for _, m := range softwareMarks {
		table[m.text[0]] = append(table[m.text[0]], m)
	}
	return table
}()

// sendmailVersion accepts "8.11.6/8.11.6", "8.9.3/8.9.3/Debian",
// "8.17.1/8.17.1", "5.65+/…" and "8.8.5/SCO5".
func sendmailVersion(c string) bool {
	slash := strings.IndexByte(c, '/')
	if slash < 3 || slash > 20 {
		return false
	}
	dots := 0
	for i := 0; i < slash; i++ {
		if c[i] == '.' {
			dots++
		}
	}
	return dots >= 1 && (c[0] == '8' || c[0] == '5') && c[1] == '.'
}

// isGmail accepts "by 2002:a05:… with SMTP id", "by mail-….google.com" and "by
// mx.google.com".
func isGmail(h *Hop) bool {
	if hasFold(tail(h.By, ".google.com"), ".google.com") || hasFold(tail(h.By, ".gmail.com"), ".gmail.com") {
		return true
	}
	return h.ByAddr.IsValid() && h.ByAddr.Is6() && sixToFourPrivate(h.ByAddr) && h.From == ""
}

// hasQuotedEHLO recognises ZMailer by its comment: [192.0.2.1]:1236 "EHLO name"
// rhost-flags-OK.
func hasQuotedEHLO(f *field) bool {
	for i := 0; i < f.tok.n; i++ {
		if f.tok.list[i].kind == comment && strings.Contains(f.tok.text(i), "rhost-flags") {
			return true
		}
	}
	return false
}

// tail returns the last len(suffix) bytes of s.
func tail(s, suffix string) string {
	if len(s) < len(suffix) {
		return ""
	}
	return s[len(s)-len(suffix):]
}

func hexUpper(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }
