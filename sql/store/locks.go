package store

// Advisory locks, one number each for the whole program: "spoor" in ASCII and a byte. A
// number that two had in common would make the one wait for the other.
const (
	// LockMigration is held during a migration.
	LockMigration int64 = 0x73706f6f72
	// LockCorrelation is held by a run of the correlator, and shared by imports that assign
	// messages to its campaigns.
	LockCorrelation int64 = 0x73706f6f72_02
	// LockEvidence is held by those who derive evidence from facts (alone) and those who
	// replace the facts (together), so that evidence always belongs to the current facts.
	LockEvidence int64 = 0x73706f6f72_03
	// LockAddresses is held while addresses are claimed: two workers that choose at the same
	// moment would choose neighbours.
	LockAddresses int64 = 0x73706f6f72_04
	// LockLogs is held by whoever writes transactions of mail logs: two that merge lines into
	// one transaction would lose some.
	LockLogs int64 = 0x73706f6f72_05
)
