package report

import (
	"strconv"
	"strings"

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

// bits writes bits of evidence as people read them: to a tenth.
func bits(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// traitWords says what a trait is. Values that are hashes say nothing to people.
func traitWords(kind, value string) string {
	switch kind {
	case "text":
		return "same text " + head(value, 8)
	case "attachment":
		return "same attachment " + head(value, 8)
	case "subject":
		return "subject " + strconv.Quote(printable.Fold(value))
	case "link domain":
		return "link " + value
	case "link at a shared host":
		return "link " + printable.Defang(value)
	case "mailer fingerprint":
		return "same mailer fingerprint " + head(value, 8)
	case "header order":
		return "header order " + strings.ReplaceAll(strings.TrimSuffix(value, ","), ",", " ")
	case "HELO form":
		if value == "0" {
			return "HELO a bare number"
		}
		return "HELO like " + value
	case "Message-ID and boundary form":
		return "Message-ID and boundary like " + value
	case "link path":
		return "link path like " + value
	case "contact address":
		return "write to " + value
	case "From address":
		return "From " + value
	}
	return kind + " " + value
}

func head(s string, n int) string { return s[:min(n, len(s))] }

// nothing prints what was looked for in vain and ends with the code for that.
func nothing(env *cli.Env, format string, args ...any) error {
	env.Notef(format+"\n", args...)
	return cli.Silent(cli.NoneFound)
}
