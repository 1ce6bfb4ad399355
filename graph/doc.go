// Package graph turns evidence into campaigns. It has no code of its own; its
// parts are, in the order of the flow:
//
//	evidence    what one message offers as evidence: features, each of a kind and a group
//	sketch      how alike two texts are
//	spamrun     the bursts in which one sender's mail arrives
//	campaign    the weight of what messages share, the campaigns and operations that it
//	            holds together, their identity over time, and why
//	leiden      communities in a graph
//	decision    what people decided: rules for a run, contradictions, names and notes
//	correlation a run from facts to campaigns, over a store
//	score       how right campaigns are, against a truth
//
// All parts are pure functions: no clock, no randomness, no I/O, and the same
// result for any order of input and any number of cores. The exception is
// correlation, which does I/O through a Store that it declares.
package graph
