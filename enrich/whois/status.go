package whois

import (
	"strings"

	"spoor/internal/text"
)

// maxStatus limits the status values of a domain; EPP has 23.
const maxStatus = 32

// eppStatus maps status words, without blanks and in lower case, to the names
// of RFC 5731 section 2.3 and RFC 3915 section 3.1.
var eppStatus = statusNames(`addPeriod autoRenewPeriod clientDeleteProhibited clientHold clientRenewProhibited clientTransferProhibited clientUpdateProhibited inactive ok pendingCreate pendingDelete pendingRenew pendingRestore pendingTransfer pendingUpdate redemptionPeriod renewPeriod serverDeleteProhibited serverHold serverRenewProhibited serverTransferProhibited serverUpdateProhibited transferPeriod`)

// statusNames maps lower-case status words to their EPP names (RFC 5731, 2.3).
// Registries that ran RRP still write its names.
func statusNames(list string) map[string]string {
	out := make(map[string]string)
	for name := range strings.FieldsSeq(list) {
		out[strings.ToLower(name)] = name
	}
	for old, name := range map[string]string{ // names of RRP (RFC 2832) and their EPP successors
		"registrarlock": "clientTransferProhibited", "registrarhold": "clientHold", "registryhold": "serverHold", "registrylock": "serverUpdateProhibited",
		"deleteprohibited": "serverDeleteProhibited", "transferprohibited": "serverTransferProhibited", "updateprohibited": "serverUpdateProhibited", "renewprohibited": "serverRenewProhibited",
		"pendingdeleterestorable": "redemptionPeriod", "redemption": "redemptionPeriod", "clientlock": "clientUpdateProhibited",
	} {
		out[old] = name
	}
	return out
}

// status adds the values of a status line one by one.
func (r *reader) status(v string) {
	if low := strings.ToLower(v); strings.Contains(low, "until") || strings.HasPrefix(low, "connected (") { // .ua, JPRS
		text.SetOnce(&r.renewal, v)
	}
	if i := strings.Index(v, "http"); i > 0 { // "ok https://icann.org/epp#ok"
		v = strings.TrimRight(v[:i], " (-")
	}
	for s := range strings.FieldsFuncSeq(v, func(c rune) bool { return c == ',' || c == ';' || c == '|' || c == '/' }) {
		r.oneStatus(strings.TrimSpace(s))
	}
}

// oneStatus adds a status. It removes the explanation or URL that registries
// append.
func (r *reader) oneStatus(s string) {
	s = strings.Trim(text.Cut(s, 100), " .")
	if s == "" || len(r.reg.Status) >= maxStatus {
		return
	}
	if i := strings.Index(s, " - "); i > 0 && eppName(s[:i]) != "" { // "ok - Normal state."
		s = s[:i]
	}
	if i := strings.Index(s, " ("); i > 0 && eppName(s[:i]) != "" {
		s = s[:i]
	}
	if name := eppName(s); name != "" {
		s = name
	} else if f := strings.Fields(s); len(f) > 1 && allStatus(f) { // several on one line
		for _, w := range f {
			r.oneStatus(w)
		}
		return
	}
	for _, have := range r.reg.Status {
		if have == s {
			return
		}
	}
	r.reg.Status = append(r.reg.Status, s)
}

// allStatus reports whether each word is a status of EPP.
func allStatus(words []string) bool {
	for _, w := range words {
		if eppName(w) == "" {
			return false
		}
	}
	return true
}

// eppName returns the EPP name of a status in any spelling ("CLIENT HOLD",
// "client-hold", "clientHold"), or "".
func eppName(s string) string {
	return eppStatus[strings.ReplaceAll(normalKey(s), " ", "")]
}
