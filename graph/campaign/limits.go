package campaign

// Limits of a link, in bits. They were chosen by hand on labelled mail; the
// effect of each on the results has not been measured.
const (
	// basePrior is the negative prior of any two messages, before caution.
	basePrior = 5
	// groupBits is the minimum weight of a group that counts as one of the two
	// required.
	groupBits = 2.5
	// whatBits is the minimum weight of content and links together. The sender
	// is no evidence of content: all customers of a mailing service share its
	// program and addresses, and so do all campaigns of one operator.
	whatBits = 4
	// ownBits is the minimum weight of a host or an id that counts as one
	// operator's own, contactBits that of a contact.
	ownBits     = 7
	contactBits = 5
	// manyHands is the maximum number of contexts, in the view with the fewest,
	// of a contact for replies. An address in all sorts of mail is the reader's
	// own, a list's or a brand's.
	manyHands = 16
	// softWho is the minimum weight of the sender if the content is only of
	// copyable kinds.
	softWho = 8
	// registryMost is the maximum weight of registration and hosting within one
	// campaign.
	registryMost = 3
	// popular is the total that makes up for a host that others link to as well.
	popular = 11
	// unitBits is required in addition to the threshold of a link to put two
	// messages into one unit, because units are never split.
	unitBits = 2
	// copyRate and textCopies are the loss of a subject, or of a text, with
	// each doubling of the operators that seem to use it.
	copyRate   = 1
	textCopies = 0.5
	// rank selects the view that counts a feature's contexts: the second
	// rarest, so that one narrow view alone makes nothing rare.
	rank = 1
	// maxAgainst limits the weight of a disagreement.
	maxAgainst = -5
)
