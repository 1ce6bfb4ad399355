// Package report holds no code of its own. Its parts print the screens of
// correlate: each takes a result (of internal/findings, explain or deciding)
// and writes it as text to env's stdout, or with --json the same facts as one
// JSON object. They read no store and group nothing. Text of foreign mail
// passes through env, which removes control characters.
//
//	list        the campaigns, largest first; their members
//	show        one campaign
//	message     one message
//	why         the evidence for two messages, or for one campaign
//	summary     changes since a time
//	publishers  senders of regular issues
//	runs        spamruns
//	grep        lines of logs and mail that mention a word
//	find        the occurrences of an indicator
//	score       how campaigns agree with a truth
//	decide      decisions and their outcome
//	sheet       a report in parts, for a terminal or in Markdown
//	wording     words and layout that all of them share
package report
