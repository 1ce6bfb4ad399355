package store

// Numbers of advisory locks: "spoor" in ASCII and a byte. They must differ, or
// unrelated operations would wait for each other.
const (
	// LockMigration is held during a migration.
	LockMigration int64 = 0x73706f6f72
	// LockCorrelation is held by a run of the correlator. Imports that assign
	// messages to its campaigns share it.
	LockCorrelation int64 = 0x73706f6f72_02
	// LockEvidence is held exclusively while evidence is derived and shared
	// while facts are replaced, so that evidence always belongs to the current
	// facts.
	LockEvidence int64 = 0x73706f6f72_03
	// LockAddresses is held while addresses are claimed. Two workers that
	// choose at the same time would choose neighbours.
	LockAddresses int64 = 0x73706f6f72_04
	// LockLogs is held while transactions of mail logs are written. Two writers
	// that merge lines into one transaction would lose some.
	LockLogs int64 = 0x73706f6f72_05
	// LockHosting is held while domain_hosting is written.
	LockHosting int64 = 0x73706f6f72_06
)
