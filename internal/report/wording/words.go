// Package wording describes facts in words, and breaks words into lines, for
// the screens of internal/report. Words for each kind of evidence come from its
// record in graph/evidence.
package wording

import (
	"fmt"
	"strconv"
	"strings"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/printable"
)

// Bits writes bits of evidence as people read them: to a tenth.
func Bits(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// Trait describes a trait in words. Values are untrusted; the screen escapes
// them. An unknown kind is of another version: it is written as stored.
func Trait(name, value string) string {
	k, ok := evidence.KindOf(name)
	if !ok {
		return name + " " + value
	}
	switch words := k.Words(); k.Showing() {
	case evidence.Quoted:
		return words + Quoted(value)
	case evidence.Digits:
		return words + Head(value, 8)
	case evidence.Hidden:
		return words
	case evidence.Customer:
		return words + customerWords(value)
	case evidence.Moment:
		return words + momentWords(value)
	case evidence.HELOClass:
		return heloWords(words, value)
	case evidence.Codes:
		return words + Anomalies(value)
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

// Anomalies describes the codes of anomalies.
func Anomalies(codes string) string {
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

// Step describes a line of the evidence that has no single value: text
// similarity, and disagreements.
func Step(kind string, against bool, share float64) string {
	switch kind {
	case campaign.KindText:
		switch {
		case share > 0:
			return fmt.Sprintf("text: %.0f %% of it the same", 100*share)
		case against:
			return "text differs"
		}
		return "text: much of it the same"
	case campaign.KindTime:
		if against {
			return "came on other days"
		}
		return "came in the same days"
	case campaign.KindBounds:
		if against {
			return "more than one group can say"
		}
		return "a campaign may change one habit"
	case campaign.KindSize:
		return "size of the campaign"
	case campaign.KindApart:
		return "several traits change together, back and forth in time"
	}
	if !against {
		return "the same " + kind
	}
	if g, ok := evidence.GroupOf(kind); ok {
		return g.Differ()
	}
	return kind + " differs"
}

// Head returns the first n bytes of an ASCII string, such as a hash.
func Head(s string, n int) string { return s[:min(n, len(s))] }
