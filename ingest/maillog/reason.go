package maillog

import "bytes"

// A phrase is a typical text of servers, policy services and milters in a
// reply, in lower case.
type phrase struct {
	words  string
	reason Reason
}

// phrases are tried in order. The first ones are Postfix' own wording, which is
// exact. The others are wordings of administrators and policy services, most
// specific first.
var phrases = []phrase{
	{"helo command rejected", Helo},
	{"user unknown", UnknownUser},
	{"unknown user", UnknownUser},
	{"user doesn't exist", UnknownUser},
	{"user does not exist", UnknownUser},
	{"no such user", UnknownUser},
	{"no such recipient", UnknownUser},
	{"no such mailbox", UnknownUser},
	{"mailbox unavailable", UnknownUser},
	{"mailbox not found", UnknownUser},
	{"unrouteable address", UnknownUser},
	{"unroutable address", UnknownUser},
	{"undeliverable address", UnknownUser},
	{"unverified address", UnknownUser},
	{"unknown recipient", UnknownUser},
	{"recipient unknown", UnknownUser},
	{"recipient address rejected: domain not found", UnknownUser},
	{"relay access denied", Relay},
	{"relay not permitted", Relay},
	{"relaying denied", Relay},
	{"cannot find your hostname", ReverseName},
	{"cannot find your reverse hostname", ReverseName},
	{"reverse dns", ReverseName},
	{"no ptr", ReverseName},
	{"greylist", Greylist},
	{"graylist", Greylist},
	{"greylisting", Greylist},
	{"postgrey", Greylist},
	{"blocked using", Blocklist},
	{"blacklist", Blocklist},
	{"blocklist", Blocklist},
	{"black list", Blocklist},
	{"dnsbl", Blocklist},
	{" rbl", Blocklist},
	{"spamhaus", Blocklist},
	{"spamcop", Blocklist},
	{"is listed in", Blocklist},
	{"listed at", Blocklist},
	{"listed by", Blocklist},
	{"sender address rejected", Sender},
	{"sender verify", Sender},
	{"sender is invalid", Sender},
	{"sender domain", Sender},
	{"bad sender", Sender},
	{"spam", Content},
	{"virus", Content},
	{"malware", Content},
	{"infected", Content},
	{"message content rejected", Content},
	{"helo", Helo},
	{"spf", Policy},
	{"dmarc", Policy},
	{"policy", Policy},
	{"access denied", Policy},
	{"rate limit", Policy},
	{"too many", Policy},
	{"client host rejected", Policy},
	{"quota", Policy},
	{"protocol error", Policy},
	{"sender", Sender},
}

// classify returns the reason of a refusal. It skips text of the client that
// the reply quotes first and in brackets: a HELO name of "greylist" is no
// reason.
//
// A list is the best reason, as others know the sender then. After the
// data a word such as "policy" is the filter's, and the reason is the content.
func classify(r *refusal, postscreen bool) Reason {
	reply := r.reply
	if len(reply) > 0 && reply[0] == '<' {
		reply = withoutQuote(reply, &r.envelope)
	}
	var lower [200]byte
	n := copy(lower[:], reply)
	for i, c := range lower[:n] {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + 32
		}
	}
	switch found := find(lower[:n]); {
	case found == Blocklist:
		return Blocklist
	case postscreen:
		return Postscreen
	case found != "" && !(r.late() && found != Greylist):
		return found
	case r.late():
		return Content
	case string(r.dsn) == "5.1.1" || string(r.dsn) == "5.1.10":
		return UnknownUser
	case string(r.dsn) == "5.1.8" || string(r.dsn) == "4.1.8" || string(r.dsn) == "5.1.7":
		return Sender
	}
	return Other
}

// late reports whether the server had seen the message.
func (r *refusal) late() bool { return string(r.stage) == "END-OF-MESSAGE" }

// find returns the reason of the first phrase that occurs.
func find(lower []byte) Reason {
	for i := range phrases {
		if bytes.Contains(lower, []byte(phrases[i].words)) {
			return phrases[i].reason
		}
	}
	return ""
}

// withoutQuote takes "<field>: " off.
func withoutQuote(reply []byte, e *envelope) []byte {
	for _, f := range [...][]byte{e.recipient, e.helo, e.sender} {
		if n := len(f) + 4; len(reply) >= n && quotes(reply[1:], f, '>') && string(reply[n-2:n]) == ": " {
			return reply[n:]
		}
	}
	if i := bytes.Index(reply, []byte(">: ")); i >= 0 {
		return reply[i+3:]
	}
	return reply
}
