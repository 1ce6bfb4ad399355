// Package naming reads what people type to name things, and writes names as they read them:
// ids of campaigns, operations and decisions (c2, o1, d3), indicators (hosts, addresses,
// URLs, hashes; defanged forms too) and features of evidence ("link domain shop.example").
//
// It knows no store: whether something of that name exists is for others to find.
package naming

import (
	"strconv"
	"strings"
)

// ID is a campaign's id as people type and read it.
func ID(id int64) string { return "c" + strconv.FormatInt(id, 10) }

// ParseID reads an id as people type it: "c2", "C2" or "2".
func ParseID(s string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "c")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}

// OperationID is an operation's id as people type and read it.
func OperationID(id int64) string { return "o" + strconv.FormatInt(id, 10) }

// ParseOperation reads an id as people type it: "o2".
func ParseOperation(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(s)), "o")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil && id > 0 && digits[0] != '+'
}

// DecisionID is a decision's id as people type and read it.
func DecisionID(id int64) string { return "d" + strconv.FormatInt(id, 10) }

// ParseDecision reads a decision's id as people type it: "d2" or "2".
func ParseDecision(s string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "d")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}

// HashLike tells the beginning of a SHA-256: at least six hexadecimal digits.
func HashLike(s string) bool {
	return len(s) >= 6 && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
