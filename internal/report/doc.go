// Package report holds no code of its own. Its parts print the screens of
// correlate: each takes a result (of internal/findings, explain or deciding)
// and writes it as text to env's stdout, or with --json the same facts as one
// JSON object. They read no store and group nothing. Text of foreign mail
// passes through env, which removes control characters.
//
//	list     the campaigns, largest first; their members
//	show     one campaign
//	why      the evidence for two messages, or for one campaign
//	runs     spamruns
//	find     the occurrences of an indicator
//	score    how campaigns agree with a truth
//	decide   decisions and their outcome
//	wording  words and layout that all of them share
package report
