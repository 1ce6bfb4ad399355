package netblock

import (
	"strings"

	"spoor/enrich"
	"spoor/internal/text"
)

// verdicts are the words by which servers say that they have no answer, the
// surest first. The order matters: "access denied ... too many queries"
// concerns the rate.
var verdicts = []struct {
	outcome enrich.Outcome
	words   []string
}{
	{enrich.Refused, []string{"permanently"}},
	{enrich.Throttled, []string{
		"rate limit", "limit reached", "query limit", "limit exceeded", "exceeded the", "quota", "too many", "large number of queries", "temporarily denied", "try again later", "throttl",
		"excessive quer", "connections exceeded", "number of allowed queries", "daily limit", "queries per", "wait a", "please slow", "concurrent", "%error 331", "%error 333", "server is busy", "server too busy", "조회 제한", "초과",
	}},
	{enrich.Refused, []string{
		"access denied", "permission denied", "permanently denied", "not permitted", "not authorized", "unauthorized", "blacklisted", "has been blocked", "is blocked", "access control", "refused", "forbidden", "%error 401", "%error 400", "%error:202", "%error:203",
	}},
	{enrich.None, []string{
		"no match", "no entries found", "no data found", "no found", "not found", "no objects found", "object not found", "no such", "no record", "no information", "not allocated", "unallocated", "not assigned", "unassigned", "no netblock",
		"nothing found", "does not exist", "not registered", "%error:101", "%error 230", "%error 336", "not in the database", "no results", "allocated to apnic", "reserved by", "invalid block", "할당되지", "존재하지", "등록되지", "該当するデータがありません", "見つかりません",
	}},
}

// judged is the number of bytes that are read of an answer without a block.
const judged = 32 << 10

// verdict judges an answer without a block. Long comments with terms of use
// mention limits and access too. Therefore lines that are not comments count
// first, then comments about errors, then other comments.
//
// Answers that fit no words are Malformed, never None: an unknown answer must
// not count as "nobody holds it".
func verdict(answer string) Answer {
	answer = text.Cut(answer, judged)
	if strings.TrimSpace(answer) == "" {
		return Answer{Outcome: enrich.Malformed, Detail: "the answer is empty"}
	}
	if i := strings.Index(strings.ToLower(answer), "%error"); i >= 0 { // RIPE explains it in the next lines
		if o := outcomeOf(strings.ReplaceAll(answer[i:], "\n", " ")); o != "" {
			return Answer{Outcome: o, Detail: detail(firstLine(answer[i:]))}
		}
	}
	for pass := range 3 {
		for l := range strings.SplitSeq(answer, "\n") {
			l = strings.TrimSpace(l)
			if l == "" || passOf(l) != pass {
				continue
			}
			if o := outcomeOf(l); o != "" {
				return Answer{Outcome: o, Detail: detail(l)}
			}
		}
	}
	return Answer{Outcome: enrich.Malformed, Detail: "the answer has no netblock: " + detail(firstLine(answer))}
}

// passOf returns the pass in which a line is examined, -1 for never: content
// first, then error comments, then other comments. Terms of use mention limits
// and denials.
func passOf(l string) int {
	switch {
	case l[0] != '%' && l[0] != '#':
		return 0
	case strings.Contains(strings.ToLower(l), "error"):
		return 1
	case strings.Contains(strings.ToLower(l), "terms") || strings.Contains(strings.ToLower(l), "copyright"):
		return -1
	}
	return 2
}

// outcomeOf returns the outcome that the words of a line mean, "" for none.
func outcomeOf(l string) enrich.Outcome {
	low := strings.ToLower(text.Cut(l, 300))
	for _, v := range verdicts {
		for _, w := range v.words {
			if strings.Contains(low, w) {
				return v.outcome
			}
		}
	}
	return ""
}

// firstLine returns the first line of an answer that is not blank.
func firstLine(text string) string {
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}

// detail makes a server's words suitable for Observation.Detail.
func detail(l string) string {
	return text.Cut(strings.Join(strings.Fields(strings.Trim(l, "%#!* ")), " "), 200)
}
