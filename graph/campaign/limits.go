package campaign

// What is asked of a link, in bits. Real mail and made worlds agree on these within a bit
// or so; docs/campaigns.md shows by how much results move.
const (
	// basePrior is what speaks against any two messages, before caution.
	basePrior = 8
	// groupBits is what a group must say to count as one of the two that a link takes.
	groupBits = 2.5
	// whatBits is what content and links must say together. Who sends it says nothing of
	// what: all customers of one mailing service have its program and its addresses in
	// common, and so have all campaigns of one actor.
	whatBits = 4.5
	// ownBits is what a host, a contact or an id must be worth to be held to be one hand's.
	ownBits = 7
	// softWho is what who sends must say where what is sent is only what strangers copy.
	softWho = 8
	// unitBits is what is asked of two messages on top of what links them to be put into one
	// unit, which is never taken apart again.
	unitBits = 2
	// rank says which view counts a feature's contexts: the second rarest, so that one
	// narrow view alone makes nothing rare.
	rank = 1
	// maxAgainst is the most that a disagreement can say.
	maxAgainst = -5
)
