package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
)

// ID is a campaign's id as people type and read it.
func ID(id int64) string { return "c" + strconv.FormatInt(id, 10) }

// ParseID reads an id as people type it: "c2", "C2" or "2".
func ParseID(s string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "c")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}

// operationID is an operation's id as people type and read it.
func operationID(id int64) string { return "o" + strconv.FormatInt(id, 10) }

// parseOperation reads an id as people type it: "o2".
func parseOperation(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(s)), "o")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil && id > 0 && digits[0] != '+'
}

// bits writes bits of evidence as people read them: to a tenth.
func bits(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// traitWords says what a trait is. Values that are hashes say nothing to people: eight
// digits tell them apart. Values may come from anybody; the screen makes them safe.
func traitWords(kind, value string) string {
	switch kind {
	case "registered at":
		return registeredWords(value)
	case "HELO form":
		return heloWords(value)
	case "oddities":
		return "oddities of the header: " + oddityWords(value)
	case "link":
		return "link " + printable.Defang(value)
	case "link at a shared host":
		return tenantWords(value)
	case "header order":
		return "header order " + strings.ReplaceAll(strings.TrimSuffix(value, ","), ",", " ")
	case "link host's AS":
		return "hosted in AS" + value
	case "sender's AS":
		return "sent from AS" + value
	case "spamrun":
		return "one spamrun"
	case "unsubscribe address":
		return "to unsubscribe at " + value
	}
	if before, ok := hashWords(kind); ok {
		return before + " " + head(value, 8)
	}
	if before, ok := quotedWords(kind); ok {
		return before + " " + quoted(value)
	}
	if before, ok := plainWords(kind); ok {
		return before + value
	}
	return kind + " " + value
}

func hashWords(kind string) (string, bool) {
	switch kind {
	case "text":
		return "same text", true
	case "attachment":
		return "same attachment", true
	case "HTML form":
		return "same HTML skeleton", true
	case "mailer fingerprint":
		return "same mailer, all of its habits", true
	case "mailer core":
		return "same mailer", true
	}
	return "", false
}

func quotedWords(kind string) (string, bool) {
	switch kind {
	case "subject":
		return "subject", true
	case "subject form":
		return "subject like", true
	case "From name":
		return "From", true
	case "file name":
		return "file", true
	}
	return "", false
}

func plainWords(kind string) (string, bool) {
	words := map[string]string{
		"contact address": "write to ", "link domain": "link ", "link path": "link path like ", "link host form": "link host like ",
		"id in a link": "id in links ", "name server domain": "name servers in ", "link host's address": "hosted at ",
		"link host's network": "hosted in ", "link host's netblock owner": "hosted by ", "name server's address": "name server at ",
		"sender address": "sent from ", "sender network": "sent from ", "sender's netblock owner": "sent from the network of ",
		"origin": "first hop ", "reverse name's domain": "reverse name in ", "From address": "From ", "From domain": "From @",
		"From form": "From like ", "bounce domain": "bounces to @", "bounce form": "bounces to the like of ",
		"Message-ID form": "Message-ID like ", "Message-ID host": "Message-ID @", "boundary form": "boundary like ",
		"Message-ID and boundary form": "Message-ID and boundary like ", "mailer name": "X-Mailer ", "date form": "Date like ",
		"MIME skeleton": "parts ", "forged hop": "Received by the sender's side like ", "MX chosen": "brought to MX ", "recipients broken": "recipients broken by a leading ", "odd header": "odd header ", "subject word": "in the subject: ", "link path as it stands": "link path ", "Message-ID part": "in the Message-ID: ",
	}
	s, ok := words[kind]
	return s, ok
}

// tenantWords reads the value of a link at a host that many share: host and path, or the
// host and its customer after a space.
func tenantWords(value string) string {
	host, tenant, ok := strings.Cut(value, " ")
	if !ok || strings.HasPrefix(host, tenant) {
		return "link " + printable.Defang(host)
	}
	return "link " + printable.Defang(host) + ", customer " + tenant
}

// registeredWords reads the value of a domain's registration in time: the registrar, and
// a day, or the number of a ten minutes' window in base 36 ("+" before it: of a window that
// begins five minutes earlier).
func registeredWords(value string) string {
	i := strings.LastIndexByte(value, ' ')
	registrar, when := value[:max(i, 0)], value[i+1:]
	with := "registered"
	if registrar != "" {
		with += " with " + registrar
	}
	if _, err := time.Parse(time.DateOnly, when); err == nil {
		return with + " on " + when
	}
	const window = 600
	n, err := strconv.ParseInt(strings.TrimPrefix(when, "+"), 36, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return with + " " + when
	}
	at := n * window
	if strings.HasPrefix(when, "+") {
		at -= window / 2
	}
	return with + " within minutes, about " + cli.Minute(time.Unix(at+window/2, 0))
}

func heloWords(value string) string {
	switch rest, reverse := strings.CutPrefix(value, "not the reverse name: "); {
	case reverse:
		return "HELO like " + rest + ", not its reverse name"
	case value == "address", value == "[address]":
		return "HELO its own address"
	case strings.HasSuffix(value, "address"), strings.HasSuffix(value, "[address]"):
		return "HELO " + value
	case strings.Trim(value, "0123456789") == "":
		return "HELO a bare number"
	}
	return "HELO like " + value
}

// oddityWords says what codes of anomalies mean.
func oddityWords(codes string) string {
	var out []string
	for code := range strings.FieldsSeq(codes) {
		switch code {
		case "helo-number":
			code = "HELO a bare number"
		case "helo-bare-address":
			code = "HELO an address without brackets"
		case "helo-own-name":
			code = "HELO our own name"
		case "hop-no-address":
			code = "a Received line without an address"
		case "hop-bad-address":
			code = "a Received line with an impossible address"
		case "time-zone", "date-zone":
			code = "a time zone that is none"
		case "time-syntax", "date-unreadable":
			code = "a time that is none"
		case "id-not-postfix", "id-not-sendmail", "id-not-exim", "syntax-not-qmail", "syntax-not-postfix":
			code = "a Received line that " + code[strings.LastIndexByte(code, '-')+1:] + " does not write"
		case "msgid-no-domain":
			code = "a Message-ID without a domain"
		}
		out = append(out, code)
	}
	return strings.Join(out, ", ")
}

// groupWords says what a group of evidence is about.
func groupWords(g evidence.Group) string {
	switch g {
	case evidence.Content:
		return "what it says"
	case evidence.Links:
		return "where it leads"
	case evidence.Registration:
		return "who registered that"
	case evidence.Hosting:
		return "where that is"
	case evidence.Sending:
		return "who sends it"
	case evidence.Mailer:
		return "what program wrote it"
	}
	return g.String()
}

// stepWords says what a line of the evidence between two messages is that rests on no one
// value: the likeness of texts, and what differs.
func stepWords(kind string, against bool, share float64) string {
	if !against {
		return fmt.Sprintf("text: %.0f %% of it the same", 100*share)
	}
	switch kind {
	case campaign.Registries:
		return "of what registries and DNS say, more than counts for one campaign"
	case "content":
		return "texts differ"
	case "links":
		return "links lead elsewhere"
	case "registration":
		return "the domains' registrations differ"
	case "hosting":
		return "the links' hosts are elsewhere"
	case "sending":
		return "sent from elsewhere"
	case "mailer":
		return "written by another mailer"
	}
	return kind + " differs"
}

func head(s string, n int) string { return s[:min(n, len(s))] }

// nothing prints what was looked for in vain and ends with the code for that.
func nothing(env *cli.Env, format string, args ...any) error {
	env.Notef(format+"\n", args...)
	return cli.Silent(cli.NoneFound)
}
