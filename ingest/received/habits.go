package received

import "strings"

// checkSyntax compares a line with the habits of the server software that it
// claims.
//
// Only software with strict habits is judged, and every form that a release has
// written is accepted. A false accusation weighs more than a missed forger.
func (a *audit) checkSyntax(i int) {
	h := &a.hops[i]
	switch h.Syntax {
	case "postfix":
		if h.ID != "" && !postfixID(h.ID) {
			a.add("id-not-postfix", i, h.ID)
		}
		if !postfixWording(h) {
			a.add("syntax-not-postfix", i, h.Raw)
		}
	case "sendmail":
		if h.ID != "" && !sendmailID(h.ID) {
			a.add("id-not-sendmail", i, h.ID)
		}
	case "exim":
		if h.ID != "" && !eximID(h.ID) {
			a.add("id-not-exim", i, h.ID)
		}
	}
	if falseQmail(h) {
		a.add("syntax-not-qmail", i, h.Raw)
	}
}

// postfixID accepts both forms: hexadecimal of microseconds and inode
// ("D674021FAF"), and base 52 without vowels for enable_long_queue_ids
// ("4MGQZL6Jjhz9KRl").
func postfixID(id string) bool {
	// Microseconds have five digits; inode numbers have grown to ten.
	if len(id) >= 6 && len(id) <= 15 && all(id, hexUpper) {
		return true
	}
	return len(id) >= 10 && len(id) <= 20 && all(id, base52)
}

// base52 reports whether a byte may stand in a long id of Postfix.
func base52(c byte) bool {
	return c >= '0' && c <= '9' || letter(c) && strings.IndexByte("aeiouAEIOU", c) < 0
}

// postfixWording accepts the lines of smtpd: "from helo (name [address]) by
// host (Postfix) with ESMTP id ID". A message from the pickup service has no
// client.
//
// smtpd writes the protocol in capitals, and "unknown" if it found no name, so
// a client without either was not written by it.
func postfixWording(h *Hop) bool {
	if noClient(h) {
		return h.ID != ""
	}
	// Before a before-queue filter there is no queue, so no id.
	if h.With != strings.ToUpper(h.With) || h.With == "" {
		return false
	}
	return h.Reverse != "" || h.ReverseState == Unknown
}

// sendmailID accepts ids of 8.9 and older ("NAA04623", "AA12345") and of 8.10
// and newer ("g7MBYrZ04811", "2AM1Kb2C012345"): letters and digits, then the
// process id.
func sendmailID(id string) bool {
	if len(id) < 7 || len(id) > 18 || !all(id, alphanumeric) {
		return false
	}
	// Old ids begin with the hour as a letter: "NAA" was made at 13 o'clock.
	// The digits are the process id.
	upper := 0
	for upper < len(id) && id[upper] >= 'A' && id[upper] <= 'Z' {
		upper++
	}
	if (upper == 2 || upper == 3) && all(id[upper:], digit) && len(id)-upper >= 4 {
		return true
	}
	return len(id) >= 12 && all(id[len(id)-5:], digit)
}

// eximID accepts 16bn9a-0007Ur-00 and, since Exim 4.97,
// 1rBq9a-00000000Ur1-2KxY.
//
// They are a time in base 62, a process id and a fraction of a second.
func eximID(id string) bool {
	p := strings.Split(id, "-")
	if len(p) != 3 || !all(p[0], alphanumeric) || !all(p[1], alphanumeric) || !all(p[2], alphanumeric) {
		return false
	}
	return len(p[0]) == 6 && (len(p[1]) == 6 && len(p[2]) == 2 || len(p[1]) == 11 && len(p[2]) == 4)
}

// falseQmail recognises lines that name qmail and have an id. qmail-smtpd
// writes "by host with SMTP; date" without its own name. qmail-ldap and the
// successors of mini-qmail name themselves in lower case with a hyphen.
func falseQmail(h *Hop) bool {
	i := indexFold(h.Raw, "(qmail")
	if i < 0 || h.By == "" {
		return false
	}
	after := h.Raw[i+len("(qmail"):]
	return after != "" && after[0] != ' ' && after[0] != '-' && h.Raw[i+1] == 'Q' || h.ID != "" && h.Syntax != "qmail" && after != "" && after[0] != '-'
}

// all reports whether every byte satisfies ok; false for "".
func all(s string, ok func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !ok(s[i]) {
			return false
		}
	}
	return s != ""
}

func digit(c byte) bool        { return c >= '0' && c <= '9' }
func letter(c byte) bool       { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func alphanumeric(c byte) bool { return digit(c) || letter(c) }
