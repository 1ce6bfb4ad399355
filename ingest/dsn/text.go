package dsn

import (
	"bytes"
	"strings"

	"spoor/internal/text"
)

// phrases open the reports of servers that write prose: qmail, Postfix,
// sendmail, Exim, Exchange, Courier, Lotus Domino and imitators. In lower case.
var phrases = []string{
	"this is the qmail-send program", "this is the mail system at host", "i'm sorry to have to inform you", "i wasn't able to deliver your message",
	"this message was created automatically by mail delivery software", "this message was created automatically by the mail system",
	"the original message was received at", "the following addresses had permanent fatal errors", "the following addresses had transient",
	"delivery to the following recipient", "delivery has failed to these recipients", "your message could not be delivered", "your message did not reach",
	"could not be delivered to one or more", "could not deliver mail to", "undeliverable mail", "this is a permanent error", "unable to deliver message to",
	"this is a delivery failure notification", "failed to deliver to", "message from the mail system", "was undeliverable",
}

// ReadText parses a report in prose. ok is false unless the text has a known
// phrase and names a recipient with a server's reply. Spam that merely poses as
// a report lacks the second.
func ReadText(body []byte) ([]Report, bool) {
	head := strings.ToLower(string(body[:min(len(body), maxHead)]))
	if !containsAny(head, phrases) {
		return nil, false
	}
	var out []Report
	answered := false
	n := 0
	for line := range bytes.Lines(body) {
		if n++; n > maxLines || len(out) == maxRecipients || isCopy(line) {
			break
		}
		s := strings.TrimSpace(string(line[:min(len(line), 2*maxValue)]))
		if recipient, rest := leadingAddress(s); recipient != "" {
			out = append(out, Report{Form: Text, Recipient: recipient})
			s = rest
		}
		// Replies count below the address of a recipient only.
		if len(out) == 0 {
			continue
		}
		r := &out[len(out)-1]
		if code := statusCode(s); code != "" || hasReply(s) {
			answered = true
			if r.Status == "" {
				r.Status = code
			}
			if r.Diagnostic == "" {
				r.Diagnostic = text.Cut(s, maxValue)
			}
		}
	}
	return out, answered && len(out) > 0
}

// containsAny reports whether s contains one of the phrases. s is bounded by
// maxHead.
func containsAny(s string, list []string) bool {
	for _, p := range list {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// Copy returns the message that a report in prose quotes below such a line, from its header
// on; nil if it quotes none.
func Copy(body []byte) []byte {
	n, at := 0, 0
	for line := range bytes.Lines(body) {
		if n++; n > maxLines {
			return nil
		}
		if isCopy(line) {
			if bytes.HasPrefix(line, []byte("-")) {
				at += len(line)
			}
			return bytes.TrimLeft(body[at:], "\r\n")
		}
		at += len(line)
	}
	return nil
}

// isCopy recognises the line after which the returned message follows.
// Addresses below it belong to that message.
func isCopy(line []byte) bool {
	s := strings.ToLower(string(bytes.TrimSpace(line[:min(len(line), 200)])))
	return strings.HasPrefix(s, "--- below this line is a copy") || strings.HasPrefix(s, "------ this is a copy of") ||
		strings.HasPrefix(s, "----- original message") || strings.HasPrefix(s, "return-path:") || strings.HasPrefix(s, "----- unsent message")
}

// leadingAddress reads a mail address at the start of a line, with or without
// angle brackets.
func leadingAddress(s string) (address, rest string) {
	word, rest, _ := strings.Cut(s, " ")
	word = strings.TrimRight(word, ":,;.")
	word = strings.Trim(word, "<>\"'")
	at := strings.IndexByte(word, '@')
	if at < 1 || strings.IndexByte(word[at:], '.') < 0 || strings.ContainsAny(word, "()[]/") || len(word) > 320 {
		return "", s
	}
	return word, rest
}

// statusCode finds an enhanced status code of a failure or delay (RFC 3463),
// such as 5.1.1.
func statusCode(s string) string {
	for i := 0; i+5 <= len(s); i++ {
		if (s[i] != '4' && s[i] != '5') || i > 0 && (digit(s[i-1]) || s[i-1] == '.') || s[i+1] != '.' {
			continue
		}
		end, dots := i, 0
		for end < len(s) && (digit(s[end]) || s[end] == '.' && end+1 < len(s) && digit(s[end+1])) {
			if s[end] == '.' {
				dots++
			}
			end++
		}
		if dots == 2 && end-i <= 9 {
			return s[i:end]
		}
	}
	return ""
}

// hasReply reports whether s contains an SMTP error reply (RFC 5321 section
// 4.2), such as "550 No such user".
func hasReply(s string) bool {
	for i := 0; i+4 <= len(s); i++ {
		if (s[i] == '4' || s[i] == '5') && digit(s[i+1]) && digit(s[i+2]) && (s[i+3] == ' ' || s[i+3] == '-') && (i == 0 || s[i-1] == ' ' || s[i-1] == ':' || s[i-1] == '(') {
			return true
		}
	}
	return false
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
