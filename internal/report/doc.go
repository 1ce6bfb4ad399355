// Package report holds no code of its own. Its parts print the screens of correlate: each takes
// a result (of internal/findings, explain or deciding) and writes it as text to env's stdout,
// or with --json the same facts as one JSON object. They read no store and group nothing. What
// foreign mail says goes through env before it is shown.
//
//	list     the campaigns, largest first; their members
//	show     one campaign
//	why      the evidence for two messages, or for one campaign
//	runs     spamruns
//	find     where an indicator stands
//	score    how campaigns agree with a truth
//	decide   decisions, and what came of one
//	wording  the words and the layout that they share
package report
