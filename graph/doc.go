// Package graph turns evidence into campaigns. It has no code of its own; its
// parts are, in the order of the flow:
//
//	evidence    the features of one message, each of a kind and a group
//	sketch      similarity of texts
//	spamrun     bursts of mail from one sender
//	campaign    units of messages, campaigns and operations, and explanations
//	mixture     the model that clusters units
//	leiden      communities in a graph
//	decision    users' decisions: rules for a run, contradictions, names and notes
//	correlation a run from facts to campaigns, over a store; identity over runs
//	score       accuracy of campaigns against a truth
//
// All parts are pure functions: no clock, no randomness, no I/O, and the same
// result for any order of input and any number of cores. The exception is
// correlation, which does I/O through a Store that it declares.
package graph
