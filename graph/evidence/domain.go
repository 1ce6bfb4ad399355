package evidence

// Features returns what the registries and DNS say of d, as features that every message
// which links to it inherits.
func (d *Domain) Features() []Feature { return nil }

// Features returns what the registries say of a, as features of the mail that it sent.
func (a *Address) Features() []Feature { return nil }

// HostFeatures returns what the registries say of a, as features of what links to it.
func (a *Address) HostFeatures() []Feature { return nil }

// Newsletter reports whether m is list mail that is at one with itself.
func Newsletter(m *Message) bool { return false }
