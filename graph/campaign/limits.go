package campaign

// Limits of a link, in bits. They were chosen by hand on labelled mail; how far results move
// with each has not been measured.
const (
	// basePrior is what speaks against any two messages, before caution.
	basePrior = 5
	// groupBits is what a group must say to count as one of the two that a link takes.
	groupBits = 2.5
	// whatBits is what content and links must say together. Who sends it says nothing of
	// what: all customers of one mailing service have its program and its addresses in
	// common, and so have all campaigns of one actor.
	whatBits = 4
	// ownBits is what a host or an id must be worth to be held to be one hand's, contactBits
	// a contact.
	ownBits     = 7
	contactBits = 5
	// manyHands is in how many contexts a contact may stand, by the view that shows fewest,
	// to be where one hand wants answers. One that all sorts of mail has in its text is the
	// reader's own, under a name that no To field bears, a list's, or a brand's.
	manyHands = 16
	// softWho is what who sends must say where what is sent is only what strangers copy.
	softWho = 8
	// registryMost is the most that registrations and hosting can say for one campaign.
	registryMost = 3
	// popular is the total that makes up for a host that others link to as well.
	popular = 11
	// unitBits is what is asked of two messages on top of what links them to be put into one
	// unit, which is never taken apart again.
	unitBits = 2
	// copyRate and textCopies are what a subject, or a text, loses with each doubling of the
	// hands that are seen to use it.
	copyRate   = 1
	textCopies = 0.5
	// rank says which view counts a feature's contexts: the second rarest, so that one
	// narrow view alone makes nothing rare.
	rank = 1
	// maxAgainst is the most that a disagreement can say.
	maxAgainst = -5
)
