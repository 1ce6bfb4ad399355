// Package naming parses the names that people type and formats them for
// display: ids of campaigns, operations and decisions (c2, o1, d3), indicators
// (hosts, addresses, URLs, hashes, also defanged), and features of evidence
// ("link domain shop.example").
//
// It does not use the store: callers look up whether a name exists.
package naming

import (
	"strconv"
	"strings"
)

// ID formats the id of a campaign.
func ID(id int64) string { return "c" + strconv.FormatInt(id, 10) }

// ParseID parses the id of a campaign: "c2", "C2" or "2".
func ParseID(s string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "c")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}

// OperationID formats the id of an operation.
func OperationID(id int64) string { return "o" + strconv.FormatInt(id, 10) }

// ParseOperation parses the id of an operation: "o2".
func ParseOperation(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(s)), "o")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil && id > 0 && digits[0] != '+'
}

// DecisionID formats the id of a decision.
func DecisionID(id int64) string { return "d" + strconv.FormatInt(id, 10) }

// ParseDecision parses the id of a decision: "d2" or "2".
func ParseDecision(s string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "d")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0 && digits[0] != '+'
}

// HashLike reports whether s can be the prefix of a SHA-256: at least six
// hexadecimal digits.
func HashLike(s string) bool {
	return len(s) >= 6 && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// ASN is an autonomous system as users name it; "" for 0, which is unknown.
func ASN(number int64) string {
	if number == 0 {
		return ""
	}
	return "AS" + strconv.FormatInt(number, 10)
}
