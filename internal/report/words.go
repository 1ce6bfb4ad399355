package report

import (
	"fmt"
	"strconv"
	"strings"

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

// traitWords says in words what a trait is. Values come from anybody; the screen makes them
// safe. A name of no kind is that of another version: it is written as it is stored.
func traitWords(name, value string) string {
	k, ok := evidence.KindOf(name)
	if !ok {
		return name + " " + value
	}
	switch words := k.Words(); k.Showing() {
	case evidence.Quoted:
		return words + quoted(value)
	case evidence.Digits:
		return words + head(value, 8)
	case evidence.Hidden:
		return words
	case evidence.Customer:
		return words + customerWords(value)
	case evidence.Moment:
		return words + momentWords(value)
	case evidence.HELOClass:
		return heloWords(words, value)
	case evidence.Codes:
		return words + anomalyWords(value)
	case evidence.FieldNames:
		return words + strings.ReplaceAll(strings.TrimSuffix(value, ","), ",", " ")
	default:
		return words + value
	}
}

// customerWords reads the value of a link at a host that many share: host and path, or the
// host and its customer after a space.
func customerWords(value string) string {
	host, tenant, ok := strings.Cut(value, " ")
	if !ok || strings.HasPrefix(host, tenant) {
		return printable.Defang(host)
	}
	return printable.Defang(host) + ", customer " + tenant
}

// momentWords reads the value of a domain's registration in time: the registrar, and a day
// or a window of ten minutes.
func momentWords(value string) string {
	registrar, at, day, ok := evidence.Registered(value)
	with := ""
	if registrar != "" {
		with = "with " + registrar + " "
	}
	switch {
	case !ok:
		return with + value[strings.LastIndexByte(value, ' ')+1:]
	case day:
		return with + "on " + cli.Date(at)
	}
	return with + "within minutes, about " + cli.Minute(at)
}

// heloWords reads the class of a name in HELO.
func heloWords(words, value string) string {
	switch rest, reverse := strings.CutPrefix(value, "not the reverse name: "); {
	case reverse:
		return words + rest + ", not its reverse name"
	case value == "address", value == "[address]":
		return "HELO its own address"
	case strings.HasSuffix(value, "address"), strings.HasSuffix(value, "[address]"):
		return "HELO " + value
	case strings.Trim(value, "0123456789") == "":
		return "HELO a bare number"
	}
	return words + value
}

// anomalyWords says what codes of anomalies mean.
func anomalyWords(codes string) string {
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

// stepWords says what a line of the evidence between two messages is that rests on no one
// value: the likeness of texts, and what differs.
func stepWords(kind string, against bool, share float64) string {
	if !against {
		return fmt.Sprintf("text: %.0f %% of it the same", 100*share)
	}
	if kind == campaign.Registries {
		return "of what registries and DNS say, more than counts for one campaign"
	}
	if g, ok := evidence.GroupOf(kind); ok {
		return g.Differ()
	}
	return kind + " differs"
}

func head(s string, n int) string { return s[:min(n, len(s))] }

// nothing prints what was looked for in vain and ends with the code for that.
func nothing(env *cli.Env, format string, args ...any) error {
	env.Notef(format+"\n", args...)
	return cli.Silent(cli.NoneFound)
}
