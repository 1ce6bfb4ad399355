// Package dsn parses delivery reports: the delivery status notifications of RFC
// 3464, and the prose of older servers. The servers and recipients of a report
// go into fields. They are not evidence, because the sender of spam did not
// choose them.
//
// Decoded texts go in; one Report for each recipient comes out.
package dsn

import (
	"bytes"
	"strings"

	"spoor/internal/text"
)

// Limits of one report, in entries or bytes. Reports to mailing lists name a
// few dozen recipients.
const (
	maxRecipients = 200
	maxLines      = 5_000
	maxValue      = 500
	maxHead       = 8 << 10 // of a text that is searched for a server's phrases
)

// Forms of a report, the values of Report.Form.
const (
	Structured = "dsn"  // message/delivery-status
	Text       = "text" // prose of a server
)

// Report is the fate of the message at one recipient. An empty string means
// that the report does not say.
type Report struct {
	Form       string
	Reporter   string // host that writes the report
	Recipient  string // address
	Action     string // failed, delayed, delivered, relayed, expanded
	Status     string // enhanced status code, 5.1.1
	Remote     string // host that refused the message
	Diagnostic string // its SMTP reply
}

// Parse reads a message/delivery-status part: one block of fields about the
// message, then one for each recipient (RFC 3464 section 2.1).
func Parse(status []byte) []Report {
	var out []Report
	var reporter string
	for block := range blocks(status) {
		// The first block is about the message, the others about a recipient
		// each (RFC 3464 section 2.1).
		if v, ok := block["reporting-mta"]; ok {
			reporter = typed(v)
		}
		r := Report{
			Form: Structured, Recipient: address(typed(block["final-recipient"])), Action: strings.ToLower(firstWord(block["action"])),
			Status: firstWord(block["status"]), Remote: typed(block["remote-mta"]), Diagnostic: typed(block["diagnostic-code"]),
		}
		if r.Recipient == "" {
			r.Recipient = address(typed(block["original-recipient"]))
		}
		if r.Recipient != "" || r.Action != "" || r.Status != "" {
			out = append(out, r)
		}
		if len(out) == maxRecipients {
			break
		}
	}
	// A report without recipients still shows that the message bounced.
	if len(out) == 0 && reporter != "" {
		out = []Report{{Form: Structured}}
	}
	for i := range out {
		out[i].Reporter = reporter
	}
	return out
}

// blocks yields each block as a map from lower-case field names to values.
func blocks(status []byte) func(yield func(map[string]string) bool) {
	return func(yield func(map[string]string) bool) {
		block, last := map[string]string{}, ""
		n := 0
		for line := range bytes.Lines(status) {
			if n++; n > maxLines {
				break
			}
			s := strings.TrimRight(string(line[:min(len(line), 2*maxValue)]), "\r\n")
			switch name, value, ok := strings.Cut(s, ":"); {
			case strings.TrimSpace(s) == "":
				if len(block) > 0 && !yield(block) {
					return
				}
				block, last = map[string]string{}, ""
			// A folded line (RFC 5322 section 2.2.3).
			case s[0] == ' ' || s[0] == '\t':
				if last != "" && len(block[last]) < maxValue {
					block[last] += " " + strings.TrimSpace(s)
				}
			case ok:
				if last = strings.ToLower(strings.TrimSpace(name)); block[last] == "" {
					block[last] = strings.TrimSpace(value)
				}
			}
		}
		if len(block) > 0 {
			yield(block)
		}
	}
}

// typed strips the type and comments of a value such as "dns; mx.example.com
// (192.0.2.1)" (RFC 3464 section 2.1.2).
func typed(v string) string {
	if kind, rest, ok := strings.Cut(v, ";"); ok && !strings.ContainsAny(strings.TrimSpace(kind), " \t") {
		v = rest
	}
	return text.Cut(strings.TrimSpace(v), maxValue)
}

func firstWord(v string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(v), " ")
	return text.Cut(word, 50)
}

// address strips angle brackets and quotes. It returns "" for prose.
func address(v string) string {
	v = strings.Trim(v, "<>\" ")
	if strings.IndexByte(v, '@') < 0 && strings.ContainsAny(v, " \t") {
		return ""
	}
	return v
}

// IsDaemon reports whether mail servers write under this address:
// mailer-daemon, postmaster and similar.
func IsDaemon(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	switch strings.NewReplacer("-", "", "_", "", ".", "").Replace(local) {
	case "mailerdaemon", "postmaster", "maildaemon", "mdaemon", "mailsystem", "maildeliverysystem", "maildeliverysubsystem":
		return true
	}
	return strings.HasPrefix(local, "microsoftexchange")
}
